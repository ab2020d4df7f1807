import { logistic } from "./logistic-regression.js";

/** A question as offsets see it. */
export interface OffsetRow {
  /** The log odds without any offset. */
  readonly score: number;
  readonly isRight: boolean;
  /** What of it has an offset, each once. */
  readonly names: readonly string[];
}

export interface OffsetPrior {
  /** How hard an offset is drawn to 0. */
  readonly penalty: number;
  /** What fewer questions have gets none. */
  readonly fewest: number;
  /** Nor does what a greater share of them has. */
  readonly mostShare: number;
}

/** Rounds over all offsets. Names that stand together are told apart slowly; twelve did as well as fitting all at once. */
const ROUNDS = 12;
/** No offset moves further in one round. */
const MOST_STEP = 2;

/**
 * Fits what is added to the log odds for each name, all together: the mode of the posterior under a normal prior, one
 * offset after the other (coordinate-wise Newton steps). Deterministic.
 */
export function fitOffsets(
  rows: readonly OffsetRow[],
  { penalty, fewest, mostShare }: OffsetPrior,
): ReadonlyMap<string, number> {
  const holders = [...holdersOf(rows)].filter(
    ([, { length }]) => length >= fewest && length <= mostShare * rows.length,
  );
  const scores = rows.map(({ score }) => score);
  const offsets = new Map(holders.map(([name]) => [name, 0]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, places] of holders) {
      const offset = offsets.get(name) ?? 0;
      let [gradient, curvature] = [penalty * offset, penalty];
      for (const place of places) {
        const chance = logistic(scores[place] ?? 0);
        gradient += chance - (rows[place]?.isRight === true ? 1 : 0);
        curvature += chance * (1 - chance);
      }
      const step = Math.min(Math.max(-gradient / curvature, -MOST_STEP), MOST_STEP);
      offsets.set(name, offset + step);
      for (const place of places) scores[place] = (scores[place] ?? 0) + step;
    }
  }
  return offsets;
}

function holdersOf(rows: readonly OffsetRow[]): ReadonlyMap<string, number[]> {
  const holders = new Map<string, number[]>();
  for (const [place, { names }] of rows.entries()) {
    for (const name of names) {
      const places = holders.get(name);
      if (places === undefined) holders.set(name, [place]);
      else places.push(place);
    }
  }
  return holders;
}
