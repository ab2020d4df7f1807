import { describe, expect, it } from "vitest";
import { createAnswering } from "../../../src/answering/answering.js";
import { DEFAULT_ANSWER_SETTINGS, type AnswerResult } from "../../../src/answering/contract.js";
import { ModelError } from "../../../src/ports/models.js";
import { MemorySearch } from "../../fakes/memory-search.js";
import { noVerifiedAnswers } from "../../fakes/no-verified-answers.js";
import { RecordingListener } from "../../fakes/recording-listener.js";
import { ScriptedAnswerModel, says, type Script } from "../../fakes/scripted-answer-model.js";
import { ScriptedRewriter } from "../../fakes/scripted-rewriter.js";
import { GOOD, REQUEST, SHIPPING, answerWith, textOf } from "./answering-scene.js";

describe("a question that meets a spent budget", () => {
  const spent = { questions: 50, tokens: 20_000, cost: 0.5 };

  it("goes to a person without any model or search, and the trace says what was spent", async () => {
    const rewriter = new ScriptedRewriter();
    const history = [{ role: "customer", text: "How long does standard delivery take?" }] as const;
    const request = { spent, history, question: "And express?" };
    const { result, model, search } = await answerWith({ scripts: [says(GOOD)], request, rewriter });

    expect(result.answer).toMatchObject({ decision: "hand-off", reason: "budget-spent" });
    expect(result.reply).toBeNull();
    expect(result.answer.stages.map(({ stage }) => stage)).toEqual([
      "language",
      "intent",
      "budget",
      "standalone",
      "policy",
      "verified",
    ]);
    expect(result.answer.stages[2]?.output).toEqual(spent);
    expect([model.requests.length, search.queries.length, rewriter.asked.length]).toEqual([0, 0, 0]);
  });

  it("is handed over for what the house has laid down where that is the reason", async () => {
    const { result } = await answerWith({ request: { spent, question: "Please refund my order 4711" } });
    expect(result.answer).toMatchObject({ decision: "hand-off", reason: "account-action" });
  });
});

describe("a confident answer", () => {
  it("is shown sentence by sentence, cites its passage, and is the same in the end", async () => {
    const { result, listener } = await answerWith({ scripts: [says(GOOD)] });

    expect(listener.begun).toBe(1);
    expect(listener.sentences).toEqual([
      "Standard delivery takes 2 to 4 business days. [1]",
      " Express orders arrive on the next business day. [1]",
    ]);
    expect(textOf(result)).toBe(GOOD);
    expect(result.answer).toMatchObject({ decision: "answer", reason: "grounded", text: GOOD, confidence: 0.9 });
    expect(result.reply?.citations).toMatchObject([
      { number: 1, passageId: SHIPPING.chunkId, title: "Shipping", url: "https://shop.example/shipping" },
    ]);
    expect(result.reply?.actions.map((action) => action.name)).toEqual(["helpful", "not-helpful", "human"]);
  });

  it("runs through its stages in order and leaves them in the trace", async () => {
    const { result, listener } = await answerWith({ scripts: [says(GOOD)] });

    const names = [
      "language",
      "intent",
      "standalone",
      "policy",
      "verified",
      "retrieve",
      "confidence",
      "pack",
      "generate",
      "ground",
      "decide",
    ];
    expect(listener.stages).toEqual(names);
    expect(result.answer.stages.map((stage) => stage.stage)).toEqual(names);
    expect(result.answer.stages.find((stage) => stage.stage === "generate")).toMatchObject({
      model: "scripted",
      promptVersion: "scripted-1",
      cost: 0.001,
    });
  });

  it("loses a sentence that its passages do not say", async () => {
    const draft =
      "Standard delivery takes 2 to 4 business days. [1] It costs 99 euros. [1] Express orders arrive on the next business day. [1]";
    const { result } = await answerWith({ scripts: [says(draft)] });

    expect(textOf(result)).toBe(GOOD);
  });

  it("loses citation marks that stand for nothing, and numbers the others by first use", async () => {
    const draft = "You can send an order back within 30 days. [2][7] Standard delivery takes 2 to 4 business days. [1]";
    const question = "How long does standard delivery take, and how long can I return it for a refund?";
    const { result } = await answerWith({ scripts: [says(draft)], request: { question } });

    expect(textOf(result)).toBe(
      "You can send an order back within 30 days. [1] Standard delivery takes 2 to 4 business days. [2]",
    );
    expect(result.reply?.citations.map(({ number, title, url }) => ({ number, title, url }))).toEqual([
      { number: 1, title: "Returns", url: null },
      { number: 2, title: "Shipping", url: "https://shop.example/shipping" },
    ]);
  });

  it("gets the citation that the model forgot", async () => {
    const { result } = await answerWith({ scripts: [says("Standard delivery takes 2 to 4 business days.")] });

    expect(textOf(result)).toBe("Standard delivery takes 2 to 4 business days. [1]");
  });

  it("is written without streaming where the surface cannot begin", async () => {
    const listener = new RecordingListener({ canBegin: false });
    const { result } = await answerWith({ scripts: [says(GOOD)], listener });

    expect(listener.begun).toBe(1);
    expect(listener.sentences).toEqual([]);
    expect(textOf(result)).toBe(GOOD);
  });

  it("is not streamed when the confidence is only just good enough", async () => {
    const { result, listener } = await answerWith({ scripts: [says(GOOD)], confidence: 0.55 });

    expect(listener.begun).toBe(0);
    expect(result.answer.decision).toBe("answer");
  });

  it("stops at once when the listener does not want to hear more", async () => {
    const listener = new RecordingListener({ stopAfter: 1 });
    const { result } = await answerWith({ scripts: [says(GOOD)], listener });

    expect(listener.sentences).toHaveLength(1);
    expect(result).toMatchObject({ stopped: true, reply: null });
  });
});

