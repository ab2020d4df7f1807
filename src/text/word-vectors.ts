import { remember } from "./remember.js";

/** Static vectors of English words. */
export interface WordVectors {
  readonly dimensions: number;
  /** Which of the vectors is that of a word, lower case; a word that has none is missing. */
  readonly places: ReadonlyMap<string, number>;
  /** The vectors one after the other. Each is as long as its word counts in the sum of a text. */
  readonly values: Float32Array;
}

/** Texts as vectors that are near each other where the texts mean the like in other words. */
export interface TextVectors {
  /** The sum of its words' vectors, of length 1; 0 throughout for a text without a known word. Not to be changed. */
  of(text: string): Float32Array;
  /** How much a word counts in a text, from 0; 1 for a word that is not known, which is rare. */
  weightOf(word: string): number;
}

/** Where no words are known: everything is equally far. */
export const NO_TEXT_VECTORS: TextVectors = { of: () => new Float32Array(0), weightOf: () => 1 };

/** Titles and lines come again from question to question; with 64 dimensions so many take about 10 MB. */
const MAX_REMEMBERED_TEXTS = 25_000;

/** @param read asked for the vectors of words when the first text comes */
export function createTextVectors(read: () => WordVectors): TextVectors {
  let words: WordVectors | null = null;
  const table = (): WordVectors => (words ??= read());
  return {
    of: remember((text) => sumOf(table(), text), MAX_REMEMBERED_TEXTS),
    weightOf: (word) => lengthOf(table(), word),
  };
}

/** The words of a text as vectors are known by: lower case, without marks. */
export function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Of two vectors of length 1. 0 where one of them knows no word. */
export function cosine(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += (one[index] ?? 0) * (other[index] ?? 0);
  return sum;
}

function lengthOf({ dimensions, places, values }: WordVectors, word: string): number {
  const place = places.get(word);
  if (place === undefined) return 1;
  const vector = values.subarray(place * dimensions, (place + 1) * dimensions);
  return Math.sqrt(cosine(vector, vector));
}

function sumOf({ dimensions, places, values }: WordVectors, text: string): Float32Array {
  const sum = new Float32Array(dimensions);
  for (const word of wordsOf(text)) {
    const place = places.get(word);
    if (place === undefined) continue;
    const start = place * dimensions;
    for (let index = 0; index < dimensions; index++) sum[index] = (sum[index] ?? 0) + (values[start + index] ?? 0);
  }
  const length = Math.sqrt(cosine(sum, sum));
  return length === 0 ? sum : sum.map((value) => value / length);
}
