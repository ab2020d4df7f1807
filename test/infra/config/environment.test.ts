import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../infra/config/config-error.js";
import { checkCombinations } from "../../../infra/config/combinations.js";
import { parseConfig } from "../../../infra/config/environment.js";
import { defaultSettings } from "../../../infra/config/settings.js";
import { sourceSecretVariable, webhookSecretVariable } from "../../../src/ports/source-secrets.js";

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const SECRET = "0123456789abcdef0123456789abcdef";
const METRICS_TOKEN = "fedcba9876543210fedcba9876543210";

describe("parseConfig", () => {
  it("keeps the secrets of sources by the names of their variables, and refuses an empty one", () => {
    const env = { SOURCE_HELP_CENTER_SECRET: "s3cret", SOURCE_HELP_CENTER_WEBHOOK_SECRET: "word" };
    const secrets = parseConfig(env).sourceSecrets;
    expect(secrets.get(sourceSecretVariable("help-center"))).toBe("s3cret");
    expect(secrets.get(webhookSecretVariable("help-center"))).toBe("word");
    expect(() => parseConfig({ SOURCE_DOCS_SECRET: "" })).toThrow("SOURCE_DOCS_SECRET: is empty");
  });

  it("needs nothing: the embedded database on a loopback address", () => {
    expect(parseConfig({ PATH: "/bin", EDITOR: "vi" })).toEqual({
      host: "127.0.0.1",
      port: 3000,
      directory: ".deskhand",
      settingsFile: null,
      sourceSecrets: new Map(),
      allowedPrivateHosts: [],
      machine: { PATH: "/bin" },
      databaseUrl: null,
      databasePoolSize: 10,
      logLevel: "info",
      secret: null,
      publicUrl: null,
      metricsToken: null,
      failpoint: null,
      redisUrl: null,
      openai: null,
      rerank: null,
      slack: null,
      teams: null,
    });
  });

  it("reads every variable", () => {
    const config = parseConfig({
      HOST: "0.0.0.0",
      PORT: "0",
      DESKHAND_DIR: "/data",
      DESKHAND_SETTINGS: "/etc/deskhand.yaml",
      DATABASE_URL: "postgres://user:word@db.example/deskhand?sslmode=verify-full",
      DATABASE_POOL_SIZE: "20",
      LOG_LEVEL: "debug",
      DESKHAND_SECRET: SECRET,
      DESKHAND_PUBLIC_URL: "https://help.example/",
      DESKHAND_METRICS_TOKEN: METRICS_TOKEN,
    });
    expect(config.metricsToken).toBe(METRICS_TOKEN);
    expect(config.settingsFile).toBe("/etc/deskhand.yaml");
    expect(config).toMatchObject({ port: 0, databasePoolSize: 20, publicUrl: "https://help.example", secret: SECRET });
  });

  it("names every problem at once and no value", () => {
    const secret = "hunter2";
    const problems = problemsOf({
      PORT: "99999",
      HOST: "not a host",
      DATABASE_URL: `mysql://root:${secret}@db/x`,
      DESKHAND_SECRET: secret,
      LOG_LEVEL: "loud",
      DESKHAND_COLOUR: secret,
      FAILPOINT: "nowhere:kill",
    });
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      "HOST",
      "PORT",
      "DATABASE_URL",
      "LOG_LEVEL",
      "DESKHAND_SECRET",
      "FAILPOINT",
      "DESKHAND_COLOUR",
    ]);
    expect(problems.join("\n")).not.toMatch(/hunter2|99999|loud|mysql:\/\//u);
  });

  it.each([
    ["PORT", ""],
    ["PORT", "3e3"],
    ["PORT", "-1"],
    ["DATABASE_POOL_SIZE", "0"],
    ["DESKHAND_DIR", ""],
    ["DESKHAND_METRICS_TOKEN", "x".repeat(31)],
    ["DESKHAND_PUBLIC_URL", "https://help.example/path"],
    ["DESKHAND_PUBLIC_URL", "ftp://help.example"],
    ["FAILPOINT", "commit.inside:explode"],
    ["FAILPOINT", "commit.inside:kill:0"],
  ])("refuses %s=%j instead of taking the default", (name, value) => {
    expect(problemsOf({ [name]: value })).toHaveLength(1);
  });

  it.each(["127.0.0.1", "127.8.8.8", "::1", "localhost"])("asks for no secret on %s", (host) => {
    expect(problemsOf({ HOST: host })).toEqual([]);
  });

  it.each(["0.0.0.0", "::", "192.168.1.4", "desk.example"])("asks for a secret and https on %s", (host) => {
    expect(problemsOf({ HOST: host, DESKHAND_PUBLIC_URL: "http://help.example" })).toEqual([
      expect.stringMatching(/^DESKHAND_SECRET: is required/u),
      expect.stringMatching(/^DESKHAND_PUBLIC_URL: must be an https/u),
    ]);
  });

  it.each([
    "postgres://u:p@db.example/d",
    "postgres://u:p@db.example/d?sslmode=disable",
    "postgres://u:p@localhost/d?host=db.example",
    "postgresql://u:p@db.example/d?sslmode=prefer",
  ])("refuses %s, which sends everything in the clear", (url) => {
    expect(problemsOf({ DATABASE_URL: url })).toEqual([expect.stringMatching(/sslmode=verify-full/u)]);
    expect(problemsOf({ DATABASE_URL: url, DESKHAND_ALLOW_PLAINTEXT_DATABASE: "true" })).toEqual([]);
  });

  it.each(["postgres://u@127.0.0.1:5432/d", "postgres://u@[::1]/d", "postgres:///d?host=/var/run/postgresql"])(
    "accepts %s without encryption, since it stays on this machine",
    (url) => {
      expect(problemsOf({ DATABASE_URL: url })).toEqual([]);
    },
  );

  it("reads a failpoint with its count", () => {
    expect(parseConfig({ FAILPOINT: "send.after-post:throw:3" }).failpoint).toEqual({
      name: "send.after-post",
      mode: "throw",
      nth: 3,
    });
  });

  it("reads the services of others", () => {
    const tenant = "11111111-1111-4111-8111-111111111111";
    const config = parseConfig({
      REDIS_URL: "redis://127.0.0.1:6379",
      OPENAI_BASE_URL: "http://127.0.0.1:11434/v1",
      SLACK_BOT_TOKEN: "xoxb-1",
      SLACK_APP_TOKEN: "xapp-1",
      TEAMS_APP_ID: tenant,
      TEAMS_APP_PASSWORD: "word",
      TEAMS_APP_TENANT_ID: tenant,
      TEAMS_ALLOWED_TENANTS: `${tenant}, ${tenant}`,
    });
    expect(config).toMatchObject({
      redisUrl: "redis://127.0.0.1:6379",
      openai: { apiKey: "", baseUrl: "http://127.0.0.1:11434/v1" },
      slack: { botToken: "xoxb-1", signingSecret: null, appToken: "xapp-1", apiUrl: null },
      teams: { appId: tenant, appType: "SingleTenant", allowedTenants: [tenant, tenant] },
    });
  });

  it.each<[string, Record<string, string>, string]>([
    ["a bot that nobody can write to", { SLACK_BOT_TOKEN: "xoxb-1" }, "SLACK_SIGNING_SECRET"],
    ["a secret without a bot", { SLACK_SIGNING_SECRET: "1" }, "SLACK_BOT_TOKEN"],
    ["the wrong kind of token", { SLACK_BOT_TOKEN: "xapp-1", SLACK_SIGNING_SECRET: "1" }, "SLACK_BOT_TOKEN"],
    ["models in the clear", { OPENAI_BASE_URL: "http://models.example/v1" }, "OPENAI_BASE_URL"],
    ["a reranker in the clear", { RERANK_URL: "http://rank.example/rerank" }, "RERANK_URL"],
    ["a reranker's key without its address", { RERANK_API_KEY: "k" }, "RERANK_URL"],
    ["Slack in the clear", { SLACK_API_URL: "http://slack.example/api/" }, "SLACK_API_URL"],
    ["a queue that is none", { REDIS_URL: "http://redis" }, "REDIS_URL"],
    ["Teams without an app", { TEAMS_APP_PASSWORD: "word" }, "TEAMS_APP_ID"],
    [
      "Teams for everybody",
      { TEAMS_APP_ID: "11111111-1111-4111-8111-111111111111", TEAMS_APP_PASSWORD: "w", TEAMS_APP_TYPE: "MultiTenant" },
      "TEAMS_ALLOWED_TENANTS",
    ],
    [
      "Teams without a tenant of the registration",
      { TEAMS_APP_ID: "11111111-1111-4111-8111-111111111111", TEAMS_APP_PASSWORD: "w" },
      "TEAMS_APP_TENANT_ID",
    ],
    ["somebody else's sign-in", { TEAMS_EMULATOR_URL: "https://login.example" }, "TEAMS_EMULATOR_URL"],
  ])("refuses %s", (_, env, variable) => {
    expect(problemsOf(env).map((problem) => problem.split(":")[0])).toEqual([variable]);
  });
});

