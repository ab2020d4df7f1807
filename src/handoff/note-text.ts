import { replyText } from "../answering/reply-text.js";
import type { Block } from "../ports/reply.js";
import { wordsWithoutCards } from "../text/cards-in-blocks.js";

/** What may stand in front, as the source of a pattern: emphasis, the marks of quotes and lists, and what nobody sees. */
export const IN_FRONT = /(?:[\s\p{Cf}>•–—*_~`-]|\d{1,9}[.)]\s)*/u.source;
const MARK = /(?:(?:internal\s+)?note([*_~`]*)\s*[:：]|\/\/)([*_~`]*)/iu.source;
const NOTE = new RegExp(`^(${IN_FRONT})${MARK}`, "iu");
const EMPHASIS = /[*_~`]/gu;

/**
 * What stands behind `note:`, `internal note:` or `//` in an agent's message, or null for words that are not an internal note. Formatting
 * keeps nothing from being a note, be it around the mark or around all of it.
 */
export function noteText(text: string): string | null {
  const found = NOTE.exec(text);
  if (found === null) return null;
  const [whole, before = "", within = "", after = ""] = found;
  const open = before.match(EMPHASIS) ?? [];
  for (const mark of within) if (open.at(-1) === mark) open.pop();
  let closed = 0;
  for (; closed < after.length && after[closed] === open.at(-1); closed += 1) open.pop();
  return withoutClosing((after.slice(closed) + text.slice(whole.length)).trim(), open);
}

/** The mark of a list stands in front of its first words, and is none of them. */
const LIST_MARKS = /^(?:\d{1,9}\. |- )+/u;

/**
 * The same of a message as it is formatted.
 *
 * @param afterMentions takes away whom it is said to
 */
export function noteInBlocks(
  blocks: readonly Block[],
  afterMentions: (words: string) => string = (words) => words,
): string | null {
  // Without formatting a number may look like the end of a word.
  const words = wordsWithoutCards(blocks) ?? replyText({ blocks });
  return noteText(afterMentions(words.replace(LIST_MARKS, "")));
}

/** Takes away what closes, at the end, the emphasis that was opened in front. */
export function withoutClosing(text: string, open: readonly string[]): string {
  let rest = text;
  for (const mark of open) {
    // An even number closes what was opened in the note itself.
    const isOdd = rest.split(mark).length % 2 === 0;
    if (isOdd && rest.endsWith(mark)) rest = rest.slice(0, -mark.length).trim();
  }
  return rest;
}
