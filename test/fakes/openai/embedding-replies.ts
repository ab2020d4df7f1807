import { createHash } from "node:crypto";
import type { EmbedRequest } from "./request-rules.js";
import type { Fault } from "./scripts.js";

type BadVectors = Extract<Fault, { kind: "bad-vectors" }>["how"];

/** A reply with one unit vector for each input; its entries come in no particular order, as the index allows. */
export function embeddingsObject(request: EmbedRequest, bad: BadVectors | null): object {
  const vectors = request.inputs.map((input) => vectorOf(input, request.dimensions));
  const entries = vectors.map((vector, index) => ({
    object: "embedding",
    index: bad === "same-index" ? 0 : index,
    embedding: encoded(spoilt(vector, index, bad), request.isBase64),
  }));
  return {
    object: "list",
    data: bad === "one-missing" ? entries.slice(1) : entries.reverse(),
    model: request.model,
    usage: { prompt_tokens: request.tokens, total_tokens: request.tokens },
  };
}

/**
 * The same text has the same vector everywhere. Words are hashed into directions, so that texts which share words are
 * near to each other.
 */
export function vectorOf(text: string, dimensions: number): readonly number[] {
  const vector = Array.from({ length: dimensions }, () => 0);
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [text];
  for (const word of words) {
    const digest = createHash("sha256").update(word).digest();
    for (let offset = 0; offset < 24; offset += 4) {
      const place = digest.readUInt32BE(offset) % dimensions;
      vector[place] = (vector[place] ?? 0) + ((digest[offset + 1] ?? 0) % 2 === 0 ? 1 : -1);
    }
  }
  const length = Math.hypot(...vector);
  return length === 0 ? vector.map((_, index) => (index === 0 ? 1 : 0)) : vector.map((part) => part / length);
}

function spoilt(vector: readonly number[], index: number, bad: BadVectors | null): readonly number[] {
  if (index > 0) return vector;
  if (bad === "zero") return vector.map(() => 0);
  if (bad === "not-a-number") return [Number.NaN, ...vector.slice(1)];
  return bad === "too-short" ? vector.slice(1) : vector;
}

function encoded(vector: readonly number[], isBase64: boolean): string | readonly number[] {
  return isBase64 ? Buffer.from(Float32Array.from(vector).buffer).toString("base64") : vector;
}
