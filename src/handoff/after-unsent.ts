import { replyText } from "../answering/reply-text.js";
import { assertNever } from "../ports/errors.js";
import type { Reply } from "../ports/reply.js";
import type { ClaimedDelivery, CoreStores } from "../ports/stores.js";
import { reachableChannel } from "./agents-channel.js";
import { conversationLanguage } from "./conversation-language.js";
import { customerText } from "./customer-texts.js";
import { changeHandoff } from "./change-handoff.js";
import type { HandoffRules } from "./handoff-scene.js";
import { destinationOf } from "./move-handoff.js";
import { relayTexts } from "./relay-texts.js";
import { isOpen } from "./state-machine.js";
import { handoffTexts } from "./texts.js";

export interface AfterUnsentDependencies {
  readonly botName: string;
  readonly rules: HandoffRules;
}

interface Unsent extends AfterUnsentDependencies {
  readonly stores: CoreStores;
  readonly delivery: ClaimedDelivery;
  readonly state: UnsentState;
}

/** Whether it was refused, or may have arrived. */
export type UnsentState = "unconfirmed" | "failed";

/**
 * After a delivery that ended without being seen to arrive: the other side is told, with a reference that is in the log.
 * A handoff whose card was not posted goes to the fallback team, or expires where there is none: no agent will ever see it. Runs in the transaction that ends the
 * delivery; resolves with the conversations that have posts due.
 */
export async function afterUnsent(
  deps: AfterUnsentDependencies,
  stores: CoreStores,
  delivery: ClaimedDelivery,
  state: UnsentState,
): Promise<readonly string[]> {
  const unsent: Unsent = { ...deps, stores, delivery, state };
  const { purpose, speaker } = delivery;
  switch (purpose) {
    case "handoff-card":
      return delivery.part === 0 ? expire(unsent) : tellOfCard(unsent);
    case "relay":
      if (speaker.role === "customer") return tellCustomer(unsent);
      return delivery.operation === "edit" ? afterUnsentChange(unsent) : tellAgents(unsent);
    case "reply":
      return delivery.operation === "edit" && delivery.reply !== null
        ? afterUnsentEdit(unsent, delivery.reply)
        : tellAgents(unsent);
    case "status":
    case "replacement":
      return tellAgents(unsent);
    case "notice":
    case "unsent":
    case "file-notice":
    // Nobody waits for it.
    case "reaction":
    // It can be read with the customer's side of it.
    case "transcript":
    // How it stands is told in its thread, too.
    case "card-state":
      // These tell of something else already; telling of them, too, might never end.
      return [];
    case "withdrawal":
      // What the customer has taken back themselves may stand: it harms nobody.
      return speaker.role === "agent" ? putTombstone(unsent) : [];
    default:
      return assertNever(purpose);
  }
}

async function afterUnsentEdit(unsent: Unsent, reply: Reply): Promise<readonly string[]> {
  const { stores, delivery, state } = unsent;
  if (await stores.deliveries.isOvertaken(delivery.cause)) return [];
  // Where it is shown after all, the same words below it would be a second answer.
  return state === "unconfirmed" ? tellAgents(unsent) : postInstead(unsent, reply);
}

/** The customer's copy of an agent's reply cannot be deleted: that it was taken back is written over it. */
async function putTombstone({ stores, delivery }: Unsent): Promise<readonly string[]> {
  const { conversationId, cause, deliveryId, speaker } = delivery;
  const language = await conversationLanguage(stores, conversationId);
  await stores.deliveries.add([
    {
      conversationId,
      cause: { type: "delivery", id: deliveryId },
      purpose: "relay",
      operation: "edit",
      targetDeliveryId: cause.id,
      speaker,
      reply: said(customerText("takenBack", language), null),
    },
  ]);
  return [conversationId];
}

/** What agents have changed since is another delivery, which tells of itself. */
async function afterUnsentChange(unsent: Unsent): Promise<readonly string[]> {
  const { stores, delivery } = unsent;
  if (await stores.deliveries.isOvertaken(delivery.cause)) return [];
  const handoff = await stores.handoffs.newestOf(delivery.conversationId);
  if (handoff === null) return [];
  const reply = said(relayTexts.unsentChange(referenceOf(delivery)), wordsOf(delivery));
  return tell(unsent, handoff.agentConversationId, reply);
}

