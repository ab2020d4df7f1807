import type { EmbeddingModel } from "../../src/ports/models.js";
import { vectorOfText } from "./text-vector.js";

/**
 * Embeddings that take no time to wait for: a text's vector is the sum of its words' directions, which look random. Texts
 * with words in common are near each other, and there is no shorter way among them: harder to index than a real model's.
 */
export function createWordVectors(dimensions: number): EmbeddingModel {
  const directions = new Map<string, Float32Array>();
  const directionOf = (word: string): Float32Array => {
    const direction = directions.get(word) ?? vectorOfText(word, dimensions);
    directions.set(word, direction);
    return direction;
  };
  const embed = (text: string): Float32Array => {
    const sum = new Float32Array(dimensions);
    for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ["empty"]) {
      const direction = directionOf(word);
      for (let part = 0; part < dimensions; part++) sum[part] = (sum[part] ?? 0) + (direction[part] ?? 0);
    }
    const length = Math.sqrt(sum.reduce((total, part) => total + part * part, 0));
    return sum.map((part) => part / length);
  };
  return { id: `bench-words-${dimensions}`, dimensions, embed: (texts) => Promise.resolve(texts.map(embed)) };
}
