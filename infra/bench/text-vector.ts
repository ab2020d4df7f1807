import { createHash } from "node:crypto";
import { mulberry32 } from "../../src/answering/evaluation/bootstrap.js";

/** A direction that looks random and is the same for the same text. */
export function vectorOfText(text: string, dimensions: number): Float32Array {
  const random = mulberry32(createHash("sha256").update(text).digest().readUInt32LE(0));
  const vector = Float32Array.from({ length: dimensions }, () => random() - 0.5);
  const length = Math.sqrt(vector.reduce((sum, part) => sum + part * part, 0));
  return vector.map((part) => part / length);
}
