import pgvector from "pgvector/pg";

/**
 * Parameters as the driver can send them: a vector becomes pgvector's text form, and a list of vectors one `real[]` of all
 * their parts, in the binary form, because a sync writes millions of them. Everything else goes through as it is.
 */
export function encodeParameters(values: readonly unknown[]): unknown[] {
  return values.map((value) => {
    if (value instanceof Float32Array) return toVectorText(value);
    return isVectorList(value) ? toRealArray(value) : value;
  });
}

function isVectorList(value: unknown): value is readonly Float32Array[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => item instanceof Float32Array);
}

/** Six digits are more than single precision keeps of a unit vector's part, and half the text. */
function toVectorText(vector: Float32Array): unknown {
  return pgvector.toSql(Array.from(vector, (part) => Number(part.toFixed(6))));
}

const OID_OF_REAL = 700;
const HEADER_BYTES = 20;

/** One dimension, no nulls, then each part with its size before it. */
function toRealArray(vectors: readonly Float32Array[]): Buffer {
  const count = vectors.reduce((sum, vector) => sum + vector.length, 0);
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + count * 8);
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  for (const [index, field] of [1, 0, OID_OF_REAL, count, 1].entries()) view.setInt32(index * 4, field);
  let at = HEADER_BYTES;
  for (const vector of vectors) {
    for (const part of vector) {
      view.setInt32(at, 4);
      view.setFloat32(at + 4, part);
      at += 8;
    }
  }
  return buffer;
}
