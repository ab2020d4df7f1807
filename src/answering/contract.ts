import type { BudgetUse } from "../ports/budgets.js";
import type { SearchResult } from "../ports/knowledge.js";
import type { ConversationTurn } from "../ports/models.js";
import type { TenantId } from "../ports/ids.js";
import type { Citation, Reply } from "../ports/reply.js";
import type { NewAnswer } from "../ports/stores.js";
import { DEFAULT_CONFIDENCE_THRESHOLD } from "./confidence/estimate-confidence.js";
import type { FixedTextLanguage } from "./fixed-texts.js";
import { DEFAULT_POLICY, type AnswerPolicy } from "./stages/policy.js";

/** Turns a question into a cited answer, or into the decision that a person must answer it. */
export interface Answering {
  /**
   * Resolves with a decision for every question, also when the model is down. What is shown on the way goes through
   * `listener`, one call at a time.
   * @throws what the search throws, and the signal's reason when it aborts: there is no decision then.
   */
  answer(request: AnswerRequest, listener: AnswerListener, signal: AbortSignal): Promise<AnswerResult>;
}

export interface AnswerRequest {
  readonly tenantId: TenantId;
  readonly conversationId: string;
  readonly inboxId: string;
  readonly question: string;
  /** What was said before the question, oldest first. What a model is shown of a long one is condensed. */
  readonly history: readonly ConversationTurn[];
  readonly audience: readonly string[];
  /** The platform's id of the channel it was asked in, where the house has a threshold for it. */
  readonly channelId?: string;
  /** Where what may be spent on answers is spent: what was. Only what costs nothing is answered then. */
  readonly spent?: BudgetUse;
  /** Whether the surface can show an answer while it is written. */
  readonly mayStream: boolean;
  /** For an agent, who decides what to do with it: a draft is checked by all checks also where a person answers anyway. */
  readonly isForAgent?: boolean;
}

export const ANSWER_STAGES = [
  "language",
  "intent",
  "budget",
  "condense",
  "standalone",
  "policy",
  "verified",
  "retrieve",
  "confidence",
  "research",
  "rerank",
  "pack",
  "generate",
  "judge",
  "ground",
  "voice",
  "decide",
] as const;

export type AnswerStageName = (typeof ANSWER_STAGES)[number];

/** Follows an answer while it is made. Whatever a method throws ends the answer and is thrown on. */
export interface AnswerListener {
  /** Before a stage starts. Stages that are not needed (a greeting has no retrieval) are not announced. */
  stage(name: AnswerStageName): Promise<void>;
  /**
   * Once, before the first shown sentence, and only when the confidence is clearly above the threshold. False means that
   * nothing can be streamed: the answer goes on without.
   */
  begin(): Promise<boolean>;
  /**
   * One checked sentence or block. All of them joined as they are (each brings the space or line break before it) are
   * the answer's Markdown so far, to be shown through `parseReply`. False stops the answer at once.
   */
  sentence(markdown: string): Promise<boolean>;
}

export interface AnswerResult {
  /** The trace, ready to be recorded. */
  readonly answer: NewAnswer;
  /** What to say, for the decisions `answer` and `ask-back`; null for a hand-off. */
  readonly reply: Reply | null;
  /** What is told to the customer besides is told in this language. */
  readonly language: FixedTextLanguage;
  /** The passages it was looked for in, best first, at most three documents: what a handoff card shows to agents. */
  readonly tried: readonly Citation[];
  /** True when the listener stopped it: the decision stands in the trace, and nothing more may be said. */
  readonly stopped: boolean;
  readonly candidate: Candidate;
}

/** What would be said if neither the confidence nor the house's rules had anybody else answer, for agents. */
export type Candidate =
  | ({ readonly kind: "draft" } & Pick<Reply, "blocks" | "citations">)
  /** Nothing that its passages support; the reason is one of a hand-off, or of a fixed reply. */
  | { readonly kind: "none"; readonly reason: string };

/** What retrieval alone says about the chance that an answer will be right. */
export interface ConfidenceEstimate {
  /** Calibrated probability, 0 to 1. */
  readonly value: number;
  /** What it was made from, for the trace. */
  readonly parts: Readonly<Record<string, number>>;
  /** What each part adds to the log odds or takes from them; for the trace. */
  readonly pulls?: Readonly<Record<string, number>>;
}

export type EstimateConfidence = (question: string, result: SearchResult) => ConfidenceEstimate;

export interface AnswerSettings {
  readonly policy: AnswerPolicy;
  /** Whether a question that an entry of questions and answers has word for word gets that answer, without any model. */
  readonly verifiedAnswers: "off" | "faq";
  /** Below this confidence a person answers, where the policy has no other. */
  readonly confidenceThreshold: number;
  /** How far above the threshold the confidence must be before an answer is shown while it is written. */
  readonly streamMargin: number;
  /** Passages asked from the search. */
  readonly retrievedPassages: number;
  /** Passages given to the model, at most. */
  readonly packedPassages: number;
  /** Tokens of all passages together, as estimated by `estimateTokens`. */
  readonly passageTokens: number;
  readonly maxOutputTokens: number;
  /** For the whole generation, the second try included. */
  readonly generationTimeoutMs: number;
}

/**
 * What is searched for and asked of a model is the beginning of a longer message. Whether it asks for a person or falls
 * under the policy is read from all of it.
 */
export const MAX_QUESTION_CHARACTERS = 8_000;

export const DEFAULT_ANSWER_SETTINGS: AnswerSettings = {
  policy: DEFAULT_POLICY,
  verifiedAnswers: "faq",
  confidenceThreshold: DEFAULT_CONFIDENCE_THRESHOLD,
  streamMargin: 0.1,
  retrievedPassages: 20,
  packedPassages: 8,
  passageTokens: 2400,
  maxOutputTokens: 400,
  generationTimeoutMs: 30_000,
};
