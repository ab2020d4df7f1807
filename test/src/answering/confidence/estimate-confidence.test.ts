import { describe, expect, it } from "vitest";
import { englishTextVectors } from "../../../../infra/models/local/word-vectors/english.js";
import { createConfidenceEstimate } from "../../../../src/answering/confidence/estimate-confidence.js";
import { FEATURES } from "../../../../src/answering/confidence/feature-names.js";
import { CONFIDENCE_MODEL } from "../../../../src/answering/confidence/model.js";
import type { Passage, SearchResult } from "../../../../src/ports/knowledge.js";
import { passageOf } from "../../../fakes/passages.js";

const estimateConfidence = createConfidenceEstimate(null, englishTextVectors);

function passage(title: string, scores: Partial<Passage["scores"]>, more: Partial<Passage> = {}): Passage {
  const all = { lexical: 20, vector: 0.5, coverage: 1, fused: 0.7, ...scores };
  return passageOf(more.text ?? "Some text.", { title, externalId: title, ...more, scores: all });
}

function found(passages: readonly Passage[], known = true): SearchResult {
  const terms = [
    { term: "reset", idf: 4, known: true },
    { term: "password", idf: known ? 4 : 0, known },
  ];
  const timings = { embedMs: 0, lexicalMs: 0, vectorMs: 0 };
  return { passages, analysis: { terms, corpusChunks: 100 }, degraded: [], embeddings: 1, timings };
}

const question = "reset password";
const invoices = passage("Invoices", { fused: 0.2, coverage: 0, lexical: 2 });
const strong = found([passage("Reset password", {}), invoices]);
const weak = found([passage("Invoices", { lexical: 4, vector: 0.1, coverage: 0.3, fused: 0.2 })], false);

function valueOf(asked: string, first: Passage): number {
  return estimateConfidence(asked, found([first, invoices])).value;
}

describe("the confidence", () => {
  it("is a chance with a part and a pull for every feature of the model", () => {
    const { value, parts, pulls } = estimateConfidence(question, strong);

    expect(value).toBeGreaterThan(0.5);
    expect(value).toBeLessThan(1);
    expect(Object.keys(parts).sort()).toEqual([...FEATURES].sort());
    const odds = Object.values(pulls).reduce((sum, pull) => sum + pull, CONFIDENCE_MODEL.intercept);
    expect(1 / (1 + Math.exp(-odds))).toBeCloseTo(value, 10);
  });

  it("is lower for a weak match with words that are nowhere", () => {
    expect(estimateConfidence(question, weak).value).toBeLessThan(0.4);
    expect(estimateConfidence(question, weak).parts["absent"]).toBe(1);
  });

  it("is lower when another title scores the same", () => {
    const rival = found([passage("Reset password", {}), passage("Reset the router", { fused: 0.7 })]);

    expect(estimateConfidence(question, rival).value).toBeLessThan(estimateConfidence(question, strong).value);
  });

  it("is nothing when nothing was found", () => {
    expect(estimateConfidence(question, found([]))).toEqual({ value: 0, parts: {}, pulls: {} });
  });

  it("is a number while there are no vectors", () => {
    const value = valueOf(question, passage("Reset password", { vector: null }));

    expect(value).toBeGreaterThan(0);
    expect(value).toBeLessThan(1);
  });

  it("is a number for letters and signs of every kind", () => {
    for (const asked of ["パスワード", "???", "a", "𝒑𝒂𝒔𝒔 😀", "x".repeat(5_000)]) {
      expect(Number.isFinite(valueOf(asked, passage("Reset password", { coverage: 0 })))).toBe(true);
    }
  });
});

describe("a question that is there word for word", () => {
  const wordings = ["How do I get back in?", "Lost my PIN"];
  const entry = passage("Reset password", { lexical: 4, fused: 0.35, coverage: 0.5 }, { variants: wordings });

  it.each(["how do i get back in", "Lost my pin!", "Reset password"])("is found to be exact: %s", (asked) => {
    expect(estimateConfidence(asked, found([entry, invoices])).parts["exact"]).toBe(1);
  });

  it("is more certain than one that shares as many words", () => {
    expect(valueOf("lost my pin", entry)).toBeGreaterThan(valueOf("lost my umbrella", entry) + 0.1);
  });

  it("is not exact where only another title has it", () => {
    const other = passage("Invoices", { fused: 0.2 }, { variants: wordings });
    const { parts } = estimateConfidence("lost my pin", found([passage("Reset password", {}), other]));
    expect(parts["exact"]).toBe(0);
    expect(parts["wordingLead"]).toBeLessThan(0);
  });
});

describe("one's own calibration", () => {
  const calibration = { intercept: -1, weights: { strength: 2 }, documents: { "Reset password": -3 }, words: {} };

  it("takes the place of the shipped weights and lowers the document that it names", () => {
    const own = createConfidenceEstimate(calibration, englishTextVectors)(question, strong);
    const without = createConfidenceEstimate({ ...calibration, documents: {} }, englishTextVectors)(question, strong);

    expect(own.pulls["document"]).toBe(-3);
    expect(own.value).toBeLessThan(without.value);
    expect(without.pulls["strength"]).not.toBeCloseTo(estimateConfidence(question, strong).pulls["strength"] ?? 0, 3);
    expect(without.pulls["wording"]).toBe(estimateConfidence(question, strong).pulls["wording"]);
  });

  it("lowers a question that has a word with an offset, in whatever inflection, and no other", () => {
    const estimate = createConfidenceEstimate(
      { ...calibration, documents: {}, words: { declin: -2, constructor: 0 } },
      englishTextVectors,
    );
    const declined = estimate("reset declined password", strong);

    expect(declined.pulls["words"]).toBe(-2);
    expect(declined.value).toBeLessThan(
      createConfidenceEstimate({ ...calibration, documents: {} }, englishTextVectors)("reset declined password", strong)
        .value,
    );
    expect(estimate(question, strong).pulls).not.toHaveProperty("words");
  });
});
