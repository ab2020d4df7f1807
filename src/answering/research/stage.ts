import type { Passage, SearchResult } from "../../ports/knowledge.js";
import type { ModelUsage, StepOutcome } from "../../ports/models.js";
import type { AnswerRequest } from "../contract.js";
import type { Bound } from "./budget.js";

/** What a research came to. */
export interface ResearchStage {
  /** The first search and everything after it as one result. */
  readonly found: SearchResult;
  readonly steps: readonly RecordedStep[];
  /** What the model ended it with, or the bound that was reached; `failed`: something went wrong on the way. */
  readonly ended: "finished" | "asked-back" | "handed-off" | "failed" | Bound;
  /** A short code of what went wrong, or null. */
  readonly failure: string | null;
  /** The question back, checked, where it ended so. */
  readonly asked: string | null;
  readonly usage: ModelUsage;
  /** Vectors of queries. */
  readonly embeddings: number;
}

/** One step for the trace. */
export interface RecordedStep extends Pick<ModelUsage, "inputTokens" | "outputTokens" | "cost"> {
  readonly tool: string;
  readonly argument: string;
  /** `not-taken`: its call reached a bound. */
  readonly outcome: StepOutcome["kind"] | "ended" | "not-taken";
  /** Why nothing was done, where it was refused. */
  readonly why: string | null;
  readonly documents: readonly { readonly externalId: string; readonly title: string; readonly isNew: boolean }[];
  /** The call and what came of it. */
  readonly ms: number;
}

export interface ResearchTask {
  readonly request: Pick<AnswerRequest, "tenantId" | "audience">;
  /** Complete in itself. */
  readonly question: string;
  readonly first: SearchResult;
  /** Passages in all. */
  readonly limit: number;
  /** The question back as it may be asked, or null. */
  readonly mayAsk: (draft: string, found: readonly Passage[]) => string | null;
}
