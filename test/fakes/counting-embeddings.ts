import type { EmbeddingModel } from "../../src/ports/models.js";

/** A tiny vector space that notes every text it is asked for. */
export interface CountingEmbeddings extends EmbeddingModel {
  readonly texts: string[];
  /** Makes the next call reject with this error. */
  failNext(error: Error): void;
}

export function countingEmbeddings(id = "counting"): CountingEmbeddings {
  const texts: string[] = [];
  let failure: Error | null = null;
  return {
    id,
    dimensions: 3,
    texts,
    failNext(error) {
      failure = error;
    },
    embed(asked) {
      const error = failure;
      failure = null;
      if (error !== null) return Promise.reject(error);
      texts.push(...asked);
      return Promise.resolve(asked.map((text) => new Float32Array([1, text.length % 2, 0])));
    },
  };
}
