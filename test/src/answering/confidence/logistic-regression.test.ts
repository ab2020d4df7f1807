import { describe, expect, it } from "vitest";
import { fitLogistic, logistic, scoreOf } from "../../../../src/answering/confidence/logistic-regression.js";

const examples = [0, 1].flatMap((input) =>
  Array.from({ length: 100 }, (_, index) => ({
    features: [input],
    isPositive: index < (input === 0 ? 20 : 90),
    weight: 1,
  })),
);

describe("the logistic regression", () => {
  it("finds the chances that made the examples", () => {
    const model = fitLogistic(examples, { penalty: 1e-6 });

    expect(logistic(scoreOf(model, [0]))).toBeCloseTo(0.2, 4);
    expect(logistic(scoreOf(model, [1]))).toBeCloseTo(0.9, 4);
  });

  it("stays at its prior under a heavy penalty", () => {
    const center = { intercept: 0.5, weights: [-2] };
    const model = fitLogistic(examples, { penalty: 1e9, interceptPenalty: 1e9, center });

    expect(model.weights[0]).toBeCloseTo(-2, 4);
    expect(model.intercept).toBeCloseTo(0.5, 4);
  });

  it("draws each weight by its own penalty", () => {
    const twice = examples.map((example) => ({ ...example, features: [...example.features, ...example.features] }));
    const model = fitLogistic(twice, { penalty: [1e9, 1e-6] });

    expect(model.weights[0]).toBeCloseTo(0, 4);
    expect(logistic(scoreOf(model, [1, 1]))).toBeCloseTo(0.9, 4);
  });

  it("leaves out of the intercept what the offsets already say", () => {
    const known = examples.map((example) => ({ ...example, features: [] }));
    const plain = fitLogistic(known, { penalty: 0 });
    const shifted = fitLogistic(
      known.map((example) => ({ ...example, offset: 1 })),
      { penalty: 0 },
    );
    expect(shifted.intercept).toBeCloseTo(plain.intercept - 1, 6);
  });

  it("ends for examples that a threshold tells apart", () => {
    const apart = [-1, 1].map((input) => ({ features: [input], isPositive: input > 0, weight: 1 }));
    expect(Number.isFinite(fitLogistic(apart, { penalty: 0.1 }).weights[0])).toBe(true);
  });
});
