import { FEATURES, type FeatureName, type Features } from "./feature-names.js";
import { logistic, scoreOf } from "./logistic-regression.js";

/** A logistic regression over the features, each brought to mean 0 and spread 1 over the examples it was trained on. */
export interface ConfidenceModel {
  /** Changes with the features and weights: what was fitted for one model means nothing for another. */
  readonly id: string;
  readonly intercept: number;
  readonly inputs: Readonly<Record<FeatureName, ModelInput>>;
}

export interface ModelInput {
  readonly center: number;
  readonly spread: number;
  /** What one spread above the center adds to the log odds. */
  readonly weight: number;
}

/** What one's own labelled questions changed. Weights that are not named are the model's. */
export interface Calibration {
  readonly intercept: number;
  readonly weights: Readonly<Partial<Record<FeatureName, number>>>;
  /** By a document's id at its source: what is added to the log odds where its passage is the first. */
  readonly documents: Readonly<Record<string, number>>;
  /** By a stem of the question: what is added to the log odds where the question has it. */
  readonly words: Readonly<Record<string, number>>;
}

/** The offsets of a calibration, to be looked up by names that people choose. */
export interface Offsets {
  readonly documents: ReadonlyMap<string, number>;
  readonly words: ReadonlyMap<string, number>;
}

export function offsetsOf({ documents, words }: Calibration): Offsets {
  return { documents: new Map(Object.entries(documents)), words: new Map(Object.entries(words)) };
}

/** What a calibration adds to the log odds of a question. */
export function offsetOf(
  { documents, words }: Offsets,
  question: { readonly document: string; readonly words: readonly string[] },
): number {
  return question.words.reduce((total, word) => total + (words.get(word) ?? 0), documents.get(question.document) ?? 0);
}

/** The features as the model weighs them, in the order of `FEATURES`. */
export function standardise(model: ConfidenceModel, features: Features): readonly number[] {
  return FEATURES.map((name) => {
    const { center, spread } = model.inputs[name];
    return (features[name] - center) / spread;
  });
}

export function calibratedModel(
  model: ConfidenceModel,
  { intercept, weights }: Pick<Calibration, "intercept" | "weights">,
): ConfidenceModel {
  const inputOf = (name: FeatureName): ModelInput => ({
    ...model.inputs[name],
    weight: weights[name] ?? model.inputs[name].weight,
  });
  return { id: model.id, intercept, inputs: byFeature(inputOf) };
}

export function weightsOf(model: ConfidenceModel): readonly number[] {
  return FEATURES.map((name) => model.inputs[name].weight);
}

/** What each feature adds to the log odds or takes from them, against an average question of the training. */
export function pullsOf(model: ConfidenceModel, features: Features): Readonly<Record<FeatureName, number>> {
  const inputs = standardise(model, features);
  const weights = weightsOf(model);
  return byFeature((_, index) => (inputs[index] ?? 0) * (weights[index] ?? 0));
}

/** @param offset of the first passage's document and the question's words */
export function chanceOf(model: ConfidenceModel, features: Features, offset = 0): number {
  const parameters = { intercept: model.intercept + offset, weights: weightsOf(model) };
  return logistic(scoreOf(parameters, standardise(model, features)));
}

function byFeature<Value>(valueOf: (name: FeatureName, index: number) => Value): Readonly<Record<FeatureName, Value>> {
  const entries = FEATURES.map((name, index) => [name, valueOf(name, index)] as const);
  return recordOf(entries);
}

/** A record from entries that name every feature. */
export function recordOf<Value>(
  entries: readonly (readonly [FeatureName, Value])[],
): Readonly<Record<FeatureName, Value>> {
  const record: Partial<Record<FeatureName, Value>> = Object.fromEntries(entries);
  if (!isWhole(record)) throw new RangeError("a feature is missing");
  return record;
}

function isWhole<Value>(record: Partial<Record<FeatureName, Value>>): record is Record<FeatureName, Value> {
  return FEATURES.every((name) => name in record);
}
