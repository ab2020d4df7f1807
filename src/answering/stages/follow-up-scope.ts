import { languageOf } from "../../text/analyze.js";
import { editDistance } from "../../text/edit-distance.js";
import { asksAnew } from "../../text/question-words.js";
import { stemWord } from "../../text/stem.js";
import { contentWordsAndParts, contentWordsOf } from "../text/words.js";
import type { FirstDecision } from "./decide.js";
import type { PackedPassage } from "./pack.js";
import type { StandaloneQuestion } from "./standalone.js";

/** A passage that an answer may be taken from beside the first one; see `standingOf`. */
const NEAR_THE_FIRST = 0.35;
/** Of the words that a follow-up brings, at least this share must stand where it is answered from. */
const MIN_KNOWN_SHARE = 0.5;

/**
 * A follow-up such as "And in Germany?" is searched for with the words of the question before it, so that it finds the answer
 * to that one whether or not a word of it is about Germany. Where its own words stand in none of the passages that
 * would be cited, the documents do not say, and the old answer may not pass for a new one. A follow-up that asks something
 * else of the same thing ("how long does it take?") brings the words of a question, and is left to the confidence.
 */
export function keepToTheFollowUp(
  first: FirstDecision,
  { text, takenOver }: StandaloneQuestion,
  question: string,
  passages: readonly PackedPassage[],
): FirstDecision {
  if (first.kind !== "may-answer" || takenOver.length === 0 || asksAnew(question)) return first;
  const said = new Set(takenOver);
  const brought = [...new Set(contentWordsOf(text))].filter((word) => !said.has(word));
  const near = passages.filter(({ prompt }) => prompt.score >= NEAR_THE_FIRST);
  const written = near.map(({ prompt }) => [prompt.title, ...prompt.headingPath, prompt.text].join("\n")).join("\n");
  const isKnown = createIsKnown(written);
  const known = brought.filter(isKnown).length;
  return known >= brought.length * MIN_KNOWN_SHARE ? first : { kind: "hand-off", reason: "documents-do-not-say" };
}

/** In whatever inflection, as part of a compound, or mistyped by a letter. */
function createIsKnown(written: string): (word: string) => boolean {
  const language = languageOf(written);
  const words = [...new Set(contentWordsAndParts(written))].map((word) => stemWord(word, language));
  return (word) => {
    const stem = stemWord(word, language);
    return words.some((other) => isAlike(stem, other));
  };
}

const MIN_PART = 5;

function isAlike(one: string, other: string): boolean {
  if (one === other) return true;
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (short.length < MIN_PART) return false;
  return long.startsWith(short) || long.endsWith(short) || editDistance(one, other, 1) <= 1;
}