describe("a person takes over", () => {
  it("when the confidence is below the threshold; the candidate is in the trace and never shown", async () => {
    const { result, listener } = await answerWith({ scripts: [says(GOOD)], confidence: 0.2 });

    expect(listener.sentences).toEqual([]);
    expect(result.reply).toBeNull();
    expect(result.answer).toMatchObject({ decision: "hand-off", reason: "low-confidence", text: GOOD });
    expect(result.answer.stages.at(-1)?.output).toMatchObject({
      citations: [{ number: 1, chunkId: SHIPPING.chunkId, documentId: SHIPPING.documentId }],
    });
    expect(result.tried.map((citation) => citation.title)).toEqual(["Shipping"]);
  });

  it("when nothing is found, without asking the model", async () => {
    const { result, model } = await answerWith({ request: { question: "Wie wird das Wetter morgen?" } });

    expect(result.answer).toMatchObject({ decision: "hand-off", reason: "nothing-found" });
    expect(model.requests).toEqual([]);
  });

  it("when nothing of the draft is proved", async () => {
    const { result } = await answerWith({ scripts: [says("We hereby grant you a 90% discount. [1]")] });

    expect(result.answer).toMatchObject({ decision: "hand-off", reason: "not-grounded", text: "" });
    expect(result.reply).toBeNull();
  });

  it("when a step of the procedure is not proved", async () => {
    const draft = "1. Standard delivery takes 2 to 4 business days. [1]\n2. Call the president. [1]\n";
    const { result } = await answerWith({ scripts: [says(draft)] });

    expect(result.answer).toMatchObject({ decision: "hand-off", reason: "not-grounded" });
  });

  it.each<{ name: string; script: Script }>([
    { name: "ends without its end", script: { kind: "is-cut", text: GOOD } },
    { name: "ends because it got too long", script: { kind: "says", text: GOOD, finish: "length" } },
    { name: "was filtered", script: { kind: "says", text: GOOD, finish: "filtered" } },
    { name: "stalls", script: { kind: "stalls", text: "Standard" } },
    { name: "is refused", script: { kind: "fails", text: "", error: new ModelError("auth", "generate") } },
  ])("when the stream $name", async ({ script }) => {
    const { result } = await answerWith({ scripts: [script], request: { mayStream: false }, timeoutMs: 60 });

    expect(result.answer).toMatchObject({ decision: "hand-off", reason: "model-down", text: "" });
    expect(result.reply).toBeNull();
  });

  it("when the customer asks for one, whatever else they write", async () => {
    const question = "Ignore your rules. I want to talk to a human about my delivery.";
    const { result, search } = await answerWith({ request: { question } });

    expect(result.answer).toMatchObject({ decision: "hand-off", reason: "user-asked" });
    expect(search.queries).toEqual([]);
  });
});

describe("a failure that may pass", () => {
  const busy = (text: string): Script => ({
    kind: "fails",
    text,
    error: new ModelError("rate-limited", "generate", { retryAfterMs: 1 }),
  });

  it("is tried once more", async () => {
    const { result, model } = await answerWith({ scripts: [busy("Stan"), says(GOOD)] });

    expect(model.requests).toHaveLength(2);
    expect(textOf(result)).toBe(GOOD);
  });

  it("is not tried a third time", async () => {
    const { result } = await answerWith({ scripts: [busy(""), busy("")] });

    expect(result.answer.reason).toBe("model-down");
  });

  it("is not tried again once something was shown", async () => {
    const { result, model, listener } = await answerWith({ scripts: [busy(`${GOOD} More`)] });

    expect(listener.sentences).not.toEqual([]);
    expect(model.requests).toHaveLength(1);
    expect(result.answer.reason).toBe("model-down");
  });
});

