import {
  ChatPlatformError,
  type ChatAdapter,
  type MessageStream,
  type Platform,
  type PostedMessage,
} from "../ports/chat.js";
import type { Clock } from "../ports/clock.js";
import { DeskhandError, StaleLeaseError, assertNever, errorCode } from "../ports/errors.js";
import type { Failpoint } from "../ports/failpoints.js";
import type { Logger, Metrics } from "../ports/logger.js";
import type { Queue } from "../ports/queue.js";
import type { Reply } from "../ports/reply.js";
import type { ClaimedDelivery, CoordinationStore, CoreStores, DeliveryRetry, WithStores } from "../ports/stores.js";
import { bringsFile, FILE_LEASE_MS, findFile, outgoingFile, shareFile } from "./send-file.js";
import { startTimeLimit } from "../ports/time-limit.js";

export interface SenderDependencies {
  readonly coordination: Pick<CoordinationStore, "claimDelivery">;
  readonly withStores: WithStores;
  readonly adapterFor: (platform: Platform) => ChatAdapter;
  readonly queue: Pick<Queue, "enqueue">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "deliveryEnded">;
  readonly failpoint: Failpoint;
  /** Names this process in leases. */
  readonly owner: string;
  /** How long one attempt may take before another process may look at the delivery again. */
  readonly leaseMs: number;
  /** Runs in the transaction that ends a delivery unsent; resolves with the conversations that have posts due. */
  readonly afterUnsent: (
    stores: CoreStores,
    delivery: ClaimedDelivery,
    state: "unconfirmed" | "failed",
  ) => Promise<readonly string[]>;
}

/** Waits before attempts 2, 3, … of one delivery; after the last it ends as failed or unconfirmed. */
const RETRY_DELAYS_MS = [500, 1_000, 2_000, 5_000, 15_000, 30_000, 60_000] as const;

/** What has not had its turn on a busy platform by then is given up, and somebody is told. */
const LONGEST_QUEUE_MS = 3_600_000;

/** The share of the lease that a platform call may use, so that it is over before somebody else may claim the delivery. */
const CALL_SHARE_OF_LEASE = 0.8;

/** A post whose fate the platform cannot tell. Repeating it might show it twice, so it is not repeated. */
const CANNOT_CONFIRM = Symbol("cannot confirm");

/**
 * Posts what is due, per conversation in order. All retries live here. When an earlier attempt may have reached the
 * platform, it looks before it posts again; where it cannot look, the delivery ends `unconfirmed`.
 */
export class Sender {
  readonly #deps: SenderDependencies;
  readonly #streams = new Map<string, { readonly conversationId: string; readonly stream: MessageStream }>();
  /** The last of those that post in a conversation, by conversation. */
  readonly #sending = new Map<string, Promise<void>>();

  constructor(deps: SenderDependencies) {
    this.#deps = deps;
  }

  /** Hands over an open stream: its delivery will be finished through it, by this process, once it is committed. */
  holdStream(conversationId: string, deliveryId: string, stream: MessageStream): void {
    this.#streams.set(deliveryId, { conversationId, stream });
  }

  /** Gives up the streams of a conversation that were not finished: whoever commits their delivery does it by an edit. */
  async dropStreams(conversationId: string): Promise<void> {
    for (const [deliveryId, held] of this.#streams) {
      if (held.conversationId !== conversationId) continue;
      this.#streams.delete(deliveryId);
      await held.stream.abort();
    }
  }

