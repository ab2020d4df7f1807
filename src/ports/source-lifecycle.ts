import type { TenantId } from "./ids.js";

/**
 * What becomes of a source after it was added. Every change is recorded as `actor`'s in the transaction that makes it.
 * Everything that names a source rejects with {@link NotFoundError} when there is none.
 */
export interface SourceLifecycle {
  /** A paused source is passed over by the schedule and by starts; whoever asks for a sync gets one. */
  setPaused(tenantId: TenantId, name: string, isPaused: boolean, actor: string): Promise<void>;
  /** Sources that were removed and can be restored, the newest removal first. */
  removed(tenantId: TenantId): Promise<readonly RemovedSource[]>;
  /**
   * Brings back the source of that name that was removed last. Its documents are answered from after its next sync.
   * @throws {UsageError} when another source has the name by now.
   */
  restore(tenantId: TenantId, name: string, actor: string): Promise<void>;
  /** Deletes a source, removed or not, with every version of its documents: nothing of it can be restored or opened. */
  purge(tenantId: TenantId, name: string, actor: string): Promise<void>;
  /**
   * Deletes what was removed longer ago than it is kept, once removals that were broken off are done. Resolves with the names.
   */
  purgeExpired(tenantId: TenantId): Promise<readonly string[]>;
  /**
   * Brings back demo documents that earlier versions let step aside for entries that were written or learned here, where
   * there is no other source of one's own and nobody has removed one since; they are answered from after their next sync,
   * which is asked for. False where nothing came back.
   */
  recallDemo(tenantId: TenantId): Promise<boolean>;
}

/** How long a removed source can be restored. */
export const REMOVED_KEPT_DAYS = 30;

export interface RemovedSource {
  readonly name: string;
  readonly removedAt: string;
  /** Until then it can be restored; within a day after that it is deleted. */
  readonly keptUntil: string;
}
