import type { FoundLine } from "./found-lines.js";
import { letterCosines } from "./letter-cosines.js";
import { cosine, type TextVectors } from "../../text/word-vectors.js";
import { logistic } from "./logistic-regression.js";
import { meanOfGreatest, sum } from "./sums.js";

/** A line with its likeness to the question. */
interface LikeLine {
  readonly line: FoundLine;
  readonly like: number;
}

/** So many of the nearest lines of the first title, and of all others, are compared with each other. */
const LINES = { own: 25, others: 40 } as const;
/** A title is as near as so many of its lines. */
const NEAREST = 3;
/** A line that leads by so much less counts as nearly three quarters of one that is below; the lines are few. */
const SOFTNESS = { letters: 0.04, meaning: 0.06 } as const;
/** What nothing is known of stands in the middle. */
const UNKNOWN = 0.5;

/**
 * The share of the first title's lines that, asked in the question's place, would lead less over the other titles: 0.5 when
 * it has none. A question that the entry answers is one more line of it; a near miss leads by less than the lines do.
 */
export function standingOf(normalised: string, lines: readonly LikeLine[]): number {
  return standingBy(letterCosines, SOFTNESS.letters, normalised, lines);
}

/** The same by what lines mean; for a question without a known word it is in the middle. */
export function meaningStandingOf(normalised: string, lines: readonly FoundLine[], vectors: TextVectors): number {
  const asked = vectors.of(normalised);
  if (!asked.some((value) => value !== 0)) return UNKNOWN;
  const likes = lines.map((line) => ({ line, like: cosine(asked, vectors.of(line.normalised)) }));
  const cosines: Cosines = (texts) => meaningCosines(texts.map((text) => vectors.of(text)));
  return standingBy(cosines, SOFTNESS.meaning, normalised, likes);
}

/** How like each other texts are: of one of them, by its place, to all. */
type Cosines = (texts: readonly string[]) => (place: number) => Float64Array;

function standingBy(cosines: Cosines, softness: number, normalised: string, lines: readonly LikeLine[]): number {
  const nearest = [...lines].sort((one, other) => other.like - one.like).map(({ line }) => line);
  const own = nearest.filter(({ title }) => title === 0).slice(0, LINES.own);
  const others = nearest.filter(({ title }) => title !== 0).slice(0, LINES.others);
  const compared = [...own, ...others];
  const cosinesOf = cosines([normalised, ...compared.map((line) => line.normalised)]);
  const leadOf = (place: number): number => lead(compared, cosinesOf(place).subarray(1), place - 1);
  const asked = leadOf(0);
  const below = sum(own.map((_, index) => logistic((asked - leadOf(index + 1)) / softness)));
  return (below + UNKNOWN) / (own.length + 1);
}

function meaningCosines(vectors: readonly Float32Array[]): (place: number) => Float64Array {
  return (place) => {
    const own = vectors[place] ?? new Float32Array(0);
    return Float64Array.from(vectors, (vector) => cosine(own, vector));
  };
}

/**
 * How much nearer the first title is than the next one.
 * @param self the place of the line that is asked, which is not compared with itself; -1 for the question
 */
export function lead(lines: readonly FoundLine[], cosines: Float64Array, self: number): number {
  const byTitle = new Map<number, number[]>();
  for (const [place, { title }] of lines.entries()) {
    if (place === self) continue;
    const likes = byTitle.get(title) ?? [];
    likes.push(cosines[place] ?? 0);
    byTitle.set(title, likes);
  }
  const own = meanOfGreatest(byTitle.get(0) ?? [], NEAREST);
  byTitle.delete(0);
  return own - Math.max(0, ...[...byTitle.values()].map((likes) => meanOfGreatest(likes, NEAREST)));
}
