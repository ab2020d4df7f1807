import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkDatabase, type DatabaseCheckDependencies } from "../../../infra/cli/database-checks.js";
import { checkNode } from "../../../infra/cli/doctor-checks.js";
import { createControlToken, writeServerFile } from "../../../infra/http/server-file.js";
import { UsageError } from "../../../src/ports/errors.js";
import { FakeOpenAi } from "../../fakes/openai/fake-openai.js";
import { FakeRerankEndpoint } from "../../fakes/rerank/fake-rerank-endpoint.js";
import { FolderKnowledge } from "../../fakes/folder-knowledge.js";
import { run } from "./program-harness.js";

interface Finding {
  readonly name: string;
  readonly state: string;
  readonly detail: string;
  readonly advice: string | null;
}

describe("deskhand doctor", () => {
  let directory = "";
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "deskhand-doctor-"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  async function examined(env: Readonly<Record<string, string>>, overrides = {}) {
    const { stdout, exitCode } = await run(["doctor", "--json"], {
      env: { DESKHAND_DIR: directory, ...env },
      overrides,
    });
    const { checks } = JSON.parse(stdout) as { checks: Finding[] };
    return { exitCode, finding: (name: string) => checks.find((check) => check.name === name) };
  }

  it("says what is on and off", async () => {
    const { finding, exitCode } = await examined({ PORT: "0" });
    expect(exitCode).toBe(0);
    expect(finding("Configuration")).toMatchObject({ state: "on", detail: "/dev/null" });
    expect(finding("Directory")).toMatchObject({ state: "on" });
    expect(finding("Server")).toMatchObject({ state: "off", advice: "deskhand start" });
    expect(finding("Slack")).toMatchObject({ state: "off", detail: "not configured" });
    expect(finding("Language model")?.detail).toMatch(/^no key: answers are quoted/u);
    expect(finding("Database")).toMatchObject({ state: "on" });
  });

  it("says how Slack, Teams and the models are set up, and whether the models answer", async () => {
    const openai = await FakeOpenAi.start();
    const tenant = "11111111-1111-4111-8111-111111111111";
    const env = {
      PORT: "0",
      SLACK_BOT_TOKEN: "xoxb-1",
      SLACK_APP_TOKEN: "xapp-1",
      TEAMS_APP_ID: tenant,
      TEAMS_APP_PASSWORD: "word",
      TEAMS_APP_TENANT_ID: tenant,
      OPENAI_API_KEY: openai.apiKey,
      OPENAI_BASE_URL: openai.baseUrl,
    };
    const { finding } = await examined(env);
    expect(finding("Slack")).toMatchObject({ state: "on", detail: "Socket Mode" });
    expect(finding("Microsoft Teams")).toMatchObject({ state: "on" });
    expect(finding("Language model")).toMatchObject({ state: "on" });
    expect(finding("Agents")?.detail).toContain("console");
    const refused = await examined({ ...env, OPENAI_API_KEY: "sk-wrong" });
    expect(refused.finding("Language model")).toMatchObject({ state: "broken", advice: "check OPENAI_API_KEY" });
    await openai.close();
    const gone = await examined(env);
    expect(gone.finding("Language model")).toMatchObject({ state: "broken" });
  });

  it.each([
    ["slack", "C0123456789", "in Slack, channel C0123456789"],
    ["teams", "19:0123@thread.tacv2", "in Microsoft Teams, channel 19:0123@thread.tacv2"],
  ])("says in which channel of %s the agents are", async (platform, channel, place) => {
    const file = join(directory, `${platform}.yaml`);
    await writeFile(file, `handoff: {platform: ${platform}}\n${platform}: {agentsChannel: "${channel}"}\n`);
    const { finding } = await examined({
      PORT: "0",
      DESKHAND_SETTINGS: file,
      SLACK_BOT_TOKEN: "xoxb-1",
      SLACK_APP_TOKEN: "xapp-1",
      TEAMS_APP_ID: "11111111-1111-4111-8111-111111111111",
      TEAMS_APP_PASSWORD: "word",
      TEAMS_APP_TENANT_ID: "11111111-1111-4111-8111-111111111111",
    });
    expect(finding("Agents")).toMatchObject({ state: "on", detail: `take questions over ${place}` });
  });

  it("finds a taken port, and a running server", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const taken = await examined({ PORT: String(port) });
    expect(taken.finding("Server")).toMatchObject({
      state: "broken",
      advice: "stop what uses it, or set PORT to another",
    });
    expect(taken.exitCode).toBe(1);
    await writeServerFile(directory, {
      address: `http://127.0.0.1:${port}`,
      token: createControlToken(),
      pid: process.pid,
    });
    const running = await examined({ PORT: String(port) });
    expect(running.finding("Server")).toMatchObject({ state: "on", detail: `runs at http://127.0.0.1:${port}` });
    other.close();
  });

  it("says whether the reranker answers, and what to correct", async () => {
    await using endpoint = await FakeRerankEndpoint.start("jina");
    const file = join(directory, "rerank.yaml");
    await writeFile(file, "answering: { rerank: { kind: endpoint, api: jina, model: rank-1 } }");
    const env = { PORT: "0", DESKHAND_SETTINGS: file, RERANK_URL: endpoint.url, RERANK_API_KEY: endpoint.apiKey };

    expect((await examined({ PORT: "0" })).finding("Reranker")).toMatchObject({ state: "off" });
    expect((await examined(env)).finding("Reranker")).toMatchObject({ state: "on" });
    const wrongKey = await examined({ ...env, RERANK_API_KEY: "no" });
    expect(wrongKey.finding("Reranker")).toMatchObject({ state: "broken", advice: "check RERANK_API_KEY" });
    const wrongPath = await examined({ ...env, RERANK_URL: new URL("/", endpoint.url).href });
    expect(wrongPath.finding("Reranker")?.advice).toMatch(/^check RERANK_URL, which is the whole address/u);
  });

  it("turns a wrong configuration into findings instead of failing", async () => {
    const { finding, exitCode } = await examined({ PORT: "many" });
    expect(finding("Configuration")).toMatchObject({
      state: "broken",
      detail: expect.stringMatching(/^PORT: /u) as string,
    });
    expect(finding("Node.js")).toMatchObject({ state: "on" });
    expect(exitCode).toBe(1);
  });

  it("turns a database that does not open and a directory that cannot be written into findings", async () => {
    const file = join(directory, "file");
    await writeFile(file, "");
    const openOperations = () => Promise.reject(new UsageError("pgvector is missing: install it"));
    const { finding, exitCode } = await examined({ DESKHAND_DIR: join(file, "inside"), PORT: "0" }, { openOperations });
    expect(finding("Directory")).toMatchObject({ state: "broken" });
    expect(finding("Database")).toMatchObject({ state: "broken", detail: "pgvector is missing: install it" });
    expect(exitCode).toBe(1);
  });

  it("lists what is broken first, with what to do", async () => {
    const { stdout } = await run(["doctor"], { env: { PORT: "many" } });
    expect(stdout).toMatch(/^Broken\n\n- Configuration: PORT: [^]*→ correct it[^]*\n\nOn\n/u);
  });
});

