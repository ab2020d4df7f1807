import type { HandoffReason, HandoffState } from "./handoffs.js";
import type { Rating } from "./ratings.js";

export interface TranscriptOptions {
  readonly limit: number;
  /** Without notes. */
  readonly isForCustomer: boolean;
}

/** How much a team has to do, and how fast it was. */
export interface TeamLoad {
  /** Null where there is one team, which has no name. */
  readonly team: string | null;
  readonly open: number;
  /** Open ones that nobody has claimed. */
  readonly waiting: number;
  /** Since when the one that waits longest does; null where none does. */
  readonly waitingSince: Date | null;
  /** Open ones of which something is overdue. */
  readonly overdue: number;
  readonly firstReplies: TargetShare;
  readonly resolutions: TargetShare;
  /** Who holds how many, the most first. */
  readonly agents: readonly AgentLoad[];
}

/** What a team did since a moment. */
export interface TargetShare {
  readonly count: number;
  /** Open time until then, in milliseconds; null while there is none. */
  readonly medianMs: number | null;
  /** Those that something was promised for, with what was given up, and how many of them were in time. */
  readonly promised: number;
  readonly kept: number;
}

export interface AgentLoad {
  readonly name: string;
  readonly holds: number;
}

/** A handoff as it is listed: without words, which may have been taken back. */
export interface ListedHandoff {
  readonly handoffId: string;
  readonly state: HandoffState;
  readonly reason: HandoffReason;
  readonly team: string | null;
  readonly customer: string;
  readonly claimedBy: string | null;
  readonly rating: Rating | null;
  /** What the customer has added to it. */
  readonly ratingWords: string | null;
  /** ISO 8601, UTC; so are the others. */
  readonly openedAt: string;
}

export interface AskedHandoff extends ListedHandoff {
  /** What it is about, in the customer's words. */
  readonly question: string;
}

/** Everything that is kept of the conversation that a handoff is in. What was deleted is not. */
export interface HandoffTranscript {
  readonly handoff: ListedHandoff;
  /** Oldest first. */
  readonly entries: readonly TranscriptLine[];
  /** Whether there is more before these. */
  readonly isCut: boolean;
}

export interface TranscriptLine {
  /** A `note` was never shown to the customer. */
  readonly speaker: "customer" | "bot" | "agent" | "note";
  readonly name: string;
  readonly text: string;
  readonly at: string;
}

export interface HandoffReports {
  /** The newest handoffs, the newest first. */
  list(limit: number): Promise<readonly AskedHandoff[]>;
  /**
   * The newest entries of the conversation that a handoff is in.
   * @param code its id, or the end of it
   * @throws {NotFoundError} and {UsageError} where it is none, or two
   */
  transcript(code: string, options: TranscriptOptions): Promise<HandoffTranscript>;
  /** Every team that has or had handoffs, by name. @param since what is measured ended later than that */
  load(since: Date): Promise<readonly TeamLoad[]>;
}

/** What is measured in reports is not older than that. */
export const REPORT_DAYS = 30;

export function reportSince(now: Date): Date {
  return new Date(now.getTime() - REPORT_DAYS * 24 * 3_600_000);
}
