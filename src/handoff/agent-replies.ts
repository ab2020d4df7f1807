import type { InboundEvent } from "../ports/chat.js";
import type { Reply } from "../ports/reply.js";
import type { Effects, EventContext } from "../routing/event-context.js";
import { changeHandoff, fromBot, wakeAll } from "./change-handoff.js";
import type { HandoffScene } from "./handoff-scene.js";
import { justAnswered, tellOfCollision } from "./collision.js";
import { passFiles, saidWithFiles, tellAgentsOfFiles, namedFiles } from "./files/pass-files.js";
import { append, refuse, tellOnly } from "./in-thread.js";
import { relayedWords, secretsIn, withLinesBelow, type RelayedWords } from "./relayed-words.js";
import { relayTexts } from "./relay-texts.js";
import { shownAgent } from "./shown-agent.js";

/**
 * An agent's words to the customer, unless they hold what opens something.
 *
 * @param shown what the customer sees, where it is more than plain text: the same words with their sources
 */
export async function relayToCustomer(
  scene: HandoffScene,
  context: EventContext,
  text: string,
  shown?: Reply,
): Promise<Effects> {
  const secrets = secretsIn(context.event, text);
  if (secrets.length > 0) {
    await scene.stores.files.dropOf(context.inboxId);
    return holdBack(scene, context, secrets, relayTexts.heldBack(secrets, scene.files?.kept.length ?? 0));
  }
  const words = shown === undefined ? relayedWords(context.event, text) : { text, shown };
  return postReply(scene, context.event, withLinesBelow(words, namedFiles(scene.files)), context.inboxId);
}

/** @param inboxId of the event that brought the message, where it is not the one that is worked on */
export async function postReply(
  scene: HandoffScene,
  event: InboundEvent,
  { text, shown }: RelayedWords,
  inboxId?: string,
): Promise<Effects> {
  const { handoff, stores } = scene;
  const other = await justAnswered(scene, event.occurredAt);
  const result = await changeHandoff(scene, { kind: "reply" });
  if (result.kind === "refused") return refuse(scene, result.reason, other);
  const speaker = await shownAgent(scene);
  const relayed = fromBot(scene, handoff.conversationId, "relay", text);
  const words = text === "" ? [] : [{ ...relayed, speaker, reply: shown }];
  const [deliveryId] = await stores.deliveries.add(words);
  await passFiles(scene, handoff.conversationId, speaker);
  await tellAgentsOfFiles(scene);
  if (other !== null && deliveryId !== undefined) await tellOfCollision(scene, other, deliveryId);
  await append(scene, "agent", event, saidWithFiles(text, scene.files), inboxId);
  return { outcome: { kind: "relayed", reason: "to-customer" }, wake: await wakeAll(scene) };
}

/** Outcomes of messages that were held back begin like this. */
export const HELD_BACK = "held-back";

/**
 * Keeps nothing of the words, in the inbox neither: what is left is who wrote something of which kind, and when. The
 * handoff stays as it is, so that nobody seems to have answered.
 */
export async function holdBack(
  { stores, handoff, actor, ...scene }: HandoffScene,
  { lease, inboxId }: EventContext,
  secrets: readonly string[],
  notice: string,
): Promise<Effects> {
  await stores.inbox.redact(lease, inboxId, `(Held back: ${secrets.join(", ")})`);
  await stores.handoffs.transition(handoff.handoffId, handoff, { event: HELD_BACK, actor });
  return tellOnly({ ...scene, stores, handoff, actor }, notice, `${HELD_BACK}: ${secrets.join(", ")}`);
}
