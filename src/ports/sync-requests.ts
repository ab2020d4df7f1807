import { DeskhandError, UsageError } from "./errors.js";
import type { TenantId } from "./ids.js";

/** A source that a worker has claimed, to sync it now. */
export interface DueSync {
  readonly sourceId: string;
  readonly name: string;
  /** Which of the requests its run answers: those that come later ask for another one. */
  readonly requests: bigint;
  /** Whether somebody asked for it; else its interval has passed. */
  readonly isRequested: boolean;
}

/** The reason of the signal that ends a run which takes too long. It is told in the run's diff. */
export class SyncTimeoutError extends DeskhandError {
  override readonly name = "SyncTimeoutError";
  readonly code = "sync-timeout";
  readonly isRetryable = true;

  constructor(limitMs: number) {
    super(
      `The sync took longer than ${Math.round(limitMs / 60_000)} minutes and was stopped. What was read stays. ` +
        "Let the source read less, or make two of it; deskhand kb sync has no such limit.",
    );
  }
}

/** Another run of the source is going on. */
export class SyncRunningError extends UsageError {
  constructor(source: string) {
    super(`A sync of ${source} is running. Wait for its end, or look at its status.`);
  }
}

/** The run was taken over, or its source was changed or removed, while it was at work: nothing more of it may be written. */
export class SyncTakenOverError extends DeskhandError {
  override readonly name = "SyncTakenOverError";
  readonly code = "sync-taken-over";
  readonly isRetryable = false;

  constructor(runId: string) {
    super(
      `The sync run ${runId} was taken over or its source was removed. Start the sync again if the source is there.`,
    );
  }
}

export interface ClaimRules {
  /** From the beginning of a source's run to that of its next one. */
  readonly minGapSeconds: number;
  /** Passes over sources that nobody asked for. */
  readonly isRequestedOnly: boolean;
}

/** `failed` is tried again, later each time; `not-run`, because the process stops, without such a wait. */
export type DueSyncEnd = "served" | "failed" | "not-run";

/**
 * Asks for syncs and hands them to workers. Requests that come while a run is waited for or goes on are answered by one
 * more run; none is lost when a process dies.
 */
export interface SyncRequests {
  /** False when there is no source of that name. */
  request(tenantId: TenantId, sourceName: string): Promise<boolean>;
  /**
   * Claims the source that is due for the longest: one that was asked for, or whose interval has passed. No two workers
   * get the same. Paused sources wait.
   */
  claimDue(tenantId: TenantId, rules: ClaimRules): Promise<DueSync | null>;
  settle(tenantId: TenantId, due: DueSync, end: DueSyncEnd): Promise<void>;
}

/** What the id of a live signal of the topic `sync` begins with when a sync was asked for. */
export const SYNC_REQUEST_SIGNAL = "request:";
