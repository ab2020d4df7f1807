const MOST = 3;
const LEAST_ALIKE = 0.5;

/** At most three of the names that look like this one, the most alike first. */
export function nearest(name: string, names: readonly string[]): readonly string[] {
  return names
    .map((other) => ({ other, alike: likeness(name, other) }))
    .filter(({ alike }) => alike >= LEAST_ALIKE)
    .sort((left, right) => right.alike - left.alike)
    .slice(0, MOST)
    .map(({ other }) => other);
}

/** How many of their pairs of letters two names share: 1 for all, 0 for none. */
function likeness(left: string, right: string): number {
  const [pairs, others] = [pairsOf(left), pairsOf(right)];
  const shared = [...pairs].filter((pair) => others.has(pair)).length;
  return (2 * shared) / Math.max(1, pairs.size + others.size);
}

function pairsOf(name: string): ReadonlySet<string> {
  const letters = Array.from(name.toLowerCase());
  return new Set(letters.slice(1).map((letter, index) => `${letters[index] ?? ""}${letter}`));
}