  /**
   * Posts everything that is due in the conversation; returns when nothing is, or when it is another process's turn. Within this
   * process one waits for the other: whoever returns may drop the streams that are open here, and none is being finished then.
   */
  async send(conversationId: string, signal: AbortSignal): Promise<void> {
    const before = this.#sending.get(conversationId) ?? Promise.resolve();
    const sending = before.catch(() => undefined).then(() => this.#sendDue(conversationId, signal));
    this.#sending.set(conversationId, sending);
    try {
      await sending;
    } finally {
      if (this.#sending.get(conversationId) === sending) this.#sending.delete(conversationId);
    }
  }

  async #sendDue(conversationId: string, signal: AbortSignal): Promise<void> {
    const { coordination, failpoint, owner, leaseMs } = this.#deps;
    while (!signal.aborted) {
      const delivery = await coordination.claimDelivery(conversationId, owner, leaseMs);
      if (delivery === null) return;
      await failpoint("send.after-claim");
      try {
        await this.#deliver(delivery, signal);
      } catch (error) {
        if (!(error instanceof StaleLeaseError)) throw error;
        return;
      }
    }
  }

  async #deliver(delivery: ClaimedDelivery, signal: AbortSignal): Promise<void> {
    const { failpoint, metrics, leaseMs } = this.#deps;
    // A crash in every attempt never gets to count its failures: the attempts themselves are counted.
    if (!isPostable(delivery) || delivery.attempt > RETRY_DELAYS_MS.length + 1) {
      const code = isPostable(delivery) ? "too-many-attempts" : "unreadable";
      await this.#end(delivery, delivery.isUncertain ? "unconfirmed" : "failed", code);
      return;
    }
    let posted: PostedMessage | typeof CANNOT_CONFIRM;
    try {
      const isFile = bringsFile(delivery);
      if (isFile) await this.#holdForFile(delivery);
      using limit = startTimeLimit(signal, (isFile ? FILE_LEASE_MS : leaseMs) * CALL_SHARE_OF_LEASE);
      posted = await this.#put(delivery, limit.signal);
    } catch (error) {
      await this.#afterFailure(delivery, error);
      return;
    }
    if (posted === CANNOT_CONFIRM) {
      await this.#end(delivery, "unconfirmed", "cannot-confirm");
      return;
    }
    await failpoint("send.after-post");
    const started = await this.#record(delivery, posted);
    await failpoint("send.after-record");
    metrics.deliveryEnded(delivery.platform, "sent");
    if (started !== null) await this.#deps.queue.enqueue("conversation.send", started, { conversationId: started });
  }

