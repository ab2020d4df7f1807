import type { Accepted, InboundEvent, InboundSink } from "../ports/chat.js";
import type { Failpoint } from "../ports/failpoints.js";
import type { Metrics } from "../ports/logger.js";
import type { Queue } from "../ports/queue.js";
import type { CoordinationStore } from "../ports/stores.js";

export interface InboundSinkDependencies {
  readonly coordination: Pick<CoordinationStore, "acceptEvent">;
  readonly queue: Pick<Queue, "enqueue">;
  readonly metrics: Pick<Metrics, "eventAccepted">;
  readonly failpoint: Failpoint;
}

/**
 * The first door into the core: stored, then safe to acknowledge, worked on later. A duplicate rings the doorbell too:
 * it costs nothing, and the first ring may have been lost.
 */
export function createInboundSink({ coordination, queue, metrics, failpoint }: InboundSinkDependencies): InboundSink {
  return {
    async accept(event: InboundEvent): Promise<Accepted> {
      await failpoint("accept.before-insert");
      const accepted = await coordination.acceptEvent(event);
      await failpoint("accept.after-commit");
      metrics.eventAccepted(event.kind, accepted.duplicate);
      const { conversationId } = accepted;
      await queue.enqueue("conversation.work", conversationId, { conversationId });
      await failpoint("accept.after-enqueue");
      return accepted;
    },
  };
}
