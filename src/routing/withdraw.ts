import { takeFilesBack } from "../handoff/delete-posts.js";
import { plainReply } from "../ports/reply.js";
import type { CoreStores, Lease, NewDelivery, Turn } from "../ports/stores.js";

/**
 * Takes out the words of a message that was deleted: of what was said, and of the traces of what answered them. Its files go
 * with them. Resolves with the conversations that have posts due.
 */
export async function strikeWords(
  stores: CoreStores,
  { conversationId }: Lease,
  turn: Turn,
): Promise<readonly string[]> {
  await stores.conversations.strike(conversationId, turn.inboxId);
  await stores.traces.forget(turn.turnId);
  return takeFilesBack(stores, turn);
}

/** Takes back a turn of which nothing is left, with its answer. Resolves with the conversations that have posts due. */
export async function withdrawTurn(
  stores: CoreStores,
  lease: Lease,
  turn: Turn,
  botName: string,
): Promise<readonly string[]> {
  const wake = await strikeWords(stores, lease, turn);
  await stores.conversations.strikeReply(lease.conversationId, turn.turnId);
  return [...new Set([...wake, ...(await withdrawReplies(stores, turn.turnId, botName))])];
}

/** Takes away every message in which the bot answered a turn. Resolves with the conversations that have posts due. */
export async function withdrawReplies(stores: CoreStores, turnId: string, botName: string): Promise<readonly string[]> {
  const standing = await stores.deliveries.standing(turnId);
  const withdrawals = standing.map(({ deliveryId, conversationId }): NewDelivery => ({
    conversationId,
    // One for each message, however often the turn is withdrawn.
    cause: { type: "delivery", id: deliveryId },
    purpose: "withdrawal",
    operation: "delete",
    targetDeliveryId: deliveryId,
    speaker: { role: "bot", name: botName },
    reply: plainReply(""),
  }));
  await stores.deliveries.add(withdrawals);
  return [...new Set(standing.map(({ conversationId }) => conversationId))];
}
