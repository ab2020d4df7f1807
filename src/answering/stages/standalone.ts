import { errorCode } from "../../ports/errors.js";
import { ModelError, type ConversationTurn, type ModelUsage, type QuestionRewriter } from "../../ports/models.js";
import { orAbort } from "../../ports/or-abort.js";
import { startTimeLimit } from "../../ports/time-limit.js";
import { MAX_QUESTION_CHARACTERS } from "../contract.js";
import { cleanText } from "../text/clean-text.js";
import { beginsLikeQuestion } from "../../text/question-words.js";
import { contentWordsOf } from "../text/words.js";
import { platformsIn } from "../history/platforms.js";
import { pointsAtPlace, refersBack } from "./points-back.js";

export interface StandaloneQuestion {
  /** What is searched for and answered. */
  readonly text: string;
  readonly isFollowUp: boolean;
  /** Words taken over from an earlier question of the customer. */
  readonly takenOver: readonly string[];
  /** It shares nothing with what was said before, so that none of that helps with it. */
  readonly isNewTopic: boolean;
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

/**
 * Makes a follow-up understandable alone: a short question that points back takes over the content words of the
 * customer's question before it, and where it says "there" the platform that they named last. Everything else stays as it was written, cleaned of what nobody can see, and cut where it
 * is longer than anything that is read.
 */
export function makeStandalone(
  question: string,
  history: readonly ConversationTurn[],
  language: string | null = null,
): StandaloneQuestion {
  const text = oneLine(question);
  const previous = history.findLast((turn) => turn.role === "customer" && contentWords(turn.text).length > 0);
  if (previous === undefined || !pointsBack(text, language)) {
    return { text, isFollowUp: false, takenOver: [], isNewTopic: isNewTopic(text, history, language) };
  }
  const own = new Set(contentWordsOf(text));
  const words = contentWords(previous.text)
    .filter((word) => !own.has(word))
    .slice(0, MAX_TAKEN_OVER);
  const takenOver = [...words, ...placeOf([text, ...words].join(" "), history, language)];
  return { text: [text, ...takenOver].join(" "), isFollowUp: true, takenOver, isNewTopic: false };
}

/** What was said before a question. */
export interface Before {
  /** All that is known of it. */
  readonly history: readonly ConversationTurn[];
  /** What a model is shown of it; all, where nothing else is said. */
  readonly shown?: readonly ConversationTurn[];
  readonly language: string | null;
}

/**
 * Lets a model say what a follow-up asks; any other question costs no call. The rule's words stand when the model fails,
 * takes too long, or writes what cannot be a question. Only the caller's own abort is thrown.
 */
export async function rewriteFollowUp(
  rewriter: QuestionRewriter | null,
  question: string,
  { history, shown = history, language }: Before,
  signal: AbortSignal,
  timeoutMs = REWRITE_TIMEOUT_MS,
): Promise<StandaloneStage> {
  const byRule = makeStandalone(question, history, language);
  if (rewriter === null || !byRule.isFollowUp) return { standalone: byRule, by: "rule", asked: null };
  using timeLimit = startTimeLimit(signal, timeoutMs);
  const limit = timeLimit.signal;
  try {
    const { question: rewritten, usage } = await orAbort(rewriter.rewrite(question, shown, limit), limit);
    const text = oneLine(rewritten ?? question);
    if (!isUsable(text)) return { standalone: byRule, by: "rule", asked: { failure: "unusable", usage } };
    return {
      standalone: { text, isFollowUp: true, takenOver: [], isNewTopic: false },
      by: "model",
      asked: { failure: null, usage },
    };
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

/** The platform that a question means by "there", where it names none itself. */
function placeOf(text: string, history: readonly ConversationTurn[], language: string | null): readonly string[] {
  if (!pointsAtPlace(text, language) || platformsIn(text).length > 0) return [];
  const named = history.flatMap((turn) => (turn.role === "customer" ? platformsIn(turn.text) : []));
  return named.slice(-1);
}

function pointsBack(text: string, language: string | null): boolean {
  const content = contentWords(text);
  if (content.length === 0) return true;
  if (content.length > MAX_FOLLOW_UP_WORDS) return false;
  return refersBack(text, language) || (content.length === 1 && !beginsLikeQuestion(text));
}

/** So many letters of two words are the same where only their endings differ. */
const STEM_LETTERS = 5;

/** Nothing that the question is about was spoken of before, and it does not answer a question of the bot's. */
function isNewTopic(text: string, history: readonly ConversationTurn[], language: string | null): boolean {
  if (refersBack(text, language)) return false;
  const last = history.at(-1);
  if (last === undefined || (last.role !== "customer" && /[?？]\s*$/u.test(last.text))) return false;
  const spokenOf = new Set(history.flatMap((turn) => contentWords(turn.text)).map(stemOf));
  return !contentWords(text).some((word) => spokenOf.has(stemOf(word)));
}

function stemOf(word: string): string {
  return word.slice(0, STEM_LETTERS);
}

function contentWords(text: string): readonly string[] {
  return [...new Set(contentWordsOf(cleanText(text)))];
}