/** The former answer cannot be changed, or is gone: the new one is posted below, and says what it is. */
async function postInstead({ stores, delivery, botName }: Unsent, reply: Reply): Promise<readonly string[]> {
  const { conversationId, cause } = delivery;
  const asked = await stores.conversations.saidIn(conversationId, cause);
  const language = await conversationLanguage(stores, conversationId, asked?.text);
  await stores.deliveries.add([
    {
      conversationId,
      cause,
      purpose: "replacement",
      operation: "post",
      targetDeliveryId: null,
      speaker: { role: "bot", name: botName },
      reply: {
        ...reply,
        blocks: [paragraph(customerText("replaces", language)), ...reply.blocks],
      },
    },
  ]);
  return [conversationId];
}

async function expire(unsent: Unsent): Promise<readonly string[]> {
  const { stores, delivery, rules } = unsent;
  const handoff = await stores.handoffs.ofUnpostedCard(delivery.deliveryId);
  if (handoff === null) return [];
  const actor = { id: "bot", displayName: rules.botName, role: "bot" } as const;
  const cause = { type: "delivery", id: delivery.deliveryId } as const;
  const scene = { rules, stores, handoff, actor, cause, tenantId: delivery.tenantId };
  const elsewhere = destinationOf(scene, { kind: "reassign" });
  const event = elsewhere === null ? "unreachable" : "reassign";
  const result = await changeHandoff(scene, { kind: event });
  return [handoff.conversationId, ...(result.kind === "changed" ? result.wake : [])];
}

/** Its first part stands, so there is a thread: this is part of what is delivered to it. */
function tellOfCard(unsent: Unsent): Promise<readonly string[]> {
  const { delivery } = unsent;
  return tell(unsent, delivery.conversationId, said(handoffTexts.unsentCard(referenceOf(delivery)), null));
}

async function tellCustomer(unsent: Unsent): Promise<readonly string[]> {
  const { stores, delivery } = unsent;
  const { agentSideOf } = await stores.conversations.state(delivery.conversationId);
  // Also where it has gone to another team since: that one was shown what had been said.
  if (agentSideOf === null) return [];
  const language = await conversationLanguage(stores, agentSideOf.conversationId);
  const text = customerText("unsentToAgents", language, { reference: referenceOf(delivery) });
  const reply = said(text, wordsOf(delivery));
  return tell(unsent, agentSideOf.conversationId, reply);
}

/** In the thread of the handoff; about an answer of the bot's, which belongs to none, where what is no team's own goes. */
async function tellAgents(unsent: Unsent): Promise<readonly string[]> {
  const { stores, delivery } = unsent;
  const handoff = await stores.handoffs.newestOf(delivery.conversationId);
  if (handoff === null || (delivery.purpose === "reply" && !isOpen(handoff.state))) return tellChannel(unsent);
  const reply = said(handoffTexts.unsentToCustomer(referenceOf(delivery)), wordsOf(delivery));
  return tell(unsent, handoff.agentConversationId, reply);
}

/** Only about what a customer asked: whoever typed a command sees that nothing came, and types it again. */
async function tellChannel(unsent: Unsent): Promise<readonly string[]> {
  const { stores, delivery, rules } = unsent;
  const asked = await stores.conversations.saidIn(delivery.conversationId, delivery.cause);
  const channel = reachableChannel(rules.agentsChannel, delivery.tenantId, null);
  if (asked === null || channel === null) return [];
  const conversationId = await stores.conversations.ensure(channel);
  const reply = said(handoffTexts.unsentAnswer(asked.name, referenceOf(delivery)), asked.text);
  return tell(unsent, conversationId, reply);
}

async function tell(
  { stores, delivery, botName }: Unsent,
  conversationId: string,
  reply: Reply,
): Promise<readonly string[]> {
  await stores.deliveries.add([
    {
      conversationId,
      cause: { type: "delivery", id: delivery.deliveryId },
      purpose: "unsent",
      operation: "post",
      targetDeliveryId: null,
      speaker: { role: "bot", name: botName },
      reply,
    },
  ]);
  return [conversationId];
}

/** So much of a message is repeated that its writer knows it again. */
const MOST_REPEATED = 200;

function said(text: string, repeated: string | null): Reply {
  const words = (repeated ?? "").trim();
  const short = words.length > MOST_REPEATED ? `${words.slice(0, MOST_REPEATED).trimEnd()}…` : words;
  const quote = { kind: "quote", blocks: [paragraph(short)] } as const;
  return { blocks: [paragraph(text), ...(short === "" ? [] : [quote])], citations: [], actions: [] };
}

function paragraph(text: string) {
  return { kind: "paragraph", children: [{ kind: "text", text }] } as const;
}

function wordsOf({ reply }: ClaimedDelivery): string | null {
  return reply === null ? null : replyText(reply);
}

function referenceOf({ deliveryId }: ClaimedDelivery): string {
  return deliveryId.slice(-8);
}
