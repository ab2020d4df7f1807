import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normaliseQuestion, questionKey, questionKeys } from "../../../kb/search/question-key.js";

describe("questions that count as the same", () => {
  it.each([
    ["How do I reset the Hub?", "how do i reset  the hub"],
    ["How do I reset the Hub?", "Hello! How do I reset my Hub, please?"],
    ["How do I reset the Hub?", "hi there, HOW DO I RESET YOUR HUB??? Thanks in advance!"],
    ["What's the Wi-Fi password?", "whats the wifi password"],
    ["Can’t sign in", "can't sign in."],
    ["Wie setze ich den Hub zurück?", "Guten Tag, wie setze ich meinen Hub zurück? Danke"],
    ["Comment réinitialiser le Hub ?", "Bonjour, comment réinitialiser mon Hub s'il vous plaît"],
  ])("%j and %j", (one, other) => {
    expect(normaliseQuestion(one)).not.toBeNull();
    expect(questionKey(one)).toBe(questionKey(other));
  });

  it.each([
    ["How do I reset the Hub?", "When do I reset the Hub?"],
    ["Can I return it?", "Can't I return it?"],
    ["Can I return it?", "Can I not return it?"],
    ["How do I move from Basic to Pro?", "How do I move to Basic from Pro?"],
    ["Shipping with insurance", "Shipping without insurance"],
    ["Which plan costs 10 euros?", "Which plan costs 100 euros?"],
    ["What is new in 4.5?", "What is new in 45?"],
    ["How do I install C?", "How do I install C++?"],
    ["How do I install C?", "How do I install C#?"],
    ["What does plan A cost?", "What does the plan cost?"],
    ["Does it take 1-2 days?", "Does it take 12 days?"],
  ])("are not %j and %j", (one, other) => {
    expect(questionKey(one)).not.toBe(questionKey(other));
  });

  it.each(["", "?!", "the", "Hello!", "Thanks in advance", "please please", "x".repeat(401)])(
    "are never %j",
    (question) => {
      expect(questionKey(question)).toBeNull();
    },
  );

  it("stay the same with any space and marks around them", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 100 }), (question) => {
        expect(questionKey(` \n${question} ?!…`)).toBe(questionKey(question));
      }),
    );
  });

  it("are one of an entry's only once", () => {
    expect(questionKeys(["Reset the Hub", "reset my hub?", "!"])).toHaveLength(1);
  });
});
