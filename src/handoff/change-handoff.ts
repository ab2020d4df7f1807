import type { Clock } from "../ports/clock.js";
import type { NewId } from "../ports/ids.js";
import { plainReply, type ReplyAction } from "../ports/reply.js";
import type { Handoff, HandoffActor, HandoffStanding, HandoffTimerRow } from "../ports/handoffs.js";
import type { CoreStores, DeliveryCause, DeliveryPurpose, NewDelivery } from "../ports/stores.js";
import type { AgentsChannel } from "./agents-channel.js";
import type { BusinessHours } from "./business-hours.js";
import { cardActions, cardInState } from "./handoff-card.js";
import { conversationLanguage } from "./conversation-language.js";
import { hoursOf } from "./choose-team.js";
import { customerText } from "./customer-texts.js";
import { agentsLifeText } from "./life-texts.js";
import type { TeamPlan } from "./route-handoff.js";
import {
  nextHandoffState,
  type HandoffEvent,
  type HandoffRefusal,
  type HandoffSaying,
  type HandoffTransition,
} from "./state-machine.js";
import { timersAfter, type TimerPolicy } from "./timers.js";

/** What every change of a handoff needs to know. */
export interface HandoffRules {
  readonly botName: string;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly timers: TimerPolicy;
  /** When a team without hours of its own answers; null: always. */
  readonly hours: BusinessHours | null;
  /** Null: one team, which has no name. */
  readonly teams: TeamPlan | null;
  readonly agentsChannel: AgentsChannel;
}

/** A handoff whose row is locked, and what happens to it. */
export interface HandoffScene {
  readonly rules: HandoffRules;
  readonly stores: CoreStores;
  readonly handoff: Handoff;
  readonly actor: HandoffActor;
  readonly cause: DeliveryCause;
}

export type HandoffChangeResult =
  | { readonly kind: "changed"; readonly standing: HandoffStanding }
  | { readonly kind: "refused"; readonly reason: HandoffRefusal };

/**
 * Does what the state machine says, in the transaction that has locked the handoff: writes how it stands and who did
 * what, starts and ends its timers, tells both sides, and brings the card up to date. What is refused changes nothing.
 *
 * @param over the timer that has run out, where that is what happens
 */
export async function changeHandoff(
  scene: HandoffScene,
  event: HandoffEvent,
  over: HandoffTimerRow | null = null,
): Promise<HandoffChangeResult> {
  const { rules, stores, handoff, actor } = scene;
  const now = rules.clock.now();
  const transition = nextHandoffState(handoff, event, actor, now);
  if (transition.kind === "refused") return transition;
  const standing = transition.kind === "moved" ? transition.to : handoff;
  if (transition.kind === "moved" || over !== null) {
    const isAudited = over !== null || showsOtherwise(standing, handoff) || standing.isSettled !== handoff.isSettled;
    await stores.handoffs.transition(handoff.handoffId, standing, isAudited ? { event: event.kind, actor } : null);
    await runTimers(scene, standing, over, now);
  }
  await sayAll(scene, standing, transition);
  if (showsOtherwise(standing, handoff)) await updateCard(scene, standing);
  return { kind: "changed", standing };
}

function showsOtherwise(now: HandoffStanding, before: HandoffStanding): boolean {
  const isHeldOtherwise = now.claimedBy?.id !== before.claimedBy?.id;
  return now.state !== before.state || isHeldOtherwise || now.snoozedUntil !== before.snoozedUntil;
}

/** The timers of a handoff that begins. */
export function startTimers(scene: HandoffScene): Promise<void> {
  return runTimers(scene, scene.handoff, null, scene.rules.clock.now());
}

async function runTimers(
  { rules, stores, handoff }: HandoffScene,
  standing: HandoffStanding,
  over: HandoffTimerRow | null,
  now: Date,
): Promise<void> {
  const running = await stores.handoffs.timers(handoff.handoffId);
  // What a state began with runs on only while it lasts.
  const kept = standing.state === handoff.state && standing.snoozedUntil === handoff.snoozedUntil ? running : [];
  const { timers: policy, newId } = rules;
  const hours = hoursOf(rules, handoff.team);
  const next = timersAfter(standing, { running: kept, over }, { policy, hours, now });
  await stores.handoffs.setTimers(
    handoff.handoffId,
    next.map((timer) => running.find((known) => known === timer) ?? { ...timer, timerId: newId() }),
  );
}

async function sayAll(scene: HandoffScene, standing: HandoffStanding, { says }: Allowed): Promise<void> {
  for (const saying of says) {
    if (saying.to === "agents") await tellAgents(scene, standing, saying);
    else await tellCustomer(scene, standing, saying);
  }
}

type Allowed = Exclude<HandoffTransition, { kind: "refused" }>;

function tellAgents(
  scene: HandoffScene,
  { claimedBy, snoozedUntil }: HandoffStanding,
  { text }: Extract<HandoffSaying, { to: "agents" }>,
): Promise<unknown> {
  const { handoff, actor, stores } = scene;
  const news = agentsLifeText(text, { actor: actor.displayName, holder: claimedBy, snoozedUntil });
  return stores.deliveries.add([fromBot(scene, handoff.agentConversationId, "notice", news)]);
}

/** In the language of what they have written. Under what is asked of them are the buttons to answer with. */
async function tellCustomer(
  scene: HandoffScene,
  { claimedBy }: HandoffStanding,
  { text }: Extract<HandoffSaying, { to: "customer" }>,
): Promise<void> {
  const { handoff, actor, stores } = scene;
  const { handoffId, conversationId } = handoff;
  const agent = text === "joined" ? (claimedBy ?? actor) : actor;
  const language = await conversationLanguage(stores, conversationId);
  const actions: readonly ReplyAction[] =
    text === "solved"
      ? [
          { name: "solved", handoffId },
          { name: "not-solved", handoffId },
        ]
      : [];
  const said = customerText(text, language, { agent: agent.displayName });
  await stores.deliveries.add([fromBot(scene, conversationId, "status", said, actions)]);
}

/** The card shows how its handoff stands and what can be done with it; where it cannot be read any more, it stays. */
async function updateCard(scene: HandoffScene, standing: HandoffStanding): Promise<void> {
  const { stores, handoff, cause, rules } = scene;
  if (handoff.cardDeliveryId === null) return;
  const card = await stores.deliveries.posted(handoff.cardDeliveryId);
  if (card === null) return;
  await stores.deliveries.add([
    {
      conversationId: card.conversationId,
      cause,
      purpose: "card-state",
      operation: "edit",
      targetDeliveryId: handoff.cardDeliveryId,
      speaker: { role: "bot", name: rules.botName },
      reply: cardInState(card.reply, standing, cardActions(handoff.handoffId, standing.state)),
    },
  ]);
}

export function fromBot(
  { cause, rules }: Pick<HandoffScene, "cause" | "rules">,
  conversationId: string,
  purpose: DeliveryPurpose,
  text: string,
  actions: readonly ReplyAction[] = [],
): NewDelivery {
  return {
    conversationId,
    cause,
    purpose,
    operation: "post",
    targetDeliveryId: null,
    speaker: { role: "bot", name: rules.botName },
    reply: plainReply(text, actions),
  };
}

/** Both sides, and where the card is. */
export async function wakeAll({ stores, handoff }: HandoffScene): Promise<readonly string[]> {
  const card = handoff.cardDeliveryId === null ? null : await stores.deliveries.posted(handoff.cardDeliveryId);
  const sides = [handoff.conversationId, handoff.agentConversationId];
  return card === null ? sides : [...sides, card.conversationId];
}
