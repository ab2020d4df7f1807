import { STOP_WORDS, WEAK_WORDS } from "../../src/text/stop-words.js";

/** An abbreviation that a text explains, as `multi-factor authentication (MFA)` does. */
export interface Abbreviation {
  readonly short: string;
  readonly long: string;
}

/** As much of what stands before parentheses, and within, may matter. */
const MAX_CHARACTERS = { before: 120, within: 80 } as const;
/** Markdown's, as far as they stand around words. */
const MARKS = /[*_`~]+/gu;
/** Two to ten letters and digits, also with marks that abbreviations have within. */
const SHORT = /^(?=.*\p{L})[\p{L}\p{N}][\p{L}\p{N}&/.-]{1,9}$/u;
/** A word in capitals or with a digit: `FAQ`, `2FA`, `IPv6`, `DevOps`. */
const CAPITALS = /\p{Lu}.*[\p{Lu}\p{N}]|\p{N}.*\p{Lu}/u;
/** Longer ones are sentences. */
const MAX_WORDS = 8;
/** Of one chunk. */
const MAX_FOUND = 20;

const NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"] as const;

/** The abbreviations that a text explains, each once, in the order that they stand there. Pure. */
export function findAbbreviations(written: string): readonly Abbreviation[] {
  const text = written.normalize("NFKC").replaceAll(MARKS, "");
  const found = new Map<string, Abbreviation>();
  for (let open = text.indexOf("("); open >= 0 && found.size < MAX_FOUND; open = text.indexOf("(", open + 1)) {
    const after = text.slice(open + 1, open + 1 + MAX_CHARACTERS.within);
    const close = after.search(/[)\n]/u);
    if (after[close] !== ")") continue;
    const within = after.slice(0, close).trim();
    const before = text.slice(Math.max(0, open - MAX_CHARACTERS.before), open);
    const abbreviation = readExplanation(lastPart(before), within);
    if (abbreviation !== null) found.set(`${abbreviation.short} ${abbreviation.long}`, abbreviation);
  }
  return [...found.values()];
}

/** As one text, which has no line end; see {@link fromStored}. */
export function toStored({ short, long }: Abbreviation): string {
  return `${short}=${long}`;
}

export function fromStored(stored: string): Abbreviation {
  const end = stored.indexOf("=");
  return { short: stored.slice(0, end), long: stored.slice(end + 1) };
}

/** Nothing before a line end or other brackets belongs to it. */
function lastPart(before: string): string {
  return (before.split(/[\n()[\]]/u).at(-1) ?? "").trim();
}

/** Either side may be the abbreviation: `single sign-on (SSO)`, `SSO (single sign-on)`. */
function readExplanation(before: string, within: string): Abbreviation | null {
  if (isAbbreviation(within)) {
    const long = longForm(within, lastWords(before, within));
    return long === null ? null : { short: within, long };
  }
  const short = before.split(/\s+/u).at(-1) ?? "";
  if (!isAbbreviation(short) || longForm(short, within) !== within) return null;
  return { short, long: within };
}

function isAbbreviation(text: string): boolean {
  return SHORT.test(text) && CAPITALS.test(text) && !ORDINARY_WORDS.has(text.toLowerCase());
}

/** Words that somebody may well mean when they write them: `IT`, `US`, `OR`. */
const ORDINARY_WORDS: ReadonlySet<string> = new Set(
  [...Object.values(STOP_WORDS), WEAK_WORDS].flatMap((words) => [...words]),
);

function lastWords(text: string, short: string): string {
  const most = Math.min(short.length + 5, short.length * 2, MAX_WORDS);
  return text.split(/\s+/u).slice(-most).join(" ");
}

/**
 * The end of a text that an abbreviation stands for: its letters in their order, each where a word begins if they are to be had so, else
 * the first of them (Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text", 2003). A
 * digit is also found where its number is spelt out. Unlike there, no longer word may be without a letter of it. Null where
 * there is none.
 */
function longForm(short: string, text: string): string | null {
  const letters = short.toLowerCase().match(/[\p{L}\p{N}]/gu) ?? [];
  const lower = text.toLowerCase();
  // Of few letters, Turkish ones, the lower case is longer; places in it would be other ones in the text.
  if (lower.length !== text.length) return null;
  for (const begins of [() => true, (place: number) => place === 0]) {
    const places = placesOf(letters, lower, begins);
    const long = places === null ? null : text.slice(places[0]);
    if (places !== null && long !== null && isLongForm(long, short) && areAllMeant(text, places)) return long;
  }
  return null;
}

/** Where the letters stand, found from the last to the first; null where one is missing. */
function placesOf(
  letters: readonly string[],
  lower: string,
  begins: (place: number) => boolean,
): readonly number[] | null {
  const places: number[] = [];
  let end = lower.length;
  for (let place = letters.length - 1; place >= 0; place--) {
    end = lastPlaceOf(letters[place] ?? "", lower, { before: end, begins: begins(place) });
    if (end < 0) return null;
    places.unshift(end);
  }
  return places;
}

function lastPlaceOf(
  letter: string,
  lower: string,
  { before, begins }: { readonly before: number; readonly begins: boolean },
): number {
  const number = NUMBERS[Number(letter)] ?? null;
  for (let place = before - 1; place >= 0; place--) {
    const isBeginning = place === 0 || !/[\p{L}\p{N}]/u.test(lower[place - 1] ?? "");
    if (lower[place] === letter && (isBeginning || !begins)) return place;
    if (number !== null && isBeginning && lower.startsWith(number, place)) return place;
  }
  return -1;
}

/** More than one word, none the abbreviation itself, and not a sentence's end before it. */
function isLongForm(long: string, short: string): boolean {
  const words = long.split(/[^\p{L}\p{N}]+/u);
  if (words.length < 2 || words.length > MAX_WORDS || /[.!?:;,]\s/u.test(long)) return false;
  return !words.some((word) => word.toLowerCase() === short.toLowerCase());
}

/** Whether each word of four letters or more, from the first letter on, holds one of them. */
function areAllMeant(text: string, places: readonly number[]): boolean {
  const [first = 0] = places;
  return [...text.slice(first).matchAll(/[\p{L}\p{N}]{4,}/gu)].every(({ index, 0: word }) => {
    const from = first + index;
    return places.some((place) => place >= from && place < from + word.length);
  });
}
