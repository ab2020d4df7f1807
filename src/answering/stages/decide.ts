import type { AnswerDecision, HandoffReason } from "../../ports/stores.js";
import type { Generation } from "./generate.js";

/** What may be said, known before a word is written. */
export type FirstDecision =
  | { readonly kind: "may-answer"; readonly mayStream: boolean }
  | { readonly kind: "hand-off"; readonly reason: HandoffReason };

export interface FinalDecision {
  readonly decision: AnswerDecision;
  /** `grounded` for an answer, otherwise why a person takes over. */
  readonly reason: string;
}

export interface Confidence {
  readonly value: number;
  readonly threshold: number;
  /** Above the threshold by at least this much, an answer may be shown while it is written. */
  readonly streamMargin: number;
}

/** Decides from retrieval alone. */
export function decideFirst(passages: number, confidence: Confidence): FirstDecision {
  if (passages === 0) return { kind: "hand-off", reason: "nothing-found" };
  if (confidence.value < confidence.threshold) return { kind: "hand-off", reason: "low-confidence" };
  return { kind: "may-answer", mayStream: confidence.value >= confidence.threshold + confidence.streamMargin };
}

/** Decides once the draft is written and checked. What retrieval ruled out stays ruled out. */
export function decideFinally(first: FirstDecision, generation: Generation | null): FinalDecision {
  if (first.kind === "hand-off") return { decision: "hand-off", reason: first.reason };
  if (generation === null || generation.finish === "failed") return { decision: "hand-off", reason: "model-down" };
  if (generation.finish === "stopped") return { decision: "answer", reason: "stopped" };
  const { grounding, citations } = generation.draft.result();
  return grounding.canStand && citations.length > 0
    ? { decision: "answer", reason: "grounded" }
    : { decision: "hand-off", reason: "not-grounded" };
}
