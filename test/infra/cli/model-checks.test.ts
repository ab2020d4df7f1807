import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkModels, judgeModels } from "../../../infra/cli/model-checks.js";
import { nearest } from "../../../infra/cli/nearest-names.js";
import { parseConfig } from "../../../infra/config/environment.js";
import { defaultSettings } from "../../../infra/config/settings.js";
import { FAKE_MODELS } from "../../fakes/openai/fake-models.js";
import { FakeOpenAi } from "../../fakes/openai/fake-openai.js";

describe("the check of the models", () => {
  let openai: FakeOpenAi;
  beforeEach(async () => {
    openai = await FakeOpenAi.start();
  });
  afterEach(() => openai.close());

  function check(models: { answer?: string; embedding?: string } = {}) {
    const environment = parseConfig({ OPENAI_API_KEY: openai.apiKey, OPENAI_BASE_URL: openai.baseUrl });
    const settings = defaultSettings();
    return checkModels({ environment, settings: { ...settings, models: { ...settings.models, ...models } } });
  }

  it("finds nothing to say about models that are listed", async () => {
    const { host } = new URL(openai.baseUrl);
    await expect(check()).resolves.toEqual({
      name: "Language model",
      state: "on",
      detail: `gpt-6-luna and text-embedding-3-small at ${host}`,
      advice: null,
    });
  });

  it("warns of a model that is not listed, with those that look like it, and says how to find out", async () => {
    const finding = await check({ answer: "gpt-6-lunar" });
    expect(finding.state).toBe("on");
    expect(finding.detail).toMatch(/; not in the endpoint's list: gpt-6-lunar \(near: gpt-6-luna\)$/u);
    expect(finding.advice).toMatch(/^correct models\.answer in deskhand\.yaml, unless .*deskhand ask/u);
  });

  it("names both models when neither is listed", async () => {
    const finding = await check({ answer: "zzz", embedding: "text-embedding-3" });
    expect(finding.detail).toMatch(/: zzz, text-embedding-3 \(near: text-embedding-3-small, text-embedding-3-large/u);
    expect(finding.advice).toContain("models.answer and models.embedding");
  });

  it("takes a name without a tag for the newest, as Ollama does", async () => {
    const models = FAKE_MODELS.map((model) => ({ ...model, id: `${model.id}:latest` }));
    await openai.close();
    openai = await FakeOpenAi.start({ models });
    const finding = await check();
    expect(finding).toMatchObject({ state: "on", advice: null });
  });

  it("tells when a model ends, beside what else is wrong", async () => {
    const finding = await check({ answer: "never-thinks", embedding: "nomic" });
    expect(finding.detail).toMatch(/list: nomic(?: \(near: [^)]+\))?; never-thinks ends on 2027-01-14$/u);
    expect(finding.advice).toMatch(/models\.embedding.*; name another in deskhand\.yaml$/u);
  });

  it("warns of a key that may not list the models, and does not call it broken", async () => {
    openai.willFail({ kind: "status", status: 403 });
    const finding = await check();
    expect(finding.state).toBe("on");
    expect(finding.detail).toMatch(/may not list the models \(status 403\), so neither it nor they could be checked/u);
    expect(finding.advice).toMatch(/^deskhand ask/u);
  });

  it("says nothing of models when the endpoint has no list", async () => {
    openai.willFail({ kind: "status", status: 404 });
    await expect(check({ answer: "anything" })).resolves.toMatchObject({ state: "on", advice: null });
  });

  it.each([
    [{ kind: "status", status: 401 }, "check OPENAI_API_KEY"],
    [{ kind: "disconnected" }, "check OPENAI_BASE_URL and the network"],
  ] as const)("calls %j broken, and says what to do", async (fault, advice) => {
    openai.willFail(fault);
    await expect(check()).resolves.toMatchObject({ state: "broken", advice });
  });
});

describe("a model that OpenAI itself does not list", () => {
  it("is broken, since its list is whole", () => {
    const list = { kind: "listed", models: [{ id: "text-embedding-3-small", shutdownDate: null }] } as const;
    const openai = { apiKey: "sk-1", baseUrl: null };
    expect(judgeModels({ answer: "gpt-0", embedding: "text-embedding-3-small" }, openai, list)).toEqual({
      name: "Language model",
      state: "broken",
      detail: "gpt-0 and text-embedding-3-small at OpenAI; not in the endpoint's list: gpt-0",
      advice: "correct models.answer in deskhand.yaml",
    });
  });
});

describe("names that look like another", () => {
  it.each([
    ["gpt-6-luna", ["gpt-6-sol", "gpt-6-luna-mini", "whisper-1"], ["gpt-6-luna-mini", "gpt-6-sol"]],
    ["LLAMA3", ["llama3.3:latest"], ["llama3.3:latest"]],
    ["a", ["a", "b"], []],
    ["aaa1", ["aaa2", "aaa3", "aaa4", "aaa5"], ["aaa2", "aaa3", "aaa4"]],
  ])("%s among %j are %j", (name, names, near) => {
    expect(nearest(name, names)).toEqual(near);
  });
});
