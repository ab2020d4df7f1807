import type { Reply } from "../ports/reply.js";
import type { NewDelivery } from "../ports/stores.js";
import type { EventContext } from "./event-context.js";

/**
 * The bot's reply to an event, in the conversation that the event came from. There is one for each event: whoever adds a
 * second gets the first, and an open stream gets its whole text.
 */
export function botReply(
  { lease, cause }: Pick<EventContext, "lease" | "cause">,
  reply: Reply,
  botName: string,
): NewDelivery {
  return {
    conversationId: lease.conversationId,
    cause,
    purpose: "reply",
    operation: "post",
    targetDeliveryId: null,
    speaker: { role: "bot", name: botName },
    reply,
  };
}
