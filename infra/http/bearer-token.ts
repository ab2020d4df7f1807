import { createHash, timingSafeEqual } from "node:crypto";

/** Whether an `authorization` header brings the token. Compares digests, which are of one length whatever was sent. */
export function bringsToken(authorization: string | undefined, token: string): boolean {
  const sent = /^Bearer (.+)$/u.exec(authorization ?? "")?.[1] ?? "";
  return timingSafeEqual(digest(sent), digest(token));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
