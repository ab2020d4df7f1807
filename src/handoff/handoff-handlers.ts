import type { Author, InboundEvent } from "../ports/chat.js";
import type { Clock } from "../ports/clock.js";
import { ChangedMeanwhileError } from "../ports/errors.js";
import { plainReply } from "../ports/reply.js";
import type {
  CoreStores,
  DeliveryCause,
  DeliveryPurpose,
  Handoff,
  HandoffActor,
  NewDelivery,
  Turn,
} from "../ports/stores.js";
import type { Commit, Effects, EventContext } from "../routing/event-context.js";
import { conversationLanguage } from "./conversation-language.js";
import { customerText } from "./customer-texts.js";
import { isOpen, nextHandoffState, type HandoffTransition } from "./state-machine.js";
import { handoffTexts } from "./texts.js";

/** What people do with an open handoff. Each returns the commit that does it. */
export interface HandoffHandlers {
  claim(context: EventContext, handoffId: string): Commit;
  resolve(context: EventContext, handoffId: string): Commit;
  /** An agent's words to the customer. */
  relayToCustomer(context: EventContext, handoff: Handoff, text: string): Commit;
  /** A customer's words to the agents. */
  relayToAgents(context: EventContext, handoff: Handoff, text: string): Commit;
  /** A customer changed what they had written. The turn is that message's, null when it never came. */
  relayEdit(
    context: EventContext,
    handoff: Handoff,
    edit: { readonly turn: Turn | null; readonly text: string },
  ): Commit;
  relayDeletion(context: EventContext, handoff: Handoff, turn: Turn): Commit;
  /** An agent changed or deleted what was sent: they are not left believing that the customer sees it. */
  tellUnchanged(context: EventContext, handoff: Handoff): Commit;
  /** An agent's internal note: kept, and never sent anywhere near the customer. */
  note(context: EventContext, handoff: Handoff, text: string): Commit;
  /** Somebody in the agents' thread who is none of them, or of whom it cannot be told: they are not left believing it was sent. */
  turnAway(context: EventContext, handoff: Handoff): Commit;
}

interface Scene {
  readonly stores: CoreStores;
  readonly handoff: Handoff;
  readonly actor: HandoffActor;
  readonly cause: DeliveryCause;
  readonly botName: string;
}

export function createHandoffHandlers(deps: { readonly botName: string; readonly clock: Clock }): HandoffHandlers {
  const onStage = (context: EventContext, handoffId: string, act: (scene: Scene) => Promise<Effects>): Commit => {
    const actor = toActor(context.event.author);
    return async (stores) => {
      const handoff = await stores.handoffs.lock(handoffId);
      return act({ stores, handoff, actor, cause: context.cause, botName: deps.botName });
    };
  };
  return {
    claim: (context, handoffId) => onStage(context, handoffId, claim),
    resolve: (context, handoffId) => onStage(context, handoffId, resolve),
    relayToCustomer: (context, { handoffId }, text) =>
      onStage(context, handoffId, (scene) => relayToCustomer(scene, context.event, text)),
    relayToAgents: (context, { handoffId }, text) =>
      onStage(context, handoffId, (scene) => relayToAgents(scene, context.event, text)),
    relayEdit: (context, { handoffId }, edit) =>
      onStage(context, handoffId, (scene) => relayEdit(scene, context.event, edit)),
    relayDeletion: (context, { handoffId }, turn) =>
      onStage(context, handoffId, (scene) => relayDeletion(scene, context.event, turn)),
    tellUnchanged: (context, { handoffId }) => onStage(context, handoffId, tellUnchanged),
    note: (context, { handoffId }, text) => onStage(context, handoffId, (scene) => note(scene, context.event, text)),
    turnAway: (context, { handoffId }) => onStage(context, handoffId, (scene) => refuse(scene, "not-an-agent")),
  };
}

async function claim(scene: Scene): Promise<Effects> {
  const { handoff, actor } = scene;
  const transition = nextHandoffState(handoff, "claim", actor);
  if (transition.kind === "refused") return refuse(scene, transition.reason);
  await move(scene, transition);
  await announceClaim(scene);
  return recorded("claimed", handoff);
}

async function resolve(scene: Scene): Promise<Effects> {
  const { handoff, actor } = scene;
  const transition = nextHandoffState(handoff, "resolve", actor);
  if (transition.kind === "refused") return refuse(scene, transition.reason);
  await move(scene, transition);
  await tell(scene, handoff.agentConversationId, "notice", handoffTexts.resolvedNotice(actor.displayName));
  await tell(scene, handoff.conversationId, "status", await toCustomer(scene, "solved"));
  return recorded("resolved", handoff);
}

async function relayToCustomer(scene: Scene, event: InboundEvent, text: string): Promise<Effects> {
  const { handoff, actor, stores } = scene;
  const transition = nextHandoffState(handoff, "reply", actor);
  if (transition.kind === "refused") return refuse(scene, transition.reason);
  if (transition.kind === "moved") {
    await move(scene, transition);
    await announceClaim(scene);
  }
  const speaker = { role: "agent", name: actor.displayName } as const;
  await stores.deliveries.add([{ ...delivery(scene, handoff.conversationId, "relay", text), speaker }]);
  await append(scene, "agent", event, text);
  return { outcome: { kind: "relayed", reason: "to-customer" }, wake: both(handoff) };
}

