import { LetterNumbers } from "./letter-groups.js";

/** The groups of texts one after the other: by their places among all groups, with what each weighs. */
interface Vectors {
  readonly places: Uint32Array;
  /** Each text's have length 1. */
  readonly weights: Float64Array;
  /** Where each text's groups begin, and at last where all end. */
  readonly starts: readonly number[];
  /** How many different groups there are. */
  readonly size: number;
}

/**
 * How like each other texts are in their groups of three letters, 0 to 1: the cosine, each group weighed by the root of its
 * count and by how few of the texts hold it. What all of them say ("how do I … my card") counts for little.
 * @param texts by `normalise`
 * @returns the cosines of one of them, by its place, to all
 */
export function letterCosines(texts: readonly string[]): (place: number) => Float64Array {
  const vectors = vectorsOf(texts);
  const { places, weights, starts, size } = vectors;
  return (place) => {
    const dense = new Float64Array(size);
    for (let at = starts[place] ?? 0; at < (starts[place + 1] ?? 0); at++) dense[places[at] ?? 0] = weights[at] ?? 0;
    const cosines = new Float64Array(texts.length);
    for (let other = 0; other < texts.length; other++) cosines[other] = dot(dense, vectors, other);
    return cosines;
  };
}

function vectorsOf(texts: readonly string[]): Vectors {
  const letters = texts.reduce((sum, text) => sum + text.length, 0);
  const numbers = new LetterNumbers(letters);
  const places = new Uint32Array(letters);
  const weights = new Float64Array(letters);
  const starts = [0];
  /** How many texts hold each group, and where it stands in the last one that did. */
  const holders = new Uint32Array(letters);
  const standsAt = new Int32Array(letters).fill(-1);
  let end = 0;
  for (const text of texts) {
    const start = starts.at(-1) ?? 0;
    numbers.each(text, (place) => {
      const known = standsAt[place] ?? -1;
      if (known >= start) {
        weights[known] = (weights[known] ?? 0) + 1;
        return;
      }
      standsAt[place] = end;
      holders[place] = (holders[place] ?? 0) + 1;
      places[end] = place;
      weights[end] = 1;
      end += 1;
    });
    starts.push(end);
  }
  const vectors = { places: places.subarray(0, end), weights: weights.subarray(0, end), starts, size: numbers.size };
  weigh(vectors, holders, texts.length);
  return vectors;
}

/** Makes weights of the counts. */
function weigh({ places, weights, starts }: Vectors, holders: Uint32Array, allTexts: number): void {
  for (let text = 0; text < allTexts; text++) {
    const start = starts[text] ?? 0;
    const end = starts[text + 1] ?? 0;
    let squares = 0;
    for (let at = start; at < end; at++) {
      const weight = Math.sqrt(weights[at] ?? 0) * Math.log(1 + allTexts / ((holders[places[at] ?? 0] ?? 0) + 0.5));
      weights[at] = weight;
      squares += weight ** 2;
    }
    const length = Math.sqrt(squares);
    for (let at = start; at < end; at++) weights[at] = (weights[at] ?? 0) / length;
  }
}

function dot(dense: Float64Array, { places, weights, starts }: Vectors, text: number): number {
  let total = 0;
  const end = starts[text + 1] ?? 0;
  for (let at = starts[text] ?? 0; at < end; at++) total += (dense[places[at] ?? 0] ?? 0) * (weights[at] ?? 0);
  return total;
}
