import type { Author } from "../ports/chat.js";
import type { HandoffStanding } from "../ports/handoffs.js";
import { LONGEST_RATING_WORDS, RATING_OPEN_FOR_MS, RATINGS, type Rating } from "../ports/ratings.js";
import type { Effects } from "../routing/event-context.js";
import { fromBot, updateCard, wakeAll } from "./change-handoff.js";
import { conversationLanguage } from "./conversation-language.js";
import { customerText } from "./customer-texts.js";
import type { HandoffScene } from "./handoff-scene.js";

/** How a customer rates the help that they got. Agents see it on the card and in the thread. */
export async function rateHandoff(
  scene: HandoffScene,
  rating: Rating,
  { author, conversationId }: { readonly author: Author; readonly conversationId: string },
): Promise<Effects> {
  const { handoff, stores } = scene;
  if (handoff.conversationId !== conversationId) return nothing("not-found");
  const given = await stores.ratings.rate(handoff.handoffId, rating, author.id, RATING_OPEN_FOR_MS);
  if (given === "over" || given === "not-the-customer") return nothing(given);
  if (given === "unchanged") return { outcome: { kind: "recorded", reason: "rated" }, wake: [] };
  if (given === "rated") await askWhy(scene);
  const words = `${handoff.customerName} has rated the help ${rating} of ${RATINGS.length}.`;
  await stores.deliveries.add([fromBot(scene, handoff.agentConversationId, "notice", words)]);
  const standing: HandoffStanding = handoff;
  await updateCard(scene, standing);
  return { outcome: { kind: "recorded", reason: "rated" }, wake: await wakeAll(scene) };
}

/** Once, under the first rating. */
async function askWhy(scene: HandoffScene): Promise<void> {
  const { stores, handoff } = scene;
  const { handoffId, conversationId } = handoff;
  const language = await conversationLanguage(stores, conversationId);
  const action = { name: "say-why", handoffId, words: "" } as const;
  await stores.deliveries.add([fromBot(scene, conversationId, "status", customerText("sayWhy", language), [action])]);
}

/** What a customer adds to their rating. The agents read it in their thread. */
export async function sayWhy(
  scene: HandoffScene,
  words: string,
  { author, conversationId }: { readonly author: Author; readonly conversationId: string },
): Promise<Effects> {
  const { handoff, stores } = scene;
  if (handoff.conversationId !== conversationId) return nothing("not-found");
  const kept = words.trim().slice(0, LONGEST_RATING_WORDS);
  if (kept === "") return { outcome: { kind: "ignored", reason: "empty" }, wake: [] };
  const given = await stores.ratings.addWords(handoff.handoffId, kept, author.id, RATING_OPEN_FOR_MS);
  if (given === "over" || given === "not-the-customer") return nothing(given);
  if (given === "unchanged") return { outcome: { kind: "recorded", reason: "rated" }, wake: [] };
  const notice = `${author.displayName} says of the rating:\n\n${kept}`;
  await stores.deliveries.add([fromBot(scene, handoff.agentConversationId, "notice", notice)]);
  return { outcome: { kind: "recorded", reason: "rated" }, wake: await wakeAll(scene) };
}

function nothing(reason: "not-found" | "over" | "not-the-customer"): Effects {
  return { outcome: { kind: "ignored", reason }, wake: [] };
}
