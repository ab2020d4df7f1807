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
  type Grades,
} from "./metrics.js";
import type { AnswerRecord } from "./question-records.js";

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

export interface AnswersRun {
  readonly kind: "answers";
  readonly figures: AnswersReport;
  readonly questions: readonly AnswerRecord[];
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

/** Asks every question with its history, one after the other, and judges answers and confidence. */
export async function evaluateAnswers({ dataset, answer, onProgress }: AnswersEvaluation): Promise<AnswersRun> {
  const questions: AnswerRecord[] = [];
  for (const query of dataset.queries) {
    const candidate = await answer(query.text, query.history, query);
    questions.push(recordOf(query, candidate, dataset.grades.get(query.id) ?? new Map<string, number>()));
    onProgress?.(questions.length, dataset.queries.length);
  }
  return { kind: "answers", figures: answersReport(questions), questions };
}

function recordOf(query: EvaluationQuery, answer: CandidateAnswer, grades: Grades): AnswerRecord {
  const { id, text: question, answerable, groups, gold } = query;
  return {
    id,
    question,
    answerable,
    groups,
    grades: Object.fromEntries(grades),
    confidence: answer.confidence,
    decision: answer.decision,
    isRight: answerable && success(answer.citedDocumentExternalIds, grades) === 1,
    cited: answer.citedDocumentExternalIds,
    text: answer.text,
    isGoldFound: gold === null ? null : containsSentence(answer.text, gold),
  };
}

/** The figures of answers that were recorded. */
export function answersReport(answered: readonly AnswerRecord[]): AnswersReport {
  const sorted = answered.toSorted((one, other) => one.confidence - other.confidence);
  return {
    ...answersFigures(answered),
    intervals: {
      auroc: bootstrap(sorted, auroc),
      auroc_answerable: bootstrap(sorted, aurocAnswerable),
      aurc: bootstrap(sorted, aurc),
      "coverage@risk10": bootstrap(sorted, (sample) => coverageAtRisk(sample, 0.1)),
      "coverage@risk20": bootstrap(sorted, (sample) => coverageAtRisk(sample, 0.2)),
    },
    by: breakDown(answered, (group) => ({ ...answersFigures(group), auroc_answerable: aurocOfGroup(group, answered) })),
  };
}

export function aurocAnswerable(answered: readonly AnswerRecord[]): number | null {
  return auroc(answered.map(({ confidence, answerable }) => ({ confidence, isRight: answerable })));
}

/** A group without answerable questions is judged against those of all groups: how well it is told from them. */
function aurocOfGroup(group: readonly AnswerRecord[], all: readonly AnswerRecord[]): number | null {
  if (group.some(({ answerable }) => answerable)) return aurocAnswerable(group);
  return aurocAnswerable([...group, ...all.filter(({ answerable }) => answerable)]);
}

function answersFigures(answered: readonly AnswerRecord[]): AnswersFigures {
  const given = answered.filter(isGiven);
  return {
    queries: answered.length,
    auroc: auroc(answered),
    auroc_answerable: aurocAnswerable(answered),
    aurc: aurc(answered),
    "coverage@risk10": coverageAtRisk(answered, 0.1),
    "coverage@risk20": coverageAtRisk(answered, 0.2),
    ece: expectedCalibrationError(answered),
    right: shareOf(answered.map(({ isRight }) => isRight)),
    answered: given.length,
    escalated: answered.length - given.length,
    answered_right: shareOf(given.map(({ isRight }) => isRight)),
    ties: countTies(answered),
    gold_found: goldFound(answered),
    answer_words_p50: wordsOfAnswers(answered),
  };
}

/** Whether the customer was told something by the bot. */
export function isGiven({ decision }: AnswerRecord): boolean {
  return decision !== "hand-off";
}

export function goldFound(answered: readonly AnswerRecord[]): number | null {
  return shareOf(answered.flatMap(({ isGoldFound }) => isGoldFound ?? []));
}

/** The middle length of the answers, in words. */
export function wordsOfAnswers(answered: readonly AnswerRecord[]): number | null {
  const written = answered.filter(({ text }) => text.trim() !== "");
  return percentile(
    written.map(({ text }) => countWords(text)),
    0.5,
  );
}

/** The share of those that hold; null for none. */
export function shareOf(facts: readonly boolean[]): number | null {
  return mean(facts.map((holds) => (holds ? 1 : 0)));
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
