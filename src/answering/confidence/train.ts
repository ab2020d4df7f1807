import type { SearchResult } from "../../ports/knowledge.js";
import { SEED } from "../evaluation/bootstrap.js";
import { aurc, auroc, coverageAtRisk, expectedCalibrationError, type Judged } from "../evaluation/metrics.js";
import { perfectCalibrationError } from "../evaluation/perfect-calibration.js";
import { chanceOf, recordOf, type ConfidenceModel, type ModelInput } from "./confidence-model.js";
import { FEATURES, type Features } from "./feature-names.js";
import { featuresOf } from "./features.js";
import { fitLogistic, scoreOf, type Example, type Parameters } from "./logistic-regression.js";
import { questionWords } from "./question-words.js";
import type { TextVectors } from "../../text/word-vectors.js";
import { crossValidate } from "./recalibrate.js";

/** A labelled question with what was found for it. */
export interface LabelledSearch {
  /** Data sets that share documents are one family: they are left out together. */
  readonly family: string;
  readonly dataset: string;
  /**
   * `whole`: a question of the set over all its documents; `small`: over a few of them, where most answers are missing;
   * `verbatim`: a title as the question.
   */
  readonly setting: Setting;
  /** The question's `kind`, where it has one. */
  readonly kind: string | null;
  readonly isAnswerable: boolean;
  readonly question: string;
  readonly result: SearchResult;
  /** The question is answerable and the first passage's document is relevant. */
  readonly isRight: boolean;
}

export type Setting = keyof typeof SETTING_SHARES;

/** How well a model that never saw the family of a data set judges its questions. */
export interface HeldOutFigures extends Figures {
  readonly dataset: string;
  readonly setting: Setting;
  /** Answerable questions against the unanswerable ones of one kind. */
  readonly auroc_answerable: Readonly<Record<string, number | null>>;
  /** After recalibration on one half of the questions, judged on the other, and the same the other way round. */
  readonly recalibrated: (Figures & { readonly perfect_ece: readonly [low: number, high: number] }) | null;
}

interface Figures {
  readonly queries: number;
  readonly auroc: number | null;
  readonly aurc: number | null;
  readonly "coverage@risk10": number;
  readonly "coverage@risk20": number;
  readonly ece: number | null;
}

export interface Training {
  /** Without a name: its writer gives it one. */
  readonly model: Omit<ConfidenceModel, "id">;
  readonly heldOut: readonly HeldOutFigures[];
}

/**
 * Each group of questions has an offset of its own while the weights are fitted: how often a data set's questions are
 * answered is not to be explained by its features, as it says nothing of which of them are.
 */
const PENALTIES = { weights: 2, groups: 10 } as const;
/** What all questions of one setting count, against a family's own. */
const SETTING_SHARES = { whole: 1, small: 0.5, verbatim: 0.1 } as const;
/** No question of a small family counts more than this many of an average one. */
const MAX_WEIGHT = 3;

interface Row extends Omit<LabelledSearch, "result" | "question"> {
  readonly features: Features | null;
  readonly document: string;
  readonly words: readonly string[];
}

type FoundRow = Row & { readonly features: Features };

/** Fits on everything, and once without each family for the figures. Each family counts the same. */
export function trainConfidence(labelled: readonly LabelledSearch[], vectors: TextVectors): Training {
  const rows = labelled.map(({ result, question, ...row }): Row => {
    const document = result.passages[0]?.externalId ?? "";
    return { ...row, features: featuresOf(question, result, vectors), document, words: questionWords(question) };
  });
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    groups.set(groupOf(row), [...(groups.get(groupOf(row)) ?? []), row]);
  }
  const { intercept, inputs } = fit(rows);
  const families = [...new Set(rows.map(({ family }) => family))];
  const without = new Map(
    families.map((family) => [family, fit(rows.filter((row) => row.family !== family))] as const),
  );
  return { model: { intercept, inputs }, heldOut: [...groups.values()].map((held) => judgeHeldOut(without, held)) };
}

