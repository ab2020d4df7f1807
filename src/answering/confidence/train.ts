import type { SearchResult } from "../../ports/knowledge.js";
import { aurc, auroc, coverageAtRisk, expectedCalibrationError, type Judged } from "../evaluation/metrics.js";
import { FEATURES, featuresOf } from "./features.js";
import { fitLogistic, predict, type Example, type LogisticModel } from "./logistic-regression.js";

/** A labelled question with what was found for it. */
export interface LabelledSearch {
  /** Data sets that share documents are one family: they are left out together. */
  readonly family: string;
  readonly dataset: string;
  readonly question: string;
  readonly result: SearchResult;
  /** The question is answerable and the first passage's document is relevant. */
  readonly isRight: boolean;
}

/** How well a model that never saw the family of a data set judges its questions. */
export interface HeldOutFigures {
  readonly dataset: string;
  readonly queries: number;
  readonly auroc: number | null;
  readonly aurc: number | null;
  readonly "coverage@risk10": number;
  readonly "coverage@risk20": number;
  readonly ece: number | null;
}

export interface Training {
  readonly model: LogisticModel;
  readonly heldOut: readonly HeldOutFigures[];
}

const PENALTY = 3;
/** No question of a small family counts more than this many of an average one. */
const MAX_WEIGHT = 3;

interface Row {
  readonly family: string;
  readonly dataset: string;
  readonly features: readonly number[] | null;
  readonly isRight: boolean;
}

/** Fits on everything, and once without each family for the figures. Each family counts the same. */
export function trainConfidence(labelled: readonly LabelledSearch[]): Training {
  const rows = labelled.map(toRow);
  const datasets = [...new Set(rows.map(({ dataset }) => dataset))];
  return { model: fit(rows), heldOut: datasets.map((dataset) => judgeHeldOut(rows, dataset)) };
}

function toRow({ family, dataset, question, result, isRight }: LabelledSearch): Row {
  const features = featuresOf(question, result);
  return { family, dataset, features: features === null ? null : FEATURES.map((name) => features[name]), isRight };
}

function fit(rows: readonly Row[]): LogisticModel {
  const sizes = new Map<string, number>();
  for (const { family } of rows) sizes.set(family, (sizes.get(family) ?? 0) + 1);
  const fair = rows.length / sizes.size;
  const examples = rows.flatMap(({ family, features, isRight }): Example[] =>
    features === null
      ? []
      : [{ features, isPositive: isRight, weight: Math.min(fair / (sizes.get(family) ?? 1), MAX_WEIGHT) }],
  );
  return fitLogistic(examples, PENALTY);
}

function judgeHeldOut(rows: readonly Row[], dataset: string): HeldOutFigures {
  const held = rows.filter((row) => row.dataset === dataset);
  const model = fit(rows.filter(({ family }) => family !== held[0]?.family));
  const judged = held.map(({ features, isRight }): Judged => ({
    confidence: features === null ? 0 : predict(model, features),
    isRight,
  }));
  return {
    dataset,
    queries: held.length,
    auroc: auroc(judged),
    aurc: aurc(judged),
    "coverage@risk10": coverageAtRisk(judged, 0.1),
    "coverage@risk20": coverageAtRisk(judged, 0.2),
    ece: expectedCalibrationError(judged),
  };
}
