import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { WebSourceError } from "./web-failures.js";

/** More than this is not kept on disk; the rest is asked for again when it is read. */
const MAX_SPOOL_BYTES = 2_000_000_000;

/** Bodies of one run, from their listing to their reading. */
export interface WebSpool {
  /** Forgets what an earlier run left. */
  clear(): Promise<void>;
  /** @throws {WebSourceError} `no-space` */
  put(pageUrl: string, bytes: Uint8Array): Promise<void>;
  /** Gives a body once; null when it is not kept. */
  take(pageUrl: string): Promise<Uint8Array | null>;
}

export function createWebSpool(folder: string): WebSpool {
  let total = 0;
  const fileOf = (pageUrl: string): string =>
    path.join(folder, createHash("sha256").update(pageUrl).digest("hex").slice(0, 40));
  return {
    async clear() {
      total = 0;
      await rm(folder, { recursive: true, force: true });
    },
    async put(pageUrl, bytes) {
      total += bytes.length;
      if (total > MAX_SPOOL_BYTES) return;
      try {
        await mkdir(folder, { recursive: true });
        await writeFile(fileOf(pageUrl), bytes);
      } catch (error) {
        throw new WebSourceError("no-space", `Pages cannot be kept in ${folder}. Check its rights and space.`, error);
      }
    },
    async take(pageUrl) {
      const bytes = await readFile(fileOf(pageUrl)).catch(() => null);
      if (bytes !== null) await rm(fileOf(pageUrl), { force: true });
      return bytes;
    },
  };
}
