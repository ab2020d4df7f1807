import { cosine } from "../text/word-vectors.js";
import { isKnown } from "./question-meanings.js";

/** What the questions of a group mean together. */
export interface GroupMeaning {
  /** How many of them something is known of. */
  readonly questions: number;
  /** Of their vectors, each of length 1; null for none. */
  readonly sum: Float32Array | null;
}

/** Fewer questions have no middle that could be told from another. */
const LEAST_QUESTIONS = 3;

export function meaningOf(meanings: readonly Float32Array[]): GroupMeaning {
  return meanings
    .filter(isKnown)
    .map((sum) => ({ questions: 1, sum }))
    .reduce<GroupMeaning>(addMeanings, { questions: 0, sum: null });
}

export function addMeanings(one: GroupMeaning, other: GroupMeaning): GroupMeaning {
  if (one.sum === null) return other;
  if (other.sum === null) return one;
  const { sum } = other;
  return { questions: one.questions + other.questions, sum: one.sum.map((value, index) => value + (sum[index] ?? 0)) };
}

/**
 * Whether questions of the one group are, on average, as near to those of the other as to their own, but for `least`.
 * Halves of one thing are; two things that share most of their words are not: what all of the one say, and none of the
 * other, keeps them apart. True where too little is known to tell.
 */
export function areNearInMeaning(one: GroupMeaning, other: GroupMeaning, least: number): boolean {
  if (one.sum === null || other.sum === null) return true;
  if (Math.min(one.questions, other.questions) < LEAST_QUESTIONS) return true;
  const between = cosine(one.sum, other.sum) / (one.questions * other.questions);
  return (
    between >= least * Math.sqrt(nearnessWithin(one.questions, one.sum) * nearnessWithin(other.questions, other.sum))
  );
}

/** The mean cosine of two of its questions; none counts as less than 0. */
function nearnessWithin(questions: number, sum: Float32Array): number {
  return Math.max(0, (cosine(sum, sum) - questions) / (questions * (questions - 1)));
}
