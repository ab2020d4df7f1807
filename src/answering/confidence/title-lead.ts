/** A title is as near as so many of its lines. */
const NEAREST = 3;

/**
 * How much nearer the first title is than the next one, by the likeness of all lines to one text.
 * @param titles of the lines, in their order
 * @returns the lead; `self` is the place of the line that the others are compared with, which is not compared itself, or
 *   {@link NO_LINE}
 */
export function createTitleLead(titles: readonly number[]): (likes: ArrayLike<number>, self: number) => number {
  const count = Math.max(0, ...titles) + 1;
  const greatest = new Float64Array(count * NEAREST);
  return (likes, self) => {
    greatest.fill(NOTHING);
    for (let line = 0; line < titles.length; line++) {
      if (line !== self) keepGreatest(greatest, (titles[line] ?? 0) * NEAREST, likes[line] ?? 0);
    }
    let next = 0;
    for (let title = 1; title < count; title++) next = Math.max(next, meanAt(greatest, title * NEAREST));
    return meanAt(greatest, 0) - next;
  };
}

/** For a text that is none of the lines. */
export const NO_LINE = -1;

const NOTHING = -Infinity;

/** Of the values from `start` on, which descend. */
function keepGreatest(greatest: Float64Array, start: number, value: number): void {
  let place = start + NEAREST - 1;
  if (value <= (greatest[place] ?? 0)) return;
  for (; place > start && value > (greatest[place - 1] ?? 0); place--) greatest[place] = greatest[place - 1] ?? 0;
  greatest[place] = value;
}

/** Missing ones count as 0. */
function meanAt(greatest: Float64Array, start: number): number {
  let sum = 0;
  for (let place = start; place < start + NEAREST; place++) {
    const value = greatest[place] ?? NOTHING;
    if (value !== NOTHING) sum += value;
  }
  return sum / NEAREST;
}
