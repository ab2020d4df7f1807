import type { AnswerRequest } from "../contract.js";
import type { FirstDecision } from "./decide.js";
import { keepToTheFollowUp } from "./follow-up-scope.js";
import type { PackedPassage } from "./pack.js";
import type { StandaloneQuestion } from "./standalone.js";
import { askWhichSection } from "./which-section.js";

/** What is to be cited may show that an answer would be a guess, or no answer to what was asked. */
export function decideByPassages(
  first: FirstDecision,
  standalone: StandaloneQuestion,
  { question, history }: Pick<AnswerRequest, "question" | "history">,
  passages: readonly PackedPassage[],
  language: string | null,
): FirstDecision {
  const kept = keepToTheFollowUp(first, standalone, question, passages);
  return askWhichSection(kept, { question: standalone.text, language, history, passages });
}
