import { expect, it } from "vitest";
import { englishTextVectors } from "../../../infra/models/local/word-vectors/english.js";
import { Nearness } from "../../../kb/search/nearness.js";

it("forgets the words of the passage before", () => {
  const nearness = new Nearness(englishTextVectors, "refund");
  const read = (word: string): number => {
    nearness.beginTitle();
    nearness.add(word, 0, word.length);
    nearness.endTitle();
    return nearness.toQuestion();
  };
  expect(read("refund")).toBeCloseTo(1, 5);
  expect(read("zzz")).toBe(0);
  nearness.beginSentence();
  nearness.add("refund", 0, 6);
  expect(nearness.toQuestion()).toBeCloseTo(1, 5);
});
