import type { ConversationTurn } from "../../ports/models.js";
import { guessLanguage } from "../../text/guess-language.js";

/** The language that a question is asked in. */
export interface RecognisedLanguage {
  /** ISO 639-1, for example `de`; null where nothing tells. */
  readonly code: string | null;
  /** What told it: the question's own words, or what the customer wrote before. */
  readonly by: "question" | "conversation" | "nothing";
}

/** Below this a question is hardly a sentence, and what the customer wrote before says more about their language. */
const SHORT_QUESTION = 16;
/** The customer's messages that are looked at, newest first. */
const LOOKED_AT = 4;

/** Short follow-ups ("and on Android?") are in the language of the conversation; everything else is in its own. */
export async function recogniseLanguage(
  question: string,
  history: readonly ConversationTurn[],
): Promise<RecognisedLanguage> {
  const own = await guessLanguage(question);
  const isShort = (question.match(/\p{L}/gu)?.length ?? 0) < SHORT_QUESTION;
  if (own !== null && !isShort) return { code: own, by: "question" };
  const before = await ofConversation(history);
  if (before !== null) return { code: before, by: "conversation" };
  return own === null ? { code: null, by: "nothing" } : { code: own, by: "question" };
}

async function ofConversation(history: readonly ConversationTurn[]): Promise<string | null> {
  const said = history.filter(({ role }) => role === "customer").slice(-LOOKED_AT);
  for (const { text } of said.reverse()) {
    const code = await guessLanguage(text);
    if (code !== null) return code;
  }
  return null;
}
