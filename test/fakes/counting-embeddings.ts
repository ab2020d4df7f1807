import type { EmbeddingModel } from "../../src/ports/models.js";

/** A tiny vector space that notes every text it is asked for. */
export interface CountingEmbeddings extends EmbeddingModel {
  readonly texts: string[];
  /** Makes the next call reject with this error. */
  failNext(error: Error): void;
  /** Does something while the next call is under way. */
  duringNext(work: () => Promise<unknown>): void;
}

export function countingEmbeddings(id = "counting"): CountingEmbeddings {
  const texts: string[] = [];
  let failure: Error | null = null;
  let meanwhile: (() => Promise<unknown>) | null = null;
  return {
    id,
    dimensions: 3,
    texts,
    failNext(error) {
      failure = error;
    },
    duringNext(work) {
      meanwhile = work;
    },
    async embed(asked) {
      const [error, work] = [failure, meanwhile];
      failure = null;
      meanwhile = null;
      if (error !== null) throw error;
      await work?.();
      texts.push(...asked);
      return asked.map((text) => new Float32Array([1, text.length % 2, 0]));
    },
  };
}
