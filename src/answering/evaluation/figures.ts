import { aurocAnswerable, goldFound, isGiven, shareOf, wordsOfAnswers } from "./evaluate-answers.js";
import { SCORES } from "./evaluate-retrieval.js";
import type { EvaluationRun } from "./evaluation-run.js";
import { aurc, auroc, coverageAtRisk, expectedCalibrationError, mean, percentile } from "./metrics.js";
import type { AnswerRecord, RetrievalRecord } from "./question-records.js";

/** A figure that can be compared between two runs. */
export interface Figure<Item> {
  readonly better: "higher" | "lower" | "neither";
  readonly unit: "share" | "count" | "ms";
  readonly of: (questions: readonly Item[]) => number | null;
}

const share = <Item>(better: Figure<Item>["better"], of: Figure<Item>["of"]): Figure<Item> => ({
  better,
  unit: "share",
  of,
});
const count = <Item>(of: Figure<Item>["of"]): Figure<Item> => ({ better: "neither", unit: "count", of });

export const ANSWER_FIGURES: Readonly<Record<string, Figure<AnswerRecord>>> = {
  auroc: share("higher", auroc),
  auroc_answerable: share("higher", aurocAnswerable),
  aurc: share("lower", aurc),
  "coverage@risk10": share("higher", (answered) => coverageAtRisk(answered, 0.1)),
  "coverage@risk20": share("higher", (answered) => coverageAtRisk(answered, 0.2)),
  ece: share("lower", expectedCalibrationError),
  right: share("higher", (answered) => shareOf(answered.map(({ isRight }) => isRight))),
  answered: count((answered) => answered.filter(isGiven).length),
  escalated: count((answered) => answered.filter((one) => !isGiven(one)).length),
  answered_right: share("higher", (answered) => shareOf(answered.filter(isGiven).map(({ isRight }) => isRight))),
  gold_found: share("higher", goldFound),
  answer_words_p50: count(wordsOfAnswers),
};

const scored = (of: (one: RetrievalRecord) => number): Figure<RetrievalRecord> =>
  share("higher", (questions) => mean(questions.map(of)));
const time = (at: number): Figure<RetrievalRecord> => ({
  better: "lower",
  unit: "ms",
  of: (questions) =>
    percentile(
      questions.map(({ ms }) => ms),
      at,
    ),
});

export const RETRIEVAL_FIGURES: Readonly<Record<string, Figure<RetrievalRecord>>> = {
  ...Object.fromEntries(Object.entries(SCORES).map(([name, score]) => [name, scored(score)])),
  p50_ms: time(0.5),
  p95_ms: time(0.95),
};

/** The figures of a run that are one number, by name: what a limit can be set for. */
export const FIGURE_NAMES: Readonly<Record<EvaluationRun["kind"], readonly string[]>> = {
  answers: ["queries", ...Object.keys(ANSWER_FIGURES), "ties"],
  retrieval: ["queries", ...Object.keys(RETRIEVAL_FIGURES), "unlabelled"],
};
