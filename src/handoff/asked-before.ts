import { condenseHistory } from "../answering/history/condense.js";
import { asksSomething } from "../answering/policy/fed-up.js";
import type { EarlierEntry } from "../ports/stores.js";
import { toTurn } from "../routing/read-history.js";

/** As much of a conversation as a card sums up. */
export const SUMMED_UP = { newest: 0, limit: 60, characters: 600 };

const TOKENS = 90;
const MOST_LINES = 3;
const BY_CUSTOMER = "customer: ";

/**
 * What a customer had asked and told before the question that is handed over, in their own words, with what came of it. No
 * model is asked; empty where that question is all.
 */
export function askedBefore(history: readonly EarlierEntry[], question: string): readonly string[] {
  const turns = beforeQuestion(history, question)
    .filter(({ speaker, text }) => speaker !== "customer" || asksSomething(text))
    .flatMap(toTurn);
  const [earlier] = condenseHistory(turns, { whole: 0, tokens: TOKENS }).history;
  return (earlier?.text ?? "")
    .split("\n")
    .filter((line) => line.startsWith(BY_CUSTOMER))
    .map((line) => line.slice(BY_CUSTOMER.length))
    .slice(-MOST_LINES);
}

/** A question may have come in several messages. */
function beforeQuestion(history: readonly EarlierEntry[], question: string): readonly EarlierEntry[] {
  const isOfIt = (entry: EarlierEntry | undefined) =>
    entry?.speaker === "customer" && question.includes(entry.text.trim());
  let start = history.findLastIndex(isOfIt);
  if (start === -1) return history;
  while (isOfIt(history[start - 1])) start -= 1;
  return history.slice(0, start);
}
