import { describe, expect, it } from "vitest";
import { mulberry32 } from "../../../../src/answering/evaluation/bootstrap.js";
import type { Judged } from "../../../../src/answering/evaluation/metrics.js";
import { perfectCalibrationError } from "../../../../src/answering/evaluation/perfect-calibration.js";
import {
  empiricalThreshold,
  fewestForGuarantee,
  guaranteedThreshold,
  upperBound,
} from "../../../../src/answering/evaluation/risk-guarantee.js";

/** Confidences that are true: each is the chance of being right. */
function truthful(count: number, seed: number): readonly Judged[] {
  const random = mulberry32(seed);
  return Array.from({ length: count }, () => {
    const confidence = random();
    return { confidence, isRight: random() < confidence };
  });
}

const options = { risk: 0.1, certainty: 0.9 };

describe("the exact upper bound", () => {
  it.each([
    // From tables of Clopper and Pearson's interval: the one-sided 95 % limit.
    [0, 10, 0.05, 0.2589],
    [1, 10, 0.05, 0.3942],
    [5, 100, 0.05, 0.1023],
    [10, 10, 0.05, 1],
  ])("of %i wrong among %i, with doubt %f, is %f", (wrong, answered, doubt, expected) => {
    expect(upperBound(wrong, answered, doubt)).toBeCloseTo(expected, 3);
  });
});

describe("the threshold with a promise", () => {
  it("keeps to the accepted risk in nine of ten draws", () => {
    const draws = Array.from({ length: 60 }, (_, seed) => guaranteedThreshold(truthful(2_000, seed), options));
    // Above a threshold t, true confidences that are spread evenly are wrong in (1 - t) / 2 of the cases.
    const broken = draws.filter((choice) => choice !== null && (1 - choice.threshold) / 2 > options.risk);

    expect(draws.filter((choice) => choice !== null).length).toBeGreaterThan(30);
    expect(broken.length).toBeLessThanOrEqual(6);
  });

  it("is there for many questions, and answers less than one without a promise", () => {
    const judged = truthful(4_000, 1);
    const [sure, hoped] = [guaranteedThreshold(judged, options), empiricalThreshold(judged, options)];

    expect(sure?.riskBound).toBeLessThanOrEqual(0.1);
    expect(sure?.coverage).toBeLessThan(hoped?.coverage ?? 0);
    expect(hoped?.risk).toBeLessThanOrEqual(0.1);
  });

  it("is not there for too few questions, even without a wrong answer", () => {
    const right = (count: number) => Array.from({ length: count }, () => ({ confidence: 0.9, isRight: true }));

    expect(guaranteedThreshold(right(fewestForGuarantee(0.1, 0.9) - 1), options)).toBeNull();
    expect(guaranteedThreshold(right(60), options)).toMatchObject({ threshold: 0.9, coverage: 1, risk: 0 });
  });

  it("takes all questions of one confidence or none", () => {
    const tied = Array.from({ length: 100 }, (_, index) => ({ confidence: 0.5, isRight: index < 50 }));

    expect(empiricalThreshold(tied, options)).toBeNull();
    expect(guaranteedThreshold(tied, options)).toBeNull();
  });
});

describe("the calibration error of a perfect score", () => {
  it("shrinks with more questions and covers nearly all draws", () => {
    const errors = [100, 1_600].map((count) =>
      perfectCalibrationError(truthful(count, 3).map((one) => one.confidence)),
    );

    expect(errors[0]?.[0]).toBeGreaterThan(0);
    expect(errors[1]?.[1]).toBeLessThan((errors[0]?.[1] ?? 0) / 2);
  });
});
