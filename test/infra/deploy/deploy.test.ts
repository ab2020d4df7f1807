import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { validate } from "dockerfile-utils";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { ENVIRONMENT_VARIABLES, parseConfig } from "../../../infra/config/environment.js";
import { packageRoot } from "../../../infra/package-root.js";

const serviceSchema = z.object({
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  env_file: z.string().optional(),
  ports: z.array(z.string()).optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
});
const composeSchema = z.object({ services: z.record(z.string(), serviceSchema) });

function deployFile(name: string): Promise<string> {
  return readFile(join(packageRoot(), "infra", "deploy", name), "utf8");
}

async function composeServices() {
  return composeSchema.parse(parse(await deployFile("compose.yaml"), { merge: true })).services;
}

/** What somebody fills in where the sample and the compose file leave a gap. */
const FILLED_IN: Readonly<Record<string, string>> = {
  DESKHAND_SECRET: "0123456789abcdef".repeat(4),
  POSTGRES_PASSWORD: "word",
  SLACK_BOT_TOKEN: "xoxb-1",
  SLACK_SIGNING_SECRET: "signing",
  TEAMS_APP_ID: "11111111-1111-4111-8111-111111111111",
  TEAMS_APP_PASSWORD: "password",
  TEAMS_APP_TENANT_ID: "22222222-2222-4222-8222-222222222222",
  OPENAI_API_KEY: "sk-1",
  SLACK_APP_TOKEN: "xapp-1",
  TEAMS_ALLOWED_TENANTS: "33333333-3333-4333-8333-333333333333",
  OPENAI_BASE_URL: "https://models.example.com/v1",
  RERANK_URL: "https://rank.example.com/v2/rerank",
  RERANK_API_KEY: "rank-1",
  DESKHAND_METRICS_TOKEN: "fedcba9876543210".repeat(4),
};

type Variables = Readonly<Record<string, string>>;

/** What `ENV` sets in the last stage of the image. */
async function imageVariables(): Promise<Variables> {
  const stages = (await deployFile("Dockerfile")).split(/^FROM /mu);
  const lines = [...(stages.at(-1) ?? "").matchAll(/^ENV (.+)$/gmu)].map((match) => match[1] ?? "");
  return Object.fromEntries(
    lines.flatMap((line) => [...line.matchAll(/(\w+)=(\S+)/gu)].map(([, name = "", value = ""]) => [name, value])),
  );
}

/** The lines of the sample, those that are commented out only on demand. */
async function sampleVariables({ withOptional }: { readonly withOptional: boolean }): Promise<Variables> {
  const sample = await deployFile("deskhand.env.sample");
  const lines = sample.matchAll(withOptional ? /^#?([A-Z][A-Z_]*)=(.*)$/gmu : /^([A-Z][A-Z_]*)=(.*)$/gmu);
  return Object.fromEntries([...lines].map(([, name = "", value = ""]) => [name, value]));
}

/** A variable that has no value, or only the beginning of one, is filled in. */
function filledIn(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, FILLED_IN[name] ?? value]));
}

/** What compose sets, with what it takes from the shell. */
function composeVariables(service: z.infer<typeof serviceSchema> | undefined): Variables {
  const fromShell = (value: string) =>
    value.replace(/\$\{(\w+):\?[^}]*\}/gu, (_, name: string) => FILLED_IN[name] ?? "");
  return Object.fromEntries(
    Object.entries(service?.environment ?? {}).map(([name, value]) => [name, fromShell(value)]),
  );
}

// There is no Docker engine in every place that runs these tests: the files are checked, not run.
describe("the files for containers", () => {
  it("have a Dockerfile without a mistake, whose process is not root", async () => {
    const text = await deployFile("Dockerfile");
    expect(validate(text)).toEqual([]);
    expect(text).toMatch(/^USER node$/mu);
  });

  it("copy into the image what the package needs at run time", async () => {
    const manifest = z.object({ files: z.array(z.string()) });
    const { files } = manifest.parse(JSON.parse(await readFile(join(packageRoot(), "package.json"), "utf8")));
    const text = await deployFile("Dockerfile");
    const needed = files.filter((file) => file !== "docs" && file !== "deskhand.schema.json");
    for (const file of needed) expect(text).toContain(`/app/${file} `);
  });

  it("start web and workers on one database and one queue", async () => {
    const { web, worker } = await composeServices();
    expect([web?.command, worker?.command]).toEqual([
      ["start", "--role", "web"],
      ["start", "--role", "worker"],
    ]);
    expect(web?.environment).toEqual(worker?.environment);
    expect([web?.env_file, worker?.env_file]).toEqual(["deskhand.env", "deskhand.env"]);
  });

  describe.each(["web", "worker"])("give the %s process a configuration that Deskhand", (name) => {
    /** Compose's own variables win over those of the file, and both over those of the image. */
    async function environmentWith(sample: Variables): Promise<Variables> {
      const service = (await composeServices())[name];
      return { ...(await imageVariables()), ...sample, ...composeVariables(service) };
    }

    const FROM_FILES = {
      host: "0.0.0.0",
      port: 3000,
      directory: "/data",
      settingsFile: "/settings/deskhand.yaml",
      databaseUrl: "postgres://deskhand:word@postgres:5432/deskhand",
      redisUrl: "redis://valkey:6379",
      secret: FILLED_IN["DESKHAND_SECRET"],
      publicUrl: "https://help.example.com",
    };

    it("accepts when the sample's open places are filled in", async () => {
      const environment = await environmentWith(filledIn(await sampleVariables({ withOptional: false })));
      expect(parseConfig(environment)).toMatchObject({ ...FROM_FILES, slack: null, teams: null, openai: null });
    });

    it("accepts with Slack, Teams and models as the sample has them", async () => {
      const environment = await environmentWith(filledIn(await sampleVariables({ withOptional: true })));
      expect(parseConfig(environment)).toMatchObject({
        ...FROM_FILES,
        metricsToken: FILLED_IN["DESKHAND_METRICS_TOKEN"],
        slack: { botToken: "xoxb-1", signingSecret: "signing", appToken: "xapp-1" },
        teams: {
          appId: FILLED_IN["TEAMS_APP_ID"],
          appTenantId: FILLED_IN["TEAMS_APP_TENANT_ID"],
          allowedTenants: [FILLED_IN["TEAMS_ALLOWED_TENANTS"]],
        },
        openai: { apiKey: "sk-1", baseUrl: FILLED_IN["OPENAI_BASE_URL"] },
        rerank: { apiKey: "rank-1", url: FILLED_IN["RERANK_URL"] },
      });
    });

    it("refuses while the sample is as it came, and names what is missing", async () => {
      const environment = await environmentWith(await sampleVariables({ withOptional: false }));
      expect(() => parseConfig(environment)).toThrow("DESKHAND_SECRET");
    });
  });

  it("keep everything but the web process off the network of the machine", async () => {
    const services = await composeServices();
    const open = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    expect(open).toEqual([["web", expect.objectContaining({ ports: ["127.0.0.1:3000:3000"] })]]);
    expect(services["postgres"]?.healthcheck).toBeDefined();
    expect(services["valkey"]?.healthcheck).toBeDefined();
  });

  it("name only variables that Deskhand reads", async () => {
    const sample = await deployFile("deskhand.env.sample");
    const named = [...sample.matchAll(/^#?([A-Z][A-Z_]+)=/gmu)].map((match) => match[1] ?? "");
    expect(named.length).toBeGreaterThan(3);
    for (const name of named) expect(ENVIRONMENT_VARIABLES).toContain(name);
  });
});
