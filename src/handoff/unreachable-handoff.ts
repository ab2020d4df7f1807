import { plainReply } from "../ports/reply.js";
import type { ClaimedDelivery, CoreStores } from "../ports/stores.js";
import { nextHandoffState } from "./state-machine.js";
import { handoffTexts } from "./texts.js";

/**
 * After a delivery that ended unsent: if it was a handoff's card, no agent will ever see the handoff. It expires, the
 * customer is told, and the bot answers them again. Resolves with the conversations that have posts due.
 */
export async function afterUnsent(
  stores: CoreStores,
  { deliveryId }: ClaimedDelivery,
  botName: string,
): Promise<readonly string[]> {
  const handoff = await stores.handoffs.ofUnpostedCard(deliveryId);
  if (handoff === null) return [];
  const bot = { id: "bot", displayName: botName, role: "bot" } as const;
  const transition = nextHandoffState(handoff, "unreachable", bot);
  if (transition.kind !== "moved") return [];
  await stores.handoffs.transition(handoff.handoffId, transition.to, bot, transition.claimedBy);
  await stores.deliveries.add([
    {
      conversationId: handoff.conversationId,
      cause: { type: "handoff", id: handoff.handoffId },
      purpose: "status",
      part: 0,
      operation: "post",
      targetDeliveryId: null,
      speaker: { role: "bot", name: botName },
      reply: plainReply(handoffTexts.unreachable),
    },
  ]);
  return [handoff.conversationId];
}
