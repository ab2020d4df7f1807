/** Separators inside a word are single and never letters, so matching is linear in the text. */
const WORD = /[\p{L}\p{M}\p{N}]+(?:['’._+#&@/-][\p{L}\p{M}\p{N}]+)*/gu;
const SEPARATOR = /[._+#&@/-]/u;
const LETTERS_OR_DIGITS = /\p{N}+|[\p{L}\p{M}]+/gu;
const HUMPS = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{M}]+|\p{N}+/gu;
const UNSPACED =
  "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}";
const HAS_UNSPACED = new RegExp(`[${UNSPACED}]`, "u");
const UNSPACED_RUNS = new RegExp(`[${UNSPACED}]+|[^${UNSPACED}]+`, "gu");

/** Most words: letters of one case, perhaps with a capital first, or digits. They have no parts, so the search for them is spared. */
const SIMPLE = /^(?:[A-Za-z][a-z]*|[A-Z]+|[0-9]+)$/;

/** A word longer than this is a blob, not a word; its beginning is kept. */
const MAX_WORD_LENGTH = 64;

const NO_PARTS: readonly string[] = [];

/** A word of a text, lower case. */
export interface Token {
  /** The whole word without separators: `wi-fi` is `wifi`, `E-1042` is `e1042`. */
  readonly word: string;
  /** What it is made of, when that is more than one piece: `wi`, `fi`; `foo`, `bar`; `wpa`, `3`. */
  readonly parts: readonly string[];
  /** A pair of characters of a script that is written without spaces. It has no stem. */
  readonly isPair: boolean;
}

/** The words of a text in order. Linear in its length. */
export function tokenize(text: string): readonly Token[] {
  return writtenWords(text).flatMap(tokensOfWord);
}

/** The words of a text as they are written, separators inside them and all. */
export function writtenWords(text: string): readonly string[] {
  return text.normalize("NFKC").match(WORD) ?? [];
}

/** A text in the form NFKC, as words are read in it: ASCII has no other. */
export function inOneForm(text: string): string {
  return isAscii(text) ? text : text.normalize("NFKC");
}

export function isAscii(text: string): boolean {
  return !BEYOND_ASCII.test(text);
}

/**
 * The same one after the other, by their places in a text that {@link inOneForm} gave.
 * @param visit is called until it returns false
 */
export function eachWrittenWord(text: string, visit: (start: number, end: number) => boolean): void {
  if (!isAscii(text)) {
    for (const { index, 0: word } of text.matchAll(WORD)) if (!visit(index, index + word.length)) return;
    return;
  }
  for (let start = nextPart(text, 0); start < text.length;) {
    let end = endOfPart(text, start);
    while (isJoint(text.charCodeAt(end)) && isPart(text.charCodeAt(end + 1))) end = endOfPart(text, end + 1);
    if (!visit(start, end)) return;
    start = nextPart(text, end);
  }
}

const BEYOND_ASCII = /[^\0-\x7f]/u;
/** The ASCII characters of {@link WORD}: those of its parts, and those that join them. */
const PARTS = asciiTable(/[A-Za-z0-9]/u);
const JOINTS = asciiTable(/['._+#&@/-]/u);

function asciiTable(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0));
}

function isPart(code: number): boolean {
  return PARTS[code] === 1;
}

function isJoint(code: number): boolean {
  return JOINTS[code] === 1;
}

function nextPart(text: string, from: number): number {
  let place = from;
  while (place < text.length && !isPart(text.charCodeAt(place))) place += 1;
  return place;
}

function endOfPart(text: string, start: number): number {
  let place = start;
  while (place < text.length && isPart(text.charCodeAt(place))) place += 1;
  return place;
}

/** @param raw one of {@link writtenWords}; what it is does not depend on the words beside it */
export function tokensOfWord(raw: string): Token[] {
  if (SIMPLE.test(raw)) return [{ word: raw.slice(0, MAX_WORD_LENGTH).toLowerCase(), parts: NO_PARTS, isPair: false }];
  return HAS_UNSPACED.test(raw) ? splitUnspaced(raw) : spacedTokens(raw);
}

function spacedTokens(raw: string): Token[] {
  // Paths and addresses are their pieces; an apostrophe leaves the longest piece: `l'application`, `admin's`, `can't`.
  return raw.split(/[/@&]/u).map((piece) => {
    const word = longest(piece.split(/['’]/u)).slice(0, MAX_WORD_LENGTH);
    return { word: join(word), parts: partsOf(word), isPair: false };
  });
}

function longest(pieces: readonly string[]): string {
  return pieces.reduce((best, piece) => (piece.length > best.length ? piece : best), "");
}

/** Version numbers keep their points, because 4.5.1 is not 451. */
function join(word: string): string {
  return /^\p{N}+(?:[.]\p{N}+)+$/u.test(word) ? word : word.replaceAll(/[._+#-]/gu, "").toLowerCase();
}

function partsOf(word: string): readonly string[] {
  const pieces = word
    .split(SEPARATOR)
    .flatMap((piece) => (isMixed(piece) ? (piece.match(LETTERS_OR_DIGITS) ?? []) : [piece]))
    .flatMap((piece) => piece.match(HUMPS) ?? [piece])
    .map((piece) => piece.toLowerCase());
  return pieces.length > 1 ? pieces : [];
}

function isMixed(piece: string): boolean {
  return /\p{N}/u.test(piece) && /\p{L}/u.test(piece);
}

function splitUnspaced(raw: string): Token[] {
  return (raw.match(UNSPACED_RUNS) ?? []).flatMap((run) => {
    if (!HAS_UNSPACED.test(run)) return (run.match(WORD) ?? []).flatMap(spacedTokens);
    const characters = Array.from(run);
    if (characters.length === 1) return [{ word: run, parts: [], isPair: true }];
    return characters.slice(1).map((character, index) => ({
      word: `${characters[index] ?? ""}${character}`,
      parts: [],
      isPair: true,
    }));
  });
}
