import type { InboundEvent } from "../ports/chat.js";
import type { Handoff } from "../ports/handoffs.js";
import type { CoreStores, TranscriptEntry } from "../ports/stores.js";
import type { Effects } from "../routing/event-context.js";
import { fromBot } from "./change-handoff.js";
import type { HandoffScene } from "./handoff-scene.js";
import { answeredText, type JustAnswered } from "./collision.js";
import { refusalText } from "./life-texts.js";
import type { HandoffRefusal } from "./state-machine.js";

/**
 * Refusals are seen by the agents, in their thread, and change nothing.
 *
 * @param other who has answered the customer just now
 */
export function refuse(
  scene: HandoffScene,
  reason: HandoffRefusal | "not-an-agent" | "another-open",
  other: JustAnswered | null = null,
): Promise<Effects> {
  const why = refusalText(reason, scene.handoff.claimedBy);
  return tellOnly(scene, other === null ? why : `${why} ${answeredText(other)}`, `refused-${reason}`);
}

/** Whether a conversation is the thread of a former team of the handoff, whose card may still have its buttons. */
export async function hasLeft(
  { conversations }: Pick<CoreStores, "conversations">,
  { handoffId }: Pick<Handoff, "handoffId">,
  conversationId: string,
): Promise<boolean> {
  const { leftBy } = await conversations.state(conversationId);
  return leftBy?.handoffId === handoffId;
}

/** Says something to the agents, and nothing else comes of it. */
export async function tellOnly(scene: HandoffScene, text: string, reason: string): Promise<Effects> {
  await tell(scene, text);
  return { outcome: { kind: "recorded", reason }, wake: [scene.handoff.agentConversationId] };
}

export async function tell(scene: HandoffScene, text: string): Promise<void> {
  const { stores, handoff } = scene;
  await stores.deliveries.add([fromBot(scene, handoff.agentConversationId, "notice", text)]);
}

/**
 * The transcript of a handoff is kept with the customer's conversation, so that it can be read as one.
 *
 * @param inboxId of the event that brought the message; without it, of the one that is worked on
 */
export async function append(
  scene: HandoffScene,
  speaker: TranscriptEntry["speaker"],
  event: InboundEvent,
  text: string,
  inboxId = scene.cause.id,
): Promise<void> {
  const { stores, handoff, cause } = scene;
  await stores.conversations.append(
    handoff.conversationId,
    { type: cause.type, id: inboxId },
    { speaker, name: event.author.displayName, text, at: event.occurredAt },
  );
}
