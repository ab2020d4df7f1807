import { describe, expect, it } from "vitest";
import { DEFAULT_ANSWER_SETTINGS } from "../../../src/answering/contract.js";
import type { FirstDecision } from "../../../src/answering/stages/decide.js";
import { keepToTheFollowUp } from "../../../src/answering/stages/follow-up-scope.js";
import { packPassages } from "../../../src/answering/stages/pack.js";
import { makeStandalone } from "../../../src/answering/stages/standalone.js";
import { passageOf } from "../../fakes/passages.js";

const PASSAGES = [
  passageOf(
    "The warranty is three years. Batteries and charging cables have one year. Send the phone app's report along.",
    {
      title: "Warranty",
      scores: { lexical: 1, vector: null, coverage: 1, fused: 1, relevance: 9 },
    },
  ),
  passageOf("In Germany delivery takes two days.", {
    title: "Shipping",
    scores: { lexical: 1, vector: null, coverage: 1, fused: 0.1, relevance: 1 },
  }),
];
const MAY_ANSWER: FirstDecision = { kind: "may-answer", mayStream: true };

function decide(question: string, before = "How long is the warranty?", first = MAY_ANSWER): FirstDecision {
  const standalone = makeStandalone(question, before === "" ? [] : [{ role: "customer", text: before }], "en");
  const { passages } = packPassages(PASSAGES, DEFAULT_ANSWER_SETTINGS);
  return keepToTheFollowUp(first, standalone, question, passages);
}

describe("a follow-up whose own words stand in no passage that would be cited", () => {
  it.each([
    "And in Germany?",
    "and on Android?",
    "what about sunglasses?",
    "in bitcoin?",
    "Does it cover theft?",
    "Und in Bern?",
  ])("is not answered with the old answer: %j", (question) => {
    expect(decide(question)).toEqual({ kind: "hand-off", reason: "documents-do-not-say" });
  });
});

describe("what is answered as it was decided", () => {
  it.each([
    ["a word that is there", "And the cable?"],
    ["a part of a word that is there", "what about a battery?"],
    ["a mistyped word", "And the battries?"],
    ["as much that is there as is not", "And for worn batteries?"],
    ["another question about the same", "How fast does that go?"],
    ["a short one", "And how soon?"],
    ["no word of its own", "and that?"],
  ])("a follow-up with %s", (_, question) => {
    expect(decide(question)).toBe(MAY_ANSWER);
  });

  it("a question that is no follow-up", () => {
    expect(decide("And in Germany?", "")).toBe(MAY_ANSWER);
  });

  it("what a person gets anyway", () => {
    const first: FirstDecision = { kind: "hand-off", reason: "low-confidence" };

    expect(decide("And in Germany?", undefined, first)).toBe(first);
  });
});
