import type { AnswerListener, AnswerStageName } from "../answering/contract.js";
import { ChatPlatformError, type ChatAdapter, type MessageStream, type Speaker } from "../ports/chat.js";
import { errorCode } from "../ports/errors.js";
import type { Failpoint } from "../ports/failpoints.js";
import type { Logger } from "../ports/logger.js";
import type { Reply } from "../ports/reply.js";
import type { WithStores } from "../ports/stores.js";
import { botReply } from "./bot-reply.js";
import type { EventContext } from "./event-context.js";
import type { Sender } from "./sender.js";

export interface StreamedReplyDependencies {
  readonly withStores: WithStores;
  readonly sender: Sender;
  readonly adapter: ChatAdapter;
  readonly speaker: Speaker;
  readonly failpoint: Failpoint;
  readonly logger: Logger;
}

const NOTHING_YET: Reply = { blocks: [], citations: [], actions: [] };
const LOOKING = "Looking that up…";

/** How long a look at the lease is good for: sentences that come faster are shown without another. */
const LOOK_AGAIN_MS = 100;

/**
 * Shows an answer while it is made. The delivery's row exists before the first byte, and where it stands is recorded
 * before the first sentence; from then on a crash at any point leads to an edit of the same message, never to a second.
 */
export class StreamedReply implements AnswerListener {
  readonly #deps: StreamedReplyDependencies;
  readonly #context: EventContext;
  readonly #signal: AbortSignal;
  #stream: MessageStream | null = null;
  /** When the lease was last seen to be ours, by a clock that also runs while this process is stopped. */
  #seenAt = Number.NEGATIVE_INFINITY;

  constructor(deps: StreamedReplyDependencies, context: EventContext, signal: AbortSignal) {
    this.#deps = deps;
    this.#context = context;
    this.#signal = signal;
  }

  async stage(name: AnswerStageName): Promise<void> {
    const { adapter, failpoint } = this.#deps;
    if (name === "retrieve") {
      await this.#bestEffort("status", () =>
        adapter.showStatus(this.#context.lease.conversation, LOOKING, this.#signal),
      );
    }
    if (name === "confidence") await failpoint("answer.after-retrieve");
  }

  async begin(): Promise<boolean> {
    const { adapter, failpoint, sender, speaker, withStores } = this.#deps;
    const { lease } = this.#context;
    if (adapter.capabilities.stream === "none") return false;
    await failpoint("answer.before-stream-row");
    const deliveryId = await withStores(lease.tenantId, (stores) =>
      stores.deliveries.openStream(lease, botReply(this.#context, NOTHING_YET, speaker.name)),
    );
    await failpoint("answer.after-stream-row");
    // Opened by an earlier attempt: what it showed stays until the whole reply replaces it. Or not its turn yet.
    if (deliveryId === null) return false;
    const stream = await this.#bestEffort("open-stream", () => this.#open(deliveryId));
    if (stream === null) return false;
    await failpoint("answer.after-stream-open");
    sender.holdStream(lease.conversationId, deliveryId, stream);
    this.#seenAt = performance.now();
    await withStores(lease.tenantId, (stores) =>
      stores.deliveries.recordStream(lease, deliveryId, stream.posted.platformId),
    );
    await failpoint("answer.after-stream-recorded");
    this.#stream = stream;
    return true;
  }

  async #open(deliveryId: string): Promise<MessageStream> {
    const { adapter, speaker, withStores } = this.#deps;
    const { lease } = this.#context;
    try {
      return await adapter.openStream({ to: lease.conversation, deliveryId, speaker }, this.#signal);
    } catch (error) {
      if (error instanceof ChatPlatformError && error.failure !== "unreachable") {
        await withStores(lease.tenantId, (stores) => stores.deliveries.recordNoStream(lease, deliveryId));
      }
      throw error;
    }
  }

  async sentence(markdown: string): Promise<boolean> {
    const stream = this.#stream;
    if (!(await this.#mayContinue())) return false;
    if (stream !== null) {
      const appended = await this.#bestEffort("append", () => stream.append(markdown, this.#signal).then(() => true));
      // A stream that broke stays quiet; the whole reply comes with the finish.
      if (appended === null) this.#stream = null;
    }
    await this.#deps.failpoint("answer.mid-stream");
    return true;
  }

  /** Whether the conversation is still ours. The commit asks again in any case; this only stops showing what nobody wants. */
  async #mayContinue(): Promise<boolean> {
    const { lease } = this.#context;
    const lookedAt = performance.now();
    if (lookedAt - this.#seenAt < LOOK_AGAIN_MS) return true;
    const isOurs = await this.#deps.withStores(lease.tenantId, (stores) => stores.deliveries.mayContinueStream(lease));
    if (isOurs) this.#seenAt = lookedAt;
    return isOurs;
  }

  async #bestEffort<T>(what: string, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      this.#signal.throwIfAborted();
      this.#deps.logger.warn("streaming step failed", { step: what, code: errorCode(error) });
      return null;
    }
  }
}
