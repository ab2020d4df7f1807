import type { FoundLine } from "./found-lines.js";
import { letterCosines } from "./letter-cosines.js";
import { cosine } from "../../text/word-vectors.js";
import { logistic } from "./logistic-regression.js";
import type { Meaning } from "./read-meaning.js";
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
  const cosines: Cosines = (compared) => letterCosines([normalised, ...compared.map(({ line }) => line.normalised)]);
  return standingBy(cosines, SOFTNESS.letters, lines);
}

/** The same by what lines mean; for a question whose words are not known it is in the middle. */
export function meaningStandingOf(lines: readonly FoundLine[], meaning: Meaning | null): number {
  if (meaning === null) return UNKNOWN;
  const { vector: asked, lines: meanings } = meaning;
  const likes = lines.map((line, place) => {
    const vector = meanings[place]?.vector ?? NO_VECTOR;
    return { line, vector, like: cosine(vector, asked) };
  });
  const cosines = (compared: readonly (LikeLine & { readonly vector: Float32Array })[]) =>
    meaningCosines([asked, ...compared.map(({ vector }) => vector)]);
  return standingBy(cosines, SOFTNESS.meaning, likes);
}

const NO_VECTOR = new Float32Array(0);

/** How like each other the question (place 0) and the lines are: of one of them, by its place, to all. */
type Cosines<Line extends LikeLine = LikeLine> = (compared: readonly Line[]) => (place: number) => Float64Array;

function standingBy<Line extends LikeLine>(cosines: Cosines<Line>, softness: number, lines: readonly Line[]): number {
  const nearest = [...lines].sort((one, other) => other.like - one.like);
  const own = nearest.filter(({ line }) => line.title === 0).slice(0, LINES.own);
  const others = nearest.filter(({ line }) => line.title !== 0).slice(0, LINES.others);
  const compared = [...own, ...others];
  const cosinesOf = cosines(compared);
  const titles = compared.map(({ line }) => line);
  const leadOf = (place: number): number => lead(titles, cosinesOf(place).subarray(1), place - 1);
  const asked = leadOf(0);
  const below = sum(own.map((_, index) => logistic((asked - leadOf(index + 1)) / softness)));
  return (below + UNKNOWN) / (own.length + 1);
}

function meaningCosines(vectors: readonly Float32Array[]): (place: number) => Float64Array {
  return (place) => {
    const own = vectors[place] ?? NO_VECTOR;
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
