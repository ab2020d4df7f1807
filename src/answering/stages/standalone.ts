import { errorCode } from "../../ports/errors.js";
import { ModelError, type ConversationTurn, type ModelUsage, type QuestionRewriter } from "../../ports/models.js";
import { orAbort } from "../../ports/or-abort.js";
import { startTimeLimit } from "../../ports/time-limit.js";
import { MAX_QUESTION_CHARACTERS } from "../contract.js";
import { cleanText } from "../text/clean-text.js";
import { contentWordsOf } from "../text/words.js";

export interface StandaloneQuestion {
  /** What is searched for and answered. */
  readonly text: string;
  readonly isFollowUp: boolean;
  /** Words taken over from an earlier question of the customer. */
  readonly takenOver: readonly string[];
}

/** A question that stands alone, and what made it so. */
export interface StandaloneStage {
  readonly standalone: StandaloneQuestion;
  readonly by: "rule" | "model";
  /** Null when no model was asked. */
  readonly asked: {
    /** A short code of what went wrong, or null. */
    readonly failure: string | null;
    readonly usage: ModelUsage;
  } | null;
}

/** A question with more words of its own than this stands on its own feet, whatever it begins with. */
const MAX_FOLLOW_UP_WORDS = 4;
const MAX_TAKEN_OVER = 8;
/** A person waits, and the rule has a question already. */
const REWRITE_TIMEOUT_MS = 4_000;
const MAX_REWRITTEN_CHARACTERS = 400;
const NO_USAGE: ModelUsage = { calls: 1, inputTokens: 0, outputTokens: 0, cost: 0 };

const POINTS_BACK =
  /^(?:and|but|so|also|or|then|what about|how about|and if|und|aber|oder|was ist mit|wie ist es mit|et|mais|ou|qu'en est-il|y|pero|e|ma|mas|en|maar)\b/iu;
const PRONOUN =
  /\b(?:it|its|that|this|those|these|they|them|one|there|same|es|das|dies|diese|dieser|sie|damit|dort|davon|ça|cela|ceci|celui|celle|eso|esto|esa|ese|isso|isto|questo|quello|dat|deze|die|ermee)\b/iu;

/**
 * Makes a follow-up understandable alone: a short question that points back takes over the content words of the
 * customer's question before it. Everything else stays as it was written, cleaned of what nobody can see, and cut where it
 * is longer than anything that is read.
 */
export function makeStandalone(question: string, history: readonly ConversationTurn[]): StandaloneQuestion {
  const text = oneLine(question);
  const previous = history.findLast((turn) => turn.role === "customer" && contentWords(turn.text).length > 0);
  if (previous === undefined || !pointsBack(text)) return { text, isFollowUp: false, takenOver: [] };
  const own = new Set(contentWordsOf(text));
  const takenOver = contentWords(previous.text)
    .filter((word) => !own.has(word))
    .slice(0, MAX_TAKEN_OVER);
  return { text: [text, ...takenOver].join(" "), isFollowUp: true, takenOver };
}

/**
 * Lets a model say what a follow-up asks; any other question costs no call. The rule's words stand when the model fails,
 * takes too long, or writes what cannot be a question. Only the caller's own abort is thrown.
 */
export async function rewriteFollowUp(
  rewriter: QuestionRewriter | null,
  question: string,
  history: readonly ConversationTurn[],
  signal: AbortSignal,
  timeoutMs = REWRITE_TIMEOUT_MS,
): Promise<StandaloneStage> {
  const byRule = makeStandalone(question, history);
  if (rewriter === null || !byRule.isFollowUp) return { standalone: byRule, by: "rule", asked: null };
  using timeLimit = startTimeLimit(signal, timeoutMs);
  const limit = timeLimit.signal;
  try {
    const { question: rewritten, usage } = await orAbort(rewriter.rewrite(question, history, limit), limit);
    const text = oneLine(rewritten ?? question);
    if (!isUsable(text)) return { standalone: byRule, by: "rule", asked: { failure: "unusable", usage } };
    return { standalone: { text, isFollowUp: true, takenOver: [] }, by: "model", asked: { failure: null, usage } };
  } catch (error) {
    signal.throwIfAborted();
    const { failure, usage } = failureOf(error);
    return { standalone: byRule, by: "rule", asked: { failure: limit.aborted ? "timeout" : failure, usage } };
  }
}

function isUsable(text: string): boolean {
  return text.length <= MAX_REWRITTEN_CHARACTERS && hasContent(text);
}

function failureOf(error: unknown): NonNullable<StandaloneStage["asked"]> {
  if (!(error instanceof ModelError)) return { failure: errorCode(error), usage: NO_USAGE };
  return { failure: error.failure, usage: error.usage ?? NO_USAGE };
}

/** Whether a message says anything that could be searched for. */
export function hasContent(text: string): boolean {
  return contentWords(text).length > 0;
}

function oneLine(text: string): string {
  return cleanText(text).replaceAll(/\s+/gu, " ").trim().slice(0, MAX_QUESTION_CHARACTERS).toWellFormed();
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
