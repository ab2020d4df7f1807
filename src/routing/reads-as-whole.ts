import { beginsLikeQuestion } from "../text/question-words.js";

/** What ends a sentence. A colon or a comma announces more, and so do dots that trail off. */
const ENDS = /[.?!。？！؟)\]"'”’»]$/u;
const TRAILS_OFF = /(?:\.\.|…|[,:;–—-])$/u;

/** A statement of so many words, or of so many characters where words are not parted, hardly goes on in a second. */
const MANY_WORDS = 7;
const MANY_CHARACTERS = 60;

/**
 * Whether a message reads as all that its writer wants to say, by its form alone: it ends a sentence, begins like a question,
 * or is long. What does not may be the beginning of a burst.
 */
export function readsAsWhole(text: string): boolean {
  const said = text.normalize("NFKC").trim().toLowerCase();
  if (TRAILS_OFF.test(said)) return false;
  if (ENDS.test(said)) return true;
  const words = said.split(/\s+/u);
  if (words.length >= MANY_WORDS || said.length >= MANY_CHARACTERS) return true;
  return beginsLikeQuestion(said);
}
