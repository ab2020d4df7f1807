import { mainTermsOfWord } from "../../text/analyze.js";
import { rememberWordsEach, type OfWord } from "../../text/remember.js";
import type { Language } from "../../text/stop-words.js";
import { eachWrittenWord, inOneForm, isAscii } from "../../text/tokens.js";
import { WordIds } from "../../text/word-ids.js";
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
interface Readings<Item> {
  readonly terms: readonly Item[];
  readonly words: readonly Item[];
}

const MAX_REMEMBERED_WORDS = 50_000;

const readingsOf = rememberWordsEach((raw: string, language: Language): Readings<string> => {
  const words = normalise(raw).split(" ");
  return { terms: mainTermsOfWord(raw, language), words: words.filter((word) => word !== "") };
}, MAX_REMEMBERED_WORDS);

/**
 * Reads the lines that were found for one question. They have thousands of words and most come again, so each different one is
 * looked into once, and lines are compared by numbers.
 */
export class LineReader {
  readonly #readingsOf: OfWord<Readings<string>>;
  readonly #written = new WordIds();
  readonly #known: Readings<number>[] = [];
  readonly #terms = new Map<string, number>();
  readonly #words = new WordIds();
  /** For each term the last line that had it. */
  readonly #seenIn: number[] = [];
  #line = 0;

  /** @param language that all lines are read in */
  constructor(language: Language) {
    this.#readingsOf = readingsOf(language);
  }

  read(text: string): ReadLine {
    this.#line += 1;
    const read = inOneForm(text);
    // A word of a text in ASCII is the same for both uses; others change with their form, and a long text is cut.
    const isSame = text.length <= COMPARED_CHARACTERS && isAscii(text);
    const normalised = normalise(text);
    const terms: number[] = [];
    const words = isSame ? [] : this.#split(normalised);
    eachWrittenWord(read, (start, end) => {
      const word = this.#look(read, start, end);
      for (const term of word.terms) {
        if (this.#seenIn[term] === this.#line) continue;
        this.#seenIn[term] = this.#line;
        terms.push(term);
      }
      if (isSame) for (const each of word.words) words.push(each);
      return true;
    });
    return { terms, normalised, words };
  }

  /** The number of a term, of the lines or not. */
  numberOf(term: string): number {
    const known = this.#terms.get(term);
    if (known !== undefined) return known;
    const number = this.#terms.size;
    this.#terms.set(term, number);
    return number;
  }

  get termCount(): number {
    return this.#terms.size;
  }

  /** The words by their numbers. */
  get words(): readonly string[] {
    return this.#words.all;
  }

  #look(text: string, start: number, end: number): Readings<number> {
    const id = this.#written.add(text, start, end);
    const known = this.#known[id];
    if (known !== undefined) return known;
    const { terms, words } = this.#readingsOf(text, start, end);
    const readings = {
      terms: terms.map((term) => this.numberOf(term)),
      words: words.map((word) => this.#words.add(word, 0, word.length)),
    };
    this.#known.push(readings);
    return readings;
  }

  #split(normalised: string): number[] {
    const words: number[] = [];
    for (let start = 0; start < normalised.length;) {
      const space = normalised.indexOf(" ", start);
      const end = space === -1 ? normalised.length : space;
      words.push(this.#words.add(normalised, start, end));
      start = end + 1;
    }
    return words;
  }
}
