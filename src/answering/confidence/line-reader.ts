import { mainTermsOfWord } from "../../text/analyze.js";
import type { Language } from "../../text/stop-words.js";
import { eachWrittenWord, inOneForm, isAscii } from "../../text/tokens.js";
import { NO_ID, WordIds } from "../../text/word-ids.js";
import { UNKNOWN_WORD, type TextVectors } from "../../text/word-vectors.js";
import { COMPARED_CHARACTERS, normalise } from "./letter-groups.js";

/** What is read of one line. Terms and words are numbers that the reader gave them. */
export interface ReadLine {
  /** Its different main terms. */
  readonly terms: readonly number[];
  /** Its beginning as letters are compared. */
  readonly normalised: string;
  /** The words of that beginning, in order and as often as they stand there. */
  readonly words: readonly number[];
}

/** What a word as it is written is read as: its main terms, and the words that it is of when letters are compared. */
interface Reading {
  readonly terms: readonly number[];
  readonly words: readonly number[];
}

/** Words repeat from question to question. So many are remembered for each language, and those of a question more. */
const MAX_REMEMBERED_WORDS = 50_000;

/** What has been read in one language, in numbers. */
class Vocabulary {
  readonly terms = new WordIds();
  readonly words = new WordIds();
  readonly #written = new WordIds();
  readonly #readings: Reading[] = [];
  readonly #language: Language;
  readonly #places = new WeakMap<TextVectors, number[]>();

  constructor(language: Language) {
    this.#language = language;
  }

  get isFull(): boolean {
    return Math.max(this.#readings.length, this.terms.size, this.words.size) >= MAX_REMEMBERED_WORDS;
  }

  read(text: string, start: number, end: number): Reading {
    const known = this.#readings[this.#written.find(text, start, end)];
    if (known !== undefined) return known;
    const raw = text.slice(start, end);
    const reading = {
      terms: mainTermsOfWord(raw, this.#language).map((term) => this.terms.add(term, 0, term.length)),
      words: this.split(normalise(raw)),
    };
    this.#readings[this.#written.add(text, start, end)] = reading;
    return reading;
  }

  /** Which of the words with a vector each of the words is. */
  placesIn(vectors: TextVectors, words: readonly number[]): Int32Array {
    const known = this.#places.get(vectors) ?? [];
    this.#places.set(vectors, known);
    for (let word = known.length; word < this.words.size; word++) {
      const text = this.words.all[word] ?? "";
      known.push(vectors.placeOf(text, 0, text.length));
    }
    return Int32Array.from(words, (word) => known[word] ?? UNKNOWN_WORD);
  }

  /** The words of a text by {@link normalise}. */
  split(normalised: string): readonly number[] {
    const words: number[] = [];
    for (let start = 0; start < normalised.length;) {
      const space = normalised.indexOf(" ", start);
      const end = space === -1 ? normalised.length : space;
      words.push(this.words.add(normalised, start, end));
      start = end + 1;
    }
    return words;
  }
}

const vocabularies = new Map<Language, Vocabulary>();

function vocabularyOf(language: Language): Vocabulary {
  const known = vocabularies.get(language);
  if (known !== undefined && !known.isFull) return known;
  const vocabulary = new Vocabulary(language);
  vocabularies.set(language, vocabulary);
  return vocabulary;
}

/**
 * Reads the lines that were found for one question: thousands of words, most of which were read for another question before.
 * Lines are compared by numbers, which are counted anew for each question so that tables of them stay small.
 */
export class LineReader {
  readonly #vocabulary: Vocabulary;
  readonly #terms: Numbering;
  readonly #words: Numbering;
  /** Terms that no line ever had. */
  readonly #strange = new Map<string, number>();
  /** For each term the last line that had it. */
  readonly #seenIn: number[] = [];
  #line = 0;

  /** @param language that all lines are read in */
  constructor(language: Language) {
    this.#vocabulary = vocabularyOf(language);
    this.#terms = new Numbering(this.#vocabulary.terms.size);
    this.#words = new Numbering(this.#vocabulary.words.size);
  }

  read(text: string): ReadLine {
    this.#line += 1;
    const read = inOneForm(text);
    // A word of a text in ASCII is the same for both uses; others change with their form, and a long text is cut.
    const isSame = text.length <= COMPARED_CHARACTERS && isAscii(text);
    const normalised = normalise(text);
    const terms: number[] = [];
    const words: number[] = [];
    eachWrittenWord(read, (start, end) => {
      const reading = this.#vocabulary.read(read, start, end);
      for (const term of reading.terms) {
        const number = this.#terms.of(term);
        if (this.#seenIn[number] === this.#line) continue;
        this.#seenIn[number] = this.#line;
        terms.push(number);
      }
      if (isSame) for (const word of reading.words) words.push(this.#words.of(word));
      return true;
    });
    if (!isSame) for (const word of this.#vocabulary.split(normalised)) words.push(this.#words.of(word));
    return { terms, normalised, words };
  }

  get termCount(): number {
    return this.#terms.all.length;
  }

  /** The number of a term, of the lines or not. What only a question has is not remembered beyond it. */
  numberOf(term: string): number {
    const known = this.#vocabulary.terms.find(term, 0, term.length);
    if (known !== NO_ID) return this.#terms.of(known);
    const number = this.#strange.get(term) ?? this.#terms.another();
    this.#strange.set(term, number);
    return number;
  }

  /** Which of the words with a vector each word is, by its number. */
  placesIn(vectors: TextVectors): Int32Array {
    return this.#vocabulary.placesIn(vectors, this.#words.all);
  }

  /** The words by their numbers. */
  words(): readonly string[] {
    const { all } = this.#vocabulary.words;
    return this.#words.all.map((word) => all[word] ?? "");
  }
}

/** Small numbers, from 0 as they come, for some of many. */
class Numbering {
  /** What was numbered, in that order. */
  readonly all: number[] = [];
  /** The number of each, plus one; 0 for one that has none. */
  #numbers: Int32Array;

  /** @param most that is to be numbered now; more may come */
  constructor(most: number) {
    this.#numbers = new Int32Array(most + 1_024);
  }

  of(each: number): number {
    if (each >= this.#numbers.length) this.#grow(each);
    const known = (this.#numbers[each] ?? 0) - 1;
    if (known >= 0) return known;
    const number = this.all.push(each) - 1;
    this.#numbers[each] = number + 1;
    return number;
  }

  /** The next number, for nothing of theirs. */
  another(): number {
    return this.all.push(NO_ID) - 1;
  }

  #grow(least: number): void {
    const numbers = new Int32Array(2 * (least + 1));
    numbers.set(this.#numbers);
    this.#numbers = numbers;
  }
}
