import type { HandoffOpener } from "../handoff/open-handoff.js";
import { conversationLanguage } from "../handoff/conversation-language.js";
import { customerText } from "../handoff/customer-texts.js";
import { fileName } from "../handoff/files/file-rules.js";
import { customersFileNotice } from "../handoff/files/file-texts.js";
import { wordsOf } from "../handoff/relayed-words.js";
import { handoffTexts } from "../handoff/texts.js";
import type { DeletionEvent, InboundEvent, MessageEvent } from "../ports/chat.js";
import { plainReply } from "../ports/reply.js";
import type { ConversationState, CoreStores, DeliveryCause, Lease } from "../ports/stores.js";
import { questionAfter } from "./amended-turn.js";
import { botReply } from "./bot-reply.js";
import type { Commit, Effects } from "./event-context.js";
import { strikeWords, withdrawTurn } from "./withdraw.js";

/** An event that failed at every attempt. */
export interface HopelessEvent {
  readonly lease: Lease;
  readonly inboxId: string;
  readonly cause: DeliveryCause;
  /** Null when it could not even be read. */
  readonly event: InboundEvent | null;
}

interface GivingUp {
  readonly opener: HandoffOpener;
  readonly botName: string;
}

/**
 * The end of an event that failed at every attempt: a fixed sentence with a reference, and a person told where the
 * customer is the one who waits. Outcome `failed`; silence only where nobody had asked for anything. Words that were
 * deleted go all the same.
 */
export function giveUp(deps: GivingUp, hopeless: HopelessEvent): Commit {
  const { lease, event } = hopeless;
  return async (stores) => {
    const state = await stores.conversations.state(lease.conversationId);
    if (event?.kind === "deletion") return await endDeletion(deps, hopeless, event, state, stores);
    // Nobody waits for what becomes of it.
    if (event?.kind === "reaction") return failed([]);
    // Nobody passes on any more what came with it.
    await stores.files.dropOf(hopeless.inboxId);
    if (event?.kind === "message" && state.agentSideOf === null) {
      await keepWords(hopeless, event, stores);
      const askers = event.addressesBot ? [event.author.id] : await stores.conversations.askers(lease.conversationId);
      const isAddressed = askers.includes(event.author.id);
      if (state.handoff === null && isAddressed) return await handOver(deps, hopeless, event, stores);
    }
    return tellThatItFailed(deps, hopeless, state, stores);
  };
}

/** What the customer has taken back goes, whatever else could not be done about it. */
async function endDeletion(
  { botName }: GivingUp,
  hopeless: HopelessEvent,
  event: DeletionEvent,
  { handoff, agentSideOf }: ConversationState,
  stores: CoreStores,
): Promise<Effects> {
  const { lease } = hopeless;
  const turn = agentSideOf === null ? await stores.inbox.turnOf(lease, event) : null;
  if (turn === null) return failed([]);
  const isAnswered = !turn.wentToPeople && turn.outcome.kind !== "ignored" && handoff === null;
  if (isAnswered && questionAfter({ event }, turn) === "") {
    return { ...failed(await withdrawTurn(stores, lease, turn, botName)), turnId: turn.turnId };
  }
  const due = await strikeWords(stores, lease, turn);
  if (handoff === null) return { ...failed(due), turnId: turn.turnId };
  const notice = botReply(hopeless, plainReply(handoffTexts.deleted(event.author.displayName)), botName);
  const { agentConversationId } = handoff;
  await stores.deliveries.add([{ ...notice, conversationId: agentConversationId, purpose: "notice" }]);
  return { ...failed([...new Set([...due, agentConversationId])]), turnId: turn.turnId };
}

async function keepWords({ lease, cause }: HopelessEvent, event: MessageEvent, stores: CoreStores): Promise<void> {
  await stores.conversations.append(lease.conversationId, cause, {
    speaker: "customer",
    name: event.author.displayName,
    text: wordsOf(event),
    at: event.occurredAt,
  });
}

async function handOver(
  { opener, botName }: GivingUp,
  hopeless: HopelessEvent,
  event: MessageEvent,
  stores: CoreStores,
): Promise<Effects> {
  const { lease, cause, inboxId } = hopeless;
  const question = wordsOf(event);
  const language = await conversationLanguage(stores, lease.conversationId, question);
  const reference = referenceOf(inboxId);
  const asked = {
    lease,
    question,
    reason: "fault",
    channelId: event.channelId,
    customerId: event.author.id,
    customerDomain: event.author.emailDomain ?? null,
    answer: null,
    tried: [],
  } as const;
  if (!(await opener.isReachable(stores, asked))) {
    const text = customerText("notDone", language, { reference });
    await stores.deliveries.add([botReply(hopeless, plainReply(text), botName)]);
    return failed([lease.conversationId]);
  }
  const wake = await opener.open(stores, {
    ...asked,
    cause,
    customerName: event.author.displayName,
    toCustomer: customerText("handedOverFault", language, { reference }),
  });
  const lost = (event.files ?? []).map(({ name }) => ({ name: fileName(name), why: "not-fetched" }) as const);
  if (lost.length > 0) {
    const notice = botReply(hopeless, plainReply(customersFileNotice(lost, language, null)), botName);
    await stores.deliveries.add([{ ...notice, purpose: "file-notice" }]);
  }
  return failed(wake);
}

/** While a person has the conversation the bot says nothing in it: their thread gets the notice. */
async function tellThatItFailed(
  { botName }: GivingUp,
  hopeless: HopelessEvent,
  { handoff, agentSideOf }: ConversationState,
  stores: CoreStores,
): Promise<Effects> {
  const { lease, inboxId, event } = hopeless;
  if (isNobodysRequest(event) && handoff === null && agentSideOf === null) return failed([]);
  const reference = referenceOf(inboxId);
  const isRelay = handoff !== null;
  // In the agents' thread the customer's language would say nothing.
  const language = agentSideOf === null ? await conversationLanguage(stores, lease.conversationId) : "en";
  const text = isRelay
    ? handoffTexts.faultWhileHandedOver(reference)
    : customerText("notDone", language, { reference });
  const conversationId = isRelay ? handoff.agentConversationId : lease.conversationId;
  await stores.deliveries.add([{ ...botReply(hopeless, plainReply(text), botName), conversationId }]);
  return failed([conversationId]);
}

/** What was overheard: nobody waits for a word about it. */
function isNobodysRequest(event: InboundEvent | null): boolean {
  return (event?.kind === "message" || event?.kind === "edit") && !event.addressesBot;
}

function failed(wake: readonly string[]): Effects {
  return { outcome: { kind: "failed", reason: "fault" }, wake };
}

/** What a customer can quote, and an operator can find in the log. */
function referenceOf(inboxId: string): string {
  return inboxId.slice(-8);
}
