import { z } from "zod";
import { isLoopback } from "./loopback.js";

/** The services of others that are set up; null where one is not. */
export interface ServiceConfig {
  /** Null keeps the queue in the process. */
  readonly redisUrl: string | null;
  readonly openai: OpenAiAccess | null;
  readonly rerank: RerankAccess | null;
  readonly slack: SlackAccess | null;
  readonly teams: TeamsAccess | null;
}

export interface OpenAiAccess {
  /** Empty for an endpoint that asks for none. */
  readonly apiKey: string;
  /** Null for OpenAI's own. */
  readonly baseUrl: string | null;
}

export interface RerankAccess {
  /** The whole address that questions are posted to. */
  readonly url: string;
  /** Null for an endpoint that asks for none. */
  readonly apiKey: string | null;
}

export interface SlackAccess {
  readonly botToken: string;
  /** Verifies events over HTTP; null when only Socket Mode is used. */
  readonly signingSecret: string | null;
  /** Opens Socket Mode; null for HTTP. */
  readonly appToken: string | null;
  /** Null for Slack's own. */
  readonly apiUrl: string | null;
}

export interface TeamsAccess {
  readonly appId: string;
  /** Null with a managed identity. */
  readonly appPassword: string | null;
  readonly appType: "SingleTenant" | "MultiTenant" | "UserAssignedMsi";
  /** The Microsoft 365 tenant of the app registration; null for MultiTenant. */
  readonly appTenantId: string | null;
  /** Further Microsoft 365 tenants whose people may ask. */
  readonly allowedTenants: readonly string[];
  /** A server on this machine that stands in for Microsoft's sign-in, for tests. */
  readonly emulatorUrl: string | null;
}

const filled = z.string().min(1, "is empty: set it or remove it");

function isUrlOf(...protocols: readonly string[]): (text: string) => boolean {
  return (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol);
}

