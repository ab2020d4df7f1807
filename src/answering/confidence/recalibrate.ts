import type { Judged } from "../evaluation/metrics.js";
import { mulberry32 } from "../evaluation/bootstrap.js";
import { calibratedModel, chanceOf, recordOf, standardise, weightsOf } from "./confidence-model.js";
import { offsetOf, offsetsOf, type Calibration, type ConfidenceModel, type Offsets } from "./confidence-model.js";
import { FEATURES, type Features } from "./feature-names.js";
import { fitLogistic, scoreOf, type Parameters } from "./logistic-regression.js";
import { fitOffsets } from "./offsets.js";

/** A question of one's own with what retrieval showed of it. */
export interface LabelledFeatures {
  /** Null when nothing was found: its confidence is 0, whatever is fitted. */
  readonly features: Features | null;
  /** The document of the first passage, by its id at its source. */
  readonly document: string;
  /** By `questionWords`. */
  readonly words: readonly string[];
  readonly isRight: boolean;
}

/** How hard all is drawn to the model as shipped. Chosen over six labelled sets; ADR 8 has the figures. */
const PENALTIES = { weights: 20, intercept: 0.1, documents: 3, words: 5 } as const;
/** A word that one question has would tell of that question; one that most have tells none apart. */
const OFFSETS = {
  documents: { penalty: PENALTIES.documents, fewest: 1, mostShare: 1 },
  words: { penalty: PENALTIES.words, fewest: 2, mostShare: 0.5 },
} as const;
/** A word that changes the log odds by less is left out: a calibration is read by people. */
const LEAST_OF_WORD = 0.1;
/** Weights, documents and words are fitted in turn, this often: near the mode, and on the labelled sets as good as all at once. */
const TURNS = 8;

interface Row extends Pick<LabelledFeatures, "document" | "words" | "isRight"> {
  readonly inputs: readonly number[];
}

/**
 * Fits the confidence to labelled questions: the weights with the shipped ones as prior, so that few questions move them
 * little and many as much as they say, and offsets with 0 as prior: for each document, as an entry may attract questions
 * that it does not answer, and for words of the question, as what is asked about and written nowhere is asked again.
 * Deterministic.
 * @throws {RangeError} when nothing was found for any question.
 */
export function recalibrate(model: ConfidenceModel, labelled: readonly LabelledFeatures[]): Calibration {
  const rows = labelled.flatMap(({ features, ...row }): Row[] =>
    features === null ? [] : [{ ...row, inputs: standardise(model, features) }],
  );
  const center: Parameters = { intercept: model.intercept, weights: weightsOf(model) };
  const prior = { penalty: PENALTIES.weights, interceptPenalty: PENALTIES.intercept, center };
  let offsets: Offsets = { documents: new Map(), words: new Map() };
  let parameters = center;
  for (let turn = 0; turn < TURNS; turn++) {
    const examples = rows.map((row) => {
      return { features: row.inputs, isPositive: row.isRight, weight: 1, offset: offsetOf(offsets, row) };
    });
    parameters = fitLogistic(examples, prior);
    offsets = fitBoth(rows, parameters, offsets);
  }
  return {
    intercept: parameters.intercept,
    weights: recordOf(FEATURES.map((name, index) => [name, parameters.weights[index] ?? 0] as const)),
    documents: sorted(offsets.documents),
    words: sorted(new Map([...offsets.words].filter(([, offset]) => Math.abs(offset) >= LEAST_OF_WORD))),
  };
}

function fitBoth(rows: readonly Row[], parameters: Parameters, { words: before }: Offsets): Offsets {
  const fit = (part: keyof Offsets, others: Offsets, namesOf: (row: Row) => readonly string[]): Offsets["words"] =>
    fitOffsets(
      rows.map((row) => {
        const score = scoreOf(parameters, row.inputs) + offsetOf(others, row);
        return { score, isRight: row.isRight, names: namesOf(row) };
      }),
      OFFSETS[part],
    );
  const documents = fit("documents", { documents: new Map(), words: before }, (row) => [row.document]);
  const words = fit("words", { documents, words: new Map() }, (row) => row.words);
  return { documents, words };
}

function sorted(offsets: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...offsets].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The confidence of a labelled question under a calibration. */
export function confidenceUnder(model: ConfidenceModel, calibration: Calibration, question: LabelledFeatures): number {
  const { features } = question;
  if (features === null) return 0;
  return chanceOf(calibratedModel(model, calibration), features, offsetOf(offsetsOf(calibration), question));
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
