import type { LibraryReader } from "./document-library.js";
import type { TenantId } from "./ids.js";
import type { SyncDiff } from "./knowledge.js";

/**
 * What the syncs of a source have done. Whatever names a source rejects with {@link NotFoundError} where there is none.
 */
export interface SyncRuns {
  /** Runs that have ended, the newest first. */
  newest(tenantId: TenantId, source: string, limit: number): Promise<readonly RunSummary[]>;
  /** @throws {NotFoundError} also for a number that no run has */
  run(tenantId: TenantId, source: string, number: number): Promise<NumberedRun>;
  /** Null when no run of the source has ended. */
  lastChange(tenantId: TenantId, source: string): Promise<LastChange | null>;
  /**
   * What a reader may know of a run: without the names of documents that they may not read, which are counted. Of a source
   * that was deleted since, no document is named.
   */
  shownTo(reader: LibraryReader, diff: SyncDiff): Promise<SyncDiff>;
}

/** How many runs a list shows. */
export const RUNS_LISTED = 10;

export interface NumberedRun {
  /** Counted from 1 by when they began, of each source for itself. */
  readonly number: number;
  readonly diff: SyncDiff;
}

export interface LastChange {
  /** The newest run that added, changed or removed a document; null when none did. */
  readonly changed: NumberedRun | null;
  readonly newest: NumberedRun;
  /** Runs that have ended since `changed`, or all that have ended. */
  readonly later: number;
}

/** A run in numbers. */
export interface RunSummary {
  readonly number: number;
  readonly state: SyncDiff["state"];
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly skipped: number;
  readonly held: number;
}