describe("the check of Node.js", () => {
  it.each([
    ["20.19.0", "on"],
    ["20.18.3", "broken"],
    ["21.7.0", "broken"],
    ["22.12.0", "on"],
    ["22.11.0", "broken"],
    ["23.4.0", "broken"],
    ["24.0.0", "on"],
    ["26.1.0", "on"],
  ])("takes %s for %s", (version, state) => {
    expect(checkNode(version).state).toBe(state);
  });
});

describe("the checks of an open database", () => {
  const facts = { serverVersion: "18.1", vectorVersion: "0.8.1", schemaVersion: 3 };

  function dependencies(knowledge: FolderKnowledge): DatabaseCheckDependencies {
    const database = { kind: "postgres", facts: () => Promise.resolve(facts) } as const;
    return { tenantId: "default", database, knowledge, embeddingModelId: "hashed-512", queueName: "in this process" };
  }

  async function findings(knowledge: FolderKnowledge, overrides: Partial<DatabaseCheckDependencies> = {}) {
    const { checks } = await checkDatabase({ ...dependencies(knowledge), ...overrides });
    return checks.map(({ name, state, detail }) => `${name} ${state}: ${detail}`);
  }

  it("tell versions, sources and the queue", async () => {
    const knowledge = new FolderKnowledge();
    await knowledge.addSource("default", { name: "docs", kind: "folder", location: "/d", acl: ["public"] });
    await expect(findings(knowledge)).resolves.toEqual([
      "Database on: PostgreSQL 18.1, schema 3",
      "Vector extension on: pgvector 0.8.1",
      "Source docs broken: never synced",
      "Embeddings on: hashed-512",
      "Queue on: in this process",
    ]);
    knowledge.failing = ["a.pdf"];
    for await (const step of knowledge.sync(
      "default",
      "docs",
      { confirmRemovals: false },
      new AbortController().signal,
    )) {
      expect(step.kind).not.toBe("document");
    }
    expect((await findings(knowledge))[2]).toBe("Source docs broken: 0 documents, 1 could not be read");
  });

  it("report a fault as broken, without its words", async () => {
    const database = { kind: "embedded", facts: () => Promise.reject(new Error("hunter2")) } as const;
    const lines = await findings(new FolderKnowledge(), { database });
    expect(lines.slice(0, 2)).toEqual(["Database broken: failed (Error)", "Documents off: no sources yet"]);
  });
});
