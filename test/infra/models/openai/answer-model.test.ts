import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { OPENAI_PRICES } from "../../../../infra/models/openai/prices.js";
import { ModelError } from "../../../../src/ports/models.js";
import { writesDraft } from "../../../fakes/openai/scripts.js";
import { draft, modelOf, pathsOf, REQUEST, startFake } from "./scene.js";

const TEXT = "Standard delivery takes 2 to 4 business days. [1]";
const APIS = [
  { api: "Responses API", options: {} },
  { api: "Chat Completions", options: { hasResponses: false } },
] as const;

describe.each(APIS)("a draft by $api", ({ options }) => {
  it("arrives in pieces and ends complete, with its tokens and its cost", async () => {
    const fake = await startFake(options);
    fake.willWrite(writesDraft(TEXT));

    const drafted = await draft(modelOf(fake, { prices: OPENAI_PRICES }));

    expect(drafted.text).toBe(TEXT);
    expect(drafted.pieces).toBeGreaterThan(5);
    expect(drafted.end?.finish).toBe("complete");
    expect(drafted.end?.usage.inputTokens).toBeGreaterThan(100);
    expect(drafted.end?.usage.outputTokens).toBeGreaterThan(5);
    expect(drafted.end?.usage.cost).toBeCloseTo(fake.spent, 12);
  });

  it.each([
    ["length", "length"],
    ["content-filter", "filtered"],
    ["refusal", "filtered"],
  ] as const)("that ends by %s is told as %s", async (ending, finish) => {
    const fake = await startFake(options);
    fake.willWrite(writesDraft(TEXT, { ending }));

    await expect(draft(modelOf(fake))).resolves.toMatchObject({ end: { finish } });
  });

  it.each([
    ["cut", "incomplete"],
    ["broken", "incomplete"],
    ["malformed", "incomplete"],
    ["failed", "unreachable"],
  ] as const)("whose stream is %s fails as %s, without being asked for again", async (ending, failure) => {
    const fake = await startFake(options);
    fake.willWrite(writesDraft(TEXT), writesDraft(TEXT, { ending }));
    const model = modelOf(fake);
    await draft(model);
    const before = fake.requests.length;

    await expect(draft(model)).rejects.toMatchObject({ code: "model", failure });
    expect(fake.requests).toHaveLength(before + 1);
  });

  it("that stalls in the middle is given up by the idle timer, and its connection is closed", async () => {
    const fake = await startFake(options);
    fake.willWrite(writesDraft(TEXT, { ending: "stalled" }));

    const limits = { idleMs: 100, totalMs: 10_000 };
    await expect(draft(modelOf(fake, { limits }))).rejects.toMatchObject({ failure: "timeout" });
    await expect.poll(() => fake.openStreams).toBe(0);
  });

  it.each(["firstByteMs", "firstTextMs"] as const)("whose %s is too long is given up", async (slow) => {
    const fake = await startFake(options);
    fake.willWrite(writesDraft(TEXT, { [slow]: 500 }));

    const limits = { idleMs: 100, totalMs: 10_000 };
    await expect(draft(modelOf(fake, { limits }))).rejects.toMatchObject({ failure: "timeout" });
  });

  it("that never ends is given up by the total timer, though every piece is in time", async () => {
    const fake = await startFake(options);
    fake.willWrite(writesDraft(TEXT, { ending: "endless" }));

    const request = { ...REQUEST, maxOutputTokens: 100_000 };
    const limits = { idleMs: 5000, totalMs: 300 };
    await expect(draft(modelOf(fake, { limits }), request)).rejects.toMatchObject({ failure: "timeout" });
  });

  it("that ignores the limit of its length is cut", async () => {
    const fake = await startFake(options);
    fake.willWrite(writesDraft(TEXT, { ending: "endless" }));

    const drafted = await draft(modelOf(fake), { ...REQUEST, maxOutputTokens: 20 });

    expect(drafted.end?.finish).toBe("length");
    expect(drafted.text.length).toBeLessThan(400);
    await expect.poll(() => fake.openStreams).toBe(0);
  });

  it("ends with the caller's own reason when the caller aborts", async () => {
    const fake = await startFake(options);
    fake.willWrite(writesDraft(TEXT, { ending: "stalled" }));
    const controller = new AbortController();
    const reason = new Error("stopped by the customer");

    const drafting = draft(modelOf(fake), REQUEST, controller.signal);
    await expect.poll(() => fake.openStreams).toBe(1);
    await sleep(50);
    controller.abort(reason);

    await expect(drafting).rejects.toBe(reason);
    await expect.poll(() => fake.openStreams).toBe(0);
  });

  it("that nobody reads to its end closes its connection", async () => {
    const fake = await startFake(options);
    fake.willWrite(writesDraft(TEXT, { ending: "endless" }));

    for await (const event of modelOf(fake).generate(REQUEST, new AbortController().signal)) {
      expect(event.kind).toBe("decision");
      break;
    }

    await expect.poll(() => fake.openStreams).toBe(0);
  });

  it("that says there is no answer is a complete draft without a text", async () => {
    const fake = await startFake(options);
    fake.willWrite(writesDraft("", { decision: "no_answer" }));

    await expect(draft(modelOf(fake))).resolves.toMatchObject({
      text: "",
      decision: "no-answer",
      end: { finish: "complete" },
    });
  });

  it("with no text at all is complete and empty", async () => {
    const fake = await startFake(options);
    fake.willWrite(writesDraft(""));

    await expect(draft(modelOf(fake))).resolves.toMatchObject({ text: "", end: { finish: "complete" } });
  });
});

