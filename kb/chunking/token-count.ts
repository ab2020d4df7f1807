import { createRequire } from "node:module";
import type * as Encoding from "gpt-tokenizer/encoding/cl100k_base";

/** The encoding of OpenAI's embedding models. Its table takes 80 ms and 40 MB to load: only who counts pays for it. */
let loaded: typeof Encoding | null = null;

function encoding(): typeof Encoding {
  loaded ??= createRequire(import.meta.url)("gpt-tokenizer/encoding/cl100k_base") as typeof Encoding;
  return loaded;
}

/** `<|endoftext|>` in a document is text like any other. */
const AS_TEXT = { disallowedSpecial: new Set<string>() };

/**
 * Counts the tokens of a text. No token of this encoding reaches across a place where `splitsBefore` says so: the counts
 * of the words between add up, and those of frequent words are remembered. Exact where no word is longer than `LONG_WORD`.
 *
 * @param enough counting ends when there are more
 */
export function countTokens(text: string, enough = Infinity): number {
  let count = 0;
  let start = 0;
  let hash = 0;
  let last = 0;
  for (let end = 0; end < text.length; end += 1) {
    const next = text.charCodeAt(end);
    if (splitsBefore(last, next)) {
      count += countWord(text, start, end, hash);
      if (count > enough) return count;
      start = end;
      hash = 0;
    }
    hash = Math.imul(hash ^ next, 0x01000193);
    last = next;
  }
  return start < text.length ? count + countWord(text, start, text.length, hash) : count;
}

/** Whether a text has at most so many tokens. Every token is at least one byte: a short text need not be counted. */
export function fitsTokens(text: string, max: number): boolean {
  return (text.length <= max && Buffer.byteLength(text) <= max) || countTokens(text, max) <= max;
}

const SPACE = 0x20;
const LINE_FEED = 0x0a;

/** A space begins a token when it stands behind a visible character; so does a visible character behind a line end. */
function splitsBefore(last: number, next: number): boolean {
  return (next === SPACE && isVisibleAscii(last)) || (last === LINE_FEED && isVisibleAscii(next));
}

function isVisibleAscii(code: number): boolean {
  return code > SPACE && code < 0x7f;
}

/** A power of two. */
const REMEMBERED_WORDS = 1 << 17;
const REMEMBERED_LENGTH = 40;

/** The last word seen of each hash, and its tokens. */
const words = new Array<string>(REMEMBERED_WORDS).fill("");
const counts = new Uint8Array(REMEMBERED_WORDS);

/** The library takes time that grows with the square of a word: longer ones are counted in pieces, a few tokens too high. */
const LONG_WORD = 1_000;

function countLongWord(text: string, start: number, end: number): number {
  let count = 0;
  for (let from = start; from < end; from += LONG_WORD) {
    count += encoding().countTokens(text.slice(from, Math.min(end, from + LONG_WORD)), AS_TEXT);
  }
  return count;
}

function countWord(text: string, start: number, end: number, hash: number): number {
  if (end - start > REMEMBERED_LENGTH) return countLongWord(text, start, end);
  const slot = (hash ^ (hash >>> 16)) & (REMEMBERED_WORDS - 1);
  const known = words[slot] ?? "";
  if (known.length === end - start && standsAt(known, text, start)) return counts[slot] ?? 0;
  // A copy: a slice would keep its whole document in memory.
  const word = Buffer.from(text.slice(start, end)).toString();
  const count = encoding().countTokens(word, AS_TEXT);
  words[slot] = word;
  counts[slot] = count;
  return count;
}

/** `startsWith` does the same at a fifth of the speed. */
function standsAt(word: string, text: string, start: number): boolean {
  for (let index = 0; index < word.length; index += 1) {
    if (word.charCodeAt(index) !== text.charCodeAt(start + index)) return false;
  }
  return true;
}
