import type { Author } from "../ports/chat.js";
import type { HandoffStanding } from "../ports/handoffs.js";
import { RATINGS, type Rating } from "../ports/ratings.js";
import type { Effects } from "../routing/event-context.js";
import { fromBot, updateCard, wakeAll } from "./change-handoff.js";
import type { HandoffScene } from "./handoff-scene.js";

/** A rating may be given, and changed, for so long after the question. */
const OPEN_FOR_MS = 7 * 24 * 3_600_000;

/** How a customer rates the help that they got. Agents see it on the card and in the thread. */
export async function rateHandoff(
  scene: HandoffScene,
  rating: Rating,
  { author, conversationId }: { readonly author: Author; readonly conversationId: string },
): Promise<Effects> {
  const { handoff, stores } = scene;
  if (handoff.conversationId !== conversationId) return nothing("not-found");
  const given = await stores.ratings.rate(handoff.handoffId, rating, author.id, OPEN_FOR_MS);
  if (given === "over" || given === "not-the-customer") return nothing(given);
  if (given === "unchanged") return { outcome: { kind: "recorded", reason: "rated" }, wake: [] };
  const words = `${handoff.customerName} has rated the help ${rating} of ${RATINGS.length}.`;
  await stores.deliveries.add([fromBot(scene, handoff.agentConversationId, "notice", words)]);
  const standing: HandoffStanding = handoff;
  await updateCard(scene, standing);
  return { outcome: { kind: "recorded", reason: "rated" }, wake: await wakeAll(scene) };
}

function nothing(reason: "not-found" | "over" | "not-the-customer"): Effects {
  return { outcome: { kind: "ignored", reason }, wake: [] };
}
