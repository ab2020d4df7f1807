import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mean, percentile } from "../../src/answering/evaluation/metrics.js";
import { UsageError } from "../../src/ports/errors.js";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import type { Queryable } from "../../src/ports/database.js";
import type { KnowledgeSearch, SearchResult } from "../../src/ports/knowledge.js";
import type { Logger } from "../../src/ports/logger.js";
import type { EmbeddingModel } from "../../src/ports/models.js";
import { openKnowledge, type KnowledgeStack } from "../app.js";
import type { Figures, LoadedConfig, ReportProgress, RetrievalBenchmarkOptions } from "../cli/program-dependencies.js";
import { localModels } from "../models/wire-models.js";
import { Cleanup } from "../postgres/cleanup.js";
import { openDatabase, type OpenDatabase } from "../postgres/open-database.js";
import { createScratchDatabase } from "../postgres/scratch-database.js";
import { writeBenchCorpus } from "./bench-corpus.js";
import { RetrievalFloor } from "./retrieval-floor.js";
import { StatementRecorder } from "./statement-recorder.js";
import { timed } from "./timed.js";
import { createWordVectors } from "./word-vectors.js";

export interface RetrievalBenchDependencies {
  readonly config: LoadedConfig;
  readonly logger: Logger;
  readonly report: ReportProgress;
  readonly signal: AbortSignal;
}

const SEED = 7;
const WARM_UP = 30;
const TOP = 20;
/** So many questions are also searched for before there is a graph: what that finds is exact. */
const COMPARED = 60;
const AUDIENCE = ["public"];

const FLOOR =
  "the nearest 20 of an HNSW halfvec index (with as many in view as the search has) and the best 20 by exact BM25 over an inverted table " +
  "without stop words, on the same tables, by prepared statements one after the other over a plain connection";

/**
 * The time of a whole search (words, vectors, fusion, the learned order, 20 passages) over made-up documents, one question
 * after the other; after each, the floor. Before that, how much of what an exact search finds is found with a graph of vectors.
 * Runs in a database made for it on the server of DATABASE_URL.
 * @throws {UsageError} without DATABASE_URL.
 */
export async function runRetrievalBench(
  deps: RetrievalBenchDependencies,
  options: RetrievalBenchmarkOptions,
): Promise<Figures> {
  const cleanup = new Cleanup();
  try {
    const scene = await openScene(deps, options, cleanup);
    const { questions, loadMs } = await load(deps, options, scene, cleanup);
    const floor = await RetrievalFloor.open(scene.url, options.dimensions);
    cleanup.add(() => floor.close());
    const compared = questions.slice(0, COMPARED);
    const exact = await searchAll(scene, compared, deps.signal);
    const indexMs = await timed(() => scene.database.vectorIndexes.keep(DEFAULT_TENANT, deps.signal));
    const near = await searchAll(scene, compared, deps.signal);
    const measured = await measure(deps, scene, floor, questions);
    return {
      bench: "retrieval",
      n: measured.own.length,
      chunks: options.chunks,
      dimensions: options.dimensions,
      vocabulary: options.vocabulary,
      load_s: round(loadMs / 1_000),
      index_s: round(indexMs / 1_000),
      ...times(measured),
      floor: FLOOR,
      recall_at_20: round(await recallOfGraph(floor, scene.embeddings, compared), 3),
      kept_at_20: round(shareKept(exact, near), 3),
      sequential_scan: await scansTable(scene, compared[0] ?? ""),
      stages_p95_ms: stages(measured),
    };
  } finally {
    await cleanup.run();
  }
}

interface Scene {
  readonly url: string;
  readonly database: OpenDatabase;
  readonly recorder: StatementRecorder;
  readonly knowledge: KnowledgeStack;
  readonly embeddings: EmbeddingModel;
}

async function openScene(
  { config, logger }: RetrievalBenchDependencies,
  { dimensions }: RetrievalBenchmarkOptions,
  cleanup: Cleanup,
): Promise<Scene> {
  const { databaseUrl, databasePoolSize: poolSize } = config.environment;
  if (databaseUrl === null) throw new UsageError("Set DATABASE_URL: what is measured is a search in PostgreSQL.");
  const { url, drop } = await createScratchDatabase(databaseUrl, "bench");
  cleanup.add(drop);
  const timeouts = { statementTimeoutMs: 120_000, connectionTimeoutMs: 5_000 };
  const database = await openDatabase({ kind: "postgres", url, poolSize, ...timeouts }, logger);
  cleanup.add(async () => database[Symbol.asyncDispose]());
  const recorder = new StatementRecorder(database);
  const embeddings = createWordVectors(dimensions);
  const models = { ...localModels(), embeddings: { documents: embeddings, questions: embeddings } };
  const knowledge = openKnowledge(recorder, models, logger);
  cleanup.add(async () => knowledge[Symbol.asyncDispose]());
  return { url, database, recorder, knowledge, embeddings };
}