describe("a draft by Chat Completions", () => {
  it("is complete when the endpoint has said so, though its usage never comes", async () => {
    const fake = await startFake({ hasResponses: false });
    fake.willWrite(writesDraft(TEXT, { ending: "stalled-at-end" }));

    const drafted = await draft(modelOf(fake));

    expect(drafted).toMatchObject({ text: TEXT, end: { finish: "complete", usage: { outputTokens: 0, cost: 0 } } });
    await expect.poll(() => fake.openStreams).toBe(0);
  });

  it("by twenty first questions at once is found out by all of them", async () => {
    const fake = await startFake({ hasResponses: false, hasOldChat: true, writer: () => writesDraft(TEXT) });
    const model = modelOf(fake, { model: "never-thinks" });

    const drafts = await Promise.all(Array.from({ length: 20 }, () => draft(model)));

    expect(drafts.every(({ text, end }) => text === TEXT && end?.finish === "complete")).toBe(true);
  });
});

describe("a request that fails before its first byte", () => {
  it("is tried again when it may pass", async () => {
    const fake = await startFake();
    fake.willFail({ kind: "rate-limited", retryAfter: "0.2" }, { kind: "status", status: 503 });
    fake.willWrite(writesDraft(TEXT));

    await expect(draft(modelOf(fake))).resolves.toMatchObject({ text: TEXT });
    expect(fake.requests.map(({ status }) => status)).toEqual([429, 503, 200]);
  });

  it("is not tried again when the wait would be long; the caller learns how long", async () => {
    const fake = await startFake();
    fake.willFail({ kind: "rate-limited", retryAfter: "30" });

    await expect(draft(modelOf(fake))).rejects.toMatchObject({ failure: "rate-limited", retryAfterMs: 30_000 });
    expect(fake.requests).toHaveLength(1);
  });

  it("is given up after three attempts", async () => {
    const fake = await startFake();
    fake.willFail({ kind: "disconnected" }, { kind: "status", status: 500 }, { kind: "status", status: 502 });

    await expect(draft(modelOf(fake))).rejects.toMatchObject({ failure: "unreachable", isRetryable: true });
    expect(fake.requests).toHaveLength(3);
  });

  it.each([
    [{ kind: "quota" }, "quota"],
    [{ kind: "status", status: 401 }, "auth"],
    [{ kind: "status", status: 403 }, "auth"],
  ] as const)("by %j is not tried again, nor by another API", async (fault, failure) => {
    const fake = await startFake();
    fake.willFail(fault);

    await expect(draft(modelOf(fake))).rejects.toMatchObject({ failure, isRetryable: false });
    expect(fake.requests).toHaveLength(1);
  });

  it("because of a wrong key is not asked by another API", async () => {
    const fake = await startFake();

    await expect(draft(modelOf(fake, { apiKey: "sk-wrong" }))).rejects.toMatchObject({ failure: "auth" });
    expect(fake.requests.map(({ status }) => status)).toEqual([401]);
  });

  it("because nobody listens is unreachable", async () => {
    const fake = await startFake();
    const model = modelOf(fake);
    await fake.close();

    await expect(draft(model)).rejects.toMatchObject({ failure: "unreachable" });
  });

  it("because the provider filters the prompt is a filtered draft", async () => {
    const fake = await startFake();
    fake.willFail({ kind: "prompt-filtered" });

    await expect(draft(modelOf(fake))).resolves.toMatchObject({ text: "", end: { finish: "filtered" } });
  });
});

