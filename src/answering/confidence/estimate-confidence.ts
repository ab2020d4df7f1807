import type { SearchResult } from "../../ports/knowledge.js";
import { FEATURES, featuresOf } from "./features.js";
import { predict } from "./logistic-regression.js";
import { CONFIDENCE_MODEL } from "./model.js";

/**
 * Answers below it go to a person. At 0.5 an answer is as likely right as wrong on knowledge bases the model never saw;
 * a wrong answer costs more than a hand-off, but the checks after generation turn down more of the wrong ones.
 */
export const DEFAULT_CONFIDENCE_THRESHOLD = 0.5;

/**
 * Calibrated probability that the document of the first passage answers the question, from retrieval alone. Pure. 0
 * when nothing was found or the question has no content word. `parts` are the model's inputs by name.
 */
export function estimateConfidence(
  question: string,
  result: SearchResult,
): { readonly value: number; readonly parts: Readonly<Record<string, number>> } {
  const features = featuresOf(question, result);
  if (features === null) return { value: 0, parts: {} };
  const value = predict(
    CONFIDENCE_MODEL,
    FEATURES.map((name) => features[name]),
  );
  return { value, parts: features };
}