describe("what the environment and the settings must agree on", () => {
  const slackOn = parseConfig({ SLACK_BOT_TOKEN: "xoxb-1", SLACK_SIGNING_SECRET: "1" });
  const settings = defaultSettings();

  it("accepts agents in the console, and in a channel of a platform that is set up", () => {
    checkCombinations(parseConfig({}), settings);
    checkCombinations(slackOn, {
      ...settings,
      handoff: { ...settings.handoff, platform: "slack" },
      slack: { ...settings.slack, agentsChannel: "C012" },
    });
  });

  it("refuses to look further without a model", () => {
    const agentic = { ...settings.answering.agentic, enabled: true };
    const withAgentic = { ...settings, answering: { ...settings.answering, agentic } };

    expect(() => checkCombinations(parseConfig({}), withAgentic)).toThrow("answering.agentic.enabled");
    checkCombinations(parseConfig({ OPENAI_API_KEY: "sk-test" }), withAgentic);
  });

  it("refuses to look further where no question ever would be", () => {
    const { answering } = settings;
    const agentic = { ...answering.agentic, enabled: true, from: 0.6 };
    const budgets = { ...answering.budgets, tenant: { ...answering.budgets.tenant, tokensPerDay: 20_000 } };
    const check = (changed: Partial<typeof answering>) => () => {
      checkCombinations(parseConfig({ OPENAI_API_KEY: "sk-test" }), {
        ...settings,
        answering: { ...answering, ...changed },
      });
    };

    expect(check({ agentic, threshold: 0.5 })).toThrow("nothing is below 0.5");
    expect(check({ agentic: { ...agentic, from: 0 }, budgets })).toThrow("tokensPerDay");
  });

  it("refuses a reranker that cannot be asked", () => {
    const withRerank = (rerank: Partial<typeof settings.answering.rerank>) => ({
      ...settings,
      answering: { ...settings.answering, rerank: { ...settings.answering.rerank, ...rerank } },
    });
    const endpoint = parseConfig({ RERANK_URL: "http://127.0.0.1:8080/rerank" });
    expect(() => checkCombinations(parseConfig({}), withRerank({ kind: "llm" }))).toThrow("OPENAI_API_KEY");
    expect(() => checkCombinations(parseConfig({}), withRerank({ kind: "endpoint", model: "m" }))).toThrow(
      "RERANK_URL",
    );
    expect(() => checkCombinations(endpoint, withRerank({ kind: "endpoint" }))).toThrow("answering.rerank.model");
    checkCombinations(endpoint, withRerank({ kind: "endpoint", api: "tei" }));
  });

  it("refuses a judge without a model", () => {
    const judged = { ...settings, answering: { ...settings.answering, grounding: { judge: "llm" as const } } };
    expect(() => checkCombinations(parseConfig({}), judged)).toThrow("answering.grounding.judge");
    checkCombinations(parseConfig({ OPENAI_API_KEY: "k" }), judged);
  });

  it("refuses agents where nobody would see a card", () => {
    expect(() =>
      checkCombinations(slackOn, { ...settings, handoff: { ...settings.handoff, platform: "slack" } }),
    ).toThrow("slack.agentsChannel");
    const inTeams = {
      ...settings,
      handoff: { ...settings.handoff, platform: "teams" as const },
      teams: { ...settings.teams, agentsChannel: "19:a" },
    };
    expect(() => checkCombinations(slackOn, inTeams)).toThrow("TEAMS_APP_ID");
  });
});
