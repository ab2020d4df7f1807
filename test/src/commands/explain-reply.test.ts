import { describe, expect, it } from "vitest";
import { replyText } from "../../../src/answering/reply-text.js";
import { explainReply } from "../../../src/commands/explain-reply.js";
import type { AnswerStage } from "../../../src/ports/stores.js";

function explained(standalone: Partial<AnswerStage>): string {
  const stage = { stage: "standalone", ms: 812, cost: 0, model: null, promptVersion: null, output: {}, ...standalone };
  return replyText(
    explainReply({
      answerId: "answer",
      conversationId: "conversation",
      inboxId: "inbox",
      question: "And express?",
      decision: "answer",
      reason: "grounded",
      confidence: 0.9,
      threshold: 0.5,
      text: "",
      stages: [stage],
      createdAt: new Date(0),
    }),
  );
}

describe("the explanation of a follow-up", () => {
  const text = "How long does express delivery take?";

  it("says what it was taken to ask, with the model that was asked, its time and its cost", () => {
    const output = { text, isFollowUp: true, by: "model", failure: null };
    const words = explained({ output, model: "gpt-6-luna", cost: 0.0001 });

    expect(words).toContain(`Follow-up, searched as: ${text} (by the model)`);
    expect(words).toMatch(/standalone.*812\.0.*0\.0001.*gpt-6-luna/u);
  });

  it("says when the rule was used, and why", () => {
    const output = { text, isFollowUp: true, by: "rule" };

    expect(explained({ output })).toContain("(by rule)");
    expect(explained({ output: { ...output, failure: "timeout" } })).toContain(
      "(by rule, as the model failed: timeout)",
    );
  });
});

it("says nothing of a follow-up where there was none", () => {
  expect(explained({ output: { text: "How?", isFollowUp: false, by: "rule" } })).not.toContain("Follow-up");
});

it("names the topics of the house that the question is about", () => {
  expect(explained({ stage: "policy", output: { topics: ["legal", "prices"] } })).toContain("Topics: legal, prices");
  expect(explained({ stage: "policy", output: { topics: [] } })).not.toContain("Topics");
});

it("says in words what was left out of a draft, and why", () => {
  const dropped = [
    { because: "order", text: "2. Select **Mute**." },
    { because: "a-reason-of-old", text: "It is free." },
  ];
  const words = explained({ stage: "ground", output: { kept: 1, dropped, canStand: false } });
  expect(words).toContain("Left out of the draft (what was kept cannot stand without it):");
  expect(words).toContain("“2. Select **Mute**.”: its steps stand in another order than in the passages");
  expect(words).toContain("“It is free.”: a-reason-of-old");
  expect(explained({ stage: "ground", output: { kept: 2, dropped: [], canStand: true } })).not.toContain("Left out");
});

it("shows the first passages, says how many there were, and what decided before all else", () => {
  const passages = Array.from({ length: 20 }, (_, index) => ({ title: `Page ${index + 1}`, externalId: "p" }));
  const words = explained({ stage: "retrieve", output: { passages } });
  expect(words).toContain("Passages found (the first 5 of 20)");
  expect(words).toContain("Page 5");
  expect(words).not.toContain("Page 6");
  expect(words.indexOf("Confidence: 90 %")).toBeLessThan(words.indexOf("Passages found"));
});

it("says what had been used of a budget that was spent", () => {
  const output = { questions: 412, tokens: 19_995_000, cost: 12.345 };
  expect(explained({ stage: "budget", output })).toContain("412 questions, 19995000 tokens, US$ 12.35");
  expect(explained({ stage: "budget", output })).toContain("Budget of the day, spent before:");
});

it("names the passages that lost orders to the writer, with how many sentences", () => {
  const passages = [
    { number: 1, chunkId: "a", title: "Fees", ordersTaken: 0 },
    { number: 2, chunkId: "b", title: "Returns", ordersTaken: 3 },
  ];
  expect(explained({ stage: "pack", output: { passages } })).toContain(
    "Orders to the writer, taken out: 3 sentences of “Returns” (passage 2)",
  );
  const refused = { isVerified: false, ordersTaken: 1, passages: [{ title: "Fees" }] };
  expect(explained({ stage: "verified", output: refused })).toContain("“Fees” was not quoted, as 1 sentence of it");
  expect(explained({ stage: "pack", output: { passages: [] } })).not.toContain("Orders to the writer");
});
