import { describe, expect, it } from "vitest";
import { createOpenAiEmbeddings, type OpenAiEmbeddingsOptions } from "../../../../infra/models/openai/embeddings.js";
import { vectorOf } from "../../../fakes/openai/embedding-replies.js";
import type { FakeOpenAi } from "../../../fakes/openai/fake-openai.js";
import { startFake } from "./scene.js";

const signal = new AbortController().signal;

function embeddingsOf(fake: FakeOpenAi, options: Partial<OpenAiEmbeddingsOptions> = {}) {
  return createOpenAiEmbeddings({
    apiKey: fake.apiKey,
    baseUrl: fake.baseUrl,
    model: "text-embedding-3-small",
    dimensions: null,
    purpose: "documents",
    ...options,
  });
}

/** What the fake would answer, but for rounding. */
function nearlyVectorOf(text: string): readonly unknown[] {
  return vectorOf(text, 1536).map((part): unknown => expect.closeTo(part, 5));
}

function inputsOf(fake: FakeOpenAi): readonly (readonly string[])[] {
  return fake.requests.map(({ body }) => (body as { input: readonly string[] }).input);
}

describe("embeddings of an OpenAI-compatible endpoint", () => {
  it("are unit vectors in the order of the texts, whatever order the endpoint answers in", async () => {
    const fake = await startFake();
    const model = embeddingsOf(fake);

    const vectors = await model.embed(["reset the router", "", "重置路由器", "\u{d800}broken"], signal);

    expect(model).toMatchObject({ id: "text-embedding-3-small-1536", dimensions: 1536 });
    for (const vector of vectors) {
      expect(vector).toHaveLength(1536);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
    expect([...vectors[0]!]).toEqual(nearlyVectorOf("reset the router"));
    expect([...vectors[2]!]).toEqual(nearlyVectorOf("重置路由器"));
    expect(inputsOf(fake)).toEqual([["reset the router", "重置路由器", "\ufffdbroken"]]);
  });

  it("are asked for without a request when there is nothing to embed", async () => {
    const fake = await startFake();

    await expect(embeddingsOf(fake).embed([], signal)).resolves.toEqual([]);
    await expect(embeddingsOf(fake).embed([" \n"], signal)).resolves.toHaveLength(1);
    expect(fake.requests).toEqual([]);
  });

  it("have the dimensions that are asked for, and another name then", async () => {
    const fake = await startFake();
    const model = embeddingsOf(fake, { dimensions: 512 });

    const [vector] = await model.embed(["reset"], signal);

    expect(vector).toHaveLength(512);
    expect(model.id).toBe("text-embedding-3-small-512");
    expect(fake.requests[0]?.body).toMatchObject({ dimensions: 512 });
  });

  it("of a model with one size only are asked for without dimensions, once that is known", async () => {
    const fake = await startFake();
    const model = embeddingsOf(fake, { model: "nomic-embed-text", dimensions: 768 });
    await model.embed(["reset"], signal);
    await model.embed(["reset"], signal);

    expect(fake.requests.map(({ status }) => status)).toEqual([400, 200, 200]);
  });

  it("of another size than the settings say are refused with both numbers", async () => {
    const fake = await startFake();
    const model = embeddingsOf(fake, { model: "nomic-embed-text", dimensions: 512 });

    await expect(model.embed(["reset"], signal)).rejects.toThrow(/768 dimensions.*says 512/u);
  });

  it("of an unknown model cannot be made without knowing their dimensions", async () => {
    const fake = await startFake();

    expect(() => embeddingsOf(fake, { model: "nomic-embed-text" })).toThrow(/set models\.dimensions/u);
  });

  it("are asked for in requests that stay within the limits, and none is lost", async () => {
    const fake = await startFake();
    const texts = Array.from({ length: 600 }, (_, index) => `text ${index}`);
    const vectors = await embeddingsOf(fake).embed(texts, signal);

    expect(vectors).toHaveLength(600);
    expect(inputsOf(fake).map((input) => input.length)).toEqual([256, 256, 88]);
    expect(inputsOf(fake).flat()).toEqual(texts);
  });

  it("of long texts go into requests by their tokens, and a text too long is cut after a sentence", async () => {
    const fake = await startFake();
    const long = "A sentence of some length. ".repeat(1000);
    await embeddingsOf(fake).embed(
      Array.from({ length: 80 }, () => long),
      signal,
    );

    const inputs = inputsOf(fake);
    expect(inputs.flat()).toHaveLength(80);
    expect(fake.requests.every(({ status }) => status === 200)).toBe(true);
    expect(inputs.flat()[0]!.length).toBeGreaterThan(8000);
    expect(inputs.flat()[0]).toMatch(/length\.$/u);
  });

  it.each([
    "重".repeat(20_000),
    "🙂".repeat(20_000),
    "x".repeat(20_000),
    "7".repeat(20_000),
    "a\n\nb. c ".repeat(5000),
  ])("of a text too long in any script are accepted (%.10s…)", async (text) => {
    const fake = await startFake();

    await expect(embeddingsOf(fake).embed([text], signal)).resolves.toHaveLength(1);
    expect(inputsOf(fake)[0]?.[0]?.isWellFormed()).toBe(true);
  });
});

describe("a reply that is not what was asked for", () => {
  it.each(["one-missing", "same-index", "not-a-number", "zero", "not-json"] as const)(
    "(%s) is an error and never a vector",
    async (how) => {
      const fake = await startFake();
      fake.willFail({ kind: "bad-vectors", how });

      await expect(embeddingsOf(fake).embed(["one", "two"], signal)).rejects.toMatchObject({ failure: "incomplete" });
    },
  );

  it("(too short) is an error that names the sizes", async () => {
    const fake = await startFake();
    fake.willFail({ kind: "bad-vectors", how: "too-short" });

    await expect(embeddingsOf(fake).embed(["one"], signal)).rejects.toThrow(/1535 dimensions/u);
  });

  it("(a web page) is an error", async () => {
    const fake = await startFake();
    fake.willFail({ kind: "web-page" });

    await expect(embeddingsOf(fake).embed(["one"], signal)).rejects.toMatchObject({ failure: "incomplete" });
  });

  it("in decimals instead of base64 is read as well", async () => {
    const fake = await startFake({ hasBase64: false });

    const [vector] = await embeddingsOf(fake).embed(["reset the router"], signal);

    expect([...vector!]).toEqual(nearlyVectorOf("reset the router"));
  });
});

describe("an endpoint in trouble", () => {
  it("is asked again for documents, as long as its Retry-After is bearable", async () => {
    const fake = await startFake();
    fake.willFail(
      { kind: "rate-limited", retryAfter: "0.3" },
      { kind: "status", status: 503, retryAfter: "0" },
      { kind: "disconnected" },
    );

    await expect(embeddingsOf(fake).embed(["one"], signal)).resolves.toHaveLength(1);
    expect(fake.requests.map(({ status }) => status)).toEqual([429, 503, null, 200]);
  });

  it("is not waited for longer than two minutes", async () => {
    const fake = await startFake();
    fake.willFail({ kind: "rate-limited", retryAfter: "121" });

    await expect(embeddingsOf(fake).embed(["one"], signal)).rejects.toMatchObject({ retryAfterMs: 121_000 });
  });

  it("is not waited for at all for a question, when it asks for a second", async () => {
    const fake = await startFake();
    fake.willFail({ kind: "rate-limited", retryAfter: "1" });
    const model = embeddingsOf(fake, { purpose: "questions" });

    await expect(model.embed(["one"], signal)).rejects.toMatchObject({ failure: "rate-limited", retryAfterMs: 1000 });
    expect(fake.requests).toHaveLength(1);
  });

  it.each([
    [{ kind: "quota" }, "quota"],
    [{ kind: "status", status: 401 }, "auth"],
  ] as const)("(%j) is not asked again", async (fault, failure) => {
    const fake = await startFake();
    fake.willFail(fault);

    await expect(embeddingsOf(fake).embed(["one"], signal)).rejects.toMatchObject({ failure });
    expect(fake.requests).toHaveLength(1);
  });

  it("that does not answer in time is given up", async () => {
    const fake = await startFake();
    fake.embeddingDelayMs = 1000;
    const model = embeddingsOf(fake, { purpose: "questions", requestMs: 50 });

    await expect(model.embed(["one"], signal)).rejects.toMatchObject({ failure: "timeout" });
  });

  it("is left alone as soon as the caller aborts, also while waiting", async () => {
    const fake = await startFake();
    fake.willFail({ kind: "rate-limited", retryAfter: "60" });
    const controller = new AbortController();
    const reason = new Error("sync stopped");

    const embedding = embeddingsOf(fake).embed(["one"], controller.signal);
    await expect.poll(() => fake.requests[0]?.status).toBe(429);
    controller.abort(reason);

    await expect(embedding).rejects.toBe(reason);
    expect(fake.requests).toHaveLength(1);
  });
});