/** Encrypted, or not leaving this machine. */
function isSafeUrl(text: string): boolean {
  if (!isUrlOf("https:", "http:")(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === "https:" || isLoopback(hostname);
}

const slackUrl = filled.refine(isSafeUrl, "must be an https:// address, or http:// on this machine");
const guid = z.guid("must be an id like 00000000-0000-0000-0000-000000000000");

/** The variables of these services. */
export const serviceVariables = {
  REDIS_URL: filled.refine(isUrlOf("redis:", "rediss:"), "must be a redis:// or rediss:// address").optional(),
  OPENAI_API_KEY: filled.optional(),
  OPENAI_BASE_URL: filled.refine(isUrlOf("https:", "http:"), "must be an https:// or http:// address").optional(),
  RERANK_URL: filled.refine(isUrlOf("https:", "http:"), "must be an https:// or http:// address").optional(),
  RERANK_API_KEY: filled.optional(),
  DESKHAND_ALLOW_PLAINTEXT_MODELS: z.enum(["true", "false"], "must be true or false").default("false"),
  SLACK_BOT_TOKEN: filled.startsWith("xoxb-", "must be a bot token, which starts with xoxb-").optional(),
  SLACK_SIGNING_SECRET: filled.optional(),
  SLACK_APP_TOKEN: filled.startsWith("xapp-", "must be an app-level token, which starts with xapp-").optional(),
  SLACK_API_URL: slackUrl.optional(),
  TEAMS_APP_ID: guid.optional(),
  TEAMS_APP_PASSWORD: filled.optional(),
  TEAMS_APP_TYPE: z
    .enum(["SingleTenant", "MultiTenant", "UserAssignedMsi"], "must be SingleTenant, MultiTenant or UserAssignedMsi")
    .default("SingleTenant"),
  TEAMS_APP_TENANT_ID: guid.optional(),
  TEAMS_ALLOWED_TENANTS: z
    .string()
    .transform((text) => text.split(/[\s,]+/u).filter((part) => part !== ""))
    .pipe(z.array(guid))
    .default([]),
  TEAMS_EMULATOR_URL: filled
    .refine((text) => isSafeUrl(text) && isLoopback(new URL(text).hostname), "must be an address on this machine")
    .optional(),
};

type Variables = z.infer<z.ZodObject<typeof serviceVariables>>;

export function toServiceConfig(data: Variables): ServiceConfig {
  return {
    redisUrl: data.REDIS_URL ?? null,
    openai: openAi(data),
    rerank: rerank(data),
    slack: slack(data),
    teams: teams(data),
  };
}

function openAi(data: Variables): OpenAiAccess | null {
  if (data.OPENAI_API_KEY === undefined && data.OPENAI_BASE_URL === undefined) return null;
  return { apiKey: data.OPENAI_API_KEY ?? "", baseUrl: data.OPENAI_BASE_URL ?? null };
}

function rerank({ RERANK_URL: url, RERANK_API_KEY: apiKey }: Variables): RerankAccess | null {
  return url === undefined ? null : { url, apiKey: apiKey ?? null };
}

function slack(data: Variables): SlackAccess | null {
  if (data.SLACK_BOT_TOKEN === undefined) return null;
  return {
    botToken: data.SLACK_BOT_TOKEN,
    signingSecret: data.SLACK_SIGNING_SECRET ?? null,
    appToken: data.SLACK_APP_TOKEN ?? null,
    apiUrl: data.SLACK_API_URL ?? null,
  };
}

function teams(data: Variables): TeamsAccess | null {
  if (data.TEAMS_APP_ID === undefined) return null;
  return {
    appId: data.TEAMS_APP_ID,
    appPassword: data.TEAMS_APP_PASSWORD ?? null,
    appType: data.TEAMS_APP_TYPE,
    appTenantId: data.TEAMS_APP_TENANT_ID ?? null,
    allowedTenants: data.TEAMS_ALLOWED_TENANTS,
    emulatorUrl: data.TEAMS_EMULATOR_URL ?? null,
  };
}

/** Half a set-up is a mistake, and is named instead of being left off silently. */
export function serviceProblems(data: Variables): readonly string[] {
  return [...modelProblems(data), ...slackProblems(data), ...teamsProblems(data)];
}

function modelProblems(data: Variables): readonly string[] {
  const { OPENAI_BASE_URL, RERANK_URL, RERANK_API_KEY } = data;
  const isAllowed = data.DESKHAND_ALLOW_PLAINTEXT_MODELS === "true";
  const unsafe = Object.entries({ OPENAI_BASE_URL, RERANK_URL }).filter(
    ([, url]) => url !== undefined && !isSafeUrl(url) && !isAllowed,
  );
  return [
    ...unsafe.map(
      ([name]) =>
        `${name}: must be an https:// address when the models are on another machine, ` +
        "or set DESKHAND_ALLOW_PLAINTEXT_MODELS=true on a network you trust",
    ),
    ...(RERANK_API_KEY !== undefined && RERANK_URL === undefined
      ? ["RERANK_URL: is required beside RERANK_API_KEY"]
      : []),
  ];
}

function slackProblems(data: Variables): readonly string[] {
  const { SLACK_BOT_TOKEN: bot, SLACK_SIGNING_SECRET: secret, SLACK_APP_TOKEN: app } = data;
  if (bot !== undefined && secret === undefined && app === undefined) {
    return ["SLACK_SIGNING_SECRET: is required for events over HTTP (or SLACK_APP_TOKEN for Socket Mode)"];
  }
  if (bot === undefined && (secret !== undefined || app !== undefined)) {
    return ["SLACK_BOT_TOKEN: is required to speak in Slack"];
  }
  return [];
}

function teamsProblems(data: Variables): readonly string[] {
  if (data.TEAMS_APP_ID === undefined) {
    const isStarted = data.TEAMS_APP_PASSWORD !== undefined || data.TEAMS_APP_TENANT_ID !== undefined;
    return isStarted ? ["TEAMS_APP_ID: is required to speak in Microsoft Teams"] : [];
  }
  const problems: string[] = [];
  if (data.TEAMS_APP_TYPE !== "UserAssignedMsi" && data.TEAMS_APP_PASSWORD === undefined) {
    problems.push("TEAMS_APP_PASSWORD: is required unless TEAMS_APP_TYPE is UserAssignedMsi");
  }
  if (data.TEAMS_APP_TYPE !== "MultiTenant" && data.TEAMS_APP_TENANT_ID === undefined) {
    problems.push("TEAMS_APP_TENANT_ID: is required unless TEAMS_APP_TYPE is MultiTenant");
  }
  const namesNobody = data.TEAMS_APP_TENANT_ID === undefined && data.TEAMS_ALLOWED_TENANTS.length === 0;
  if (data.TEAMS_APP_TYPE === "MultiTenant" && namesNobody) {
    problems.push("TEAMS_ALLOWED_TENANTS: must name the Microsoft 365 tenants whose people may ask");
  }
  return problems;
}
