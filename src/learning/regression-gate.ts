import type { NewKnowledgeEntry } from "../ports/knowledge-entries.js";
import type { TenantId } from "../ports/ids.js";

/** Looks what would become of the answers to labelled questions if an entry were published. */
export interface RegressionGate {
  check(tenantId: TenantId, entry: ProposedEntry, signal: AbortSignal): Promise<RegressionReport>;
}

export type ProposedEntry = NewKnowledgeEntry & { readonly entryId: string };

export type RegressionReport =
  /** The settings name no questions. */
  | { readonly kind: "unchecked" }
  | {
      readonly kind: "checked";
      readonly questions: number;
      readonly worse: readonly WorseCase[];
      readonly better: number;
    };

/** A question that was answered as it should be, and would not be any more. */
export interface WorseCase {
  readonly question: string;
  /** What became of it, in words: `answered from wifi.md`. */
  readonly before: string;
  readonly after: string;
}
