import type { FoundLine } from "./found-lines.js";
import { letterCosines } from "./letter-cosines.js";
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
const SOFTNESS = 0.04;

/**
 * The share of the first title's lines that, asked in the question's place, would lead less over the other titles: 0.5 when
 * it has none. A question that the entry answers is one more line of it; a near miss leads by less than the lines do.
 */
export function standingOf(normalised: string, lines: readonly LikeLine[]): number {
  const nearest = [...lines].sort((one, other) => other.like - one.like).map(({ line }) => line);
  const own = nearest.filter(({ title }) => title === 0).slice(0, LINES.own);
  const others = nearest.filter(({ title }) => title !== 0).slice(0, LINES.others);
  const compared = [...own, ...others];
  const cosinesOf = letterCosines([normalised, ...compared.map((line) => line.normalised)]);
  const leadOf = (place: number): number => lead(compared, cosinesOf(place).subarray(1), place - 1);
  const asked = leadOf(0);
  const below = sum(own.map((_, index) => logistic((asked - leadOf(index + 1)) / SOFTNESS)));
  return (below + 0.5) / (own.length + 1);
}

/** @param self the place of the line that is asked, which is not compared with itself; -1 for the question */
function lead(lines: readonly FoundLine[], cosines: Float64Array, self: number): number {
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
