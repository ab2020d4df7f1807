import { plainReply } from "../ports/reply.js";
import type { StandingReply } from "../ports/standing-reply.js";
import type { CoreStores, Turn } from "../ports/stores.js";

/** What is not posted yet never is; the rest is deleted. Resolves with the conversations that have posts due. */
export async function deletePosts(
  { deliveries }: Pick<CoreStores, "deliveries">,
  standing: readonly StandingReply[],
): Promise<readonly string[]> {
  const recalled = new Set(await deliveries.recall(standing.map(({ deliveryId }) => deliveryId)));
  const posted = standing.filter(({ deliveryId }) => !recalled.has(deliveryId));
  await deliveries.add(
    posted.map(({ deliveryId, conversationId, speaker }) => ({
      conversationId,
      // One for each message, however often it is taken back.
      cause: { type: "delivery", id: deliveryId } as const,
      purpose: "withdrawal",
      operation: "delete",
      targetDeliveryId: deliveryId,
      speaker,
      reply: plainReply(""),
    })),
  );
  return [...new Set(standing.map(({ conversationId }) => conversationId))];
}

/** The files of a message that was deleted: on the other side, and here. Resolves with the conversations that have posts due. */
export async function takeFilesBack(
  stores: Pick<CoreStores, "deliveries" | "files">,
  { inboxId }: Pick<Turn, "inboxId">,
): Promise<readonly string[]> {
  const standing = await stores.deliveries.standing(inboxId, "file");
  const wake = await deletePosts(stores, standing);
  await stores.files.dropOf(inboxId);
  return wake;
}
