import { policyTopics } from "./policy-topics.js";
import type { ConversationRef } from "../ports/chat.js";
import type { Citation } from "../ports/reply.js";
import type { HandoffReason } from "../ports/handoffs.js";
import type { CoreStores, Lease, NewAnswer } from "../ports/stores.js";
import type { Assignment } from "./assignment.js";
import { reachableChannel } from "./agents-channel.js";
import type { BusinessHours } from "./business-hours.js";
import type { HandoffRules } from "./handoff-scene.js";
import { customerLanguage } from "./conversation-language.js";
import { findTeam, routeHandoff, type HandoffFacts, type TeamPlan } from "./route-handoff.js";
import { NO_SERVICE_LEVEL, type ServiceLevel } from "./service-level.js";

/** What is asked, by whom and where. */
export interface ToBeHandedOver {
  readonly lease: Lease;
  readonly question: string;
  readonly reason: HandoffReason;
  /** The customer's. */
  readonly channelId: string;
  readonly customerId: string;
  /** Of the customer's e-mail address; null where the platform does not tell. */
  readonly customerDomain: string | null;
  readonly answer: NewAnswer | null;
  readonly tried: readonly Citation[];
}

/** Who gets a handoff. */
export interface ChosenTeam {
  /** Null where there is one team, which has no name. */
  readonly name: string | null;
  readonly why: string | null;
  readonly channel: ConversationRef;
}

/**
 * The team that the rules say, or, while nobody can say where it works, the fallback team.
 * @returns null while neither can be reached
 */
export async function chooseTeam(
  rules: HandoffRules,
  stores: CoreStores,
  asked: ToBeHandedOver,
): Promise<ChosenTeam | null> {
  const { teams: plan, agentsChannel, clock } = rules;
  const { lease } = asked;
  if (plan === null) {
    const channel = reachableChannel(agentsChannel, lease.tenantId, null);
    return channel === null ? null : { name: null, why: null, channel };
  }
  const { team, why } = routeHandoff(await factsOf(plan, stores, asked), plan, clock.now());
  const channel = reachableChannel(agentsChannel, lease.tenantId, team.name);
  if (channel !== null) return { name: team.name, why, channel };
  const fallback = reachableChannel(agentsChannel, lease.tenantId, plan.fallback);
  if (fallback === null) return null;
  return { name: plan.fallback, why: `${team.name} could not be reached (${why})`, channel: fallback };
}

/** What costs a look is only looked for where a rule asks for it. */
async function factsOf({ routes }: TeamPlan, stores: CoreStores, asked: ToBeHandedOver): Promise<HandoffFacts> {
  const { lease, question, reason, channelId, customerId, customerDomain, answer, tried } = asked;
  const asksFor = (what: "sources" | "languages") => routes.some(({ when }) => when[what].length > 0);
  const documentIds = tried.map(({ documentId }) => documentId);
  return {
    question,
    topics: answer === null ? [] : policyTopics(answer),
    sources: asksFor("sources") && tried.length > 0 ? await stores.handoffs.sourcesOf(documentIds) : [],
    reason,
    channelId,
    customerId,
    customerDomain,
    language: asksFor("languages") ? await customerLanguage(stores, lease.conversationId, question) : null,
    tenantId: lease.tenantId,
  };
}

/** What a handoff's team promises: its own, or what the house does. */
export function slaOf({ teams, sla }: Pick<HandoffRules, "teams" | "sla">, team: string | null): ServiceLevel {
  const found = teams === null || team === null ? null : findTeam(teams.teams, team);
  return found?.sla ?? sla ?? NO_SERVICE_LEVEL;
}

/** How its team decides whom of them a handoff is for; null where it does not. */
export function assignmentOf({ teams }: Pick<HandoffRules, "teams">, team: string | null): Assignment | null {
  return teams === null || team === null ? null : (findTeam(teams.teams, team)?.assignment ?? null);
}

/** The hours of a handoff's team: its own, or those of the house, also for a team that the settings name no longer. */
export function hoursOf(
  { teams, hours }: Pick<HandoffRules, "teams" | "hours">,
  team: string | null,
): BusinessHours | null {
  const found = teams === null || team === null ? null : findTeam(teams.teams, team);
  return found === null ? hours : found.hours;
}
