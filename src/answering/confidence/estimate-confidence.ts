import type { SearchResult } from "../../ports/knowledge.js";
import { calibratedModel, chanceOf, offsetOf, offsetsOf, pullsOf } from "./confidence-model.js";
import type { Calibration, Offsets } from "./confidence-model.js";
import { featuresOf } from "./features.js";
import { CONFIDENCE_MODEL } from "./model.js";
import type { TextVectors } from "../../text/word-vectors.js";
import { questionWords } from "./question-words.js";

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
 * @param vectors of English texts
 */
export function createConfidenceEstimate(
  calibration: Calibration | null,
  vectors: TextVectors,
): (question: string, result: SearchResult) => Estimate {
  const model = calibration === null ? CONFIDENCE_MODEL : calibratedModel(CONFIDENCE_MODEL, calibration);
  const offsets = calibration === null ? null : offsetsOf(calibration);
  return (question, result) => {
    const features = featuresOf(question, result, vectors);
    if (features === null) return { value: 0, parts: {}, pulls: {} };
    const ownPulls = offsets === null ? {} : pullsOfOffsets(offsets, question, result);
    const offset = Object.values(ownPulls).reduce((total, pull) => total + pull, 0);
    return {
      value: chanceOf(model, features, offset),
      parts: features,
      pulls: { ...pullsOf(model, features), ...ownPulls },
    };
  };
}

/** Of the document that was found first and of the question's words, where the calibration has any. */
function pullsOfOffsets(
  offsets: Offsets,
  question: string,
  { passages }: SearchResult,
): Readonly<Record<string, number>> {
  const document = offsets.documents.get(passages[0]?.externalId ?? "");
  const words = questionWords(question).filter((word) => offsets.words.has(word));
  return {
    ...(document === undefined ? {} : { document }),
    ...(words.length === 0 ? {} : { words: offsetOf(offsets, { document: "", words }) }),
  };
}
