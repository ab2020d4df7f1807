import type { Handoff, HandoffStanding } from "../ports/handoffs.js";
import type { ConversationRef } from "../ports/chat.js";
import type { Reply } from "../ports/reply.js";
import type { NewDelivery, TranscriptEntry } from "../ports/stores.js";
import { reachableChannel } from "./agents-channel.js";
import { dueWords } from "./change-targets.js";
import type { HandoffScene } from "./handoff-scene.js";
import { cardActions, cardGoneTo, cardMovedTo, handoffCard } from "./handoff-card.js";
import { findTeam } from "./route-handoff.js";
import type { HandoffEvent } from "./state-machine.js";
import { transcriptReply } from "./transcript-reply.js";

/** Another team, and where it works. */
export interface Destination {
  readonly team: string;
  readonly channel: ConversationRef;
}

/** Where an event sends a handoff; null where it goes nowhere, or nobody can say where that team works. */
export function destinationOf(
  { rules, handoff, tenantId }: Pick<HandoffScene, "rules" | "handoff" | "tenantId">,
  event: HandoffEvent,
): Destination | null {
  const { teams: plan, agentsChannel } = rules;
  if (plan === null || (event.kind !== "move" && event.kind !== "reassign")) return null;
  const found = findTeam(plan.teams, event.kind === "move" ? event.team : plan.fallback);
  if (found === null || isWith(handoff, found.name)) return null;
  const channel = reachableChannel(agentsChannel, tenantId, found.name);
  return channel === null ? null : { team: found.name, channel };
}

/** Whether a handoff is to go to the fallback team, of which nobody can say yet where it works. */
export function awaitsFallback({
  rules,
  handoff,
  tenantId,
}: Pick<HandoffScene, "rules" | "handoff" | "tenantId">): boolean {
  const { teams: plan, agentsChannel } = rules;
  if (plan === null || isWith(handoff, plan.fallback)) return false;
  return reachableChannel(agentsChannel, tenantId, plan.fallback) === null;
}

/** Whether a handoff is that team's already. */
export function isWith({ team }: Pick<Handoff, "team">, name: string): boolean {
  return team !== null && findTeam([{ name: team }], name) !== null;
}

/** So much of what was said is repeated to the new team. */
const MOST_ENTRIES = 20;

/**
 * Starts a thread with the new team: the card, and what was said so far. From now on the customer's words go there. The
 * former card says where it went. Resolves with the conversations that have posts due.
 */
export async function moveHandoff(
  scene: HandoffScene,
  standing: HandoffStanding,
  { team, channel }: Destination,
): Promise<readonly string[]> {
  const { stores, handoff, actor } = scene;
  const { handoffId, conversationId, cardDeliveryId: formerCardId } = handoff;
  const due = dueWords(await stores.handoffs.targets(handoffId));
  const former = formerCardId === null ? null : await stores.deliveries.posted(formerCardId);
  const moved = cardMovedTo(former?.reply ?? bareCard(handoff), handoff.team, { team, by: actor.displayName, due });
  const channelId = await stores.conversations.ensure(channel);
  const card = { ...moved, actions: cardActions(handoffId, standing.state) };
  const [cardDeliveryId] = await stores.deliveries.add([post(scene, channelId, "handoff-card", card)]);
  if (cardDeliveryId === undefined) throw new Error("unreachable: one delivery in, one id out");
  const agentConversationId = await stores.conversations.startedBy(cardDeliveryId, channel.installationId);
  await stores.handoffs.move(handoffId, { team, agentConversationId, cardDeliveryId });
  const said = await saidSoFar(scene, conversationId);
  if (said !== null) await stores.deliveries.add([post(scene, agentConversationId, "transcript", said)]);
  if (former === null || formerCardId === null) return [channelId, agentConversationId];
  const gone = cardGoneTo(former.reply, team);
  const edit = { ...post(scene, former.conversationId, "card-state", gone), operation: "edit" } as const;
  await stores.deliveries.add([{ ...edit, targetDeliveryId: formerCardId }]);
  return [channelId, agentConversationId, former.conversationId];
}

async function saidSoFar({ stores }: HandoffScene, conversationId: string): Promise<Reply | null> {
  const entries: readonly TranscriptEntry[] = await stores.conversations.transcript(conversationId, MOST_ENTRIES);
  return entries.length === 0 ? null : transcriptReply(entries, entries.length === MOST_ENTRIES);
}

/** For a card that cannot be read any more. */
function bareCard({ handoffId, customerName, question, reason, team }: Handoff): Reply {
  const unknown = { words: null, before: [], answer: null, tried: [], due: "" };
  return handoffCard({ handoffId, customerName, question, reason, team, ...unknown });
}

function post(
  { cause, rules }: HandoffScene,
  conversationId: string,
  purpose: "handoff-card" | "transcript" | "card-state",
  reply: Reply,
): NewDelivery {
  const speaker = { role: "bot", name: rules.botName } as const;
  return { conversationId, cause, purpose, operation: "post", targetDeliveryId: null, speaker, reply };
}

/** Whether a handoff that nobody of its team claims may go to the fallback team: not where it is that one's already. */
export function mayBeReassigned({ teams }: HandoffScene["rules"], handoff: Pick<Handoff, "team">): boolean {
  return teams !== null && !isWith(handoff, teams.fallback);
}