  /** Resolves with the conversation that this post started, where something may wait for it; null when it started none. */
  #record(delivery: Postable, posted: PostedMessage): Promise<string | null> {
    const parts = delivery.operation === "post" ? this.#deps.adapterFor(delivery.platform).countParts(delivery) : 1;
    return this.#deps.withStores(delivery.tenantId, async ({ deliveries }) => {
      const started = await deliveries.markSent(delivery, posted);
      if (delivery.part + 1 < parts) await deliveries.addNextPart(delivery, posted);
      return started;
    });
  }

  async #put(delivery: Postable, signal: AbortSignal): Promise<PostedMessage | typeof CANNOT_CONFIRM> {
    const adapter = this.#deps.adapterFor(delivery.platform);
    const held = this.#streams.get(delivery.deliveryId);
    if (held !== undefined) return this.#finishStream(delivery, held.stream, signal);
    if (delivery.platformId !== null) return changePosted(adapter, delivery, delivery.platformId, signal);
    if (delivery.operation !== "post") {
      throw new ChatPlatformError("not-found", `${delivery.operation} of a post that was never made`);
    }
    const file = bringsFile(delivery) ? await findFile(this.#deps.withStores, delivery) : null;
    const { uploads } = adapter.files;
    if (file !== null && uploads !== null) {
      return shareFile(this.#deps, { uploads, delivery, file, message: outgoing(delivery) }, signal);
    }
    if (delivery.isUncertain) {
      if (!adapter.capabilities.reconcile) return CANNOT_CONFIRM;
      const found = await adapter.reconcile(delivery.conversation, delivery.deliveryId, signal);
      if (found !== null) {
        // A stream that was cut shows a part; the whole reply replaces it.
        if (delivery.isStreamed) await changePosted(adapter, delivery, found.platformId, signal);
        return found;
      }
    }
    await this.#deps.failpoint("send.before-post");
    const content = file === null ? {} : { file: outgoingFile(this.#deps.withStores, delivery, file) };
    return adapter.post({ ...outgoing(delivery), ...content }, signal);
  }

  #holdForFile(delivery: Postable): Promise<void> {
    return this.#deps.withStores(delivery.tenantId, ({ deliveries }) =>
      deliveries.extendLease(delivery, FILE_LEASE_MS),
    );
  }

  async #finishStream(delivery: Postable, stream: MessageStream, signal: AbortSignal): Promise<PostedMessage> {
    this.#streams.delete(delivery.deliveryId);
    await this.#deps.failpoint("stream.before-finish");
    try {
      await stream.finish(delivery.reply, signal);
    } catch (error) {
      await stream.abort();
      throw error;
    }
    await this.#deps.failpoint("stream.after-finish");
    return stream.posted;
  }

  async #afterFailure(delivery: ClaimedDelivery, error: unknown): Promise<void> {
    const failure =
      error instanceof ChatPlatformError ? error : new ChatPlatformError("unreachable", "post", { cause: error });
    const isUncertain = delivery.isUncertain || failure.failure === "unreachable";
    const wait = failure.isRetryable ? this.#waitAfter(delivery, failure) : null;
    if (wait === null) {
      await this.#end(delivery, isUncertain ? "unconfirmed" : "failed", failure.failure);
      return;
    }
    await this.#deps.withStores(delivery.tenantId, (stores) =>
      stores.deliveries.markRetry(delivery, failure.failure, { ...wait, isUncertain }),
    );
    const { conversationId } = delivery;
    await this.#deps.queue.enqueue("conversation.send", conversationId, { conversationId }, wait.delayMs);
  }

  /** Null when it has been tried, or has waited, for long enough. */
  #waitAfter(
    delivery: ClaimedDelivery,
    { retryAfterMs }: ChatPlatformError,
  ): Omit<DeliveryRetry, "isUncertain"> | null {
    if (retryAfterMs !== null) {
      // Told when: a crowd in one channel waits its turn, and no turn is lost by having come too early.
      const waitedMs = this.#deps.clock.now().getTime() - delivery.createdAt.getTime();
      const delayMs = Math.max(retryAfterMs, RETRY_DELAYS_MS[0]);
      return waitedMs + delayMs > LONGEST_QUEUE_MS ? null : { delayMs, counts: false };
    }
    const delayMs = RETRY_DELAYS_MS[delivery.attempt - 1];
    return delayMs === undefined ? null : { delayMs, counts: true };
  }

  async #end(delivery: ClaimedDelivery, state: "unconfirmed" | "failed", code: string): Promise<void> {
    const { logger, metrics, queue } = this.#deps;
    const wake = await this.#endAndTell(delivery, state, code);
    metrics.deliveryEnded(delivery.platform, state);
    logger.error("delivery ended without being seen to arrive", {
      deliveryId: delivery.deliveryId,
      platform: delivery.platform,
      state,
      code,
    });
    for (const conversationId of wake) await queue.enqueue("conversation.send", conversationId, { conversationId });
  }

  async #endAndTell(
    delivery: ClaimedDelivery,
    state: "unconfirmed" | "failed",
    code: string,
  ): Promise<readonly string[]> {
    const { afterUnsent, logger, withStores } = this.#deps;
    try {
      return await withStores(delivery.tenantId, async (stores) => {
        const due = await afterUnsent(stores, delivery, state);
        await stores.deliveries.markEnded(delivery, state, code);
        return due;
      });
    } catch (error) {
      // Ended and told by whoever claims it next; only what would fail again must not stand in the way.
      if (error instanceof StaleLeaseError || (error instanceof DeskhandError && error.isRetryable)) throw error;
      logger.error("nobody could be told", { deliveryId: delivery.deliveryId, code: errorCode(error) });
      // It must end all the same: everything behind it waits for that.
      await withStores(delivery.tenantId, ({ deliveries }) => deliveries.markEnded(delivery, state, code));
      return [];
    }
  }
}

/** A delivery that can be read. */
type Postable = ClaimedDelivery & { readonly reply: Reply };

function isPostable(delivery: ClaimedDelivery): delivery is Postable {
  return delivery.reply !== null;
}

function outgoing({ conversation, deliveryId, speaker, reply, part }: Postable) {
  return { to: conversation, deliveryId, speaker, reply, part };
}

/** One that is gone already is what was wanted: an earlier attempt may have deleted it, or somebody there. */
async function deletePosted(
  adapter: ChatAdapter,
  { conversation }: Postable,
  platformId: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await adapter.delete(conversation, platformId, signal);
  } catch (error) {
    if (!(error instanceof ChatPlatformError) || error.failure !== "not-found") throw error;
  }
}

async function changePosted(
  adapter: ChatAdapter,
  delivery: Postable,
  platformId: string,
  signal: AbortSignal,
): Promise<PostedMessage> {
  switch (delivery.operation) {
    case "post":
    case "edit":
      await adapter.edit(outgoing(delivery), platformId, signal);
      break;
    case "delete":
      await deletePosted(adapter, delivery, platformId, signal);
      break;
    default:
      return assertNever(delivery.operation);
  }
  return { platformId, threadKey: delivery.conversation.key };
}
