import { describe, expect, it } from "vitest";
import { estimateConfidence } from "../../../../src/answering/confidence/estimate-confidence.js";
import { FEATURES } from "../../../../src/answering/confidence/features.js";
import { fitLogistic, predict } from "../../../../src/answering/confidence/logistic-regression.js";
import { CONFIDENCE_MODEL } from "../../../../src/answering/confidence/model.js";
import type { Passage, SearchResult } from "../../../../src/ports/knowledge.js";

function passage(title: string, scores: Partial<Passage["scores"]>): Passage {
  const ids = { chunkId: title, documentId: title, versionId: title, sourceId: "s", externalId: title };
  const rest = { kind: "page", headingPath: [], text: "Some text.", url: null, updatedAt: null } as const;
  return { ...ids, ...rest, title, scores: { lexical: 20, vector: 0.5, coverage: 1, fused: 0.7, ...scores } };
}

function found(passages: readonly Passage[], known = true): SearchResult {
  const terms = [
    { term: "reset", idf: 4, known: true },
    { term: "password", idf: known ? 4 : 0, known },
  ];
  const timings = { embedMs: 0, lexicalMs: 0, vectorMs: 0 };
  return { passages, analysis: { terms, corpusChunks: 100 }, degraded: [], timings };
}

const question = "reset password";
const strong = found([passage("Reset password", {}), passage("Invoices", { fused: 0.2, coverage: 0, lexical: 2 })]);
const weak = found([passage("Invoices", { lexical: 4, vector: 0.1, coverage: 0.3, fused: 0.2 })], false);

describe("the confidence", () => {
  it("is a chance with a part for every feature of the model", () => {
    const { value, parts } = estimateConfidence(question, strong);

    expect(value).toBeGreaterThan(0.5);
    expect(value).toBeLessThan(1);
    expect(Object.keys(parts).sort()).toEqual([...FEATURES].sort());
    expect(CONFIDENCE_MODEL.weights).toHaveLength(FEATURES.length);
  });

  it("is lower for a weak match with unknown words", () => {
    expect(estimateConfidence(question, weak).value).toBeLessThan(0.4);
  });

  it("is lower when another title scores the same", () => {
    const rival = found([passage("Reset password", {}), passage("Reset the router", { fused: 0.7 })]);

    expect(estimateConfidence(question, rival).value).toBeLessThan(estimateConfidence(question, strong).value);
  });

  it("is nothing when nothing was found", () => {
    expect(estimateConfidence(question, found([]))).toEqual({ value: 0, parts: {} });
  });

  it("is a number while there are no vectors", () => {
    const { value } = estimateConfidence(question, found([passage("Reset password", { vector: null })]));

    expect(value).toBeGreaterThan(0);
    expect(value).toBeLessThan(1);
  });
});

describe("the logistic regression", () => {
  it("finds the chances that made the examples", () => {
    const examples = [0, 1].flatMap((input) =>
      Array.from({ length: 100 }, (_, index) => ({
        features: [input],
        isPositive: index < (input === 0 ? 20 : 90),
        weight: 1,
      })),
    );
    const model = fitLogistic(examples, 1e-6);

    expect(predict(model, [0])).toBeCloseTo(0.2, 4);
    expect(predict(model, [1])).toBeCloseTo(0.9, 4);
  });
});
