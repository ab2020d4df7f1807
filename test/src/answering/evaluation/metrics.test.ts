import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootstrap } from "../../../../src/answering/evaluation/bootstrap.js";
import {
  aurc,
  auroc,
  countTies,
  coverageAtRisk,
  expectedCalibrationError,
  mean,
  ndcg,
  percentile,
  recall,
  reciprocalRank,
  success,
  type Judged,
} from "../../../../src/answering/evaluation/metrics.js";

const grades = new Map([
  ["a", 2],
  ["b", 1],
  ["c", 0],
]);
const judged = (...pairs: [confidence: number, isRight: boolean][]): Judged[] =>
  pairs.map(([confidence, isRight]) => ({ confidence, isRight }));
const anyJudged = fc.array(
  fc.record({ confidence: fc.double({ min: 0, max: 1, noNaN: true }), isRight: fc.boolean() }),
);

describe("ranking metrics", () => {
  it("equal what is computed by hand", () => {
    // (1/log2(3) + 3/log2(4)) / (3/log2(2) + 1/log2(3))
    expect(ndcg(["x", "b", "a"], grades, 10)).toBeCloseTo((0.63093 + 1.5) / (3 + 0.63093), 4);
    expect(recall(["x", "b", "a"], grades, 2)).toBe(0.5);
    expect(reciprocalRank(["x", "c", "b"], grades, 10)).toBeCloseTo(1 / 3, 9);
    expect(success(["c"], grades)).toBe(0);
    expect(success(["b"], grades)).toBe(1);
    expect(ndcg([], grades, 10)).toBe(0);
  });

  it("give a perfect order 1", () => {
    expect(ndcg(["a", "b"], grades, 10)).toBe(1);
  });
});

describe("confidence metrics", () => {
  it("equal what is computed by hand", () => {
    const four = judged([0.9, true], [0.8, false], [0.7, true], [0.1, false]);

    expect(auroc(four)).toBe(0.75);
    // risks 0, 1/2, 1/3, 1/2
    expect(aurc(four)).toBeCloseTo((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4, 9);
    expect(coverageAtRisk(four, 0.1)).toBe(0.25);
    expect(coverageAtRisk(four, 1 / 3)).toBe(0.75);
    expect(expectedCalibrationError(judged([0.95, true], [0.95, true], [0.15, false]))).toBeCloseTo(
      (0.1 + 0.15) / 3,
      9,
    );
  });

  it("count ties half and report them", () => {
    expect(auroc(judged([0.5, true], [0.5, false]))).toBe(0.5);
    expect(countTies(judged([0.5, true], [0.5, false], [0.2, true]))).toBe(2);
    expect(coverageAtRisk(judged([0.5, true], [0.5, false]), 0.1)).toBe(0);
  });

  it("do not exist where there is nothing to tell apart", () => {
    expect(auroc(judged([0.5, true]))).toBeNull();
    expect(aurc([])).toBeNull();
    expect(expectedCalibrationError([])).toBeNull();
  });

  it("do not depend on the order of the questions", () => {
    fc.assert(
      fc.property(anyJudged, (one) => {
        const other = one.toReversed();
        expect(auroc(other)).toEqual(auroc(one));
        expect(aurc(other) ?? 0).toBeCloseTo(aurc(one) ?? 0, 9);
        expect(coverageAtRisk(other, 0.2)).toBe(coverageAtRisk(one, 0.2));
      }),
    );
  });

  it("equal the chance, counted pair by pair, that right beats wrong", () => {
    fc.assert(
      fc.property(anyJudged, (one) => {
        const rights = one.filter(({ isRight }) => isRight);
        const wrongs = one.filter(({ isRight }) => !isRight);
        fc.pre(rights.length > 0 && wrongs.length > 0);
        const wins = rights.flatMap((right) =>
          wrongs.map((wrong) =>
            right.confidence === wrong.confidence ? 0.5 : right.confidence > wrong.confidence ? 1 : 0,
          ),
        );
        expect(auroc(one)).toBeCloseTo(mean(wins) ?? -1, 9);
      }),
    );
  });
});

describe("summaries", () => {
  it("take the nearest rank", () => {
    expect(percentile([4, 1, 3, 2], 0.5)).toBe(2);
    expect(percentile([4, 1, 3, 2], 0.95)).toBe(4);
    expect(percentile([], 0.5)).toBeNull();
  });

  it("give the same interval around the figure every time", () => {
    const values = Array.from({ length: 100 }, (_, index) => index % 2);
    const interval = bootstrap(values, mean);

    expect(interval).toEqual(bootstrap(values, mean));
    expect(interval?.[0]).toBeGreaterThan(0.35);
    expect(interval?.[0]).toBeLessThan(0.5);
    expect(interval?.[1]).toBeGreaterThan(0.5);
    expect(interval?.[1]).toBeLessThan(0.65);
  });
});
