import type { QueryWord } from "./query-terms.js";

/** A word of the question after a look at what is indexed. */
export interface ResolvedWord extends QueryWord {
  /** Whether the word itself is indexed, and not just something that looks like it. */
  readonly isKnown: boolean;
  /** How many chunks and documents of the tenant hold each of `terms`. */
  readonly uses: ReadonlyMap<string, TermUse>;
}

/** In how many chunks and documents of the tenant a term stands, whoever may read them. */
export interface TermUse {
  readonly chunks: number;
  readonly documents: number;
}
