import type { Calibration, ConfidenceModel } from "../confidence/confidence-model.js";
import { chanceOf } from "../confidence/confidence-model.js";
import { crossValidate, recalibrate, type LabelledFeatures } from "../confidence/recalibrate.js";
import type { Interval } from "./bootstrap.js";
import { bootstrap, SEED } from "./bootstrap.js";
import { aurc, auroc, coverageAtRisk, expectedCalibrationError, mean, type Judged } from "./metrics.js";
import { perfectCalibrationError } from "./perfect-calibration.js";
import { empiricalThreshold, fewestForGuarantee, guaranteedThreshold, type ThresholdChoice } from "./risk-guarantee.js";

export interface TuningOptions {
  /** The share of wrong answers that is accepted, above 0 and below 1. */
  readonly risk: number;
  /** How sure it must be that further answers keep to it, above 0 and below 1. */
  readonly certainty: number;
  readonly folds: number;
}

/** How well a confidence tells right from wrong, and how true it is. */
export interface ConfidenceFigures {
  readonly auroc: number | null;
  readonly aurc: number | null;
  readonly "coverage@risk5": number;
  readonly "coverage@risk10": number;
  readonly "coverage@risk20": number;
  readonly ece: number | null;
  /** 95 % range of the error that a perfectly calibrated score would show on as many questions. */
  readonly perfect_ece: Interval;
}

export interface TuningReport {
  readonly queries: number;
  readonly right: number;
  readonly shipped: ConfidenceFigures;
  /** Each question judged by a calibration that did not see it. */
  readonly recalibrated: ConfidenceFigures;
  /** 95 % range of what recalibrating takes from the squared error of the confidence (Brier score). */
  readonly gain: Interval;
  /** Whether that whole range is above 0 and right is told from wrong no worse: only then is there a calibration to use. */
  readonly is_better: boolean;
  /** The share of wrong answers at each tenth of coverage, with the confidence that is recommended. */
  readonly risk_coverage: readonly { readonly coverage: number; readonly risk: number }[];
  readonly accepted_risk: number;
  readonly certainty: number;
  /** Whether the threshold keeps to the accepted risk with that certainty; otherwise it does so on these questions alone. */
  readonly is_guaranteed: boolean;
  /** Null when no threshold keeps to the accepted risk on these questions: all of them should go to a person. */
  readonly choice: ThresholdChoice | null;
  /** So many questions must be answered without one that is wrong before the accepted risk can be promised. */
  readonly fewest_for_guarantee: number;
  /** For `deskhand.yaml`. */
  readonly answering: {
    readonly threshold: number;
    /** Left out where recalibrating does not help for certain: the threshold is then one of the shipped confidence. */
    readonly calibration?: Calibration & {
      readonly model: string;
      /** See `questionsMark`. */
      readonly questions?: string;
    };
  };
}

/**
 * Fits the confidence to labelled questions and chooses the threshold on confidences that were made without the question
 * they judge. Deterministic.
 * @throws {RangeError} when nothing was found for any of the questions.
 */
export function tuneThreshold(
  model: ConfidenceModel,
  labelled: readonly LabelledFeatures[],
  { risk, certainty, folds }: TuningOptions,
): TuningReport {
  const shipped = labelled.map(({ features, isRight }) => ({
    confidence: features === null ? 0 : chanceOf(model, features),
    isRight,
  }));
  const judged = crossValidate(model, labelled, { folds, seed: SEED });
  const gain = gainOf(shipped, judged);
  const isBetter = gain[0] > 0 && (aurc(judged) ?? 0) <= (aurc(shipped) ?? 0);
  const counted = isBetter ? judged : shipped;
  const guaranteed = guaranteedThreshold(counted, { risk, certainty });
  const choice = guaranteed ?? empiricalThreshold(counted, { risk, certainty });
  return {
    queries: labelled.length,
    right: labelled.filter(({ isRight }) => isRight).length,
    shipped: figuresOf(shipped),
    recalibrated: figuresOf(judged),
    gain,
    is_better: isBetter,
    risk_coverage: riskCoverage(counted),
    accepted_risk: risk,
    certainty,
    is_guaranteed: guaranteed !== null,
    choice: choice === null ? null : { ...choice, threshold: rounded(choice.threshold) },
    fewest_for_guarantee: fewestForGuarantee(risk, certainty),
    answering: {
      threshold: rounded(choice?.threshold ?? 1),
      ...(isBetter ? { calibration: { model: model.id, ...roundedCalibration(recalibrate(model, labelled)) } } : {}),
    },
  };
}

function gainOf(before: readonly Judged[], after: readonly Judged[]): Interval {
  const error = ({ confidence, isRight }: Judged): number => (confidence - (isRight ? 1 : 0)) ** 2;
  const gains = after.map((one, index) => {
    const other = before[index];
    return other === undefined ? 0 : error(other) - error(one);
  });
  return bootstrap(gains, mean) ?? [0, 0];
}

function figuresOf(judged: readonly Judged[]): ConfidenceFigures {
  return {
    auroc: auroc(judged),
    aurc: aurc(judged),
    "coverage@risk5": coverageAtRisk(judged, 0.05),
    "coverage@risk10": coverageAtRisk(judged, 0.1),
    "coverage@risk20": coverageAtRisk(judged, 0.2),
    ece: expectedCalibrationError(judged),
    perfect_ece: perfectCalibrationError(judged.map(({ confidence }) => confidence)),
  };
}

function riskCoverage(judged: readonly Judged[]): TuningReport["risk_coverage"] {
  const sorted = [...judged].sort((one, other) => other.confidence - one.confidence);
  return Array.from({ length: 10 }, (_, tenth) => {
    const answered = sorted.slice(0, Math.max(1, Math.round(((tenth + 1) / 10) * sorted.length)));
    const wrong = answered.filter(({ isRight }) => !isRight).length;
    return { coverage: answered.length / sorted.length, risk: wrong / answered.length };
  });
}

function roundedCalibration({ intercept, weights, documents, words }: Calibration): Calibration {
  const each = (record: Readonly<Record<string, number>>): Record<string, number> =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, rounded(value)]));
  return { intercept: rounded(intercept), weights: each(weights), documents: each(documents), words: each(words) };
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}
