import { replyText } from "../answering/reply-text.js";
import type { ReactionEvent } from "../ports/chat.js";
import type { ShownReaction } from "../ports/reactions.js";
import type { Reply } from "../ports/reply.js";
import type { Effects, EventContext } from "../routing/event-context.js";
import { agentSubject } from "./agent-names.js";
import { fromBot } from "./change-handoff.js";
import { conversationLanguage } from "./conversation-language.js";
import { customerText } from "./customer-texts.js";
import { deletePosts } from "./delete-posts.js";
import type { HandoffScene } from "./handoff-scene.js";
import { isOpen } from "./state-machine.js";
import { handoffTexts } from "./texts.js";

/** So much of a message is repeated that its writer knows it again. */
const MOST_REPEATED = 60;

/**
 * A reaction on what was relayed is told to whoever wrote that, once for each person and message; taken back, what told
 * of it goes, or says what else of theirs is on the message. A reaction on anything else, in another handoff, or after this one is over, is nobody's acknowledgement.
 */
export async function acknowledge(scene: HandoffScene, context: EventContext<ReactionEvent>): Promise<Effects> {
  const { stores, handoff } = scene;
  const { lease, event } = context;
  if (!isOpen(handoff.state)) return ignore("over");
  const { handoffId } = handoff;
  const { conversationId } = lease;
  const relayed = await stores.reactions.relayedAs({ handoffId, conversationId }, event.messageId);
  if (relayed === null) return ignore("not-a-relayed-message");
  const shown = await stores.reactions.shown(lease, event);
  if (event.isAdded) return shown === null ? tell(scene, context, relayed) : ignore("shown-before");
  if (shown === null || shown.isTakenBack) return ignore("not-shown");
  const left = shown.standing.includes(shown.emoji) ? shown.emoji : shown.standing[0];
  return left === undefined ? takeBack(scene, shown) : showOther(scene, context, { relayed, shown, emoji: left });
}

async function takeBack({ stores }: HandoffScene, { delivery }: ShownReaction): Promise<Effects> {
  const wake = await deletePosts(stores, [delivery]);
  return { outcome: { kind: "relayed", reason: "reaction-taken-back" }, wake };
}

interface Left {
  readonly relayed: Reply;
  readonly shown: ShownReaction;
  readonly emoji: string;
}

/** The line says what is still on the message. */
async function showOther(
  scene: HandoffScene,
  context: EventContext<ReactionEvent>,
  { relayed, shown, emoji }: Left,
): Promise<Effects> {
  const { conversationId, deliveryId, reply } = shown.delivery;
  const text = await lineOf(scene, context, relayed, emoji);
  if (text === replyText(reply)) return ignore("not-shown");
  const line = fromBot(scene, conversationId, "reaction", text);
  await scene.stores.deliveries.add([{ ...line, operation: "edit", targetDeliveryId: deliveryId }]);
  return { outcome: { kind: "relayed", reason: "reaction-changed" }, wake: [conversationId] };
}

async function tell(scene: HandoffScene, context: EventContext<ReactionEvent>, relayed: Reply): Promise<Effects> {
  const { stores, handoff } = scene;
  const to = isByAgent(scene, context) ? handoff.conversationId : handoff.agentConversationId;
  const text = await lineOf(scene, context, relayed, context.event.emoji);
  await stores.deliveries.add([fromBot(scene, to, "reaction", text)]);
  return { outcome: { kind: "relayed", reason: "reaction" }, wake: [to] };
}

async function lineOf(
  scene: HandoffScene,
  context: EventContext<ReactionEvent>,
  relayed: Reply,
  emoji: string,
): Promise<string> {
  const { rules, stores, handoff, actor } = scene;
  const words = beginningOf(relayed);
  if (!isByAgent(scene, context)) return handoffTexts.reacted({ name: actor.displayName, emoji, words });
  const language = await conversationLanguage(stores, handoff.conversationId);
  const name = agentSubject(rules.agentNames ?? "full", actor.displayName, language);
  return customerText("reacted", language, { name, emoji, words });
}

function isByAgent({ handoff }: HandoffScene, { lease }: EventContext): boolean {
  return lease.conversationId === handoff.agentConversationId;
}

function beginningOf(reply: Reply): string {
  const line = replyText(reply).replaceAll(/\s+/gu, " ").trim();
  const letters = Array.from(line);
  return letters.length > MOST_REPEATED ? `${letters.slice(0, MOST_REPEATED).join("").trimEnd()}…` : line;
}

function ignore(reason: string): Effects {
  return { outcome: { kind: "ignored", reason }, wake: [] };
}
