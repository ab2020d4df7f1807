import { plainReply, type ReplyAction } from "../ports/reply.js";
import type { HandoffStanding, HandoffTimerRow, ServiceTarget } from "../ports/handoffs.js";
import type { DeliveryPurpose, NewDelivery } from "../ports/stores.js";
import { RATINGS } from "../ports/ratings.js";
import { agentSubject } from "./agent-names.js";
import { cardActions, cardInState } from "./handoff-card.js";
import { conversationLanguage } from "./conversation-language.js";
import { changeTargets, dueWords, type ChangedTargets } from "./change-targets.js";
import { assignmentOf, hoursOf } from "./choose-team.js";
import { customerText } from "./customer-texts.js";
import { agentsLifeText } from "./life-texts.js";
import type { HandoffScene } from "./handoff-scene.js";
import { destinationOf, mayBeReassigned, moveHandoff, type Destination } from "./move-handoff.js";
import {
  isFree,
  nextHandoffState,
  type HandoffEvent,
  type HandoffRefusal,
  type HandoffSaying,
  type HandoffTransition,
} from "./state-machine.js";
import { timersAfter } from "./timers.js";
import { whatToExpect } from "./what-to-expect.js";

export type HandoffChangeResult =
  /** `wake`: conversations that have posts due beside those of the handoff. */
  | { readonly kind: "changed"; readonly standing: HandoffStanding; readonly wake: readonly string[] }
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
  const destination = destinationOf(scene, event);
  const goesNowhere = (event.kind === "reassign" || event.kind === "move") && destination === null;
  const transition = goesNowhere ? UNMOVED : nextHandoffState(handoff, event, actor, now);
  if (transition.kind === "refused") return transition;
  const to = transition.kind === "moved" ? destination : null;
  const standing = transition.kind === "moved" ? transition.to : handoff;
  let targets: ChangedTargets | null = null;
  if (transition.kind === "moved" || over !== null) {
    targets = await changeTargets(scene, standing, { event, destination: to });
    const isResettled = standing.isSettled !== handoff.isSettled;
    const isTold = to !== null || over !== null || targets.detail !== null;
    const isAudited = isTold || showsOtherwise(standing, handoff) || isResettled;
    const detail = to === null ? targets.detail : `from ${handoff.team ?? "the only team"} to ${to.team}`;
    const change = isAudited ? { event: event.kind, actor, detail } : null;
    await stores.handoffs.transition(handoff.handoffId, standing, change);
    await runTimers(scene, standing, { over, now, destination: to, targets: targets.running, isNew: false });
  }
  await sayAll(scene, standing, transition, { destination: to, over });
  // Who goes on with another question is not held up.
  const isOver = standing.isSettled && !handoff.isSettled && (event.kind === "solved" || over !== null);
  if (isOver && rules.askRating === true) await askRating(scene);
  const wake = to === null ? [] : await moveHandoff(scene, standing, to);
  if (to === null && (showsOtherwise(standing, handoff) || targets?.isShown === true)) {
    await updateCard(scene, standing);
  }
  return { kind: "changed", standing, wake };
}

/** A team that nobody can say the place of gets nothing: it stays where it is. */
const UNMOVED: HandoffTransition = { kind: "stayed", says: [] };

function showsOtherwise(now: HandoffStanding, before: HandoffStanding): boolean {
  const isHeldOtherwise = now.claimedBy?.id !== before.claimedBy?.id;
  return now.state !== before.state || isHeldOtherwise || now.snoozedUntil !== before.snoozedUntil;
}

/** The targets and timers of a handoff that begins. */
export async function startTimers(scene: HandoffScene, targets: readonly ServiceTarget[]): Promise<void> {
  const now = scene.rules.clock.now();
  await Promise.all([
    scene.stores.handoffs.setTargets(scene.handoff.handoffId, targets),
    runTimers(scene, scene.handoff, { over: null, now, destination: null, targets, isNew: true }),
  ]);
}

interface TimeOfChange {
  /** The timer that has run out. */
  readonly over: HandoffTimerRow | null;
  readonly now: Date;
  readonly destination: Destination | null;
  /** Those that run now. */
  readonly targets: readonly ServiceTarget[];
  /** Whether it begins. */
  readonly isNew: boolean;
}

