import type { Passage } from "../../ports/knowledge.js";
import type { Language } from "../../text/stop-words.js";
import type { TextVectors } from "../../text/word-vectors.js";
import { LineReader, type ReadLine } from "./line-reader.js";

/** A title, heading, other wording, sentence or item of what was found, as it is compared with the question. */
export interface FoundLine extends ReadLine {
  /** Which of the different titles it belongs to; 0 is the first passage's. */
  readonly title: number;
  readonly isHeading: boolean;
}

/** What was found, line by line. Terms are numbers, those of the question too. */
export class FoundLines {
  readonly lines: readonly FoundLine[];
  readonly #reader: LineReader;
  /** Of each term of the lines. */
  readonly #rarities: Float64Array;

  /** Passages of one title are one thing: several answers to a question do not compete with each other. */
  constructor(passages: readonly Passage[], language: Language) {
    this.#reader = new LineReader(language);
    this.lines = linesOf(passages, this.#reader);
    const counts = new Float64Array(this.#reader.termCount);
    for (const { terms } of this.lines) for (const term of terms) counts[term] = (counts[term] ?? 0) + 1;
    const idf = (count: number): number => Math.log(1 + this.lines.length / (count + 0.5));
    this.#rarities = counts.map((count) => idf(count) / idf(0));
  }

  /** The different words of all lines by their numbers. */
  words(): readonly string[] {
    return this.#reader.words();
  }

  /** Which of the words with a vector each of them is. */
  placesIn(vectors: TextVectors): Int32Array {
    return this.#reader.placesIn(vectors);
  }

  /** The number of a term, of the lines or not. */
  numberOf(term: string): number {
    return this.#reader.numberOf(term);
  }

  /**
   * How much a term tells the lines apart: its inverse document frequency with the lines as documents, as a share of an
   * absent term's, 0 to 1. It needs no statistics of the knowledge base, whose idf says little when it is small.
   */
  rarityOf(term: number): number {
    return this.#rarities[term] ?? 1;
  }

  /** Whether any of the lines has it. */
  holds(term: number): boolean {
    return term < this.#rarities.length;
  }

  /** How like the lines are some terms: the cosine of both, each term weighed by its rarity. 0 to 1, in the order of the lines. */
  cosines(terms: readonly number[], lines: readonly FoundLine[]): number[] {
    const weights = new Float64Array(this.#reader.termCount);
    for (const term of terms) weights[term] = this.rarityOf(term) ** 2;
    const length = this.#lengthOf(terms);
    return lines.map((line) => {
      let shared = 0;
      for (const term of line.terms) shared += weights[term] ?? 0;
      return shared === 0 ? 0 : shared / (length * this.#lengthOf(line.terms));
    });
  }

  #lengthOf(terms: readonly number[]): number {
    let squares = 0;
    for (const term of terms) squares += this.rarityOf(term) ** 2;
    return Math.sqrt(squares);
  }
}

/** Of one passage as many lines are looked at. */
const MAX_LINES = 60;
const BREAKS = /\n+|\s\|\s|(?<=[.!?])\s+/u;

function linesOf(passages: readonly Passage[], reader: LineReader): readonly FoundLine[] {
  const titles = new Map<string, number>();
  const lines: FoundLine[] = [];
  for (const passage of passages) {
    const title = titles.get(passage.title) ?? titles.size;
    const add = (line: string, isHeading: boolean): void => {
      lines.push({ title, isHeading, ...reader.read(line) });
    };
    if (!titles.has(passage.title)) add(passage.title, true);
    titles.set(passage.title, title);
    for (const heading of passage.headingPath) if (heading !== passage.title) add(heading, true);
    for (const line of bodyLines(passage)) add(line, false);
  }
  return lines;
}

function bodyLines({ variants = [], text }: Passage): readonly string[] {
  const lines = [...variants, ...text.split(BREAKS)].map((line) => line.trim());
  return lines.filter((line) => line.length > 1).slice(0, MAX_LINES);
}
