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

export interface HandoffReports {
  /** Every team that has or had handoffs, by name. @param since what is measured ended later than that */
  load(since: Date): Promise<readonly TeamLoad[]>;
}

/** What is measured in reports is not older than that. */
export const REPORT_DAYS = 30;

export function reportSince(now: Date): Date {
  return new Date(now.getTime() - REPORT_DAYS * 24 * 3_600_000);
}
