import type { AnswerDecision } from "../../ports/stores.js";
import type { GroupField } from "./dataset.js";

/** One question of an evaluation, as plain data: figures, reports and comparisons are made from these alone. */
export interface QuestionRecord {
  readonly id: string;
  readonly question: string;
  readonly answerable: boolean;
  readonly groups: Readonly<Partial<Record<GroupField, string>>>;
  /** Grades of the documents that matter, by document id. */
  readonly grades: Readonly<Record<string, number>>;
}

export interface AnswerRecord extends QuestionRecord {
  readonly confidence: number;
  readonly decision: AnswerDecision;
  /** Whether the first cited document is relevant; never for an unanswerable question. */
  readonly isRight: boolean;
  /** Documents in the order they are first cited, also when the answer was not given. */
  readonly cited: readonly string[];
  readonly text: string;
  /** Whether the answer holds the gold sentence; null for a question without one. */
  readonly isGoldFound: boolean | null;
}

export interface RetrievalRecord extends QuestionRecord {
  /** What was searched for: the question, or the question with a typing mistake. */
  readonly asked: string;
  /** Documents in the order of their best passage. */
  readonly ranked: readonly string[];
  readonly ms: number;
}

export function gradesOf({ grades }: QuestionRecord): ReadonlyMap<string, number> {
  return new Map(Object.entries(grades));
}
