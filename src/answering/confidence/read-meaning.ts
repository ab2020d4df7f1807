import { stemWord } from "../../text/stem.js";
import { toLengthOne, UNKNOWN_WORD, type TextVectors } from "../../text/word-vectors.js";
import { WordIds } from "../../text/word-ids.js";
import type { Evidence } from "./evidence.js";

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

/** A word of a line. */
export interface LineWord {
  readonly place: number;
  readonly weight: number;
  /** How near it is to each word of the question, 0 to 1; empty where it is near none, as most are. */
  readonly near: readonly number[];
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
  /** The different words of the line. */
  readonly words: readonly LineWord[];
  readonly vector: Float32Array;
}

/** Null for a question without a known word, as those in another language are. */
export function readMeaning({ normalised, found, vectors }: Evidence): Meaning | null {
  const vector = vectors.of(normalised);
  if (!vector.some((value) => value !== 0)) return null;
  const texts = [...new Set(normalised.split(" "))].filter((text) => text !== "");
  const asked = texts.map((text) => askedWord(text, vectors));
  const reader = new LineReader(asked, vectors);
  return { asked, vector, lines: found.lines.map((line) => reader.read(line.normalised)) };
}

function askedWord(text: string, vectors: TextVectors): AskedWord {
  const place = vectors.placeOf(text, 0, text.length);
  return { text, stem: stemWord(text, "english"), vector: vectors.of(text), weight: vectors.weightOf(place) };
}

/** Words come again from line to line, so what each is near is found out once for a question. */
class LineReader {
  readonly #asked: readonly AskedWord[];
  readonly #vectors: TextVectors;
  readonly #ids = new WordIds();
  readonly #words: LineWord[] = [];
  /** The first letters of the question's words. */
  readonly #beginnings: ReadonlySet<number>;
  /** For each word the last line that had it. */
  readonly #seenIn: number[] = [];
  #line = 0;

  constructor(asked: readonly AskedWord[], vectors: TextVectors) {
    this.#asked = asked;
    this.#vectors = vectors;
    this.#beginnings = new Set(asked.map(({ text }) => text.charCodeAt(0)));
  }

  /** @param normalised words with one space between them */
  read(normalised: string): LineMeaning {
    this.#line += 1;
    const words: LineWord[] = [];
    const vector = new Float32Array(this.#vectors.dimensions);
    for (let start = 0; start < normalised.length;) {
      const space = normalised.indexOf(" ", start);
      const end = space === -1 ? normalised.length : space;
      const id = this.#ids.add(normalised, start, end);
      const word = this.#wordOf(id, normalised, start, end);
      this.#vectors.add(vector, word.place);
      if (this.#seenIn[id] !== this.#line) words.push(word);
      this.#seenIn[id] = this.#line;
      start = end + 1;
    }
    return { words, vector: toLengthOne(vector) };
  }

  #wordOf(id: number, text: string, start: number, end: number): LineWord {
    const known = this.#words[id];
    if (known !== undefined) return known;
    const place = this.#vectors.placeOf(text, start, end);
    const word = this.#compare(text.slice(start, end), place);
    this.#words.push(word);
    return word;
  }

  #compare(text: string, place: number): LineWord {
    const weight = this.#vectors.weightOf(place);
    if (place === UNKNOWN_WORD && !this.#beginnings.has(text.charCodeAt(0)))
      return { place, weight, near: NONE, asked: -1 };
    let near = NONE;
    let asked = -1;
    for (let index = 0; index < this.#asked.length; index++) {
      const other = this.#asked[index];
      if (other === undefined) continue;
      if (other.text === text) asked = index;
      const nearness = isSameStem(text, other) ? 1 : aboveLeast(this.#vectors.cosineTo(other.vector, place));
      if (nearness <= 0) continue;
      if (near === NONE) near = new Array<number>(this.#asked.length).fill(0);
      near[index] = nearness;
    }
    return { place, weight, near, asked };
  }
}

const NONE: number[] = [];

function aboveLeast(cosine: number): number {
  return (cosine - LEAST_COSINE) / (1 - LEAST_COSINE);
}

/** A stem begins as its word does, so that most words need none. */
function isSameStem(text: string, other: AskedWord): boolean {
  if (text.charCodeAt(0) !== other.text.charCodeAt(0)) return false;
  return text === other.text || stemWord(text, "english") === other.stem;
}
