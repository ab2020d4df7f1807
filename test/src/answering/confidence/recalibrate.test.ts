import { describe, expect, it } from "vitest";
import { chanceOf } from "../../../../src/answering/confidence/confidence-model.js";
import { FEATURES, type Features } from "../../../../src/answering/confidence/feature-names.js";
import { CONFIDENCE_MODEL } from "../../../../src/answering/confidence/model.js";
import {
  confidenceUnder,
  crossValidate,
  recalibrate,
  type LabelledFeatures,
} from "../../../../src/answering/confidence/recalibrate.js";
import { mulberry32 } from "../../../../src/answering/evaluation/bootstrap.js";
import { auroc, expectedCalibrationError, mean } from "../../../../src/answering/evaluation/metrics.js";

function featuresWith(strength: number): Features {
  const average = Object.fromEntries(FEATURES.map((name) => [name, CONFIDENCE_MODEL.inputs[name].center]));
  return { ...(average as unknown as Features), strength };
}

/**
 * Questions to a knowledge base where the shipped confidence is far too high, one document attracts wrong ones, and what is
 * asked about cheques is written nowhere.
 */
function questions(count: number, seed: number): readonly LabelledFeatures[] {
  const random = mulberry32(seed);
  return Array.from({ length: count }, (_, index) => {
    const features = featuresWith(random());
    const document = index % 4 === 0 ? "magnet" : `page-${index % 4}`;
    const words = ["ask", index % 5 === 0 ? "chequ" : `word-${index % 5}`, `once-${index}`];
    const lowered = 1.5 + (document === "magnet" ? 2.5 : 0) + (words.includes("chequ") ? 2.5 : 0);
    const odds = Math.log(1 / (1 / chanceOf(CONFIDENCE_MODEL, features) - 1)) - lowered;
    return { features, document, words, isRight: random() < 1 / (1 + Math.exp(-odds)) };
  });
}

describe("recalibration on labelled questions", () => {
  it("says what share is right among questions that it did not see", () => {
    const calibration = recalibrate(CONFIDENCE_MODEL, questions(800, 1));
    const fresh = questions(2_000, 2);
    const judged = fresh.map((one) => ({
      confidence: confidenceUnder(CONFIDENCE_MODEL, calibration, one),
      isRight: one.isRight,
    }));
    const share = mean(fresh.map(({ isRight }) => (isRight ? 1 : 0))) ?? 0;

    expect(mean(judged.map(({ confidence }) => confidence))).toBeCloseTo(share, 1);
    expect(expectedCalibrationError(judged)).toBeLessThan(0.05);
  });

  it("lowers the document that attracts what it does not answer, and no other as much", () => {
    const { documents } = recalibrate(CONFIDENCE_MODEL, questions(800, 1));

    expect(documents["magnet"]).toBeLessThan(-0.8);
    expect(Math.min(documents["page-1"] ?? -9, documents["page-2"] ?? -9)).toBeGreaterThan(documents["magnet"] ?? 0);
  });

  it("lowers questions with the word that nothing answers, and no other word as much", () => {
    const { words } = recalibrate(CONFIDENCE_MODEL, questions(800, 1));
    const others = Object.entries(words).filter(([word]) => word !== "chequ");

    expect(words["chequ"]).toBeLessThan(-0.5);
    expect(Math.min(...others.map(([, offset]) => offset), 0)).toBeGreaterThan(words["chequ"] ?? 0);
  });

  it("keeps no word that a single question has", () => {
    const { words } = recalibrate(CONFIDENCE_MODEL, questions(800, 1));

    expect(Object.keys(words).filter((word) => word.startsWith("once-"))).toEqual([]);
  });

  it("changes little for a handful of questions", () => {
    const { weights } = recalibrate(CONFIDENCE_MODEL, questions(6, 3));

    for (const name of FEATURES) expect(weights[name]).toBeCloseTo(CONFIDENCE_MODEL.inputs[name].weight, 0);
  });

  it("judges each question by what was fitted without it", () => {
    const alone = questions(60, 4).map((one, index) => ({ ...one, document: `only-${index}` }));
    const judged = crossValidate(CONFIDENCE_MODEL, alone, { folds: 5, seed: 7 });
    const fitted = recalibrate(CONFIDENCE_MODEL, alone);
    const seen = alone.map((one) => ({ ...one, confidence: confidenceUnder(CONFIDENCE_MODEL, fitted, one) }));

    // With a document of its own each, what was seen is told apart far too well.
    expect(auroc(judged)).toBeLessThan((auroc(seen) ?? 0) - 0.05);
    expect(crossValidate(CONFIDENCE_MODEL, alone, { folds: 5, seed: 7 })).toEqual(judged);
  });

  it("gives no confidence where nothing was found", () => {
    const nothing = { features: null, document: "", words: [], isRight: false };
    const judged = crossValidate(CONFIDENCE_MODEL, [...questions(40, 5), nothing], { folds: 2, seed: 7 });

    expect(judged.at(-1)).toEqual({ confidence: 0, isRight: false });
  });
});
