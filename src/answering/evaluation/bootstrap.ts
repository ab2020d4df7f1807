export const RESAMPLES = 1_000;
export const SEED = 7;

/** The middle 95 % of a figure over resamples with replacement. */
export type Interval = readonly [low: number, high: number];

/**
 * Percentile bootstrap of a figure over questions: the same seed gives the same interval. Resamples on which the figure
 * does not exist are left out; null when there is none left.
 */
export function bootstrap<Item>(
  items: readonly Item[],
  figure: (sample: readonly Item[]) => number | null,
  options: { readonly resamples: number; readonly seed: number } = { resamples: RESAMPLES, seed: SEED },
): Interval | null {
  const random = mulberry32(options.seed);
  const figures: number[] = [];
  for (let round = 0; round < options.resamples; round++) {
    const value = figure(resample(items, random));
    if (value !== null) figures.push(value);
  }
  figures.sort((one, other) => one - other);
  const at = (share: number): number | undefined => figures[Math.round(share * (figures.length - 1))];
  const [low, high] = [at(0.025), at(0.975)];
  return low === undefined || high === undefined ? null : [low, high];
}

/** As many items as there are, drawn with replacement, in the order they came: a sorted list stays sorted. */
function resample<Item>(items: readonly Item[], random: () => number): readonly Item[] {
  const counts = new Uint32Array(items.length);
  for (let draw = 0; draw < items.length; draw++) {
    const index = Math.floor(random() * items.length);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  const sample: Item[] = [];
  for (const [index, item] of items.entries()) {
    for (let copy = 0; copy < (counts[index] ?? 0); copy++) sample.push(item);
  }
  return sample;
}

/** A small generator whose sequence depends on the seed alone. */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