function fit(all: readonly Row[]): ConfidenceModel {
  const rows = all.filter((row): row is FoundRow => row.features !== null);
  const inputs = FEATURES.map((name) => spreadOf(rows.map(({ features }) => features[name])));
  const weights = weigh(rows);
  const examples = rows.map(({ features, isRight }, index) => ({
    features: FEATURES.map((name, at) => (features[name] - (inputs[at]?.center ?? 0)) / (inputs[at]?.spread ?? 1)),
    isPositive: isRight,
    weight: weights[index] ?? 0,
  }));
  const parameters = fitWithinGroups(examples, rows.map(groupOf));
  const inputOf = (index: number): ModelInput => ({
    ...(inputs[index] ?? { center: 0, spread: 1 }),
    weight: parameters.weights[index] ?? 0,
  });
  return {
    id: "in training",
    intercept: parameters.intercept,
    inputs: recordOf(FEATURES.map((name, index) => [name, inputOf(index)] as const)),
  };
}

/** The weights are those of a fit with an offset for each group; the intercept is fitted to all, without the offsets. */
function fitWithinGroups(examples: readonly Example[], groups: readonly string[]): Parameters {
  const names = [...new Set(groups)];
  const inGroups = examples.map((example, index) => {
    const membership = names.map((name) => (name === groups[index] ? 1 : 0));
    return { ...example, features: [...example.features, ...membership] };
  });
  const penalty = [...FEATURES.map(() => PENALTIES.weights), ...names.map(() => PENALTIES.groups)];
  const weights = fitLogistic(inGroups, { penalty }).weights.slice(0, FEATURES.length);
  const scored = examples.map((example) => {
    return { ...example, features: [], offset: scoreOf({ intercept: 0, weights }, example.features) };
  });
  return { intercept: fitLogistic(scored, { penalty: 0 }).intercept, weights };
}

function groupOf({ dataset, setting }: Row): string {
  return `${dataset} ${setting}`;
}

function weigh(rows: readonly Row[]): readonly number[] {
  const kinOf = ({ family, setting }: Row): string => `${family} ${setting}`;
  const sizes = new Map<string, number>();
  for (const row of rows) sizes.set(kinOf(row), (sizes.get(kinOf(row)) ?? 0) + 1);
  const fair = rows.length / sizes.size;
  return rows.map((row) => Math.min(fair / (sizes.get(kinOf(row)) ?? 1), MAX_WEIGHT) * SETTING_SHARES[row.setting]);
}

function spreadOf(values: readonly number[]): { readonly center: number; readonly spread: number } {
  const mean = (list: readonly number[]): number => list.reduce((sum, each) => sum + each, 0) / list.length;
  const center = mean(values);
  return { center, spread: Math.sqrt(mean(values.map((value) => (value - center) ** 2))) + 1e-9 };
}

/** @param without the model that was fitted without each family */
function judgeHeldOut(without: ReadonlyMap<string, ConfidenceModel>, held: readonly Row[]): HeldOutFigures {
  const [first] = held;
  const model = without.get(first?.family ?? "");
  if (first === undefined || model === undefined) throw new RangeError("a data set has no questions");
  const judged = held.map((row): Judged & Row => ({
    ...row,
    confidence: row.features === null ? 0 : chanceOf(model, row.features),
  }));
  return {
    dataset: first.dataset,
    setting: first.setting,
    ...figuresOf(judged),
    auroc_answerable: answerableByKind(judged),
    recalibrated: first.setting === "whole" ? recalibrated(model, held) : null,
  };
}

function recalibrated(model: ConfidenceModel, held: readonly Row[]): HeldOutFigures["recalibrated"] {
  const judged = crossValidate(model, held, { folds: 2, seed: SEED });
  return { ...figuresOf(judged), perfect_ece: perfectCalibrationError(judged.map(({ confidence }) => confidence)) };
}

function figuresOf(judged: readonly Judged[]): Figures {
  return {
    queries: judged.length,
    auroc: auroc(judged),
    aurc: aurc(judged),
    "coverage@risk10": coverageAtRisk(judged, 0.1),
    "coverage@risk20": coverageAtRisk(judged, 0.2),
    ece: expectedCalibrationError(judged),
  };
}

function answerableByKind(judged: readonly (Judged & Row)[]): HeldOutFigures["auroc_answerable"] {
  const kinds = [...new Set(judged.flatMap(({ kind, isAnswerable }) => (isAnswerable || kind === null ? [] : [kind])))];
  const against = (kind: string): number | null =>
    auroc(
      judged
        .filter((row) => row.isAnswerable || row.kind === kind)
        .map(({ confidence, isAnswerable }) => ({ confidence, isRight: isAnswerable })),
    );
  return Object.fromEntries(kinds.map((kind) => [kind, against(kind)]));
}
