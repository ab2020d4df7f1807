import { endOfWord, nextWord } from "./scan-words.js";
import { NO_ID, WordIds } from "./word-ids.js";

/** Static vectors of English words. */
export interface WordVectors {
  readonly dimensions: number;
  /** Lower case, all different. */
  readonly words: readonly string[];
  /** Their vectors one after the other. Each is as long as its word counts in the sum of a text. */
  readonly values: Float32Array;
}

interface Known extends WordVectors {
  readonly ids: WordIds;
  /** How long each vector is. */
  readonly lengths: Float32Array;
}

/** Where no words are known: everything is equally far. */
const NO_WORDS: WordVectors = { dimensions: 0, words: [], values: new Float32Array(0) };

/** A word that has no vector. */
export const UNKNOWN_WORD = NO_ID;

/**
 * Texts as vectors that are near each other where the texts mean the like in other words. A text's vector is the sum of its
 * words'. Nothing is remembered: to make a sum takes less than to find it again.
 */
export class TextVectors {
  readonly #read: () => WordVectors;
  #known: Known | null = null;

  /** @param read asked for the vectors of words when the first text comes */
  constructor(read: () => WordVectors) {
    this.#read = read;
  }

  get dimensions(): number {
    return this.#words.dimensions;
  }

  /** Of length 1; 0 throughout for a text without a known word. */
  of(text: string): Float32Array {
    const lower = text.toLowerCase();
    const sum = new Float32Array(this.dimensions);
    for (let start = nextWord(lower, 0); start < lower.length;) {
      const end = endOfWord(lower, start);
      this.add(sum, this.placeOf(lower, start, end));
      start = nextWord(lower, end);
    }
    return toLengthOne(sum);
  }

  /** Which word stands in a lower-case text from `start` to before `end`; {@link UNKNOWN_WORD} for most that are rare. */
  placeOf(lower: string, start: number, end: number): number {
    return this.#words.ids.find(lower, start, end);
  }

  /** Adds a word's vector; nothing for one that is not known. */
  add(sum: Float32Array, place: number): void {
    if (place === UNKNOWN_WORD) return;
    const { dimensions, values } = this.#words;
    for (let index = 0, cell = place * dimensions; index < dimensions; index++, cell++) {
      sum[index] = (sum[index] ?? 0) + (values[cell] ?? 0);
    }
  }

  /** The cosine of a vector of length 1 and a word's; 0 for a word that is not known. */
  cosineTo(one: Float32Array, place: number): number {
    if (place === UNKNOWN_WORD) return 0;
    const { dimensions, values, lengths } = this.#words;
    const product = dot(one, values, place * dimensions);
    return product === 0 ? 0 : product / (lengths[place] ?? 1);
  }

  /** How much a word counts in a text, from 0; 1 for a word that is not known, which is rare. */
  weightOf(place: number): number {
    return this.#words.lengths[place] ?? 1;
  }

  get #words(): Known {
    return (this.#known ??= withTable(this.#read()));
  }
}

export const NO_TEXT_VECTORS = new TextVectors(() => NO_WORDS);

/** Of two vectors of length 1. 0 where one of them knows no word. */
export function cosine(one: Float32Array, other: Float32Array): number {
  return dot(one, other, 0);
}

/** Four sums at once: each addition would wait for the one before it. */
function dot(one: Float32Array, others: Float32Array, start: number): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let at = 0;
  for (; at + 3 < one.length; at += 4) {
    first += (one[at] ?? 0) * (others[start + at] ?? 0);
    second += (one[at + 1] ?? 0) * (others[start + at + 1] ?? 0);
    third += (one[at + 2] ?? 0) * (others[start + at + 2] ?? 0);
    fourth += (one[at + 3] ?? 0) * (others[start + at + 3] ?? 0);
  }
  for (; at < one.length; at++) first += (one[at] ?? 0) * (others[start + at] ?? 0);
  return first + second + (third + fourth);
}

/** The same vector, brought to length 1 where it is not 0. */
export function toLengthOne(vector: Float32Array): Float32Array {
  const length = Math.sqrt(cosine(vector, vector));
  if (length === 0) return vector;
  for (let index = 0; index < vector.length; index++) vector[index] = (vector[index] ?? 0) / length;
  return vector;
}

function withTable(vectors: WordVectors): Known {
  const { dimensions, words, values } = vectors;
  const lengths = Float32Array.from(words, (_, place) => {
    const vector = values.subarray(place * dimensions, (place + 1) * dimensions);
    return Math.sqrt(cosine(vector, vector));
  });
  return { ...vectors, ids: new WordIds(words), lengths };
}
