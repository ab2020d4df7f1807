import { replyText } from "../answering/reply-text.js";
import type { ReactionEvent } from "../ports/chat.js";
import { plainReply, type Reply } from "../ports/reply.js";
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
 * of it goes. A reaction on anything else, in another handoff, or after this one is over, is nobody's acknowledgement.
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
  if (shown?.emoji !== event.emoji) return ignore("not-shown");
  const wake = await deletePosts(stores, [shown.delivery]);
  return { outcome: { kind: "relayed", reason: "reaction-taken-back" }, wake };
}

async function tell(scene: HandoffScene, context: EventContext<ReactionEvent>, reply: Reply): Promise<Effects> {
  const { stores, handoff } = scene;
  const { emoji, author } = context.event;
  const words = beginningOf(reply);
  const isByAgent = context.lease.conversationId === handoff.agentConversationId;
  const to = isByAgent ? handoff.conversationId : handoff.agentConversationId;
  const text = isByAgent
    ? await toldToCustomer(scene, { emoji, words })
    : handoffTexts.reacted({ name: author.displayName, emoji, words });
  await stores.deliveries.add([{ ...fromBot(scene, to, "reaction", text), reply: plainReply(text) }]);
  return { outcome: { kind: "relayed", reason: "reaction" }, wake: [to] };
}

async function toldToCustomer(
  { rules, stores, handoff, actor }: HandoffScene,
  put: Readonly<Record<"emoji" | "words", string>>,
): Promise<string> {
  const language = await conversationLanguage(stores, handoff.conversationId);
  const name = agentSubject(rules.agentNames ?? "full", actor.displayName, language);
  return customerText("reacted", language, { ...put, name });
}

function beginningOf(reply: Reply): string {
  const line = replyText(reply).replaceAll(/\s+/gu, " ").trim();
  const letters = Array.from(line);
  return letters.length > MOST_REPEATED ? `${letters.slice(0, MOST_REPEATED).join("").trimEnd()}…` : line;
}

function ignore(reason: string): Effects {
  return { outcome: { kind: "ignored", reason }, wake: [] };
}
