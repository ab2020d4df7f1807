import { DeskhandError } from "./errors.js";

/** Turns text into vectors. Implementations: local feature hashing, any OpenAI-compatible endpoint. */
export interface EmbeddingModel {
  /** Names the vector space: vectors of two models are never compared. */
  readonly id: string;
  readonly dimensions: number;
  /**
   * One unit-length vector for each text, in order. Splits into requests by the provider's limits.
   * @throws {ModelError}
   */
  embed(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]>;
}

/** A passage as the model sees it. The model may cite only these numbers. */
export interface PromptPassage {
  readonly number: number;
  readonly title: string;
  readonly headingPath: readonly string[];
  readonly kind: DocumentKind;
  readonly text: string;
  /** How fit its document is beside the one that was found first: between 0 and 1. */
  readonly score: number;
}

export interface ConversationTurn {
  /** `earlier` is no turn: it is what is kept of those before all others, line by line, and comes first. */
  readonly role: "customer" | "bot" | "agent" | "earlier";
  readonly text: string;
  /** The titles of the documents that an answer cites, where they are known. */
  readonly cited?: readonly string[];
}

/** What an answer is written from. Rendering it into a prompt is the implementation's business; it adds no facts. */
export interface GenerationRequest {
  readonly question: string;
  /** The language to answer in, as its ISO 639-1 code; null where it could not be told. */
  readonly language: string | null;
  readonly history: readonly ConversationTurn[];
  readonly passages: readonly PromptPassage[];
  readonly maxOutputTokens: number;
}

export type GenerationEvent =
  /** At most once, and before any text. Where it does not come, a text is an answer. */
  | { readonly kind: "decision"; readonly decision: DraftDecision }
  /** A piece of Markdown; pieces add up. Citation marks are `[1]`, `[2]` … */
  | { readonly kind: "text"; readonly text: string }
  /** The last event. Only `complete` makes the text an answer. */
  | {
      readonly kind: "end";
      readonly finish: "complete" | "length" | "filtered";
      /** The numbers of passages that the model says it answers from, as it wrote them; null where it does not say. */
      readonly citations: readonly string[] | null;
      readonly usage: ModelUsage;
    };

/**
 * What a draft's text is: an answer from the passages; one question back to the customer, where the passages answer
 * differently what theirs may mean; or nothing, where the passages do not say.
 */
export type DraftDecision = "answer" | "ask-back" | "no-answer";

export interface ModelUsage {
  /** How often the model was asked, attempts in vain included. */
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars; 0 for a local model. */
  readonly cost: number;
}

/** Writes the draft of an answer. Implementations: extractive (local), any OpenAI-compatible endpoint. */
export interface AnswerModel {
  readonly id: string;
  /** Goes to the trace with every answer. */
  readonly promptVersion: string;
  /** Whether the whole draft is there with its first piece. Nobody is shown it piece by piece: it is posted once. */
  readonly writesAtOnce?: boolean;
  /**
   * Streams a draft. A stream that stops without `end` is not an answer: consumers must throw it away.
   * @throws {ModelError} also from the iteration, also on the idle and the total timeout.
   */
  generate(request: GenerationRequest, signal: AbortSignal): AsyncIterable<GenerationEvent>;
}

/** Makes a follow-up understandable alone, from what was said before. Implementation: any OpenAI-compatible endpoint. */
export interface QuestionRewriter {
  readonly id: string;
  /** Goes to the trace with every question that it was asked about. */
  readonly promptVersion: string;
  /**
   * A person waits for it: implementations give up after a few seconds. What comes back is a model's text, neither
   * cleaned nor bounded.
   * @throws {ModelError}
   */
  rewrite(question: string, history: readonly ConversationTurn[], signal: AbortSignal): Promise<RewrittenQuestion>;
}

export interface RewrittenQuestion {
  /** Null when the question stands alone already. */
  readonly question: string | null;
  readonly usage: ModelUsage;
}

/** A passage as a reranker reads it. */
export interface RerankPassage {
  readonly title: string;
  readonly headingPath: readonly string[];
  readonly text: string;
}

/** Orders passages by how well they answer a question. Implementations: a language model, an endpoint for reranking. */
export interface Reranker {
  readonly id: string;
  /** Goes to the trace with every order; null for a model that is given no instruction. */
  readonly promptVersion: string | null;
  /**
   * A person waits for it: implementations give up after a few seconds. The places are of `passages`, counted from 0, best
   * first, each at most once; passages that are not in it are not worth a place.
   * @throws {ModelError} also for a reply with a place that was not offered, or one that comes twice
   */
  rerank(question: string, passages: readonly RerankPassage[], signal: AbortSignal): Promise<Reranking>;
}

