import { describe, expect, it } from "vitest";
import { replyText } from "../../../src/answering/reply-text.js";
import type { AnswerResult } from "../../../src/answering/contract.js";
import { says } from "../../fakes/scripted-answer-model.js";
import { answerWith, GOOD, SHIPPING } from "./answering-scene.js";

function draftOf({ candidate }: AnswerResult): string | null {
  return candidate.kind === "draft" ? replyText(candidate) : null;
}

describe("what agents may be offered", () => {
  it("is the grounded draft with its citations, also below the threshold", async () => {
    const { result } = await answerWith({ scripts: [says(GOOD)], confidence: 0.1 });
    expect(result.answer).toMatchObject({ decision: "hand-off", reason: "low-confidence" });
    expect(draftOf(result)).toBe(GOOD);
    expect(result.candidate).toMatchObject({ citations: [{ number: 1, passageId: SHIPPING.chunkId }] });
  });

  it("is the draft also where the house has a person answer", async () => {
    const request = { question: "Can you cancel my order? How long does standard delivery take?" };
    const { result } = await answerWith({ scripts: [says(GOOD)], request });
    expect(result.answer.reason).toBe("account-action");
    expect(draftOf(result)).toBe(GOOD);
  });

  it("is nothing that the passages do not support", async () => {
    const made = says("Standard delivery takes 9 months. [1]");
    const { result } = await answerWith({ scripts: [made, made], confidence: 0.1 });
    expect(result.candidate).toEqual({ kind: "none", reason: "not-grounded" });
  });

  it("is nothing where nothing was found, and for a wish for a person", async () => {
    const nothing = await answerWith({ request: { question: "Zebra quagga?" } });
    expect(nothing.result.candidate).toEqual({ kind: "none", reason: "nothing-found" });
    const person = await answerWith({ request: { question: "a human please" } });
    expect(person.result.candidate).toEqual({ kind: "none", reason: "user-asked" });
  });
});
