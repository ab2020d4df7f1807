import type { SearchResult } from "../../ports/knowledge.js";
import { bootstrap, type Interval } from "./bootstrap.js";
import type { EvaluationDataset, EvaluationQuery } from "./dataset.js";
import { breakDown, type Breakdown } from "./break-down.js";
import { misspell } from "./misspell.js";
import { mean, ndcg, percentile, recall, reciprocalRank, success, type Grades } from "./metrics.js";

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

export interface RetrievalEvaluation {
  readonly dataset: EvaluationDataset;
  /** Passages for a question, best first; enough of them that ten documents are among them. */
  readonly search: (question: string, query: EvaluationQuery) => Promise<Pick<SearchResult, "passages">>;
  readonly onProgress?: (done: number, total: number) => void;
  /** With a seed, every question is asked with one typing mistake, see {@link misspell}. */
  readonly typos?: number;
}

interface Scored {
  readonly query: EvaluationQuery;
  readonly ranked: readonly string[];
  readonly grades: Grades;
  readonly ms: number;
}

/** Asks every question, one after the other, and scores the documents in the order of their best passage. */
export async function evaluateRetrieval({
  dataset,
  search,
  onProgress,
  typos,
}: RetrievalEvaluation): Promise<RetrievalReport> {
  const labelled = dataset.queries.filter((query) => isLabelled(dataset, query));
  const scored: Scored[] = [];
  for (const query of labelled) {
    const text = typos === undefined ? query.text : misspell(query.text, typos, query.id);
    const startedAt = performance.now();
    const { passages } = await search(text, query);
    const ms = performance.now() - startedAt;
    const ranked = [...new Set(passages.map((passage) => passage.externalId))];
    scored.push({ query, ranked, grades: dataset.grades.get(query.id) ?? new Map(), ms });
    onProgress?.(scored.length, labelled.length);
  }
  const times = scored.map(({ ms }) => ms);
  return {
    ...figuresOf(scored),
    unlabelled: dataset.queries.length - labelled.length,
    p50_ms: percentile(times, 0.5),
    p95_ms: percentile(times, 0.95),
    intervals: {
      "ndcg@10": bootstrap(
        scored.map(({ ranked, grades }) => ndcg(ranked, grades, 10)),
        mean,
      ),
      "success@1": bootstrap(
        scored.map(({ ranked, grades }) => success(ranked, grades)),
        mean,
      ),
    },
    by: breakDown(scored, figuresOf),
  };
}

function isLabelled(dataset: EvaluationDataset, query: EvaluationQuery): boolean {
  return [...(dataset.grades.get(query.id)?.values() ?? [])].some((grade) => grade >= 1);
}

function figuresOf(scored: readonly Scored[]): RetrievalFigures {
  const over = (figure: (one: Scored) => number): number | null => mean(scored.map(figure));
  return {
    queries: scored.length,
    "ndcg@10": over(({ ranked, grades }) => ndcg(ranked, grades, 10)),
    "recall@5": over(({ ranked, grades }) => recall(ranked, grades, 5)),
    "recall@10": over(({ ranked, grades }) => recall(ranked, grades, 10)),
    "mrr@10": over(({ ranked, grades }) => reciprocalRank(ranked, grades, 10)),
    "success@1": over(({ ranked, grades }) => success(ranked, grades)),
  };
}