export interface Reranking {
  readonly order: readonly RankedPlace[];
  readonly usage: ModelUsage;
}

export interface RankedPlace {
  readonly place: number;
  /** Higher is better. Comparable within one reranking only. */
  readonly score: number;
}

/** One thing that a draft says. */
export interface JudgedClaim {
  readonly text: string;
  /** The numbers of the passages that it cites. */
  readonly passages: readonly number[];
}

/** Says of each claim whether its passages support it. Implementation: any OpenAI-compatible endpoint. */
export interface GroundingJudge {
  readonly id: string;
  /** Goes to the trace with every answer that was judged. */
  readonly promptVersion: string;
  /**
   * A person waits for it: implementations give up after a few seconds. One verdict for each claim, in order.
   * @throws {ModelError} also for a reply that does not have every claim exactly once
   */
  judge(
    claims: readonly JudgedClaim[],
    passages: readonly PromptPassage[],
    signal: AbortSignal,
  ): Promise<{ readonly isSupported: readonly boolean[]; readonly usage: ModelUsage }>;
}

/** Says what to look for next, where one search did not find enough. Implementation: any OpenAI-compatible endpoint. */
export interface ResearchModel {
  readonly id: string;
  /** Goes to the trace with every research. */
  readonly promptVersion: string;
  /**
   * The step that the model wants next, after all steps so far; null where it wants none. A person waits: the caller's
   * signal ends it. What comes back is a model's text, neither cleaned nor bounded.
   * @throws {ModelError}
   */
  nextStep(state: ResearchState, signal: AbortSignal): Promise<ResearchReply>;
}

/** Everything that a model is told; it remembers nothing from step to step. */
export interface ResearchState {
  readonly question: string;
  /** What the search for the question itself has found, best first. */
  readonly found: readonly FoundText[];
  readonly steps: readonly TakenStep[];
  readonly stepsLeft: number;
  readonly maxOutputTokens: number;
}

/** A piece of a document under the name by which the model may open the document, such as `d1`. */
export interface FoundText {
  readonly name: string;
  readonly title: string;
  readonly headingPath: readonly string[];
  readonly text: string;
}

export const RESEARCH_TOOLS = ["search", "open_document", "ask_back", "hand_off", "finish"] as const;

export type ResearchTool = (typeof RESEARCH_TOOLS)[number];

/** A step as the model wrote it: its tool may be none of {@link RESEARCH_TOOLS}. */
export interface WantedStep {
  /** Names the call; the endpoint wants it back beside what came of it. */
  readonly callId: string;
  readonly tool: string;
  /** A query, a document's name, a question or a reason; for `finish` the names of the documents that are needed, best first. */
  readonly argument: string;
}

export interface TakenStep {
  readonly wanted: WantedStep;
  readonly outcome: StepOutcome;
}

export type StepOutcome =
  | { readonly kind: "found"; readonly texts: readonly FoundText[] }
  | { readonly kind: "opened"; readonly document: FoundText }
  /** Nothing was done; `why` is for the model, in a few words of ours. */
  | { readonly kind: "refused"; readonly why: string };

export interface ResearchReply {
  readonly wanted: WantedStep | null;
  readonly usage: ModelUsage;
}

export type ModelFailure = "auth" | "quota" | "rate-limited" | "rejected" | "timeout" | "incomplete" | "unreachable";

export class ModelError extends DeskhandError {
  override readonly name = "ModelError";
  readonly code = "model";
  readonly failure: ModelFailure;
  readonly retryAfterMs: number | null;
  /** What was paid all the same; null when nothing is known of it. */
  readonly usage: ModelUsage | null;

  constructor(
    failure: ModelFailure,
    operation: string,
    options: { retryAfterMs?: number; usage?: ModelUsage; cause?: unknown } = {},
  ) {
    super(`${operation} failed: ${failure}`, { cause: options.cause });
    this.failure = failure;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.usage = options.usage ?? null;
  }

  get isRetryable(): boolean {
    return this.failure === "rate-limited" || this.failure === "timeout" || this.failure === "unreachable";
  }
}

/** Decides how a document is chunked, ranked and shown. */
export type DocumentKind = "faq" | "manual" | "troubleshooting" | "release" | "policy" | "page";
