import { HELD_TOKENS } from "./budget-settings.js";
import { ConfigError } from "./config-error.js";
import type { EnvironmentConfig } from "./environment.js";
import type { Settings } from "./settings.js";

/** What the environment and the settings must agree on. @throws {ConfigError} with every problem at once. */
export function checkCombinations(environment: EnvironmentConfig, settings: Settings): void {
  const problems = [
    ...agentsProblems(environment, settings),
    ...gapReportProblems(environment, settings),
    ...rerankProblems(environment, settings),
    ...judgeProblems(environment, settings),
    ...agenticProblems(environment, settings),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
}

interface AgentsPlaceSetting {
  /** The setting that names it. */
  readonly key: string;
  readonly platform: "web" | "slack" | "teams";
  readonly channel: string | null;
}

function agentsProblems(environment: EnvironmentConfig, settings: Settings): readonly string[] {
  const { platform, teams } = settings.handoff;
  const places: readonly AgentsPlaceSetting[] =
    teams.length === 0
      ? [{ key: "handoff.platform", platform, channel: null }]
      : teams.map((team) => ({ ...team, key: `handoff.teams ${team.name}` }));
  return places.flatMap((place) => placeProblems(environment, settings, place));
}

function gapReportProblems(environment: EnvironmentConfig, settings: Settings): readonly string[] {
  const { gapReport } = settings.learning;
  return gapReport === null ? [] : placeProblems(environment, settings, { ...gapReport, key: "learning.gapReport" });
}

function placeProblems(
  environment: EnvironmentConfig,
  { slack, teams }: Settings,
  { key, platform, channel }: AgentsPlaceSetting,
): readonly string[] {
  if (platform === "web") return [];
  const { variable, isOn, standard } =
    platform === "slack"
      ? { variable: "SLACK_BOT_TOKEN", isOn: environment.slack !== null, standard: slack.agentsChannel }
      : { variable: "TEAMS_APP_ID", isOn: environment.teams !== null, standard: teams.agentsChannel };
  return [
    ...(isOn ? [] : [`${key}: is ${platform}, which is not set up (${variable})`]),
    ...(channel === null && standard === null
      ? [`${platform}.agentsChannel: is required when ${key} is ${platform}`]
      : []),
  ];
}

function judgeProblems({ openai }: EnvironmentConfig, { answering }: Settings): readonly string[] {
  if (answering.grounding.judge === "none" || openai !== null) return [];
  return ["answering.grounding.judge: is llm, and there is no model (OPENAI_API_KEY)"];
}

function rerankProblems({ openai, rerank }: EnvironmentConfig, { answering }: Settings): readonly string[] {
  const { kind, api, model } = answering.rerank;
  switch (kind) {
    case "none":
      return [];
    case "llm":
      return openai === null ? ["answering.rerank.kind: is llm, and there is no model (OPENAI_API_KEY)"] : [];
    case "endpoint":
      return [
        ...(rerank === null ? ["answering.rerank.kind: is endpoint, and RERANK_URL is not set"] : []),
        ...(model === null && api !== "tei" ? [`answering.rerank.model: is required for ${api}`] : []),
      ];
  }
}

function agenticProblems({ openai }: EnvironmentConfig, { answering }: Settings): readonly string[] {
  const { enabled, from, below, tokens } = answering.agentic;
  if (!enabled) return [];
  const { tokensPerDay } = answering.budgets.tenant;
  const upTo = below === "threshold" ? answering.threshold : below;
  return [
    ...(openai === null ? ["answering.agentic.enabled: is true, and there is no model (OPENAI_API_KEY)"] : []),
    ...(typeof upTo === "number" && from >= upTo
      ? [`answering.agentic.from: is ${from}, and nothing is below ${upTo}`]
      : []),
    ...(tokensPerDay !== "unlimited" && tokensPerDay < HELD_TOKENS + tokens
      ? [`answering.budgets.tenant.tokensPerDay: is less than one answer may take, ${HELD_TOKENS + tokens}`]
      : []),
  ];
}
