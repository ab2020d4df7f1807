import { stemWord } from "../../text/stem.js";
import { toLengthOne, UNKNOWN_WORD, type TextVectors } from "../../text/word-vectors.js";
import type { Evidence } from "./evidence.js";
import type { FoundLine, FoundLines } from "./found-lines.js";

/** Words that are no nearer have nothing to do with each other: any two have a cosine of a little. */
const LEAST_COSINE = 0.3;

/** A word of the question. */
export interface AskedWord {
  readonly text: string;
  readonly stem: string;
  readonly vector: Float32Array;
  /** How much it counts in a text. */
  readonly weight: number;
}

/** A word of a line that is near a word of the question; most are near none. */
export interface NearWord {
  /** How much it counts in a text. */
  readonly weight: number;
  /** How near it is to each word of the question, 0 to 1. */
  readonly nearness: readonly number[];
  /** Which word of the question it is; -1 for another. */
  readonly asked: number;
}

/** What the words of the question and of the lines that were found mean. */
export interface Meaning {
  /** The different words of the question. */
  readonly asked: readonly AskedWord[];
  /** The question's vector, of length 1. */
  readonly vector: Float32Array;
  /** In the order of the lines. */
  readonly lines: readonly LineMeaning[];
}

export interface LineMeaning {
  /** Its different words that are near the question. */
  readonly near: readonly NearWord[];
  /** What all its different words count. */
  readonly weight: number;
  readonly vector: Float32Array;
}

/** Null for a question without a known word, as those in another language are. */
export function readMeaning({ normalised, found, vectors }: Evidence): Meaning | null {
  const vector = vectors.of(normalised);
  if (!vector.some((value) => value !== 0)) return null;
  const texts = [...new Set(normalised.split(" "))].filter((text) => text !== "");
  const asked = texts.map((text) => askedWord(text, vectors));
  return { asked, vector, lines: linesOf(found.lines, comparedWords(found, asked, vectors), vectors) };
}

function askedWord(text: string, vectors: TextVectors): AskedWord {
  const place = vectors.placeOf(text, 0, text.length);
  return { text, stem: stemWord(text, "english"), vector: vectors.of(text), weight: vectors.weightOf(place) };
}

/** The different words of all lines, by their numbers. */
interface ComparedWords {
  readonly places: Int32Array;
  readonly weights: Float64Array;
  /** Null where it is near none of the question's. */
  readonly near: readonly (NearWord | null)[];
}

/** Words come again from line to line, so what each is near is found out once. */
function comparedWords(found: FoundLines, asked: readonly AskedWord[], vectors: TextVectors): ComparedWords {
  const places = found.placesIn(vectors);
  const weights = Float64Array.from(places, (place) => vectors.weightOf(place));
  const beginnings = new Set(asked.map(({ text }) => text.charCodeAt(0)));
  const near = found.words().map((text, word) => {
    const place = places[word] ?? UNKNOWN_WORD;
    if (place === UNKNOWN_WORD && !beginnings.has(text.charCodeAt(0))) return null;
    return compare(text, place, asked, vectors);
  });
  return { places, weights, near };
}

function compare(text: string, place: number, asked: readonly AskedWord[], vectors: TextVectors): NearWord | null {
  let nearness: number[] | null = null;
  let same = -1;
  for (let index = 0; index < asked.length; index++) {
    const other = asked[index];
    if (other === undefined) continue;
    if (other.text === text) same = index;
    const near = isSameStem(text, other) ? 1 : aboveLeast(vectors.cosineTo(other.vector, place));
    if (near <= 0) continue;
    nearness ??= asked.map(() => 0);
    nearness[index] = near;
  }
  return nearness === null ? null : { weight: vectors.weightOf(place), nearness, asked: same };
}

function linesOf(lines: readonly FoundLine[], words: ComparedWords, vectors: TextVectors): readonly LineMeaning[] {
  const { dimensions } = vectors;
  // One piece of memory for all of them: there are hundreds.
  const sums = new Float32Array(lines.length * dimensions);
  const seenIn = new Int32Array(words.places.length).fill(-1);
  return lines.map((line, place) => {
    const vector = sums.subarray(place * dimensions, (place + 1) * dimensions);
    const near: NearWord[] = [];
    let weight = 0;
    for (const word of line.words) {
      vectors.add(vector, words.places[word] ?? UNKNOWN_WORD);
      if (seenIn[word] === place) continue;
      seenIn[word] = place;
      weight += words.weights[word] ?? 0;
      const nearWord = words.near[word] ?? null;
      if (nearWord !== null) near.push(nearWord);
    }
    return { near, weight, vector: toLengthOne(vector) };
  });
}

function aboveLeast(cosine: number): number {
  return (cosine - LEAST_COSINE) / (1 - LEAST_COSINE);
}

/** A stem begins as its word does, so that most words need none. */
function isSameStem(text: string, other: AskedWord): boolean {
  if (text.charCodeAt(0) !== other.text.charCodeAt(0)) return false;
  return text === other.text || stemWord(text, "english") === other.stem;
}
