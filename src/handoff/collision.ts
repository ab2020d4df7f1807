import { fromBot } from "./change-handoff.js";
import type { HandoffScene } from "./handoff-scene.js";

/** Two who write within so long of each other did not see each other's words. */
const COLLIDES_MS = 30_000;
const LOOKED_AT = 10;

export interface JustAnswered {
  readonly name: string;
  readonly secondsAgo: number;
}

/** Who else of the team has answered the same customer just now; null when nobody has. */
export async function justAnswered({ stores, handoff, actor }: HandoffScene, at: Date): Promise<JustAnswered | null> {
  const history = await stores.conversations.history(handoff.conversationId, LOOKED_AT);
  const newest = history.findLast(({ speaker }) => speaker === "agent");
  if (newest === undefined || newest.name === actor.displayName) return null;
  const ms = Math.abs(at.getTime() - newest.at.getTime());
  return ms > COLLIDES_MS ? null : { name: newest.name, secondsAgo: Math.round(ms / 1_000) };
}

/** Told to the agents after a reply that was sent although a colleague had just answered. */
export async function tellOfCollision(scene: HandoffScene, other: JustAnswered, deliveryId: string): Promise<void> {
  const { stores, handoff, actor, rules } = scene;
  const words = `${actor.displayName}, ${answeredText(other)} Yours was sent after it.`;
  const cause = { type: "delivery", id: deliveryId } as const;
  await stores.deliveries.add([fromBot({ cause, rules }, handoff.agentConversationId, "notice", words)]);
}

export function answeredText({ name, secondsAgo }: JustAnswered): string {
  return `${name} answered the customer ${secondsAgo === 1 ? "a second" : `${secondsAgo} seconds`} ago.`;
}
