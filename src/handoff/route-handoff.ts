import { says } from "../answering/policy/topics.js";
import type { HandoffReason } from "../ports/handoffs.js";
import type { Assignment } from "./assignment.js";
import { isOpenAt, type BusinessHours } from "./business-hours.js";
import type { ServiceLevel } from "./service-level.js";

/** Some of the agents, with a place and hours of their own. */
export interface Team {
  readonly name: string;
  /** When it answers; null: always. */
  readonly hours: BusinessHours | null;
  /** What it promises; left out: what the house does. */
  readonly sla?: ServiceLevel;
  /** Left out where it is everybody's. */
  readonly assignment?: Assignment;
}

/**
 * Which handoffs go to a team. Every condition that is given must hold, and one holds when one of its values does; without
 * any, all go there.
 */
export interface TeamRoute {
  readonly team: string;
  readonly when: TeamConditions;
}

/** An empty list is no condition. */
export interface TeamConditions {
  /** Names of the house's topics, or words that the question says in whatever inflection. */
  readonly topics: readonly string[];
  /** Names of sources that one of the passages the bot looked at is from. */
  readonly sources: readonly string[];
  readonly reasons: readonly HandoffReason[];
  /** Ids of the customers' channels. */
  readonly channels: readonly string[];
  /** Ids of customers. */
  readonly customers: readonly string[];
  /** Of customers' e-mail addresses, in small letters: what stands behind the @, the whole of it. */
  readonly domains: readonly string[];
  /** ISO 639-1. */
  readonly languages: readonly string[];
  readonly tenants: readonly string[];
}

/** The teams of an installation, in what order they are looked at, and who takes what nobody else does. */
export interface TeamPlan {
  readonly teams: readonly Team[];
  readonly routes: readonly TeamRoute[];
  /** The name of one of the teams. */
  readonly fallback: string;
  /** What becomes of a handoff whose team is closed: it waits there, or an open team that may have it is looked for. */
  readonly whenClosed: "wait" | "fallback";
}

/** What is known of a handoff when it is decided where it goes. */
export interface HandoffFacts {
  readonly question: string;
  /** Those of the house's topics that the bot found the question to be about. */
  readonly topics: readonly string[];
  readonly sources: readonly string[];
  readonly reason: HandoffReason;
  readonly channelId: string;
  readonly customerId: string;
  /** Null where the platform does not tell. */
  readonly customerDomain: string | null;
  /** Null where nothing tells. */
  readonly language: string | null;
  readonly tenantId: string;
}

/** The team, and why it is that one, for the audit row. */
export interface TeamChoice {
  readonly team: Team;
  readonly why: string;
}

/**
 * Decides which team a handoff goes to. The first rule that holds names it, else it is the fallback team's. Pure.
 *
 * Where that team is closed and `whenClosed` is `fallback`, the next rules that hold are looked at for an open team, then
 * the fallback team; when all of them are closed it waits with the first.
 */
export function routeHandoff(facts: HandoffFacts, plan: TeamPlan, now: Date): TeamChoice {
  const choices = plan.routes.flatMap(({ team, when }, index): TeamChoice[] => {
    const held = conditionsThatHold(when, facts);
    if (held === null) return [];
    return [{ team: teamNamed(plan, team), why: `rule ${index + 1}${held === "" ? "" : `: ${held}`}` }];
  });
  const fallback: TeamChoice = { team: teamNamed(plan, plan.fallback), why: "no rule holds" };
  const [first = fallback] = choices;
  if (plan.whenClosed === "wait" || isOpenAt(first.team.hours, now)) return first;
  const open = [...choices, fallback].find(({ team }) => isOpenAt(team.hours, now));
  if (open === undefined || open.team === first.team) return first;
  const why = open === fallback ? "" : ` (${open.why})`;
  return { team: open.team, why: `${first.team.name} is closed (${first.why}), ${open.team.name} is open${why}` };
}

/** @throws {Error} for a name that no team has: the settings are checked at the start. */
function teamNamed({ teams }: TeamPlan, name: string): Team {
  const team = findTeam(teams, name);
  if (team === null) throw new Error(`unreachable: there is no team ${name}`);
  return team;
}

/** By its name, in whatever case; null when there is none. */
export function findTeam<T extends Pick<Team, "name">>(teams: readonly T[], name: string): T | null {
  return teams.find((team) => isSame(team.name, name)) ?? null;
}

/** What held, in words; null when a condition does not hold. */
function conditionsThatHold(when: TeamConditions, facts: HandoffFacts): string | null {
  const reasons: string[] = [];
  for (const [what, values, holds] of conditionsOf(when, facts)) {
    if (values.length === 0) continue;
    const value = values.find(holds);
    if (value === undefined) return null;
    reasons.push(`${what} ${value}`);
  }
  return reasons.join(", ");
}

type Condition = readonly [what: string, values: readonly string[], holds: (value: string) => boolean];

function conditionsOf(when: TeamConditions, facts: HandoffFacts): readonly Condition[] {
  const { question, topics, sources } = facts;
  return [
    ["topic", when.topics, (value) => topics.some((topic) => isSame(topic, value)) || says(question, value)],
    ["source", when.sources, (value) => sources.some((source) => isSame(source, value))],
    ["reason", when.reasons, (value) => value === facts.reason],
    ["channel", when.channels, (value) => value === facts.channelId],
    ["customer", when.customers, (value) => value === facts.customerId],
    ["domain", when.domains, (value) => value === facts.customerDomain],
    ["language", when.languages, (value) => value === facts.language],
    ["tenant", when.tenants, (value) => value === facts.tenantId],
  ];
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
