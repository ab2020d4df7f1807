import type { HandoffOpener } from "../handoff/open-handoff.js";
import { StaleLeaseError, errorCode } from "../ports/errors.js";
import type { Failpoint } from "../ports/failpoints.js";
import type { Logger, Metrics } from "../ports/logger.js";
import type { Queue } from "../ports/queue.js";
import type { CoordinationStore, Lease, WaitingEvent, WithStores } from "../ports/stores.js";
import type { Commit, Effects, EventContext } from "./event-context.js";
import type { EventHandler } from "./event-handler.js";
import { giveUp } from "./give-up.js";
import type { Sender } from "./sender.js";

export interface ConversationWorkerDependencies {
  readonly coordination: Pick<CoordinationStore, "claimConversation" | "renewConversation" | "releaseConversation">;
  readonly withStores: WithStores;
  readonly handle: EventHandler;
  readonly opener: HandoffOpener;
  readonly sender: Sender;
  readonly queue: Pick<Queue, "enqueue">;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "eventFinished">;
  readonly failpoint: Failpoint;
  readonly owner: string;
  /** A dead worker's conversation is taken over after this long. Renewed at a third of it. */
  readonly leaseMs: number;
  /** Waits before attempts 2, 3, … at one event. After the last it ends as `failed`, visibly, and a person is told. */
  readonly retryDelaysMs: readonly number[];
  readonly botName: string;
}

/** Works through the waiting events of one conversation, one at a time and in order, under its lease. */
export class ConversationWorker {
  readonly #deps: ConversationWorkerDependencies;

  constructor(deps: ConversationWorkerDependencies) {
    this.#deps = deps;
  }

  /** Returns when nothing waits, when somebody else holds the conversation, or when the signal aborts. */
  async work(conversationId: string, signal: AbortSignal): Promise<void> {
    const { coordination, failpoint, owner, leaseMs } = this.#deps;
    let moreWaits = true;
    while (moreWaits && !signal.aborted) {
      const lease = await coordination.claimConversation(conversationId, owner, leaseMs);
      if (lease === null) return;
      await failpoint("work.after-claim");
      try {
        await this.#workUnderLease(lease, signal);
      } finally {
        moreWaits = await coordination.releaseConversation(lease);
      }
    }
  }

  async #workUnderLease(lease: Lease, signal: AbortSignal): Promise<void> {
    const lost = new AbortController();
    const renewal = setInterval(() => void this.#renew(lease, lost), this.#deps.leaseMs / 3);
    try {
      await this.#workInOrder(lease, AbortSignal.any([signal, lost.signal]));
    } catch (error) {
      // Stopping: the event waits for the next process.
      if (signal.aborted) return;
      // Whoever holds it now does this event again; nothing of ours was written.
      if (!(error instanceof StaleLeaseError) && !lost.signal.aborted) throw error;
      this.#deps.logger.warn("lease lost", { conversationId: lease.conversationId });
    } finally {
      clearInterval(renewal);
    }
  }

  async #renew(lease: Lease, lost: AbortController): Promise<void> {
    try {
      const isHeld = await this.#deps.coordination.renewConversation(lease, this.#deps.leaseMs);
      if (!isHeld) lost.abort(new StaleLeaseError("conversation", lease.fence));
    } catch (error) {
      // Tried again in a third of the lease; if that fails too, the fence refuses what we write.
      this.#deps.logger.warn("lease renewal failed", { code: errorCode(error) });
    }
  }

  async #workInOrder(lease: Lease, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const waiting = await this.#deps.withStores(lease.tenantId, (stores) => stores.inbox.beginNext(lease));
      if (waiting === null) return;
      await this.#deps.failpoint("work.after-begin");
      const isDone = await this.#workOn(lease, waiting, signal);
      if (!isDone) return;
    }
  }

  /** False when the event must wait for another attempt, and with it everything behind it. */
  async #workOn(lease: Lease, waiting: WaitingEvent, signal: AbortSignal): Promise<boolean> {
    const startedAt = performance.now();
    const { inboxId, event, attempts } = waiting;
    const context: EventContext = { lease, inboxId, event, cause: { type: "event", id: inboxId } };
    try {
      const commit = await this.#decide(context, attempts, signal);
      const effects = await this.#commit(context, commit);
      this.#deps.metrics.eventFinished(lease.platform, effects.outcome.kind, performance.now() - startedAt);
      await this.#wake(lease.conversationId, effects, signal);
      return true;
    } catch (error) {
      if (error instanceof StaleLeaseError || signal.aborted) throw error;
      await this.#postpone(context, attempts, error);
      return false;
    }
  }

  #decide(context: EventContext, attempts: number, signal: AbortSignal): Promise<Commit> {
    if (attempts > this.#deps.retryDelaysMs.length) return Promise.resolve(giveUp(this.#deps, context));
    return this.#deps.handle(context, signal);
  }

  async #commit({ lease, inboxId }: EventContext, commit: Commit): Promise<Effects> {
    const { failpoint, withStores } = this.#deps;
    await failpoint("commit.before");
    const effects = await withStores(lease.tenantId, async (stores) => {
      const written = await commit(stores);
      await failpoint("commit.inside");
      await stores.inbox.finish(lease, inboxId, written.outcome);
      return written;
    });
    await failpoint("commit.after");
    return effects;
  }

  /** Our own conversation is posted to at once: a stream that is open here is finished here. */
  async #wake(conversationId: string, { wake }: Effects, signal: AbortSignal): Promise<void> {
    for (const other of wake) {
      if (other !== conversationId) {
        await this.#deps.queue.enqueue("conversation.send", other, { conversationId: other });
      }
    }
    if (wake.includes(conversationId)) await this.#deps.sender.send(conversationId, signal);
  }

  async #postpone({ lease, inboxId }: EventContext, attempts: number, error: unknown): Promise<void> {
    const code = errorCode(error);
    const delayMs = this.#deps.retryDelaysMs[attempts] ?? 0;
    this.#deps.logger.error("event failed", { inboxId, attempt: attempts + 1, code });
    await this.#deps.withStores(lease.tenantId, (stores) => stores.inbox.postpone(lease, inboxId, code, delayMs));
    const { conversationId } = lease;
    await this.#deps.queue.enqueue("conversation.work", conversationId, { conversationId }, delayMs);
  }
}