/** Makes those timers run that belong to how it stands now. */
export async function runTimers(
  { rules, stores, handoff }: HandoffScene,
  standing: HandoffStanding,
  { over, now, destination, targets, isNew }: TimeOfChange,
): Promise<void> {
  const team = destination?.team ?? handoff.team;
  const running = await stores.handoffs.timers(handoff.handoffId);
  // What a state began with runs on only while it lasts; another team has all of its own time.
  const isSame =
    destination === null && standing.state === handoff.state && standing.snoozedUntil === handoff.snoozedUntil;
  const kept = isSame ? running : [];
  const { timers: policy, newId } = rules;
  const hours = hoursOf(rules, team);
  const assignment = assignmentOf(rules, team);
  const asks = assignment === null ? null : { members: assignment.members.length, isNew: isNew || !isSame };
  const next = timersAfter(
    standing,
    { running: kept, over },
    { policy, hours, now, targets, asks, mayBeReassigned: mayBeReassigned(rules, { team }) },
  );
  await stores.handoffs.setTimers(
    handoff.handoffId,
    next.map((timer) => running.find((known) => known === timer) ?? { ...timer, timerId: newId() }),
  );
}

async function sayAll(scene: HandoffScene, standing: HandoffStanding, { says }: Allowed, why: WhySaid): Promise<void> {
  for (const saying of says) {
    if (saying.to === "agents") await tellAgents(scene, standing, saying, why);
    else await tellCustomer(scene, standing, saying, why);
  }
}

interface WhySaid {
  readonly destination: Destination | null;
  /** The timer that has run out. */
  readonly over: HandoffTimerRow | null;
}

type Allowed = Exclude<HandoffTransition, { kind: "refused" }>;

function tellAgents(
  scene: HandoffScene,
  { claimedBy, snoozedUntil }: HandoffStanding,
  { text }: Extract<HandoffSaying, { to: "agents" }>,
  { destination, over }: WhySaid,
): Promise<unknown> {
  const { handoff, actor, stores } = scene;
  const news = agentsLifeText(text, {
    ...{ actor: actor.displayName, holder: claimedBy, snoozedUntil },
    team: destination?.team ?? null,
    dueAt: over?.dueAt ?? null,
  });
  return stores.deliveries.add([fromBot(scene, handoff.agentConversationId, "notice", news)]);
}

/** In the language of what they have written. Under what is asked of them are the buttons to answer with. */
async function tellCustomer(
  scene: HandoffScene,
  { claimedBy }: HandoffStanding,
  { text }: Extract<HandoffSaying, { to: "customer" }>,
  { destination }: WhySaid,
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
  const said = customerText(text, language, {
    agent: agentSubject(scene.rules.agentNames ?? "full", agent.displayName, language),
  });
  const more = destination === null ? null : await whatToExpect(scene.rules, stores, destination.team, language);
  const all = more === null ? said : `${said} ${more}`;
  await stores.deliveries.add([fromBot(scene, conversationId, "status", all, actions)]);
}

/** Once for each handoff, however often it is opened again. */
async function askRating(scene: HandoffScene): Promise<void> {
  const { stores, handoff } = scene;
  const { handoffId, conversationId } = handoff;
  if (!(await stores.ratings.ask(handoffId, handoff.claimedBy))) return;
  const actions = RATINGS.map((rating) => ({ name: "rate", handoffId, rating }) as const);
  const words = customerText("rate", await conversationLanguage(stores, conversationId));
  // Of a cause of its own: the event that ends it has a sentence of that purpose already.
  const cause = { type: "handoff", id: handoffId } as const;
  await stores.deliveries.add([fromBot({ ...scene, cause }, conversationId, "status", words, actions)]);
}

/** The card shows how its handoff stands and what can be done with it; where it cannot be read any more, it stays. */
export async function updateCard(scene: HandoffScene, standing: HandoffStanding): Promise<void> {
  const { stores, handoff, cause, rules } = scene;
  if (handoff.cardDeliveryId === null) return;
  const card = await stores.deliveries.posted(handoff.cardDeliveryId);
  if (card === null) return;
  const rating = await stores.ratings.of(handoff.handoffId);
  const assignedTo = isFree(standing.state) && isFree(handoff.state) ? handoff.assignedTo : null;
  const due = dueWords(await stores.handoffs.targets(handoff.handoffId));
  const actions = cardActions(handoff.handoffId, standing.state);
  await stores.deliveries.add([
    {
      conversationId: card.conversationId,
      cause,
      purpose: "card-state",
      operation: "edit",
      targetDeliveryId: handoff.cardDeliveryId,
      speaker: { role: "bot", name: rules.botName },
      reply: cardInState(card.reply, standing, { actions, rating, due, assignedTo }),
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