async function load(
  { report, signal }: RetrievalBenchDependencies,
  { chunks, questions, vocabulary }: RetrievalBenchmarkOptions,
  { knowledge, recorder }: Scene,
  cleanup: Cleanup,
): Promise<{ questions: readonly string[]; loadMs: number }> {
  const folder = await mkdtemp(join(tmpdir(), "deskhand-bench-"));
  cleanup.add(() => rm(folder, { recursive: true, force: true }));
  const location = join(folder, "corpus.jsonl");
  const size = { documents: chunks, questions: questions + WARM_UP };
  const corpus = await writeBenchCorpus(location, { ...size, vocabulary, seed: SEED });
  await knowledge.admin.addSource(DEFAULT_TENANT, { name: "bench", kind: "jsonl", location, acl: AUDIENCE });
  const loadMs = await timed(async () => {
    for await (const step of knowledge.admin.sync(DEFAULT_TENANT, "bench", { confirmRemovals: false }, signal)) {
      recorder.take();
      if (step.kind === "document") report(step.done, step.total, "documents");
    }
  });
  return { questions: corpus.questions, loadMs };
}

function ask({ search }: { readonly search: KnowledgeSearch }, text: string, signal: AbortSignal) {
  return search.search({ tenantId: DEFAULT_TENANT, audience: AUDIENCE, text, limit: TOP }, signal);
}

async function searchAll(
  { knowledge }: Scene,
  questions: readonly string[],
  signal: AbortSignal,
): Promise<readonly SearchResult[]> {
  const results: SearchResult[] = [];
  for (const question of questions) results.push(await ask(knowledge, question, signal));
  return results;
}

interface Measured {
  readonly own: number[];
  readonly floor: number[];
  readonly results: SearchResult[];
}

async function measure(
  { report, signal }: RetrievalBenchDependencies,
  { knowledge, recorder, embeddings }: Scene,
  floor: RetrievalFloor,
  questions: readonly string[],
): Promise<Measured> {
  const measured: Measured = { own: [], floor: [], results: [] };
  for (const [index, question] of questions.entries()) {
    const startedAt = performance.now();
    const result = await ask(knowledge, question, signal);
    const ownMs = performance.now() - startedAt;
    recorder.take();
    const [vector = new Float32Array()] = await embeddings.embed([question], signal);
    const floorMs = await timed(() => floor.search(question, vector));
    if (index < WARM_UP) continue;
    measured.own.push(ownMs);
    measured.floor.push(floorMs);
    measured.results.push(result);
    report(index + 1, questions.length, "questions");
  }
  return measured;
}

function times({ own, floor }: Measured) {
  const p95 = percentile(own, 0.95) ?? 0;
  const floorP95 = percentile(floor, 0.95) ?? 0;
  return {
    p50_ms: round(percentile(own, 0.5) ?? 0),
    p95_ms: round(p95),
    p99_ms: round(percentile(own, 0.99) ?? 0),
    floor_p50_ms: round(percentile(floor, 0.5) ?? 0),
    floor_p95_ms: round(floorP95),
    ratio: round(p95 / floorP95),
  };
}

/** Words and vectors are searched for at the same time; what is left comes after both. */
function stages({ own, results }: Measured): Readonly<Record<string, number>> {
  const parts = {
    embed: results.map(({ timings }) => timings.embedMs),
    words: results.map(({ timings }) => timings.lexicalMs),
    vectors: results.map(({ timings }) => timings.vectorMs),
    order: results.map(
      ({ timings }, index) => (own[index] ?? 0) - Math.max(timings.lexicalMs, timings.embedMs + timings.vectorMs),
    ),
  };
  return Object.fromEntries(
    Object.entries(parts).map(([stage, values]) => [stage, round(percentile(values, 0.95) ?? 0)]),
  );
}

async function recallOfGraph(
  floor: RetrievalFloor,
  embeddings: EmbeddingModel,
  questions: readonly string[],
): Promise<number> {
  const shares: number[] = [];
  for (const vector of await embeddings.embed(questions, new AbortController().signal)) {
    shares.push(shareOf(await floor.exactlyNearest(vector), await floor.nearest(vector)));
  }
  return mean(shares) ?? 0;
}

function shareKept(exact: readonly SearchResult[], near: readonly SearchResult[]): number {
  const idsOf = (result: SearchResult | undefined) => (result?.passages ?? []).map(({ chunkId }) => chunkId);
  return mean(exact.map((result, index) => shareOf(idsOf(result), idsOf(near[index])))) ?? 0;
}

function shareOf(wanted: readonly string[], found: readonly string[]): number {
  const ids = new Set(found);
  return wanted.length === 0 ? 1 : wanted.filter((id) => ids.has(id)).length / wanted.length;
}

/** Whether a statement of a search reads all vectors, as the server plans it. */
async function scansTable({ database, recorder, knowledge }: Scene, question: string): Promise<boolean> {
  recorder.take();
  await ask(knowledge, question, new AbortController().signal);
  const plans: string[] = [];
  for (const { statements, options } of recorder.take().flat()) {
    const explain = async (transaction: Queryable): Promise<void> => {
      for (const { text, values } of statements) {
        const { rows } = await transaction.query<{ "QUERY PLAN": string }>(`explain ${text}`, values);
        plans.push(...rows.map((row) => row["QUERY PLAN"]));
        // What it sets up holds for those after it.
        await transaction.query(text, values);
      }
    };
    await database.withTenant(DEFAULT_TENANT, explain, options);
  }
  return plans.some((line) =>
    /Seq Scan on (?:chunk_embedding|search_posting|search_chunk|search_term|chunk)\b/u.test(line),
  );
}

function round(value: number, digits = 2): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
