import { UsageError } from "../../ports/errors.js";
import type { AnswerDecision } from "../../ports/stores.js";
import { bootstrap, type Interval } from "./bootstrap.js";
import type { EvaluationRun } from "./evaluation-run.js";
import { SCORES } from "./evaluate-retrieval.js";
import { ANSWER_FIGURES, RETRIEVAL_FIGURES, type Figure } from "./figures.js";
import type { AnswerRecord, QuestionRecord, RetrievalRecord } from "./question-records.js";
import type { RecordedRun } from "./saved-run.js";

export interface FigureDifference {
  readonly before: number | null;
  readonly after: number | null;
  /** After minus before; null where one of them does not exist. */
  readonly difference: number | null;
  /** 95 % paired bootstrap interval of the difference: both runs are resampled by the same questions. */
  readonly interval: Interval | null;
  readonly better: Figure<never>["better"];
  readonly unit: Figure<never>["unit"];
  /** `better` and `worse` only when the whole interval is on that side; `changed` for a figure that has no good side. */
  readonly verdict: "better" | "worse" | "changed" | "same" | "unclear";
}

export interface QuestionOutcome {
  /** Answers: the first cited document is relevant. Retrieval: the first found one is. */
  readonly isRight: boolean;
  /** Answers: the confidence. Retrieval: nDCG@10. */
  readonly score: number;
  /** Null for retrieval. */
  readonly decision: AnswerDecision | null;
  /** Answers: the cited ones. Retrieval: the first three. */
  readonly documents: readonly string[];
}

export interface ChangedQuestion {
  readonly id: string;
  readonly question: string;
  readonly before: QuestionOutcome;
  readonly after: QuestionOutcome;
}

export interface RunComparison {
  readonly kind: EvaluationRun["kind"];
  readonly questions: number;
  /** The runs whose calibration was fitted to the very questions that are compared: no proof of anything. */
  readonly fitted_to_these: readonly ("before" | "after")[];
  readonly figures: Readonly<Record<string, FigureDifference>>;
  /** Those that changed most, at most {@link MOST_CHANGED}. */
  readonly changed: readonly ChangedQuestion[];
}

const MOST_CHANGED = 20;
const NAMED_AT_MOST = 3;

/** What the second run does better or worse than the first. @throws {UsageError} when they are of other questions */
export function compareRuns(before: RecordedRun, after: RecordedRun): RunComparison {
  const fitted = (
    [
      ["before", before],
      ["after", after],
    ] as const
  ).flatMap(([name, run]) => (run.fitted_to_these === true ? [name] : []));
  return { ...compareLike(before, after), fitted_to_these: fitted };
}

function compareLike(before: RecordedRun, after: RecordedRun): Omit<RunComparison, "fitted_to_these"> {
  if (before.kind === "answers" && after.kind === "answers") {
    return compare("answers", pair(before.questions, after.questions), ANSWER_FIGURES, outcomeOfAnswer);
  }
  if (before.kind === "retrieval" && after.kind === "retrieval") {
    return compare("retrieval", pair(before.questions, after.questions), RETRIEVAL_FIGURES, outcomeOfSearch);
  }
  throw new UsageError(
    `The first run is of ${before.kind} and the second of ${after.kind}: only like can be compared.`,
  );
}

type Pair<Item> = readonly [before: Item, after: Item];

