import type { DoctorFinding } from "../../src/commands/operations.js";
import { checkModels } from "./model-checks.js";
import { checkReranker } from "./reranker-check.js";
import type { LoadedConfig } from "./program-dependencies.js";

/** What is known of the services of others: what is set up, and for the models, whether they answer. */
export async function checkServices(config: LoadedConfig): Promise<readonly DoctorFinding[]> {
  return [
    await checkModels(config),
    await checkReranker(config),
    checkSlack(config),
    checkTeams(config),
    checkAgents(config),
  ];
}

function checkSlack({ environment }: LoadedConfig): DoctorFinding {
  const name = "Slack";
  const { slack } = environment;
  if (slack === null) return { name, state: "off", detail: "not configured", advice: null };
  const ways = [
    ...(slack.signingSecret === null ? [] : ["events over HTTP at /slack/events"]),
    ...(slack.appToken === null ? [] : ["Socket Mode"]),
  ];
  return { name, state: "on", detail: ways.join(" and "), advice: null };
}

function checkTeams({ environment }: LoadedConfig): DoctorFinding {
  const name = "Microsoft Teams";
  const { teams } = environment;
  if (teams === null) return { name, state: "off", detail: "not configured", advice: null };
  const tenants = new Set([teams.appTenantId, ...teams.allowedTenants].filter((id) => id !== null)).size;
  const whose = tenants === 1 ? "one Microsoft 365 tenant" : `${tenants} Microsoft 365 tenants`;
  return { name, state: "on", detail: `activities over HTTP at /api/messages, from ${whose}`, advice: null };
}

function checkAgents({ settings }: LoadedConfig): DoctorFinding {
  const { platform, teams } = settings.handoff;
  const place = (on: typeof platform, channel: string | null): string => {
    const places = {
      web: "in the console",
      slack: `in Slack, channel ${channel ?? settings.slack.agentsChannel ?? ""}`,
      teams: `in Microsoft Teams, channel ${channel ?? settings.teams.agentsChannel ?? ""}`,
    };
    return places[on];
  };
  const where =
    teams.length === 0
      ? place(platform, null)
      : teams.map((team) => `as ${team.name} ${place(team.platform, team.channel)}`).join("; ");
  return { name: "Agents", state: "on", detail: `take questions over ${where}`, advice: null };
}
