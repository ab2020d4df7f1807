import type { Logger } from "../ports/logger.js";
import { LAST_PRIORITY, type Queue } from "../ports/queue.js";
import type { CoordinationStore } from "../ports/stores.js";
import { repeat } from "./repeat.js";

export interface SweeperDependencies {
  readonly coordination: Pick<CoordinationStore, "sweep">;
  readonly queue: Pick<Queue, "enqueue">;
  readonly logger: Logger;
  /** Between the end of one sweep and the start of the next. */
  readonly intervalMs: number;
}

/** How many conversations one sweep wakes; the next sweep goes on with the rest, oldest first. */
const CONVERSATIONS_PER_SWEEP = 200;

/**
 * Rings again for every conversation with work that nobody does: after a crash, after a lost queue, after a lease that
 * ran out. Runs at once when started, then at an interval until the signal aborts. Never rejects.
 */
export function runSweeper(deps: SweeperDependencies, signal: AbortSignal): Promise<void> {
  return repeat("sweep", () => sweepOnce(deps), deps, signal);
}

async function sweepOnce({ coordination, queue }: SweeperDependencies): Promise<void> {
  for (const { conversationId, events, deliveries } of await coordination.sweep(CONVERSATIONS_PER_SWEEP)) {
    // What waits for long may be the backlog of a workspace that sends more than its share.
    const ring = { conversationId, priority: LAST_PRIORITY };
    if (events) await queue.enqueue("conversation.work", conversationId, ring);
    if (deliveries) await queue.enqueue("conversation.send", conversationId, ring);
  }
}