function pair<Item extends QuestionRecord>(before: readonly Item[], after: readonly Item[]): readonly Pair<Item>[] {
  const others = new Map(after.map((one) => [one.id, one]));
  const ids = new Set(before.map(({ id }) => id));
  const pairs = before.flatMap((one): Pair<Item>[] => {
    const other = others.get(one.id);
    return other === undefined ? [] : [[one, other]];
  });
  const named = (items: readonly QuestionRecord[]): string => {
    const names = items.slice(0, NAMED_AT_MOST).map(({ id }) => `"${id}"`);
    return `${items.length} (${names.join(", ")}${items.length > NAMED_AT_MOST ? ", …" : ""})`;
  };
  const differences: readonly (readonly [string, readonly QuestionRecord[]])[] = [
    ["only in the first", before.filter(({ id }) => !others.has(id))],
    ["only in the second", after.filter(({ id }) => !ids.has(id))],
    ["asked in other words", pairs.filter(([one, other]) => one.question !== other.question).map(([one]) => one)],
    ["labelled differently", pairs.filter(([one, other]) => labels(one) !== labels(other)).map(([one]) => one)],
  ];
  const found = differences.filter(([, items]) => items.length > 0).map(([how, items]) => `${how}: ${named(items)}`);
  if (found.length > 0) {
    throw new UsageError(
      `The two runs are not of the same questions. ${found.join("; ")}. Measure both on one folder.`,
    );
  }
  return pairs;
}

function labels({ answerable, grades }: QuestionRecord): string {
  return JSON.stringify([answerable, Object.entries(grades).sort(([one], [other]) => (one < other ? -1 : 1))]);
}

function compare<Item extends QuestionRecord>(
  kind: EvaluationRun["kind"],
  pairs: readonly Pair<Item>[],
  figures: Readonly<Record<string, Figure<Item>>>,
  outcomeOf: (item: Item) => QuestionOutcome,
): Omit<RunComparison, "fitted_to_these"> {
  const changed = pairs
    .map(([one, other]) => ({
      id: one.id,
      question: one.question,
      before: outcomeOf(one),
      after: outcomeOf(other),
    }))
    .map((question) => ({ question, size: sizeOfChange(question) }))
    .filter(({ size }) => size > 0)
    .sort((one, other) => other.size - one.size)
    .slice(0, MOST_CHANGED)
    .map(({ question }) => question);
  const differences = Object.entries(figures).map(([name, figure]) => [name, differenceOf(pairs, figure)] as const);
  return { kind, questions: pairs.length, figures: Object.fromEntries(differences), changed };
}

function differenceOf<Item>(pairs: readonly Pair<Item>[], figure: Figure<Item>): FigureDifference {
  const at = (sample: readonly Pair<Item>[], run: 0 | 1): number | null => figure.of(sample.map((both) => both[run]));
  const difference = (sample: readonly Pair<Item>[]): number | null => {
    const [before, after] = [at(sample, 0), at(sample, 1)];
    return before === null || after === null ? null : after - before;
  };
  const found = difference(pairs);
  const interval = found === null ? null : bootstrap(pairs, difference);
  const { better, unit } = figure;
  return {
    before: at(pairs, 0),
    after: at(pairs, 1),
    difference: found,
    interval,
    better,
    unit,
    verdict: verdictOf(interval, better),
  };
}

function verdictOf(interval: Interval | null, better: Figure<never>["better"]): FigureDifference["verdict"] {
  if (interval === null) return "unclear";
  const [low, high] = interval;
  if (low === 0 && high === 0) return "same";
  if (low <= 0 && high >= 0) return "unclear";
  if (better === "neither") return "changed";
  return low > 0 === (better === "higher") ? "better" : "worse";
}

/** A change of right or wrong counts before one of the decision, and both before one of the score. */
function sizeOfChange({ before, after }: ChangedQuestion): number {
  const turned = before.isRight === after.isRight ? 0 : 4;
  const decided = before.decision === after.decision ? 0 : 2;
  return turned + decided + Math.abs(after.score - before.score);
}

function outcomeOfAnswer({ isRight, confidence, decision, cited }: AnswerRecord): QuestionOutcome {
  return { isRight, score: confidence, decision, documents: cited };
}

function outcomeOfSearch(record: RetrievalRecord): QuestionOutcome {
  return {
    isRight: SCORES["success@1"](record) === 1,
    score: SCORES["ndcg@10"](record),
    decision: null,
    documents: record.ranked.slice(0, 3),
  };
}
