import { createHash } from "node:crypto";

/** Tells the edits of one message apart by the mark that the platform gives each: the same on every redelivery. */
export function revisionOf(mark: string): number {
  return Math.max(1, createHash("sha256").update(mark).digest().readUInt32BE(0) >>> 1);
}
