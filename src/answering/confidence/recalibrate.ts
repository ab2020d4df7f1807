import type { Judged } from "../evaluation/metrics.js";
import { mulberry32 } from "../evaluation/bootstrap.js";
import { calibratedModel, chanceOf, recordOf, standardise, weightsOf } from "./confidence-model.js";
import type { Calibration, ConfidenceModel } from "./confidence-model.js";
import { FEATURES, type Features } from "./features.js";
import { fitLogistic, scoreOf, type Example, type Parameters } from "./logistic-regression.js";

/** A question of one's own with what retrieval showed of it. */
export interface LabelledFeatures {
  /** Null when nothing was found: its confidence is 0, whatever is fitted. */
  readonly features: Features | null;
  /** The document of the first passage, by its id at its source. */
  readonly document: string;
  readonly isRight: boolean;
}

/** How hard weights and documents are drawn to the model as shipped. Chosen over six labelled sets; ADR 8 has the figures. */
const PENALTIES = { weights: 10, intercept: 0.1, documents: 2 } as const;
/** Weights and documents are fitted in turn, this often; the last rounds change nothing that is seen. */
const TURNS = 8;

interface Row {
  readonly inputs: readonly number[];
  readonly document: string;
  readonly isRight: boolean;
}

/**
 * Fits the confidence to labelled questions: the weights with the shipped ones as prior, so that few questions move them
 * little and many as much as they say, and for each document an offset with 0 as prior, as an entry may attract
 * questions that it does not answer. Deterministic.
 * @throws {RangeError} when nothing was found for any question.
 */
export function recalibrate(model: ConfidenceModel, labelled: readonly LabelledFeatures[]): Calibration {
  const rows = labelled.flatMap(({ features, document, isRight }): Row[] =>
    features === null ? [] : [{ inputs: standardise(model, features), document, isRight }],
  );
  const center: Parameters = { intercept: model.intercept, weights: weightsOf(model) };
  const prior = { penalty: PENALTIES.weights, interceptPenalty: PENALTIES.intercept, center };
  let offsets: ReadonlyMap<string, number> = new Map();
  let parameters = center;
  for (let turn = 0; turn < TURNS; turn++) {
    parameters = fitLogistic(
      rows.map((row) => toExample(row, offsets)),
      prior,
    );
    offsets = fitDocuments(rows, parameters);
  }
  return {
    intercept: parameters.intercept,
    weights: recordOf(FEATURES.map((name, index) => [name, parameters.weights[index] ?? 0] as const)),
    documents: Object.fromEntries([...offsets].sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}

function toExample({ inputs, document, isRight }: Row, offsets: ReadonlyMap<string, number>): Example {
  return { features: inputs, isPositive: isRight, weight: 1, offset: offsets.get(document) ?? 0 };
}

function fitDocuments(rows: readonly Row[], parameters: Parameters): ReadonlyMap<string, number> {
  const byDocument = new Map<string, Example[]>();
  for (const { inputs, document, isRight } of rows) {
    const example = { features: [], isPositive: isRight, weight: 1, offset: scoreOf(parameters, inputs) };
    byDocument.set(document, [...(byDocument.get(document) ?? []), example]);
  }
  const prior = { penalty: 0, interceptPenalty: PENALTIES.documents };
  return new Map([...byDocument].map(([document, examples]) => [document, fitLogistic(examples, prior).intercept]));
}

/** The confidence of a labelled question under a calibration. */
export function confidenceUnder(
  model: ConfidenceModel,
  calibration: Calibration,
  { features, document }: LabelledFeatures,
): number {
  if (features === null) return 0;
  return chanceOf(calibratedModel(model, calibration), features, calibration.documents[document] ?? 0);
}

/**
 * Each question judged by a calibration that was fitted without it and its fold, in the order they came. Which fold a
 * question is in depends on the seed alone.
 */
export function crossValidate(
  model: ConfidenceModel,
  labelled: readonly LabelledFeatures[],
  { folds, seed }: { readonly folds: number; readonly seed: number },
): readonly Judged[] {
  const fold = foldsOf(labelled.length, folds, seed);
  const calibrations = Array.from({ length: folds }, (_, held) =>
    recalibrate(
      model,
      labelled.filter((__, index) => fold[index] !== held),
    ),
  );
  return labelled.map((question, index) => {
    const calibration = calibrations[fold[index] ?? 0];
    const confidence = calibration === undefined ? 0 : confidenceUnder(model, calibration, question);
    return { confidence, isRight: question.isRight };
  });
}

/** Folds of nearly the same size, drawn without replacement. */
function foldsOf(count: number, folds: number, seed: number): readonly number[] {
  const random = mulberry32(seed);
  const order = Array.from({ length: count }, (_, index) => ({ index, key: random() }));
  order.sort((one, other) => one.key - other.key);
  const fold = Array.from({ length: count }, () => 0);
  for (const [place, { index }] of order.entries()) fold[index] = place % folds;
  return fold;
}
