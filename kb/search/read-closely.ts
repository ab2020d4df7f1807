import { endOfWord, nextWord } from "../../src/text/scan-words.js";
import { stemWord } from "../../src/text/stem.js";
import type { AskedQuestion, Meaning } from "./asked-question.js";
import type { Nearness } from "./nearness.js";

/** What a part of a passage (a title, a sentence, a line) has in common with a question. */
export interface Reading {
  /** How far each word of the question is held: the weight of the best term that stands for it. */
  readonly held: readonly number[];
  /** How many words it has, those of grammar included. */
  readonly words: number;
  /** How many different groups of three letters it has, and how many of them the question has too. */
  readonly pieces: number;
  readonly common: number;
}

/** Groups of letters are hashed to this many places; that two share one is rare and does no harm. */
const PLACES = 65_536;

const SPACE = 32;

/** From here on scripts are written without spaces: a word is every pair of characters. */
const UNSPACED = 0x2e80;

/** In which reading a group was last seen: so that each counts once, without a set for each part. */
const seenIn = new Uint32Array(PLACES);
let reading = 0;

/**
 * Reads one part of a passage in one pass, without an index of it: words are stemmed only where they begin like a term of the
 * question, and letters are compared by their groups of three (Cavnar and Trenkle 1994), words parted by a space. It takes
 * microseconds, so that dozens of passages can be read for a question.
 * @param nearness is given each word, where meaning is looked at too
 */
export function readClosely(question: AskedQuestion, text: string, nearness: Nearness | null): Reading {
  const held = question.shares.map(() => 0);
  const lower = text.toLowerCase();
  const { pieces: asked } = question;
  let words = 0;
  let pieces = 0;
  let common = 0;
  reading += 1;
  for (let start = nextWord(lower, 0); start < lower.length;) {
    const end = endOfWord(lower, start);
    words += 1;
    hold(question, held, lower, start, end);
    nearness?.add(lower, start, end);
    let before = SPACE;
    let here = lower.charCodeAt(start);
    for (let next = start + 1; next <= end; next++) {
      const after = next < end ? lower.charCodeAt(next) : SPACE;
      const place = placeOf(before, here, after);
      if (seenIn[place] !== reading) {
        seenIn[place] = reading;
        pieces += 1;
        common += asked[place] ?? 0;
      }
      before = here;
      here = after;
    }
    start = nextWord(lower, end);
  }
  return { held, words, pieces, common };
}

/** The places of the groups of three letters of a text: 1 where it has one. */
export function piecesOf(text: string): { readonly places: Uint8Array; readonly size: number } {
  const places = new Uint8Array(PLACES);
  const lower = text.toLowerCase();
  let size = 0;
  for (let start = nextWord(lower, 0); start < lower.length;) {
    const end = endOfWord(lower, start);
    const codeAt = (place: number): number => (place < start || place >= end ? SPACE : lower.charCodeAt(place));
    for (let place = start; place < end; place++) {
      const at = placeOf(codeAt(place - 1), codeAt(place), codeAt(place + 1));
      size += 1 - (places[at] ?? 0);
      places[at] = 1;
    }
    start = nextWord(lower, end);
  }
  return { places, size };
}

/** Where a group of three letters is counted; a word has a space on both sides. */
function placeOf(before: number, here: number, after: number): number {
  const hash = Math.imul(before, 0x5bd1e995) ^ Math.imul(here, 0x2c1b3c6d) ^ Math.imul(after, 0x85eb);
  return (hash ^ (hash >>> 15)) & (PLACES - 1);
}

function hold(question: AskedQuestion, held: number[], text: string, start: number, end: number): void {
  if (text.charCodeAt(start) >= UNSPACED) {
    for (let place = start; place + 1 < end; place++) {
      holdAll(held, question.wordsOf.get(text.slice(place, place + 2)) ?? []);
    }
    return;
  }
  if (!question.beginnings.mayBeStemmed(text, start, end)) return;
  holdAll(held, meaningOf(question, text.slice(start, end)));
}

/** Words come again from passage to passage, so what one stands for is found out once for a question. */
function meaningOf({ meanings, languages, wordsOf }: AskedQuestion, word: string): Meaning {
  const known = meanings.get(word);
  if (known !== undefined) return known;
  const meaning = languages.flatMap((language) => wordsOf.get(stemWord(word, language)) ?? []);
  meanings.set(word, meaning);
  return meaning;
}

function holdAll(held: number[], meaning: Meaning): void {
  for (const [position, weight] of meaning) {
    if (weight > (held[position] ?? 0)) held[position] = weight;
  }
}
