import { createHash } from "node:crypto";

/** Short, for comparing with one of the same making. */
export function shortDigest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}
