import { setTimeout as delay } from "node:timers/promises";
import type { LiveSignals } from "../src/ports/database.js";
import { errorCode } from "../src/ports/errors.js";
import type { TenantId } from "../src/ports/ids.js";
import type { KnowledgeAdmin, SyncDiff } from "../src/ports/knowledge.js";
import type { Logger } from "../src/ports/logger.js";
import { SYNC_REQUEST_SIGNAL, SyncTimeoutError } from "../src/ports/sync-requests.js";
import type { DueSync, DueSyncEnd, SyncRequests } from "../src/ports/sync-requests.js";

export interface SyncLoopDependencies {
  readonly tenantId: TenantId;
  readonly requests: SyncRequests;
  readonly knowledge: Pick<KnowledgeAdmin, "sync">;
  readonly live: LiveSignals;
  readonly logger: Logger;
  readonly timings?: SyncLoopTimings;
}

export interface SyncLoopTimings {
  /** A request is heard of at once; this is for what was missed, and for intervals that pass. */
  readonly lookEveryMs: number;
  /** At most one run of a source begins within. */
  readonly minGapSeconds: number;
  /** Sources that are synced at the same time. */
  readonly atOnce: number;
  /** How many of these are kept for requests: no interval waits there, however slow its source is. */
  readonly forRequestsOnly: number;
  /** A run that takes longer ends as failed. */
  readonly maxRunMs: number;
}

const DEFAULT_TIMINGS: SyncLoopTimings = {
  lookEveryMs: 5_000,
  minGapSeconds: 10,
  atOnce: 3,
  forRequestsOnly: 1,
  maxRunMs: 2 * 60 * 60_000,
};

/**
 * Syncs what is due, until the signal aborts: sources that a push or a webhook asked for, and those whose interval has
 * passed. Any number of processes may do so at the same time.
 */
export async function runSyncLoop(dependencies: SyncLoopDependencies, signal: AbortSignal): Promise<void> {
  const { tenantId, live, timings = DEFAULT_TIMINGS } = dependencies;
  const bell = new Bell();
  const unsubscribe = live.subscribe((received) => {
    const isRequest = received.topic === "sync" && received.id.startsWith(SYNC_REQUEST_SIGNAL);
    if (isRequest && received.tenantId === tenantId) bell.ring();
  });
  const running = new Set<Promise<void>>();
  let byInterval = 0;
  try {
    while (!signal.aborted) {
      const isRequestedOnly = byInterval >= timings.atOnce - timings.forRequestsOnly;
      const due = running.size < timings.atOnce ? await claim(dependencies, timings, isRequestedOnly) : null;
      if (due === null) await bell.wait(timings.lookEveryMs, signal);
      else {
        const slots = due.isRequested ? 0 : 1;
        byInterval += slots;
        const run = syncDue(dependencies, due, timings, signal).finally(() => {
          byInterval -= slots;
          running.delete(run);
          bell.ring();
        });
        running.add(run);
      }
    }
  } finally {
    unsubscribe();
    await Promise.all(running);
  }
}

/** Null also while the database is away: the next look finds what is due. */
async function claim(
  { tenantId, requests, logger }: SyncLoopDependencies,
  { minGapSeconds }: SyncLoopTimings,
  isRequestedOnly: boolean,
): Promise<DueSync | null> {
  try {
    return await requests.claimDue(tenantId, { minGapSeconds, isRequestedOnly });
  } catch (error) {
    logger.warn("due syncs could not be looked for", { code: errorCode(error) });
    return null;
  }
}

async function syncDue(
  dependencies: SyncLoopDependencies,
  due: DueSync,
  { maxRunMs }: SyncLoopTimings,
  signal: AbortSignal,
): Promise<void> {
  const { tenantId, requests, logger } = dependencies;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new SyncTimeoutError(maxRunMs)), maxRunMs);
  const end = await syncToEnd(dependencies, due, { stop: signal, limit: limit.signal });
  clearTimeout(timer);
  try {
    await requests.settle(tenantId, due, end);
  } catch (error) {
    // The claim ends by itself; the request is still there, and what the run has done needs no second reading.
    logger.warn("sync could not be settled", { source: due.name, code: errorCode(error) });
  }
}

async function syncToEnd(
  { tenantId, knowledge, logger }: SyncLoopDependencies,
  { name }: DueSync,
  { stop, limit }: { readonly stop: AbortSignal; readonly limit: AbortSignal },
): Promise<DueSyncEnd> {
  const signal = AbortSignal.any([stop, limit]);
  try {
    let end: DueSyncEnd = "failed";
    for await (const progress of knowledge.sync(tenantId, name, { confirmRemovals: false }, signal)) {
      if (progress.kind !== "done") continue;
      logger.info("source synced", { source: name, ...figures(progress.diff) });
      end = progress.diff.state === "done" || progress.diff.state === "held" ? "served" : "failed";
    }
    return end === "failed" && stop.aborted ? "not-run" : end;
  } catch (error) {
    if (stop.aborted) return "not-run";
    logger.error("source could not be synced", { source: name, code: errorCode(error) });
    return "failed";
  }
}

function figures({ runId, state, added, changed, removed, failed, heldRemovals }: SyncDiff) {
  return {
    runId,
    state,
    added: added.length,
    changed: changed.length,
    removed: removed.length,
    failed: failed.length,
    held: heldRemovals.length,
  };
}

/** Ends the next wait, also when it rings before that begins. */
class Bell {
  #isRung = false;
  #wake: () => void = () => undefined;

  ring(): void {
    this.#isRung = true;
    this.#wake();
  }

  async wait(ms: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    this.#wake = () => over.abort();
    if (this.#isRung) over.abort();
    const either = AbortSignal.any([signal, over.signal]);
    await delay(ms, undefined, { signal: either }).catch(() => undefined);
    this.#wake = () => undefined;
    this.#isRung = false;
  }
}
