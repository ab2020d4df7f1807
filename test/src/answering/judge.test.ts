import { describe, expect, it } from "vitest";
import { createAnswering } from "../../../src/answering/answering.js";
import { DEFAULT_ANSWER_SETTINGS, type AnswerRequest } from "../../../src/answering/contract.js";
import { replyText } from "../../../src/answering/reply-text.js";
import { generateDraft } from "../../../src/answering/stages/generate.js";
import { createDraft } from "../../../src/answering/draft.js";
import { judgeDraft } from "../../../src/answering/stages/judge.js";
import { packPassages } from "../../../src/answering/stages/pack.js";
import { ModelError, type GroundingJudge, type JudgedClaim, type PromptPassage } from "../../../src/ports/models.js";
import { MemorySearch } from "../../fakes/memory-search.js";
import { noVerifiedAnswers } from "../../fakes/no-verified-answers.js";
import { passageOf } from "../../fakes/passages.js";
import { RecordingListener } from "../../fakes/recording-listener.js";
import { says, ScriptedAnswerModel, type Script } from "../../fakes/scripted-answer-model.js";

const SHIPPING = passageOf(
  "Standard delivery takes 2 to 4 business days. Express orders arrive on the next business day. This costs 9 euros more. We do not deliver to freight forwarders.",
  { title: "Shipping" },
);
const DELIVERY = "Standard delivery takes 2 to 4 business days. [1]";
const EXPRESS = "Express orders arrive on the next business day. [1]";
const COST = "This costs 9 euros more. [1]";
const FORWARDERS = "We do not deliver to freight forwarders. [1]";
const USAGE = { calls: 1, inputTokens: 300, outputTokens: 20, cost: 0.004 };

/** Refuses every claim that holds one of these words. */
class WordJudge implements GroundingJudge {
  readonly id = "word-judge";
  readonly promptVersion = "judging-1";
  readonly asked: { readonly claims: readonly JudgedClaim[]; readonly passages: readonly PromptPassage[] }[] = [];
  readonly #refused: readonly string[];

  constructor(...refused: readonly string[]) {
    this.#refused = refused;
  }

