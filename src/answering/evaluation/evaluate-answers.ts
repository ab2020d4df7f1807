import type { ConversationTurn } from "../../ports/models.js";
import type { AnswerDecision } from "../../ports/stores.js";
import { bootstrap, type Interval } from "./bootstrap.js";
import { breakDown, type Breakdown } from "./break-down.js";
import type { EvaluationDataset, EvaluationQuery } from "./dataset.js";
import {
  aurc,
  auroc,
  countTies,
  coverageAtRisk,
  expectedCalibrationError,
  mean,
  percentile,
  success,
  type Judged,
} from "./metrics.js";

/** What was, or would have been, answered. Given for every question, also when it was escalated. */
export interface CandidateAnswer {
  readonly text: string;
  readonly confidence: number;
  readonly decision: AnswerDecision;
  /** Documents by their ids in the corpus, in the order they are first cited. */
  readonly citedDocumentExternalIds: readonly string[];
}

export interface AnswersFigures {
  readonly queries: number;
  /** Confidence against "the first cited document is relevant". Null when all or none are right. */
  readonly auroc: number | null;
  /** Confidence against the question's `answerable`. */
  readonly auroc_answerable: number | null;
  readonly aurc: number | null;
  readonly "coverage@risk10": number;
  readonly "coverage@risk20": number;
  readonly ece: number | null;
  /** Share of questions whose first cited document is relevant. */
  readonly right: number | null;
  /** What the threshold would do, in questions. */
  readonly answered: number;
  readonly escalated: number;
  /** Of the answered ones, the share that was right. */
  readonly answered_right: number | null;
  /** Questions that share their confidence with another. */
  readonly ties: number;
  /** Of the questions with a gold sentence, the share whose answer contains it. */
  readonly gold_found: number | null;
  readonly answer_words_p50: number | null;
}

export interface AnswersReport extends AnswersFigures {
  /** 95 % bootstrap intervals. */
  readonly intervals: Readonly<Record<string, Interval | null>>;
  readonly by: Breakdown<AnswersFigures>;
}

export interface AnswersEvaluation {
  readonly dataset: EvaluationDataset;
  readonly answer: (
    question: string,
    history: readonly ConversationTurn[],
    query: EvaluationQuery,
  ) => Promise<CandidateAnswer>;
  readonly onProgress?: (done: number, total: number) => void;
}

interface Answered extends Judged {
  readonly query: EvaluationQuery;
  readonly answer: CandidateAnswer;
}

/** Asks every question with its history, one after the other, and judges answers and confidence. */
export async function evaluateAnswers({ dataset, answer, onProgress }: AnswersEvaluation): Promise<AnswersReport> {
  const answered: Answered[] = [];
  for (const query of dataset.queries) {
    const candidate = await answer(query.text, query.history, query);
    answered.push({
      query,
      answer: candidate,
      confidence: candidate.confidence,
      isRight: isRight(dataset, query, candidate),
    });
    onProgress?.(answered.length, dataset.queries.length);
  }
  const sorted = answered.toSorted((one, other) => one.confidence - other.confidence);
  return {
    ...figuresOf(answered),
    intervals: {
      auroc: bootstrap(sorted, auroc),
      auroc_answerable: bootstrap(sorted, aurocAnswerable),
      aurc: bootstrap(sorted, aurc),
      "coverage@risk10": bootstrap(sorted, (sample) => coverageAtRisk(sample, 0.1)),
      "coverage@risk20": bootstrap(sorted, (sample) => coverageAtRisk(sample, 0.2)),
    },
    by: breakDown(answered, (group) => ({ ...figuresOf(group), auroc_answerable: aurocOfGroup(group, answered) })),
  };
}

function isRight(dataset: EvaluationDataset, query: EvaluationQuery, answer: CandidateAnswer): boolean {
  const grades = dataset.grades.get(query.id) ?? new Map<string, number>();
  return query.answerable && success(answer.citedDocumentExternalIds, grades) === 1;
}

function aurocAnswerable(answered: readonly Answered[]): number | null {
  return auroc(answered.map(({ confidence, query }) => ({ confidence, isRight: query.answerable })));
}

/** A group without answerable questions is judged against those of all groups: how well it is told from them. */
function aurocOfGroup(group: readonly Answered[], all: readonly Answered[]): number | null {
  if (group.some(({ query }) => query.answerable)) return aurocAnswerable(group);
  return aurocAnswerable([...group, ...all.filter(({ query }) => query.answerable)]);
}

function figuresOf(answered: readonly Answered[]): AnswersFigures {
  const given = answered.filter(({ answer }) => answer.decision !== "hand-off");
  const withGold = answered.filter(({ query }) => query.gold !== null);
  return {
    queries: answered.length,
    auroc: auroc(answered),
    auroc_answerable: aurocAnswerable(answered),
    aurc: aurc(answered),
    "coverage@risk10": coverageAtRisk(answered, 0.1),
    "coverage@risk20": coverageAtRisk(answered, 0.2),
    ece: expectedCalibrationError(answered),
    right: mean(answered.map((one) => (one.isRight ? 1 : 0))),
    answered: given.length,
    escalated: answered.length - given.length,
    answered_right: mean(given.map((one) => (one.isRight ? 1 : 0))),
    ties: countTies(answered),
    gold_found: mean(withGold.map(({ query, answer }) => (containsSentence(answer.text, query.gold ?? "") ? 1 : 0))),
    answer_words_p50: percentile(
      answered.filter(({ answer }) => answer.text.trim() !== "").map(({ answer }) => countWords(answer.text)),
      0.5,
    ),
  };
}

/** Whether the text says the sentence, whatever its spacing, markup, citation marks and letter case. */
export function containsSentence(text: string, sentence: string): boolean {
  return plain(text).includes(plain(sentence));
}

function plain(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/\[\d+\]/gu, "")
    .replaceAll(/[*_`#>]/gu, "")
    .replaceAll(/[’‘]/gu, "'")
    .replaceAll(/[“”]/gu, '"')
    .replaceAll(/\s/gu, "")
    .replace(/[.!?]$/u, "");
}

function countWords(text: string): number {
  return text.split(/\s+/u).filter((word) => word !== "").length;
}
