import { replyText } from "../answering/reply-text.js";
import { bullets, code, paragraph, reply, text } from "../commands/reply-blocks.js";
import { plainReply, type Reply } from "../ports/reply.js";
import type { StoredSuggestion } from "../ports/suggestions.js";
import type { Effects } from "../routing/event-context.js";
import { readHistory } from "../routing/read-history.js";
import { agentName } from "./agent-names.js";
import { fillReply, textIn, type FilledReply } from "./canned-replies.js";
import { fromBot } from "./change-handoff.js";
import type { HandoffScene } from "./handoff-scene.js";
import { conversationLanguage } from "./conversation-language.js";
import { helpTexts } from "./help-texts.js";
import { HISTORY_WINDOW, historyReply } from "./history-reply.js";
import { lastAsked } from "./last-asked.js";

/** The one way in which an agent's words go to the customer; what it holds back is held back here, too. */
export type RelayToCustomer = (text: string, shown?: Reply) => Promise<Effects>;

/** Sends a suggestion as a reply of whoever sends it, unless something else was said since. */
export async function sendSuggestion(
  scene: HandoffScene,
  suggestion: StoredSuggestion | null,
  relay: RelayToCustomer,
): Promise<Effects> {
  if (suggestion === null) return tellOnly(scene, plainReply(helpTexts.noSuggestionYet), "no-suggestion");
  if (suggestion.isAnswered) return tellOnly(scene, plainReply(helpTexts.answeredSince), "suggestion-answered");
  const history = await readHistory(scene.stores.conversations, scene.handoff.conversationId);
  const isCurrent = lastAsked(history)?.question === suggestion.question;
  if (!isCurrent) return tellOnly(scene, plainReply(helpTexts.outdated), "suggestion-outdated");
  const { blocks, citations } = suggestion.reply;
  const sent = await relay(replyText({ blocks }), { blocks, citations, actions: [] });
  if (sent.outcome.kind === "relayed") await show(scene, plainReply(helpTexts.sent(scene.actor.displayName)));
  return sent;
}

/** Sends a reply that the house has set up. */
export async function sendCanned(scene: HandoffScene, name: string, relay: RelayToCustomer): Promise<Effects> {
  const { handoff, actor, stores, rules } = scene;
  const language = await conversationLanguage(stores, handoff.conversationId);
  const agent = agentName(rules.agentNames ?? "full", actor.displayName, language);
  const values = { customer: handoff.customerName, agent };
  const filled = fillReply(rules.replies ?? [], name, language, values);
  if (filled.kind !== "filled") return tellOnly(scene, plainReply(notSent(filled, name)), `reply-${filled.kind}`);
  const sent = await relay(filled.text);
  if (sent.outcome.kind === "relayed") await show(scene, shownToAgents(actor.displayName, filled));
  return sent;
}

/** The replies that are set up, each with its name and how it begins. */
export async function listCanned(scene: HandoffScene): Promise<Effects> {
  const { replies = [] } = scene.rules;
  if (replies.length === 0) return tellOnly(scene, plainReply(helpTexts.noReplies), "replies");
  const language = await conversationLanguage(scene.stores, scene.handoff.conversationId);
  const items = replies.map((one) => [code(one.name), text(` ${beginningOf(textIn(one, language))}`)]);
  const how = paragraph(code("!reply NAME"), text(" sends one to the customer."));
  return tellOnly(scene, reply(bullets(items), how), "replies");
}

/** The conversation so far, for agents who see only its thread. */
export async function showHistory(scene: HandoffScene): Promise<Effects> {
  const said = await scene.stores.conversations.earlier(scene.handoff.conversationId, HISTORY_WINDOW);
  return tellOnly(scene, historyReply(said), "history");
}

function shownToAgents(agent: string, { name, text: words }: Extract<FilledReply, { kind: "filled" }>): Reply {
  const { blocks } = plainReply(words);
  return reply(paragraph(text(helpTexts.sentReply(agent, name))), { kind: "quote", blocks });
}

function notSent(filled: Exclude<FilledReply, { kind: "filled" }>, typed: string): string {
  if (filled.kind === "missing") {
    return `The reply “${filled.name}” needs {${filled.placeholder}}, which is not known here, so nothing was sent to the customer.`;
  }
  const hint = filled.nearest === null ? "" : ` Did you mean \`!reply ${filled.nearest}\`?`;
  return `There is no reply “${typed}”, so nothing was sent to the customer.${hint} \`!replies\` lists what there is.`;
}

const BEGINNING = 80;

function beginningOf(words: string): string {
  const line = words.replaceAll(/\s+/gu, " ").trim();
  return line.length > BEGINNING ? `${line.slice(0, BEGINNING).trimEnd()}…` : line;
}

async function tellOnly(scene: HandoffScene, words: Reply, reason: string): Promise<Effects> {
  await show(scene, words);
  return { outcome: { kind: "recorded", reason }, wake: [scene.handoff.agentConversationId] };
}

/** Beside what is said about the handoff itself: that is a delivery of its own. */
async function show(scene: HandoffScene, words: Reply): Promise<void> {
  const { stores, handoff } = scene;
  await stores.deliveries.add([{ ...fromBot(scene, handoff.agentConversationId, "reply", ""), reply: words }]);
}