describe("an error", () => {
  it("says neither the key nor what anybody wrote", async () => {
    const fake = await startFake();
    const question = "zanzibar";
    const models = [modelOf(fake, { apiKey: "sk-secret" }), modelOf(fake), modelOf(fake, { model: "gpt-0" })];

    for (const model of models) {
      const error = await draft(model, { ...REQUEST, question }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ModelError);
      expect(String(error)).not.toMatch(/sk-|zanzibar/u);
    }
  });
});

describe("what the endpoint understands", () => {
  it("is asked once: an endpoint without the Responses API is asked by Chat Completions from then on", async () => {
    const fake = await startFake({ hasResponses: false });
    fake.willWrite(writesDraft(TEXT), writesDraft(TEXT));
    const model = modelOf(fake);
    await draft(model);
    await draft(model);

    expect(pathsOf(fake)).toEqual(["/v1/responses", "/v1/chat/completions", "/v1/chat/completions"]);
  });

  it("also when it answers a page of some proxy where the Responses API would be", async () => {
    const fake = await startFake();
    fake.willFail({ kind: "web-page" });
    fake.willWrite(writesDraft(TEXT));

    await expect(draft(modelOf(fake))).resolves.toMatchObject({ text: TEXT });
    expect(pathsOf(fake)).toEqual(["/v1/responses", "/v1/chat/completions"]);
  });

  it.each([
    ["always-thinks", ["none", "low"], 1464],
    ["never-thinks", ["none", "low", undefined], 464],
  ] as const)("%s is asked to think as little as it can", async (id, efforts, limit) => {
    const fake = await startFake();
    fake.willWrite(writesDraft(TEXT), writesDraft(TEXT));
    const model = modelOf(fake, { model: id });
    await draft(model);
    await draft(model);

    const asked = fake.requests.map(
      ({ body }) => body as { reasoning?: { effort: string }; max_output_tokens: number },
    );
    expect(asked.map(({ reasoning }) => reasoning?.effort)).toEqual([...efforts, efforts.at(-1)]);
    expect(asked.at(-1)?.max_output_tokens).toBe(limit);
  });

  it("an endpoint of an old kind is asked in its own words", async () => {
    const fake = await startFake({ hasResponses: false, hasOldChat: true });
    fake.willWrite(writesDraft(TEXT));

    const drafted = await draft(modelOf(fake, { model: "never-thinks" }));

    expect(drafted).toMatchObject({ text: TEXT, end: { finish: "complete", usage: { inputTokens: 0, cost: 0 } } });
    expect(fake.requests.at(-1)?.body).toMatchObject({ max_tokens: 400 });
  });

  it("an unknown model is an error, and nothing is concluded from it", async () => {
    const fake = await startFake();

    await expect(draft(modelOf(fake, { model: "gpt-0" }))).rejects.toMatchObject({ failure: "rejected" });
    expect(pathsOf(fake)).toEqual(["/v1/responses"]);
  });

  it("does not change because of one refusal later on", async () => {
    const fake = await startFake();
    fake.willWrite(writesDraft(TEXT), writesDraft(TEXT));
    const model = modelOf(fake);
    await draft(model);
    fake.willFail({ kind: "status", status: 404 });

    await expect(draft(model)).rejects.toMatchObject({ failure: "rejected" });
    await draft(model);
    expect(new Set(pathsOf(fake))).toEqual(new Set(["/v1/responses"]));
  });
});

describe("a request", () => {
  it("keeps nothing at the provider and asks for no sampling", async () => {
    const fake = await startFake();
    fake.willWrite(writesDraft(TEXT));
    await draft(modelOf(fake));

    const body = fake.requests[0]?.body as object;
    expect(body).toMatchObject({ model: "gpt-6-luna", store: false, stream: true, max_output_tokens: 464 });
    expect(Object.keys(body).sort()).toEqual([
      "input",
      "instructions",
      "max_output_tokens",
      "model",
      "reasoning",
      "store",
      "stream",
      "text",
    ]);
  });
});
