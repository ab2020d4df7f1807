import type { SearchResult } from "../../ports/knowledge.js";
import { SEED } from "../evaluation/bootstrap.js";
import { aurc, auroc, coverageAtRisk, expectedCalibrationError, type Judged } from "../evaluation/metrics.js";
import { perfectCalibrationError } from "../evaluation/perfect-calibration.js";
import { chanceOf, recordOf, type ConfidenceModel, type ModelInput } from "./confidence-model.js";
import { FEATURES, type Features } from "./feature-names.js";
import { featuresOf } from "./features.js";
import { fitLogistic } from "./logistic-regression.js";
import { questionWords } from "./question-words.js";
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

const PENALTY = 5;
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
export function trainConfidence(labelled: readonly LabelledSearch[]): Training {
  const rows = labelled.map(({ result, question, ...row }): Row => {
    const document = result.passages[0]?.externalId ?? "";
    return { ...row, features: featuresOf(question, result), document, words: questionWords(question) };
  });
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${row.dataset} ${row.setting}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const { intercept, inputs } = fit(rows);
  return { model: { intercept, inputs }, heldOut: [...groups.values()].map((held) => judgeHeldOut(rows, held)) };
}

function fit(all: readonly Row[]): ConfidenceModel {
  const rows = all.filter((row): row is FoundRow => row.features !== null);
  const weights = weigh(rows);
  const inputs = FEATURES.map((name) => spreadOf(rows.map(({ features }) => features[name])));
  const examples = rows.map(({ features, isRight }, index) => ({
    features: FEATURES.map((name, at) => (features[name] - (inputs[at]?.center ?? 0)) / (inputs[at]?.spread ?? 1)),
    isPositive: isRight,
    weight: weights[index] ?? 0,
  }));
  const parameters = fitLogistic(examples, { penalty: PENALTY });
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

function weigh(rows: readonly Row[]): readonly number[] {
  const groupOf = ({ family, setting }: Row): string => `${family} ${setting}`;
  const sizes = new Map<string, number>();
  for (const row of rows) sizes.set(groupOf(row), (sizes.get(groupOf(row)) ?? 0) + 1);
  const fair = rows.length / sizes.size;
  return rows.map((row) => Math.min(fair / (sizes.get(groupOf(row)) ?? 1), MAX_WEIGHT) * SETTING_SHARES[row.setting]);
}

function spreadOf(values: readonly number[]): { readonly center: number; readonly spread: number } {
  const mean = (list: readonly number[]): number => list.reduce((sum, each) => sum + each, 0) / list.length;
  const center = mean(values);
  return { center, spread: Math.sqrt(mean(values.map((value) => (value - center) ** 2))) + 1e-9 };
}

function judgeHeldOut(rows: readonly Row[], held: readonly Row[]): HeldOutFigures {
  const [first] = held;
  if (first === undefined) throw new RangeError("a data set has no questions");
  const model = fit(rows.filter(({ family }) => family !== first.family));
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
