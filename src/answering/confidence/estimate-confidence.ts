import type { SearchResult } from "../../ports/knowledge.js";
import { calibratedModel, chanceOf, pullsOf, type Calibration } from "./confidence-model.js";
import { featuresOf } from "./features.js";
import { CONFIDENCE_MODEL } from "./model.js";

/**
 * Answers below it go to a person. At 0.5 an answer is as likely right as wrong on knowledge bases the model never saw;
 * a wrong answer costs more than a hand-off, but the checks after generation turn down more of the wrong ones.
 */
export const DEFAULT_CONFIDENCE_THRESHOLD = 0.5;

interface Estimate {
  readonly value: number;
  readonly parts: Readonly<Record<string, number>>;
  readonly pulls: Readonly<Record<string, number>>;
}

/**
 * Makes the estimate of the probability that the document of the first passage answers the question, from retrieval
 * alone; with one's own calibration, or as shipped. 0 when nothing was found or the question has no content word. `parts`
 * are the model's inputs by name, `pulls` what each adds to the log odds. Pure.
 */
export function createConfidenceEstimate(
  calibration: Calibration | null,
): (question: string, result: SearchResult) => Estimate {
  const model = calibration === null ? CONFIDENCE_MODEL : calibratedModel(CONFIDENCE_MODEL, calibration);
  const offsets = new Map(Object.entries(calibration?.documents ?? {}));
  return (question, result) => {
    const features = featuresOf(question, result);
    if (features === null) return { value: 0, parts: {}, pulls: {} };
    const offset = offsets.get(result.passages[0]?.externalId ?? "");
    return {
      value: chanceOf(model, features, offset),
      parts: features,
      pulls: { ...pullsOf(model, features), ...(offset === undefined ? {} : { document: offset }) },
    };
  };
}

/** The estimate as shipped. */
export const estimateConfidence = createConfidenceEstimate(null);
