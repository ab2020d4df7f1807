import pgvector from "pgvector/pg";

/**
 * Parameters as the driver can send them: a vector, or a list of vectors, becomes pgvector's text form. Everything else
 * goes through as it is.
 */
export function encodeParameters(values: readonly unknown[]): unknown[] {
  return values.map((value) => {
    if (value instanceof Float32Array) return toVectorText(value);
    if (Array.isArray(value) && value[0] instanceof Float32Array) return value.map(encodeOne);
    return value;
  });
}

function encodeOne(value: unknown): unknown {
  return value instanceof Float32Array ? toVectorText(value) : value;
}

/** Six digits are more than single precision keeps of a unit vector's part, and half the text. */
function toVectorText(vector: Float32Array): unknown {
  return pgvector.toSql(Array.from(vector, (part) => Number(part.toFixed(6))));
}
