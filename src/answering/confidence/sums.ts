export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** 0 of nothing. */
export function mean(values: readonly number[]): number {
  return sum(values) / Math.max(values.length, 1);
}

export function standardDeviation(values: readonly number[]): number {
  const center = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - center) ** 2)));
}

/** What a part weighs against the whole; 0 when the whole weighs nothing. */
export function share<Item>(part: readonly Item[], whole: readonly Item[], weigh: (item: Item) => number): number {
  const total = sum(whole.map(weigh));
  return total === 0 ? 0 : sum(part.map(weigh)) / total;
}

/** The mean of the greatest, missing ones counting as 0. */
export function meanOfGreatest(values: readonly number[], count: number): number {
  return sum([...values].sort((one, other) => other - one).slice(0, count)) / count;
}
