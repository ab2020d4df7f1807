import type { Language } from "../../src/text/stop-words.js";
import type { PhraseRule } from "./phrases.js";
import type { TermBeginnings } from "./term-beginnings.js";

/** Positions and weights of the words of a question that a word of a passage stands for. */
export type Meaning = readonly (readonly [position: number, weight: number])[];

/** A question as passages are compared with it. */
export interface AskedQuestion {
  readonly text: string;
  /** Positions and weights of the words that a term stands for. */
  readonly wordsOf: ReadonlyMap<string, Meaning>;
  /** The phrases that stand for words of it. */
  readonly phrases: readonly PhraseRule[];
  readonly beginnings: TermBeginnings;
  /** What words of passages stand for, as far as they were looked up. */
  readonly meanings: Map<string, Meaning>;
  /** What each word counts, of all together: sums to 1, or to 0 when nothing counts. */
  readonly shares: readonly number[];
  /** 1 for each group of three letters that it has, by its place; see `piecesOf`. */
  readonly pieces: Uint8Array;
  /** How many of them it has. */
  readonly size: number;
  /** In which its words were stemmed. */
  readonly languages: readonly Language[];
}
