import { describe, expect, it } from "vitest";
import type { OpenAiAnswerModelOptions } from "../../../../infra/models/openai/answer-model.js";
import { OPENAI_PRICES } from "../../../../infra/models/openai/prices.js";
import { createAnswering } from "../../../../src/answering/answering.js";
import { DEFAULT_ANSWER_SETTINGS, type AnswerRequest } from "../../../../src/answering/contract.js";
import { replyText } from "../../../../src/answering/reply-text.js";
import type { FakeOpenAi } from "../../../fakes/openai/fake-openai.js";
import { quoteFromPassages } from "../../../fakes/openai/quoting-writer.js";
import { writesDraft } from "../../../fakes/openai/scripts.js";
import { MemorySearch } from "../../../fakes/memory-search.js";
import { noVerifiedAnswers } from "../../../fakes/no-verified-answers.js";
import { passageOf } from "../../../fakes/passages.js";
import { RecordingListener } from "../../../fakes/recording-listener.js";
import { modelOf, startFake } from "./scene.js";

const SHIPPING = passageOf(
  "Standard delivery takes 2 to 4 business days. Express orders arrive on the next business day.",
  { title: "Shipping", url: "https://shop.example/shipping" },
);
const RETURNS = passageOf("You can send an order back within 30 days.", { title: "Returns" });
const QUESTION: AnswerRequest = {
  tenantId: "acme",
  conversationId: "conversation",
  inboxId: "inbox",
  question: "How long does standard delivery take?",
  history: [],
  audience: ["public"],
  mayStream: true,
};

async function ask(fake: FakeOpenAi, options: Partial<OpenAiAnswerModelOptions> = {}, question = QUESTION.question) {
  const listener = new RecordingListener();
  const answering = createAnswering({
    search: new MemorySearch([SHIPPING, RETURNS]),
    verified: noVerifiedAnswers,
    model: modelOf(fake, { prices: OPENAI_PRICES, ...options }),
    rewriter: null,
    reranker: null,
    research: null,
    clock: { now: () => new Date() },
    newId: () => "answer-1",
    settings: DEFAULT_ANSWER_SETTINGS,
    estimateConfidence: () => ({ value: 0.95, parts: {} }),
  });
  const result = await answering.answer({ ...QUESTION, question }, listener, new AbortController().signal);
  const generate = result.answer.stages.find(({ stage }) => stage === "generate");
  return { result, listener, generate, text: result.reply === null ? null : replyText(result.reply) };
}

describe("a question answered by a model endpoint", () => {
  it("streams a grounded, cited answer; the trace holds model, prompt version and cost", async () => {
    const fake = await startFake({ writer: quoteFromPassages });

    const { result, listener, generate, text } = await ask(fake);

    expect(text).toBe("Standard delivery takes 2 to 4 business days. [1]");
    expect(listener.sentences).toEqual([text]);
    expect(result.answer).toMatchObject({ decision: "answer", reason: "grounded" });
    expect(result.reply?.citations).toMatchObject([{ number: 1, title: "Shipping", url: SHIPPING.url }]);
    expect(generate).toMatchObject({ model: "gpt-6-luna", promptVersion: "cited-answer-4" });
    expect(generate?.cost).toBeCloseTo(fake.spent, 12);
    expect(fake.spent).toBeGreaterThan(0);
  });

  it("loses what the model made up, with links and marks of its own", async () => {
    const fake = await startFake();
    fake.willWrite(
      writesDraft(
        "Standard delivery takes 2 to 4 business days [1]. It costs [99 euros](https://evil.example) for <@U123>. [1]",
      ),
    );

    const { text } = await ask(fake);

    expect(text).toBe("Standard delivery takes 2 to 4 business days [1].");
  });

  it("goes to a person when the model finds no answer", async () => {
    const fake = await startFake();
    fake.willWrite(writesDraft("", { decision: "no_answer" }));

    const { result, listener } = await ask(fake);

    expect(result.answer).toMatchObject({ decision: "hand-off", reason: "documents-do-not-say", text: "" });
    expect(listener.sentences).toEqual([]);
  });

  it.each([
    ["is down", { kind: "status", status: 503 }, 6],
    ["refuses the key", { kind: "status", status: 401 }, 1],
    ["has no credit left", { kind: "quota" }, 1],
  ] as const)("goes to a person when the endpoint %s", async (_, fault, requests) => {
    const fake = await startFake({ writer: quoteFromPassages });
    fake.willFail(...Array.from({ length: 20 }, () => fault));

    const { result, listener } = await ask(fake);

    expect(result.answer).toMatchObject({ decision: "hand-off", reason: "model-down" });
    expect(listener.sentences).toEqual([]);
    expect(fake.requests).toHaveLength(requests);
  });

  it.each(["cut", "broken", "stalled", "length", "content-filter", "refusal", "failed"] as const)(
    "goes to a person when the model's stream ends by: %s",
    async (ending) => {
      const fake = await startFake();
      const script = writesDraft("Standard delivery takes 2 to 4 business days. [1]", { ending });
      fake.willWrite(script, script);

      const { result } = await ask(fake, { limits: { idleMs: 200, totalMs: 5000 } });

      expect(result.answer).toMatchObject({ decision: "hand-off", reason: "model-down" });
      expect(result.reply).toBeNull();
    },
  );

  it("is one generation when the first attempt stalls before anything was shown", async () => {
    const fake = await startFake();
    fake.willWrite(
      writesDraft("Standard delivery takes 2 to 4 business days. [1]", { ending: "stalled" }),
      writesDraft("Standard delivery takes 2 to 4 business days. [1]"),
    );

    const { text, listener } = await ask(fake, { limits: { idleMs: 200, totalMs: 5000 } });

    expect(text).toBe("Standard delivery takes 2 to 4 business days. [1]");
    expect(listener.sentences).toEqual([text]);
  });
});
