import type { SearchResult } from "../../ports/knowledge.js";
import { bootstrap, type Interval } from "./bootstrap.js";
import type { EvaluationDataset, EvaluationQuery } from "./dataset.js";
import { breakDown, type Breakdown } from "./break-down.js";
import { misspell } from "./misspell.js";
import { mean, ndcg, percentile, recall, reciprocalRank, success } from "./metrics.js";
import { gradesOf, type RetrievalRecord } from "./question-records.js";

export interface RetrievalFigures {
  /** Answerable questions with at least one relevant document: the ones that are scored. */
  readonly queries: number;
  readonly "ndcg@10": number | null;
  readonly "recall@5": number | null;
  readonly "recall@10": number | null;
  readonly "mrr@10": number | null;
  readonly "success@1": number | null;
}

export interface RetrievalReport extends RetrievalFigures {
  /** Questions without a relevant document: nothing can be found for them, so they are not scored. */
  readonly unlabelled: number;
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
  /** 95 % bootstrap intervals. */
  readonly intervals: Readonly<Record<string, Interval | null>>;
  readonly by: Breakdown<RetrievalFigures>;
}

export interface RetrievalRun {
  readonly kind: "retrieval";
  readonly figures: RetrievalReport;
  readonly questions: readonly RetrievalRecord[];
}

export interface RetrievalEvaluation {
  readonly dataset: EvaluationDataset;
  /** Passages for a question, best first; enough of them that ten documents are among them. */
  readonly search: (question: string, query: EvaluationQuery) => Promise<Pick<SearchResult, "passages">>;
  readonly onProgress?: (done: number, total: number) => void;
  /** With a seed, every question is asked with one typing mistake, see {@link misspell}. */
  readonly typos?: number;
}

/** Asks every question, one after the other, and scores the documents in the order of their best passage. */
export async function evaluateRetrieval({
  dataset,
  search,
  onProgress,
  typos,
}: RetrievalEvaluation): Promise<RetrievalRun> {
  const labelled = dataset.queries.filter((query) => isLabelled(dataset, query));
  const questions: RetrievalRecord[] = [];
  for (const query of labelled) {
    const asked = typos === undefined ? query.text : misspell(query.text, typos, query.id);
    const startedAt = performance.now();
    const { passages } = await search(asked, query);
    const ms = performance.now() - startedAt;
    const ranked = [...new Set(passages.map((passage) => passage.externalId))];
    const { id, text: question, answerable, groups } = query;
    const grades = Object.fromEntries(dataset.grades.get(id) ?? []);
    questions.push({ id, question, answerable, groups, grades, asked, ranked, ms });
    onProgress?.(questions.length, labelled.length);
  }
  const unlabelled = dataset.queries.length - labelled.length;
  return { kind: "retrieval", figures: retrievalReport(questions, unlabelled), questions };
}

/** The figures of searches that were recorded. */
export function retrievalReport(scored: readonly RetrievalRecord[], unlabelled: number): RetrievalReport {
  const times = scored.map(({ ms }) => ms);
  const intervalOf = (figure: (one: RetrievalRecord) => number): Interval | null => bootstrap(scored.map(figure), mean);
  return {
    ...retrievalFigures(scored),
    unlabelled,
    p50_ms: percentile(times, 0.5),
    p95_ms: percentile(times, 0.95),
    intervals: Object.fromEntries(Object.entries(SCORES).map(([name, score]) => [name, intervalOf(score)])),
    by: breakDown(scored, retrievalFigures),
  };
}

function isLabelled(dataset: EvaluationDataset, query: EvaluationQuery): boolean {
  return [...(dataset.grades.get(query.id)?.values() ?? [])].some((grade) => grade >= 1);
}

/** What one question scores; a figure is the mean over the questions. */
export const SCORES = {
  "ndcg@10": (one: RetrievalRecord) => ndcg(one.ranked, gradesOf(one), 10),
  "recall@5": (one: RetrievalRecord) => recall(one.ranked, gradesOf(one), 5),
  "recall@10": (one: RetrievalRecord) => recall(one.ranked, gradesOf(one), 10),
  "mrr@10": (one: RetrievalRecord) => reciprocalRank(one.ranked, gradesOf(one), 10),
  "success@1": (one: RetrievalRecord) => success(one.ranked, gradesOf(one)),
};

function retrievalFigures(scored: readonly RetrievalRecord[]): RetrievalFigures {
  const over = (score: (one: RetrievalRecord) => number): number | null => mean(scored.map(score));
  return {
    queries: scored.length,
    "ndcg@10": over(SCORES["ndcg@10"]),
    "recall@5": over(SCORES["recall@5"]),
    "recall@10": over(SCORES["recall@10"]),
    "mrr@10": over(SCORES["mrr@10"]),
    "success@1": over(SCORES["success@1"]),
  };
}
