import { align } from "./alignment.js";
import type { Operator } from "./lexicon.js";
import type { ReadWord } from "./reading.js";
import { carries } from "./reading.js";

/** A stretch of a claim laid beside the sentence of a passage that says most of it. */
export interface Comparison {
  readonly claim: readonly ReadWord[];
  readonly sentence: readonly ReadWord[];
  /** For each word of the claim where it stands in the sentence, or -1. */
  readonly places: readonly number[];
  /** Positions in the claim of words that the sentence does not have. */
  readonly added: readonly number[];
  /** Positions in the sentence of words that the claim does not have. */
  readonly left: readonly number[];
  /** What holds for the sentence without standing in it: its headings and what introduces it. */
  readonly frame: readonly ReadWord[];
  /** Whether a word stands in its frame or in a sentence beside it. */
  isAround(key: string): boolean;
}

export function compare(
  claim: readonly ReadWord[],
  sentence: readonly ReadWord[],
  frame: readonly ReadWord[],
  beside: readonly ReadWord[],
): Comparison {
  const places = align(claim, sentence);
  const used = new Set(places);
  const keys = new Set([...frame, ...beside].map(({ key }) => key));
  return {
    claim,
    sentence,
    places,
    added: [...claim.keys()].filter((index) => (places[index] ?? -1) < 0),
    left: [...sentence.keys()].filter((index) => !used.has(index)),
    frame,
    isAround: (key) => keys.has(key),
  };
}

/**
 * The words of the sentence in whose place an added word stands: between the same neighbours. Empty where the claim is
 * told in another order, so that it has no place.
 */
export function replacedBy({ claim, sentence, places, left }: Comparison, index: number): readonly number[] {
  const before = nearest(claim, places, index, -1);
  const after = nearest(claim, places, index, 1);
  const from = before === null ? -1 : (places[before] ?? -1);
  const to = after === null ? sentence.length : (places[after] ?? sentence.length);
  if (to <= from) return [];
  const between = left.filter((position) => position > from && position < to && isWeighty(sentence[position]));
  // At an end the place is open; only what stands right beside the neighbour was replaced.
  if (before === null && after === null) return [];
  if (before === null) return between.filter((position) => position >= to - OPEN_REACH);
  return after === null ? between.filter((position) => position <= from + OPEN_REACH) : between;
}

const OPEN_REACH = 4;

function isWeighty(word: ReadWord | undefined): boolean {
  return word !== undefined && carries(word);
}

/** The nearest word that carries something and that the sentence has. */
function nearest(claim: readonly ReadWord[], places: readonly number[], index: number, step: number): number | null {
  for (let at = index + step; at >= 0 && at < claim.length; at += step) {
    if ((places[at] ?? -1) >= 0 && isWeighty(claim[at])) return at;
  }
  return null;
}

/** What a "not", an "only" or a "must" is said of: the next word that carries something, else the one before. */
export function headOf(words: readonly ReadWord[], index: number): number {
  for (let at = index + 1; at < words.length && at <= index + 6; at += 1) {
    const word = words[at];
    if (word === undefined || word.afterBreak) break;
    if (carries(word)) return at;
  }
  for (let at = index - 1; at >= 0; at -= 1) if (isWeighty(words[at])) return at;
  return -1;
}

export function operatorsAt(words: readonly ReadWord[], operator: Operator): readonly number[] {
  return [...words.keys()].filter((index) => words[index]?.operator === operator);
}
