import { describe, expect, it } from "vitest";
import { createAnswering } from "../../../src/answering/answering.js";
import { DEFAULT_ANSWER_SETTINGS } from "../../../src/answering/contract.js";
import { isAccountAction } from "../../../src/answering/policy/account-action.js";
import { topicsOf, type TopicRule } from "../../../src/answering/policy/topics.js";
import { decideFirst } from "../../../src/answering/stages/decide.js";
import { applyPolicy, DEFAULT_POLICY, type AnswerPolicy } from "../../../src/answering/stages/policy.js";
import { MemorySearch } from "../../fakes/memory-search.js";
import { noVerifiedAnswers } from "../../fakes/no-verified-answers.js";
import { passageOf } from "../../fakes/passages.js";
import { RecordingListener } from "../../fakes/recording-listener.js";
import { says, ScriptedAnswerModel } from "../../fakes/scripted-answer-model.js";

describe("a request to do something with one's own account", () => {
  it.each([
    "refund my order 123",
    "Hi, please cancel our subscription from next month",
    "Can you activate my account by hand?",
    "My letter never came; send another one to my new address",
    "I was charged twice, please refund one payment",
    "What is the status of my case 00912345?",
    "When will ticket #83112 be answered?",
    "Könnten Sie bitte mein Konto entsperren?",
    "Bitte entsperren Sie mein Konto",
    "Desbloquee mi cuenta por favor",
    "Pouvez-vous annuler ma commande ?",
    "change my wifi password",
    "reset my password please?",
    "refund my payment?",
    "unlock my account?",
    "Can you change my address?",
  ])("is recognised: %s", (message) => {
    expect(isAccountAction(message)).toBe(true);
  });

  it.each([
    "How do I cancel my subscription?",
    "Where can I change my address?",
    "Can I get a refund after 40 days?",
    "How long do refunds take?",
    "What does fault 502 mean?",
    "Turn texts such as TICKET-123 into links",
    "Wie kündige ich mein Abo?",
    "change my wifi password?",
    "Cancel my subscription?",
    "cambiar mi contraseña?",
    "My phone does not turn on",
    "",
  ])("is not seen in: %s", (message) => {
    expect(isAccountAction(message)).toBe(false);
  });

  it("takes linear time on hostile text", () => {
    const started = performance.now();
    isAccountAction("please ".repeat(20_000));
    isAccountAction(`cancel ${"a".repeat(100_000)} my`);
    isAccountAction("order # ".repeat(20_000));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

const LEGAL: TopicRule = { name: "legal", phrases: ["lawsuit", "data protection officer"], threshold: "person" };
const PRICES: TopicRule = { name: "prices", phrases: ["discount"], threshold: 0.8 };
const OFFERS: TopicRule = { name: "offers", phrases: ["student discount"], threshold: 0.95 };

describe("topics", () => {
  const named = (text: string) => topicsOf([LEGAL, PRICES], [text]).map(({ name }) => name);

  it("are found by their phrases in whatever inflection and case", () => {
    expect(named("Are there DISCOUNTS for lawsuits?")).toEqual(["legal", "prices"]);
    expect(named("who are your data protection officers")).toEqual(["legal"]);
  });

  it("are not found by a part of a phrase or of a word", () => {
    expect(named("How is data stored, and who has the officer's protection?")).toEqual([]);
    expect(named("a discontinued lamp")).toEqual([]);
  });

  it("are found in text without spaces", () => {
    expect(topicsOf([{ ...LEGAL, phrases: ["退款"] }], ["我想申请退款"])).toHaveLength(1);
  });
});

describe("the policy", () => {
  const policy: AnswerPolicy = {
    topics: [LEGAL, PRICES, OFFERS],
    channels: new Map([["C1", 0.7]]),
    accountActions: "person",
    fedUp: "person",
  };
  const ruleOn = (text: string, channelId: string | null = null) =>
    applyPolicy(policy, { texts: [text], history: [], channelId }, 0.5);

  it("leaves a plain question to the confidence", () => {
    expect(ruleOn("How do I dim the lamp?")).toEqual({
      threshold: 0.5,
      usualThreshold: 0.5,
      handOff: null,
      topics: [],
    });
  });

  it("has a threshold for a channel, and the strictest topic's before it", () => {
    expect(ruleOn("How do I dim the lamp?", "C1").threshold).toBe(0.7);
    expect(ruleOn("How do I dim the lamp?", "C2").threshold).toBe(0.5);
    expect(ruleOn("Any student discount?", "C1").threshold).toBe(0.95);
  });

  it("gives a topic for people, and account actions, to a person", () => {
    expect(ruleOn("I will file a lawsuit")).toMatchObject({ handOff: "policy-topic", topics: ["legal"] });
    expect(ruleOn("refund my order 123")).toMatchObject({ handOff: "account-action" });
    const lenient = { ...DEFAULT_POLICY, accountActions: "answer" } as const;
    expect(
      applyPolicy(lenient, { texts: ["refund my order 123"], history: [], channelId: null }, 0.5).handOff,
    ).toBeNull();
  });

  async function ask(question: string, channelId?: string) {
    const listener = new RecordingListener();
    const answering = createAnswering({
      search: new MemorySearch([passageOf("The warranty lasts three years.", { title: "Warranty" })]),
      verified: noVerifiedAnswers,
      model: new ScriptedAnswerModel(says("The warranty lasts three years. [1]")),
      rewriter: null,
      reranker: null,
      research: null,
      clock: { now: () => new Date(0) },
      newId: () => "answer",
      settings: { ...DEFAULT_ANSWER_SETTINGS, policy },
      estimateConfidence: () => ({ value: 0.75, parts: {} }),
    });
    const request = {
      tenantId: "acme",
      conversationId: "c",
      inboxId: "i",
      question,
      history: [],
      audience: ["public"],
      ...(channelId === undefined ? {} : { channelId }),
      mayStream: true,
    };
    const { answer, reply } = await answering.answer(request, listener, new AbortController().signal);
    return { answer, reply, shown: listener.sentences };
  }

  it("shows nothing of an answer to what is for people, and keeps the candidate in the trace", async () => {
    const { answer, reply, shown } = await ask("What does a lawsuit over the warranty cost?");
    expect({ reply, shown }).toEqual({ reply: null, shown: [] });
    expect(answer).toMatchObject({ decision: "hand-off", reason: "policy-topic", confidence: 0.75 });
    expect(answer.text).toContain("three years");
    expect(answer.stages.find(({ stage }) => stage === "policy")?.output).toMatchObject({ topics: ["legal"] });
  });

  it("answers or hands over by the threshold of the channel or topic, which is recorded", async () => {
    expect((await ask("How long is the warranty?", "C1")).answer).toMatchObject({ decision: "answer", threshold: 0.7 });
    expect((await ask("Is there a discount on the warranty?")).answer).toMatchObject({
      decision: "hand-off",
      reason: "topic-unsure",
      threshold: 0.8,
    });
  });

  it("is not sure of the answer, and not of the topic alone, below what suffices without one", () => {
    const ruled = {
      ...applyPolicy(policy, { texts: ["Any discount?"], history: [], channelId: null }, 0.5),
      streamMargin: 0.1,
    };
    expect(decideFirst(1, { ...ruled, value: 0.5 }, null)).toEqual({ kind: "hand-off", reason: "topic-unsure" });
    expect(decideFirst(1, { ...ruled, value: 0.49 }, null)).toEqual({ kind: "hand-off", reason: "low-confidence" });
  });
});
