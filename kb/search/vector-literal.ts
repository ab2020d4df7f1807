/** A vector as pgvector reads it. Six digits are more than its single precision keeps of a unit vector's part. */
export function toVectorLiteral(vector: Float32Array): string {
  return `[${Array.from(vector, (part) => Number(part.toFixed(6))).join(",")}]`;
}
