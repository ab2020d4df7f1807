import { cosine, type TextVectors } from "../../src/text/word-vectors.js";

/** How near in meaning the parts of passages are to one question; words are added while they are read for other reasons. */
export class Nearness {
  readonly #vectors: TextVectors;
  readonly #asked: Float32Array;
  readonly #title: Float32Array;
  readonly #sum: Float32Array;
  /** Whether the question has a word that has a vector: without one everything is equally far, and nothing is looked up. */
  readonly isKnown: boolean;

  constructor(vectors: TextVectors, question: string) {
    this.#vectors = vectors;
    this.#asked = vectors.of(question);
    this.#title = new Float32Array(this.#asked.length);
    this.#sum = new Float32Array(this.#asked.length);
    this.isKnown = this.#asked.some((value) => value !== 0);
  }

  /** Forgets the words that were added. */
  beginTitle(): void {
    this.#sum.fill(0);
  }

  /** The words that were added are a title: each sentence from here on is read with it. */
  endTitle(): void {
    this.#title.set(this.#sum);
  }

  beginSentence(): void {
    this.#sum.set(this.#title);
  }

  /** Adds the word that stands there in a lower-case text. */
  add(lower: string, start: number, end: number): void {
    this.#vectors.add(this.#sum, this.#vectors.placeOf(lower, start, end));
  }

  /** The cosine of the question and the words that were added. */
  toQuestion(): number {
    const length = Math.sqrt(cosine(this.#sum, this.#sum));
    return length === 0 ? 0 : cosine(this.#asked, this.#sum) / length;
  }
}
