import { createHmac, timingSafeEqual } from "node:crypto";

const FOR_FILES = "deskhand file links 1";

/** Addresses that open one file until a moment, for whoever has them. */
export interface FileLinks {
  /** An address, or a path where the server has no public one. */
  linkTo(fileId: string, until: Date): string;
  /** Whether it was made here and its time is not over. */
  isValid(fileId: string, query: URLSearchParams, now: Date): boolean;
}

/** @param secret what signs sessions; what signs links is derived from it, so that neither can stand for the other */
export function createFileLinks(secret: Buffer, publicUrl: string | null): FileLinks {
  const key = createHmac("sha256", secret).update(FOR_FILES).digest();
  const signatureOf = (fileId: string, until: string): string =>
    createHmac("sha256", key).update(`${fileId}\n${until}`).digest("base64url");
  return {
    linkTo(fileId, until) {
      const seconds = String(Math.floor(until.getTime() / 1_000));
      const path = `/files/${fileId}?until=${seconds}&signature=${signatureOf(fileId, seconds)}`;
      return publicUrl === null ? path : new URL(path, publicUrl).href;
    },
    isValid(fileId, query, now) {
      const until = query.get("until") ?? "";
      if (!/^\d{1,12}$/u.test(until) || Number(until) * 1_000 <= now.getTime()) return false;
      const given = Buffer.from(query.get("signature") ?? "");
      const right = Buffer.from(signatureOf(fileId, until));
      return given.length === right.length && timingSafeEqual(given, right);
    },
  };
}
