import { expect, it } from "vitest";
import {
  discount,
  ndcgOf,
  trainLambdaRank,
  type RankedQuestion,
} from "../../../../src/answering/evaluation/lambda-rank.js";

const OPTIONS = { rounds: 60, penalty: 0.002 };

/** The first feature misleads; the second one tells which document is relevant. */
function question(relevant: number): RankedQuestion {
  const documents = [0, 1, 2].map((index) => ({
    grade: index === relevant ? 1 : 0,
    passages: [
      [index === relevant ? 0.2 : 0.5, 0],
      [0, index === relevant ? 0.9 : 0.1],
    ],
  }));
  return { documents, idealGain: 1, weight: 1 / 3 };
}
const QUESTIONS = [0, 1, 2].map(question);

it("learns the feature that tells, starting from the first one alone", () => {
  for (const each of QUESTIONS) expect(ndcgOf(each, [1, 0])).toBeLessThan(1);
  const weights = trainLambdaRank(QUESTIONS, OPTIONS);
  for (const each of QUESTIONS) expect(ndcgOf(each, weights)).toBe(1);
});

it("stays where it begins when the order is right or nothing is relevant", () => {
  const nothing = { ...question(7), idealGain: 0 };
  const [first = 0, second = 1] = trainLambdaRank([nothing], OPTIONS);
  expect(first).toBeGreaterThan(0);
  expect(second).toBe(0);
});

it("counts a document by its best passage, and gains by place", () => {
  const two: RankedQuestion = {
    documents: [
      { grade: 0, passages: [[3]] },
      { grade: 2, passages: [[1], [2]] },
    ],
    idealGain: 3,
    weight: 1,
  };
  expect(ndcgOf(two, [1])).toBeCloseTo(1 / Math.log2(3));
  expect(ndcgOf(two, [-1])).toBe(1);
  expect(discount(10)).toBe(0);
});

it("has nothing to learn from without a passage", () => {
  expect(() => trainLambdaRank([], OPTIONS)).toThrow(RangeError);
});
