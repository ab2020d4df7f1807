import { AgentsUnreachableError, type AgentsChannel } from "../src/handoff/agents-channel.js";
import type { PresenceOf } from "../src/handoff/assignment.js";
import { findTeam } from "../src/handoff/route-handoff.js";
import type { ConversationRef } from "../src/ports/chat.js";
import { DEFAULT_TENANT } from "../src/ports/ids.js";
import type { CandidateCardPlan } from "../src/learning/run-candidate-cards.js";
import type { GapReportPlan } from "../src/learning/run-gap-report.js";
import { weeklyTime } from "./config/gap-report-settings.js";
import type { Settings } from "./config/settings.js";

/** A platform whose agents work in channels. */
export interface AgentsPlace {
  /** A team's channel, or without one the agents' channel; null until the platform has said who the bot is there. */
  agentsChannel(teamChannel: string | null): ConversationRef | null;
}

/** Where cards go. @throws {AgentsUnreachableError} until the platform has said who the bot is there. */
export function agentsChannelOf(
  handoff: Pick<Settings["handoff"], "platform" | "teams" | "fallbackTeam">,
  console: ConversationRef,
  places: Readonly<Record<"slack" | "teams", AgentsPlace | null>>,
): AgentsChannel {
  const theOnly = { platform: handoff.platform, channel: null };
  return (_tenantId, team) => {
    const name = team ?? handoff.fallbackTeam;
    // A team that the settings name no longer.
    const { platform, channel } = (name === null ? null : findTeam(handoff.teams, name)) ?? theOnly;
    if (platform === "web") return console;
    const place = places[platform]?.agentsChannel(channel) ?? null;
    if (place === null) throw new AgentsUnreachableError(`${platform} has not been reached yet`);
    return place;
  };
}

/** Who of a team is away, where its platform tells. */
export function presenceOf(
  { teams }: Pick<Settings["handoff"], "teams">,
  slack: { away(userIds: readonly string[]): Promise<ReadonlySet<string>> } | null,
): PresenceOf {
  return (name, ids) => {
    const isInSlack = findTeam(teams, name)?.platform === "slack";
    return slack === null || !isInSlack ? Promise.resolve(new Set()) : slack.away(ids);
  };
}

/** The channels of a platform in which teams work, besides its agents' channel. */
export function teamChannelsOn(
  platform: "slack" | "teams",
  { teams }: Pick<Settings["handoff"], "teams">,
): readonly string[] {
  return teams.flatMap((team) => (team.platform === platform && team.channel !== null ? [team.channel] : []));
}

/** What is posted about what was learned, by itself. */
export function learningPlans(
  { learning, handoff }: Pick<Settings, "learning" | "handoff">,
  places: Readonly<Record<"slack" | "teams", AgentsPlace | null>>,
): { readonly gapReport: GapReportPlan | null; readonly candidateCards: CandidateCardPlan | null } {
  return {
    gapReport: gapReportPlan(learning.gapReport, places),
    candidateCards: candidateCardPlan({ learning, handoff }),
  };
}

/** Where and when unanswered questions are reported; null: nowhere. */
function gapReportPlan(
  report: Settings["learning"]["gapReport"],
  places: Readonly<Record<"slack" | "teams", AgentsPlace | null>>,
): GapReportPlan | null {
  if (report === null) return null;
  const { platform, channel } = report;
  return {
    ...weeklyTime(report),
    tenantId: DEFAULT_TENANT,
    lateMs: 60_000,
    channel() {
      const place = places[platform]?.agentsChannel(channel) ?? null;
      if (place === null) throw new AgentsUnreachableError(`${platform} has not been reached yet`);
      return place;
    },
  };
}

/** When candidates are shown to the agents; null: never, also where they work in the console, which has no channel. */
function candidateCardPlan({ learning, handoff }: Pick<Settings, "learning" | "handoff">): CandidateCardPlan | null {
  if (learning.cardsFrom === null || handoff.platform === "web") return null;
  return { tenantId: DEFAULT_TENANT, leastHandoffs: learning.cardsFrom, intervalMs: 2_000 };
}
