import type { DoctorFinding } from "../../src/commands/operations.js";
import { ModelError } from "../../src/ports/models.js";
import type { OpenAiAccess } from "../config/services.js";
import { readShutdownDates } from "../models/openai/shutdown-dates.js";
import type { LoadedConfig } from "./program-dependencies.js";

/** What is known of the services of others: what is set up, and for the models, whether they answer. */
export async function checkServices(config: LoadedConfig): Promise<readonly DoctorFinding[]> {
  return [await checkModels(config), checkSlack(config), checkTeams(config), checkAgents(config)];
}

async function checkModels({ environment, settings }: LoadedConfig): Promise<DoctorFinding> {
  const name = "Language model";
  if (environment.openai === null) {
    const detail = "no key: answers are quoted from your documents, and nothing leaves this machine";
    return { name, state: "off", detail, advice: null };
  }
  const { answer, embedding } = settings.models;
  const what = `${answer} and ${embedding} at ${hostOf(environment.openai)}`;
  try {
    const dates = await shutdownDates(environment.openai, [answer, embedding]);
    const [ending] = [...dates];
    if (ending === undefined) return { name, state: "on", detail: what, advice: null };
    const [model, day] = ending;
    return { name, state: "on", detail: `${what}; ${model} ends on ${day}`, advice: "name another in deskhand.yaml" };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    // Some endpoints have no list of their models: only what keeps answers from being written is broken.
    if (error.failure === "rejected") return { name, state: "on", detail: what, advice: null };
    const advice = error.failure === "auth" ? "check OPENAI_API_KEY" : "check OPENAI_BASE_URL and the network";
    return { name, state: "broken", detail: `${what}: ${error.failure}`, advice };
  }
}

function shutdownDates({ apiKey, baseUrl }: OpenAiAccess, models: readonly string[]) {
  const endpoint = { apiKey: apiKey === "" ? "none" : apiKey, baseUrl };
  return readShutdownDates(endpoint, models, new AbortController().signal);
}

function hostOf({ baseUrl }: OpenAiAccess): string {
  return baseUrl === null ? "OpenAI" : new URL(baseUrl).host;
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
  const { platform } = settings.handoff;
  const places = {
    web: "in the console",
    slack: `in Slack, channel ${settings.slack.agentsChannel ?? ""}`,
    teams: "in a channel of Microsoft Teams",
  };
  return { name: "Agents", state: "on", detail: `take questions over ${places[platform]}`, advice: null };
}
