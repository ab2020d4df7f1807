import type { HandoffOpener } from "../handoff/open-handoff.js";
import { NotYetError, StaleLeaseError, errorCode } from "../ports/errors.js";
import type { Failpoint } from "../ports/failpoints.js";
import type { Logger, Metrics } from "../ports/logger.js";
import type { ConversationRing, Queue } from "../ports/queue.js";
import type { CoordinationStore, DeliveryCause, Lease, WaitingEvent, WithStores } from "../ports/stores.js";
import type { Commit, Effects } from "./event-context.js";
import type { EventHandler } from "./event-handler.js";
import { giveUp } from "./give-up.js";
import type { Sender } from "./sender.js";

export interface ConversationWorkerDependencies {
  readonly coordination: Pick<CoordinationStore, "claimWork" | "renewConversation" | "releaseConversation">;
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

/** Attempts at telling the customer that an event failed, before it ends without. */
const TRIES_AT_GIVING_UP = 3;

/** Until an event that could not be decided on is looked at again. */
const NOT_YET_MS = 500;

/** A conversation that is held, and how urgent what rang for it was: what rings again for the same is no more urgent. */
type RungLease = Lease & Pick<ConversationRing, "priority">;

/** Works through the waiting events of one conversation, one at a time and in order, under its lease. */
export class ConversationWorker {
  readonly #deps: ConversationWorkerDependencies;

  constructor(deps: ConversationWorkerDependencies) {
    this.#deps = deps;
  }

  /** Returns when nothing waits, when somebody else holds the conversation, or when the signal aborts. */
  async work({ conversationId, priority }: ConversationRing, signal: AbortSignal): Promise<void> {
    const { coordination, failpoint, owner, leaseMs } = this.#deps;
    let moreWaits = true;
    while (moreWaits && !signal.aborted) {
      const claimed = await coordination.claimWork(conversationId, owner, leaseMs);
      if (claimed === null) return;
      await failpoint("work.after-claim");
      const { lease, first } = claimed;
      try {
        if (first !== null && isAborted(signal)) await this.#putBack({ ...lease, priority }, first, 0);
        else await this.#workUnderLease({ ...lease, priority }, first, signal);
      } finally {
        moreWaits = await coordination.releaseConversation(lease);
      }
    }
  }

  async #workUnderLease(lease: RungLease, first: WaitingEvent | null, signal: AbortSignal): Promise<void> {
    const lost = new AbortController();
    const renewal = setInterval(() => void this.#renew(lease, lost), this.#deps.leaseMs / 3);
    try {
      await this.#workInOrder(lease, first, AbortSignal.any([signal, lost.signal]));
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

  /** @param first which was begun with the claim */
  async #workInOrder(lease: RungLease, first: WaitingEvent | null, signal: AbortSignal): Promise<void> {
    const beginNext = () => this.#deps.withStores(lease.tenantId, (stores) => stores.inbox.beginNext(lease));
    for (let waiting = first; waiting !== null; waiting = await beginNext()) {
      await this.#deps.failpoint("work.after-begin");
      const isDone = await this.#workOn(lease, waiting, signal);
      if (!isDone || signal.aborted) return;
    }
  }

  /** False when the event must wait for another attempt, and with it everything behind it. */
  async #workOn(lease: RungLease, waiting: WaitingEvent, signal: AbortSignal): Promise<boolean> {
    const startedAt = performance.now();
    let effects: Effects;
    try {
      effects = await this.#commit(lease, waiting, await this.#decide(lease, waiting, signal));
    } catch (error) {
      await this.#deps.sender.dropStreams(lease.conversationId);
      if (error instanceof StaleLeaseError || signal.aborted) throw error;
      if (error instanceof NotYetError) await this.#putBack(lease, waiting, error.afterMs ?? NOT_YET_MS);
      else await this.#postpone(lease, waiting, error);
      return false;
    }
    const tookMs = performance.now() - startedAt;
    this.#deps.metrics.eventFinished(lease.platform, effects.outcome.kind, tookMs);
    for (let other = 0; other < (effects.joined ?? 0); other += 1) {
      this.#deps.metrics.eventFinished(lease.platform, "recorded", tookMs);
    }
    await this.#wake(lease.conversationId, effects, signal);
    return true;
  }

  #decide(lease: Lease, { inboxId, event, attempts }: WaitingEvent, signal: AbortSignal): Promise<Commit> {
    const tries = this.#deps.retryDelaysMs.length + 1;
    const cause = { type: "event", id: inboxId } as const;
    // Not even the giving up works: the event must end all the same, or it would keep the conversation for ever.
    if (attempts > tries + TRIES_AT_GIVING_UP) return Promise.resolve(endSilently(cause));
    if (event === null || attempts >= tries) {
      return Promise.resolve(giveUp(this.#deps, { lease, inboxId, cause, event }));
    }
    return this.#deps.handle({ lease, inboxId, event, cause }, attempts, signal);
  }

  async #commit(lease: Lease, { inboxId }: WaitingEvent, commit: Commit): Promise<Effects> {
    const { failpoint, withStores } = this.#deps;
    await failpoint("commit.before");
    const effects = await withStores(lease.tenantId, async (stores) => {
      const written = await commit(stores);
      await failpoint("commit.inside");
      await stores.inbox.finish(lease, inboxId, written.outcome, written.turnId);
      return written;
    });
    await failpoint("commit.after");
    return effects;
  }

  /**
   * Our own conversation is posted to at once: a stream that is open here is finished here. The event has its outcome; what
   * fails from here on is left to the sweeper.
   */
  async #wake(conversationId: string, { wake }: Effects, signal: AbortSignal): Promise<void> {
    const { logger, queue, sender } = this.#deps;
    try {
      for (const other of wake) {
        if (other !== conversationId) await queue.enqueue("conversation.send", other, { conversationId: other });
      }
      if (wake.includes(conversationId)) await sender.send(conversationId, signal);
    } catch (error) {
      logger.warn("sending stopped", { conversationId, code: errorCode(error) });
    } finally {
      await sender.dropStreams(conversationId);
    }
  }

  async #putBack(lease: RungLease, { inboxId }: WaitingEvent, delayMs: number): Promise<void> {
    const { queue, withStores } = this.#deps;
    await withStores(lease.tenantId, (stores) => stores.inbox.putBack(lease, inboxId, delayMs));
    const { conversationId, priority } = lease;
    await queue.enqueue("conversation.work", conversationId, { conversationId, priority }, delayMs);
  }

  async #postpone(lease: RungLease, { inboxId, attempts }: WaitingEvent, error: unknown): Promise<void> {
    const { logger, queue, retryDelaysMs, withStores } = this.#deps;
    const code = errorCode(error);
    // The attempt at giving up follows the last one at once; when that fails too, it waits as long as the last did.
    const delayMs = attempts === retryDelaysMs.length ? 0 : (retryDelaysMs[attempts] ?? retryDelaysMs.at(-1) ?? 0);
    logger.error("event failed", { inboxId, attempt: attempts + 1, code });
    await withStores(lease.tenantId, (stores) => stores.inbox.postpone(lease, inboxId, code, delayMs));
    const { conversationId, priority } = lease;
    await queue.enqueue("conversation.work", conversationId, { conversationId, priority }, delayMs);
  }
}

/** It may have become so since it was asked last. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** The outcome of an event that even giving up on failed for. */
function endSilently(cause: DeliveryCause): Commit {
  return async (stores) => {
    // Left open, it would keep everything behind it from being posted.
    await stores.deliveries.giveStreamUp(cause);
    return { outcome: { kind: "failed", reason: "gave-up" }, wake: [] };
  };
}