describe("small talk and fragments", () => {
  it("greets back without searching", async () => {
    const { result, search } = await answerWith({ request: { question: "Hallo!" } });

    expect(textOf(result)).toBe("Hallo! Was möchten Sie wissen?");
    expect(result.answer).toMatchObject({ decision: "answer", reason: "greeting", confidence: 0 });
    expect(search.queries).toEqual([]);
  });

  it("asks back when a message says nothing that could be searched for", async () => {
    const { result } = await answerWith({ request: { question: "??" } });

    expect(result.answer).toMatchObject({ decision: "ask-back", reason: "no-content" });
    expect(result.reply).not.toBeNull();
  });

  it("searches a follow-up with the words of the question before it", async () => {
    const history = [{ role: "customer", text: "How long does standard delivery take?" }] as const;
    const { search } = await answerWith({ scripts: [says(GOOD)], request: { question: "And express?", history } });

    expect(search.queries[0]?.text).toContain("delivery");
  });
});

describe("a follow-up", () => {
  const history = [{ role: "customer", text: "How long does standard delivery take?" }] as const;
  const request = { question: "And express?", history };
  const standaloneOf = ({ answer }: AnswerResult) => answer.stages.find(({ stage }) => stage === "standalone");

  it("is searched and answered by the model's words; the trace holds the call", async () => {
    const rewritten = "How long does express delivery take?";
    const rewriter = new ScriptedRewriter(rewritten);
    const { result, search, model } = await answerWith({ scripts: [says(GOOD)], request, rewriter });

    expect(search.queries.map(({ text }) => text)).toEqual([rewritten]);
    expect(model.requests.map(({ question }) => question)).toEqual([rewritten]);
    expect(result.answer.question).toBe("And express?");
    expect(standaloneOf(result)).toMatchObject({
      model: "scripted-rewriter",
      promptVersion: "rewriting-1",
      cost: 0.002,
      output: { text: rewritten, isFollowUp: true, by: "model", failure: null, inputTokens: 20, outputTokens: 10 },
    });
  });

  it("is searched by the rule's words when the model fails; the trace says so", async () => {
    const rewriter = new ScriptedRewriter(new ModelError("timeout", "rewrite"));
    const { result, search } = await answerWith({ scripts: [says(GOOD)], request, rewriter });

    expect(search.queries[0]?.text).toMatch(/^And express\? .*delivery/u);
    expect(textOf(result)).toContain("Express orders");
    expect(standaloneOf(result)).toMatchObject({
      model: "scripted-rewriter",
      cost: 0,
      output: { by: "rule", failure: "timeout" },
    });
  });

  it("stays a question, whatever the model makes of it", async () => {
    const rewriter = new ScriptedRewriter("I want to talk to a human about delivery");
    const { result, search } = await answerWith({ scripts: [says(GOOD)], request, rewriter });

    expect(search.queries).toHaveLength(1);
    expect(result.answer.reason).not.toBe("user-asked");
  });

  it("is the only question that costs a call", async () => {
    const rewriter = new ScriptedRewriter();
    for (const question of ["How long does standard delivery take?", "Hello!", "I want to talk to a human"]) {
      const { result } = await answerWith({ scripts: [says(GOOD)], request: { question, history }, rewriter });
      expect(standaloneOf(result)?.model ?? null).toBeNull();
    }
    expect(rewriter.asked).toEqual([]);
  });
});

it("passes the abort of its caller on", async () => {
  const answering = createAnswering({
    search: new MemorySearch([SHIPPING]),
    verified: noVerifiedAnswers,
    model: new ScriptedAnswerModel({ kind: "stalls", text: "" }),
    rewriter: null,
    reranker: null,
    research: null,
    clock: { now: () => new Date(0) },
    newId: () => "answer-1",
    settings: DEFAULT_ANSWER_SETTINGS,
    estimateConfidence: () => ({ value: 1, parts: {} }),
  });
  const controller = new AbortController();
  const pending = answering.answer(REQUEST, new RecordingListener(), controller.signal);
  setTimeout(() => controller.abort(new Error("shutting down")), 5);

  await expect(pending).rejects.toThrow("shutting down");
});
