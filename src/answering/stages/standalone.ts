import type { ConversationTurn } from "../../ports/models.js";
import { cleanText } from "../text/clean-text.js";
import { contentWordsOf } from "../text/words.js";

export interface StandaloneQuestion {
  /** What is searched for and answered. */
  readonly text: string;
  readonly isFollowUp: boolean;
  /** Words taken over from an earlier question of the customer. */
  readonly takenOver: readonly string[];
}

/** A question with more words of its own than this stands on its own feet, whatever it begins with. */
const MAX_FOLLOW_UP_WORDS = 4;
const MAX_TAKEN_OVER = 8;

const POINTS_BACK =
  /^(?:and|but|so|also|or|then|what about|how about|and if|und|aber|oder|was ist mit|wie ist es mit|et|mais|ou|qu'en est-il|y|pero|e|ma|mas|en|maar)\b/iu;
const PRONOUN =
  /\b(?:it|its|that|this|those|these|they|them|one|there|same|es|das|dies|diese|dieser|sie|damit|dort|davon|ça|cela|ceci|celui|celle|eso|esto|esa|ese|isso|isto|questo|quello|dat|deze|die|ermee)\b/iu;

/**
 * Makes a follow-up understandable alone: a short question that points back takes over the content words of the
 * customer's question before it. Everything else stays as it was written, cleaned of what nobody can see.
 */
export function makeStandalone(question: string, history: readonly ConversationTurn[]): StandaloneQuestion {
  const text = cleanText(question).replaceAll(/\s+/gu, " ").trim();
  const previous = history.findLast((turn) => turn.role === "customer" && contentWords(turn.text).length > 0);
  if (previous === undefined || !pointsBack(text)) return { text, isFollowUp: false, takenOver: [] };
  const own = new Set(contentWordsOf(text));
  const takenOver = contentWords(previous.text)
    .filter((word) => !own.has(word))
    .slice(0, MAX_TAKEN_OVER);
  return { text: [text, ...takenOver].join(" "), isFollowUp: true, takenOver };
}

/** Whether a message says anything that could be searched for. */
export function hasContent(text: string): boolean {
  return contentWords(text).length > 0;
}

function pointsBack(text: string): boolean {
  const content = contentWords(text);
  if (content.length === 0) return true;
  if (content.length > MAX_FOLLOW_UP_WORDS) return false;
  return POINTS_BACK.test(text) || PRONOUN.test(text) || content.length === 1;
}

function contentWords(text: string): readonly string[] {
  return [...new Set(contentWordsOf(cleanText(text)))];
}
