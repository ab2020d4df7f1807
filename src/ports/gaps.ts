import type { CaseDocument } from "./answer-cases.js";
import type { HandoffReason } from "./handoffs.js";

/** Why nobody is helped by what the bot knows: the other reasons for a handoff say nothing about the documents. */
export const GAP_REASONS = [
  "nothing-found",
  "low-confidence",
  "documents-do-not-say",
  "not-grounded",
  "still-unclear",
] as const satisfies readonly HandoffReason[];

/** A question that the documents did not answer, or not so that it helped. */
export interface UnansweredQuestion {
  readonly answerId: string;
  /** As it was understood. */
  readonly question: string;
  /** Tells people apart. */
  readonly askedBy: string;
  readonly name: string;
  readonly at: Date;
  readonly isNotHelpful: boolean;
  /** What was found, where that is close and the reader may read it. */
  readonly document: CaseDocument | null;
}

export interface GapPeriod {
  readonly since: Date;
  readonly until: Date;
}

export interface GapStore {
  /**
   * The newest first; what was deleted is not among them.
   * @param audience what the reader may read; null: everything
   */
  unanswered(
    period: GapPeriod,
    limit: number,
    audience: readonly string[] | null,
  ): Promise<readonly UnansweredQuestion[]>;
  /** Whether the report of a day was posted, or is none. */
  isReported(dueOn: string): Promise<boolean>;
  /**
   * Claims the report of a day, as `2026-03-02`. `first` where none was ever due: the day is noted and nothing is posted.
   * Null where another process, or this one before, has it.
   */
  claimReport(reportId: string, dueOn: string): Promise<"first" | "due" | null>;
}
