import type { HandoffReason } from "../../ports/handoffs.js";
import type { AnswerDecision } from "../../ports/stores.js";
import { clarifyingQuestion, hasJustAskedBack, type KnownWords } from "./clarify.js";
import type { Generation } from "./generate.js";
import type { PolicyVerdict } from "./policy.js";

/** What may be said, known before a word is written. */
export type FirstDecision =
  /** The question back that a research came to, checked. */
  | { readonly kind: "ask-back"; readonly asked: string }
  | { readonly kind: "may-answer"; readonly mayStream: boolean }
  | { readonly kind: "hand-off"; readonly reason: HandoffReason };

export interface FinalDecision {
  readonly decision: AnswerDecision;
  /** `grounded` for an answer, `ambiguous` for a question back, otherwise why a person takes over. */
  readonly reason: string;
  /** What the customer is asked, for the decision `ask-back`. */
  readonly asked?: string;
}

export interface Confidence {
  readonly value: number;
  readonly threshold: number;
  /** What it would be if the question were about no topic that has one of its own. */
  readonly usualThreshold: number;
  /** Above the threshold by at least this much, an answer may be shown while it is written. */
  readonly streamMargin: number;
}

/** Decides from retrieval alone. What the house has laid down goes first. */
export function decideFirst(passages: number, confidence: Confidence, ruled: PolicyVerdict["handOff"]): FirstDecision {
  if (ruled !== null) return { kind: "hand-off", reason: ruled };
  if (passages === 0) return { kind: "hand-off", reason: "nothing-found" };
  if (confidence.value < confidence.threshold) {
    const isTopicAlone = confidence.value >= confidence.usualThreshold;
    return { kind: "hand-off", reason: isTopicAlone ? "topic-unsure" : "low-confidence" };
  }
  return { kind: "may-answer", mayStream: confidence.value >= confidence.threshold + confidence.streamMargin };
}

/** Decides once the draft is written and checked. What retrieval ruled out stays ruled out. */
export function decideFinally(first: FirstDecision, generation: Generation | null, known: KnownWords): FinalDecision {
  if (first.kind === "hand-off") return { decision: "hand-off", reason: first.reason };
  if (first.kind === "ask-back") return { decision: "ask-back", reason: "ambiguous", asked: first.asked };
  if (generation === null || generation.finish === "failed") return { decision: "hand-off", reason: "model-down" };
  if (generation.finish === "stopped") return { decision: "answer", reason: "stopped" };
  switch (generation.decision) {
    case "no-answer":
      return { decision: "hand-off", reason: "documents-do-not-say" };
    case "ask-back":
      return decideToAskBack(generation.asked, known);
    case "answer":
      return decideToAnswer(generation);
  }
}

/** A customer whose answer to one question back leaves the next one open is helped better by a person. */
function decideToAskBack(draft: string, known: KnownWords): FinalDecision {
  if (hasJustAskedBack(known.history)) return { decision: "hand-off", reason: "still-unclear" };
  const asked = clarifyingQuestion(draft, known);
  return asked === null
    ? { decision: "hand-off", reason: "not-grounded" }
    : { decision: "ask-back", reason: "ambiguous", asked };
}

/** A model that names only passages it was not shown has made up where its answer comes from. */
function decideToAnswer({ draft, citations: named }: Generation): FinalDecision {
  const { grounding, citations } = draft.result();
  const isMadeUp = named !== null && named.unknown.length > 0 && named.offered.length === 0;
  return grounding.canStand && citations.length > 0 && !isMadeUp
    ? { decision: "answer", reason: "grounded" }
    : { decision: "hand-off", reason: "not-grounded" };
}