async function relayToAgents(scene: Scene, event: InboundEvent, text: string): Promise<Effects> {
  const { handoff, stores } = scene;
  // Resolved between the routing and this commit: routed again, the words go to the bot.
  if (!isOpen(handoff.state)) throw new ChangedMeanwhileError(`handoff ${handoff.handoffId}`);
  const speaker = { role: "customer", name: event.author.displayName } as const;
  await stores.deliveries.add([{ ...delivery(scene, handoff.agentConversationId, "relay", text), speaker }]);
  await append(scene, "customer", event, text);
  return { outcome: { kind: "relayed", reason: "to-agents" }, wake: [handoff.agentConversationId] };
}

async function relayEdit(
  scene: Scene,
  event: InboundEvent,
  { turn, text }: { readonly turn: Turn | null; readonly text: string },
): Promise<Effects> {
  const { handoff, stores } = scene;
  if (!isOpen(handoff.state)) throw new ChangedMeanwhileError(`handoff ${handoff.handoffId}`);
  const speaker = { role: "customer", name: event.author.displayName } as const;
  const relayed = delivery(scene, handoff.agentConversationId, "relay", handoffTexts.changed(text));
  await stores.deliveries.add([{ ...relayed, speaker }]);
  const isKept = turn !== null && (await stores.conversations.amend(handoff.conversationId, turn.inboxId, text));
  if (!isKept) await append(scene, "customer", event, text);
  return { outcome: { kind: "relayed", reason: "edit" }, wake: [handoff.agentConversationId], turnId: turn?.turnId };
}

async function relayDeletion(scene: Scene, event: InboundEvent, turn: Turn): Promise<Effects> {
  const { handoff, stores } = scene;
  await stores.conversations.strike(handoff.conversationId, turn.inboxId);
  await stores.traces.forget(turn.turnId);
  await tell(scene, handoff.agentConversationId, "notice", handoffTexts.deleted(event.author.displayName));
  return { outcome: { kind: "relayed", reason: "deletion" }, wake: [handoff.agentConversationId], turnId: turn.turnId };
}

async function tellUnchanged(scene: Scene): Promise<Effects> {
  const { agentConversationId } = scene.handoff;
  await tell(scene, agentConversationId, "notice", handoffTexts.unchangedForCustomer);
  return { outcome: { kind: "recorded", reason: "refused-change" }, wake: [agentConversationId] };
}

async function note(scene: Scene, event: InboundEvent, text: string): Promise<Effects> {
  const { handoff, actor } = scene;
  await append(scene, "note", event, text);
  const outcome = { kind: "recorded", reason: "note" } as const;
  if (event.kind !== "note" || event.isShown !== false) return { outcome, wake: [] };
  await tell(scene, handoff.agentConversationId, "notice", handoffTexts.note(actor.displayName, text));
  return { outcome, wake: [handoff.agentConversationId] };
}

async function announceClaim(scene: Scene): Promise<void> {
  const { handoff, actor } = scene;
  await tell(scene, handoff.agentConversationId, "notice", handoffTexts.claimedNotice(actor.displayName));
  await tell(scene, handoff.conversationId, "status", await toCustomer(scene, "joined"));
}

async function toCustomer({ stores, handoff, actor }: Scene, name: "joined" | "solved"): Promise<string> {
  const language = await conversationLanguage(stores, handoff.conversationId);
  return customerText(name, language, { agent: actor.displayName });
}

/** Refusals are seen by the agents, in their thread, and change nothing. */
async function refuse(
  scene: Scene,
  reason: Extract<HandoffTransition, { kind: "refused" }>["reason"] | "not-an-agent",
): Promise<Effects> {
  const { handoff } = scene;
  const holder = handoff.claimedBy?.displayName ?? "Somebody else";
  const text = reason === "claimed-by-other" ? handoffTexts.refused[reason](holder) : handoffTexts.refused[reason];
  await tell(scene, handoff.agentConversationId, "notice", text);
  return { outcome: { kind: "recorded", reason: `refused-${reason}` }, wake: [handoff.agentConversationId] };
}

async function move(scene: Scene, transition: HandoffTransition): Promise<void> {
  if (transition.kind !== "moved") return;
  const { stores, handoff, actor } = scene;
  await stores.handoffs.transition(handoff.handoffId, transition.to, actor, transition.claimedBy);
}

async function tell(scene: Scene, conversationId: string, purpose: DeliveryPurpose, text: string) {
  await scene.stores.deliveries.add([delivery(scene, conversationId, purpose, text)]);
}

function delivery(
  { cause, botName }: Scene,
  conversationId: string,
  purpose: DeliveryPurpose,
  text: string,
): NewDelivery {
  return {
    conversationId,
    cause,
    purpose,
    operation: "post",
    targetDeliveryId: null,
    speaker: { role: "bot", name: botName },
    reply: plainReply(text),
  };
}

/** The transcript of a handoff is kept with the customer's conversation, so that it can be read as one. */
async function append(scene: Scene, speaker: "customer" | "agent" | "note", event: InboundEvent, text: string) {
  await scene.stores.conversations.append(scene.handoff.conversationId, scene.cause, {
    speaker,
    name: event.author.displayName,
    text,
    at: event.occurredAt,
  });
}

function recorded(reason: string, handoff: Handoff): Effects {
  return { outcome: { kind: "recorded", reason }, wake: both(handoff) };
}

function both({ conversationId, agentConversationId }: Handoff): string[] {
  return [conversationId, agentConversationId];
}

function toActor(author: Author): HandoffActor {
  return { id: author.id, displayName: author.displayName, role: author.role };
}