  judge(claims: readonly JudgedClaim[], passages: readonly PromptPassage[]) {
    this.asked.push({ claims, passages });
    const isSupported = claims.map(({ text }) => !this.#refused.some((word) => text.includes(word)));
    return Promise.resolve({ isSupported, usage: USAGE });
  }
}

async function answerWith(
  judge: GroundingJudge | null,
  script: Script,
  { confidence = 0.9, ...further }: Partial<AnswerRequest> & { readonly confidence?: number } = {},
) {
  const listener = new RecordingListener();
  const answering = createAnswering({
    search: new MemorySearch([SHIPPING]),
    verified: noVerifiedAnswers,
    model: new ScriptedAnswerModel(script),
    rewriter: null,
    reranker: null,
    judge,
    clock: { now: () => new Date() },
    newId: () => "answer-1",
    settings: DEFAULT_ANSWER_SETTINGS,
    estimateConfidence: () => ({ value: confidence, parts: {} }),
  });
  const request: AnswerRequest = {
    tenantId: "acme",
    conversationId: "conversation",
    inboxId: "inbox",
    question: "How long does standard delivery take?",
    history: [],
    audience: ["public"],
    mayStream: true,
    ...further,
  };
  const result = await answering.answer(request, listener, new AbortController().signal);
  const stage = (name: string) => result.answer.stages.find((one) => one.stage === name);
  return { result, listener, stage, text: result.reply === null ? null : replyText(result.reply) };
}

describe("a judge of grounding", () => {
  it("sees what the local check let pass, each claim with the passages it cites", async () => {
    const judge = new WordJudge();
    await answerWith(judge, says(`${DELIVERY} Delivery to the moon takes 9 days. [1] ${EXPRESS}`));

    expect(judge.asked).toHaveLength(1);
    expect(judge.asked[0]?.claims).toMatchObject([
      { text: "Standard delivery takes 2 to 4 business days.", passages: [1] },
      { text: "Express orders arrive on the next business day.", passages: [1] },
    ]);
    expect(judge.asked[0]?.passages).toMatchObject([{ number: 1, text: SHIPPING.text }]);
  });

  it("takes out what it finds unsupported, by the rule of the local check; its call is counted", async () => {
    const { text, result, stage } = await answerWith(
      new WordJudge("forwarders"),
      says(`${DELIVERY} ${EXPRESS} ${FORWARDERS}`),
    );

    expect(text).toBe(`${DELIVERY} ${EXPRESS}`);
    expect(result.answer).toMatchObject({ decision: "answer", reason: "grounded", text });
    expect(stage("judge")).toMatchObject({
      cost: USAGE.cost,
      model: "word-judge",
      promptVersion: "judging-1",
      output: { claims: 3, calls: 1, failure: null, unsupported: ["We do not deliver to freight forwarders."] },
    });
    expect(stage("ground")?.output).toMatchObject({ kept: 2, dropped: [{ because: "judged", text: FORWARDERS }] });
  });

  it("takes what leans on a claim out with it", async () => {
    const { text, stage } = await answerWith(
      new WordJudge("Express"),
      says(`${DELIVERY} ${FORWARDERS} ${EXPRESS} ${COST}`),
    );
    expect(text).toBe(`${DELIVERY} ${FORWARDERS}`);
    expect(stage("ground")?.output).toMatchObject({
      dropped: [{ because: "judged" }, { because: "lost-its-context" }],
    });
  });

  it("makes a draft be declined of which too little is left", async () => {
    const { result } = await answerWith(
      new WordJudge("Standard", "Express"),
      says(`${DELIVERY} ${EXPRESS} ${FORWARDERS}`),
    );
    expect(result.answer).toMatchObject({ decision: "hand-off", reason: "not-grounded" });
    expect(result.reply).toBeNull();
  });

  it("brings nothing back that the local check dropped", async () => {
    const made = "Standard delivery takes 5 days. [1]";
    const { text } = await answerWith(new WordJudge(), says(`${DELIVERY} ${EXPRESS} ${made}`));
    expect(text).toBe(`${DELIVERY} ${EXPRESS}`);
  });

  it("judges what an agent is offered, also where a person answers", async () => {
    const made = says(`${DELIVERY} Delivery to the moon takes 9 days. [1] ${EXPRESS}`);
    const { result } = await answerWith(new WordJudge(), made, { confidence: 0.1, isForAgent: true });
    expect(result.reply).toBeNull();
    const { candidate } = result;
    expect(candidate.kind === "draft" && replyText(candidate)).toBe(`${DELIVERY} ${EXPRESS}`);
  });

  it("sees the whole of a draft before anybody else does", async () => {
    const { listener } = await answerWith(new WordJudge(), says(DELIVERY));
    expect(listener.begun).toBe(0);
    expect(listener.stages).toContain("judge");
  });

  it.each([
    ["that is no answer", says("", { decision: "no-answer" }), {}],
    ["that nobody will see", says(DELIVERY), { confidence: 0.1 }],
    ["that the local check declined", says("Standard delivery takes 5 days. [1]"), {}],
    ["that failed", says(DELIVERY, { finish: "length" }), {}],
  ])("is not asked about a draft %s", async (_, script, options) => {
    const judge = new WordJudge();
    const { stage } = await answerWith(judge, script, options);
    expect(judge.asked).toEqual([]);
    expect(stage("judge")).toBeUndefined();
  });

  it.each([
    ["fails", new ModelError("rate-limited", "judging", { usage: USAGE }), { failure: "rate-limited", calls: 1 }],
    ["fails in its own way", new TypeError("no"), { failure: "TypeError", calls: 1 }],
  ])("leaves the local check in charge when it %s, and the trace says so", async (_, error, output) => {
    const judge = { id: "j", promptVersion: "1", judge: () => Promise.reject(error) };
    const { text, stage } = await answerWith(judge, says(`${DELIVERY} ${EXPRESS}`));
    expect(text).toBe(`${DELIVERY} ${EXPRESS}`);
    expect(stage("judge")?.output).toMatchObject({ degraded: true, unsupported: [], ...output });
  });

  it("is not believed when it leaves a claim out", async () => {
    const judge = { id: "j", promptVersion: "1", judge: () => Promise.resolve({ isSupported: [false], usage: USAGE }) };
    const { text, stage } = await answerWith(judge, says(`${DELIVERY} ${EXPRESS}`));
    expect(text).toBe(`${DELIVERY} ${EXPRESS}`);
    expect(stage("judge")?.output).toMatchObject({ degraded: true, failure: "unusable" });
  });
});

it("is not waited for when it never answers", async () => {
  const { passages } = packPassages([SHIPPING], DEFAULT_ANSWER_SETTINGS);
  const request = {
    question: "q",
    language: null,
    history: [],
    passages: passages.map(({ prompt }) => prompt),
    maxOutputTokens: 100,
  };
  const newDraft = () =>
    createDraft(
      passages,
      () => Promise.resolve("not-shown"),
      () => 0,
    );
  const { signal } = new AbortController();
  const generation = await generateDraft(new ScriptedAnswerModel(says(DELIVERY)), request, newDraft, 5_000, signal);
  const judge = { id: "j", promptVersion: "1", judge: () => new Promise<never>(() => undefined) };
  const judged = await judgeDraft(judge, generation, passages, signal, 20);
  expect(judged).toMatchObject({ failure: "timeout", generation });
});
