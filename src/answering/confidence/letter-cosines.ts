import { eachGroup, keyOf } from "./letter-groups.js";

/** A group of letters: its place among all groups, and how many of the texts hold it. */
interface Group {
  readonly place: number;
  readonly texts: number;
}

/** A text's groups by their places, and what each weighs; the weights have length 1. */
interface Vector {
  readonly places: Uint32Array;
  readonly weights: Float64Array;
}

/**
 * How like each other texts are in their groups of three letters, 0 to 1: the cosine, each group weighed by the root of its
 * count and by how few of the texts hold it. What all of them say ("how do I … my card") counts for little.
 * @param texts by `normalise`
 * @returns the cosines of one of them, by its place, to all
 */
export function letterCosines(texts: readonly string[]): (place: number) => Float64Array {
  const counted = texts.map(countGroups);
  const groups = groupsOf(counted);
  const vectors = counted.map((counts) => vectorOf(counts, groups, texts.length));
  const dense = new Float64Array(groups.size);
  return (place) => {
    dense.fill(0);
    const own = vectors[place];
    own?.places.forEach((at, index) => (dense[at] = own.weights[index] ?? 0));
    const cosines = new Float64Array(vectors.length);
    vectors.forEach((other, index) => (cosines[index] = dot(dense, other)));
    return cosines;
  };
}

function countGroups(normalised: string): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  eachGroup(normalised, (before, here, after) => {
    const key = keyOf(before, here, after);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  });
  return counts;
}

function groupsOf(counted: readonly ReadonlyMap<number, number>[]): ReadonlyMap<number, Group> {
  const groups = new Map<number, { readonly place: number; texts: number }>();
  for (const counts of counted) {
    for (const group of counts.keys()) {
      const known = groups.get(group);
      if (known === undefined) groups.set(group, { place: groups.size, texts: 1 });
      else known.texts += 1;
    }
  }
  return groups;
}

function vectorOf(counts: ReadonlyMap<number, number>, groups: ReadonlyMap<number, Group>, allTexts: number): Vector {
  const places = new Uint32Array(counts.size);
  const weights = new Float64Array(counts.size);
  let squares = 0;
  let index = 0;
  for (const [key, count] of counts) {
    const { place, texts } = groups.get(key) ?? { place: 0, texts: 0 };
    const weight = Math.sqrt(count) * Math.log(1 + allTexts / (texts + 0.5));
    places[index] = place;
    weights[index] = weight;
    squares += weight ** 2;
    index += 1;
  }
  const length = Math.sqrt(squares);
  return { places, weights: weights.map((weight) => weight / length) };
}

function dot(dense: Float64Array, { places, weights }: Vector): number {
  let total = 0;
  for (let index = 0; index < places.length; index++) total += (dense[places[index] ?? 0] ?? 0) * (weights[index] ?? 0);
  return total;
}
