import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { percentile } from "../../src/answering/evaluation/metrics.js";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import type { Logger } from "../../src/ports/logger.js";
import { openKnowledge, type KnowledgeStack } from "../app.js";
import type { BenchmarkOptions, Figures, LoadedConfig, ReportProgress } from "../cli/program-dependencies.js";
import { Cleanup } from "../postgres/cleanup.js";
import { openDatabase, type OpenDatabase } from "../postgres/open-database.js";
import { localModels, type Models } from "../models/wire-models.js";
import { writeBenchCorpus } from "./bench-corpus.js";
import { Conversations } from "./bench-conversations.js";
import { scratchSettings } from "./scratch-settings.js";
import { withPatience } from "./slow-model.js";
import { StatementRecorder } from "./statement-recorder.js";
import { timed } from "./timed.js";

export interface BenchDependencies {
  readonly config: LoadedConfig;
  readonly logger: Logger;
  readonly report: ReportProgress;
  readonly signal: AbortSignal;
}

/** Never an endpoint: what is measured is our own time. */
const LOCAL = localModels();
const SEED = 7;
const WARM_UP = 30;
/** A fast endpoint's answer, and how many questions are asked with it. */
const MODEL_MS = 1_000;
const SHARE_QUESTIONS = 30;

/**
 * The time from an accepted question to its finished reply, with the local model and a platform that takes no time, one
 * question after the other. After each, the statements of its search are sent again on their own: the floor.
 * Runs in a database made for it, on the server of DATABASE_URL or else embedded in memory.
 */
export async function runAnswerBench(deps: BenchDependencies, options: BenchmarkOptions): Promise<Figures> {
  const cleanup = new Cleanup();
  try {
    const scene = await openScene(deps, cleanup);
    const { questions, loadMs } = await load(deps, options, scene, cleanup);
    const conversations = converse(deps, scene, LOCAL, cleanup);
    const own: number[] = [];
    const floor: number[] = [];
    for (const [index, question] of questions.entries()) {
      deps.signal.throwIfAborted();
      scene.recorder.take();
      const ownMs = await conversations.ask(question);
      const floorMs = await timed(() => scene.recorder.replay(DEFAULT_TENANT, scene.recorder.take()));
      if (index >= WARM_UP) {
        own.push(ownMs);
        floor.push(floorMs);
      }
      deps.report(index + 1, questions.length, "questions");
    }
    const shares = await retrievalShares(deps, scene, questions, cleanup);
    return figures(options, scene, { own, floor, loadMs, shares, stages: conversations.stages });
  } finally {
    await cleanup.run();
  }
}

function converse(deps: BenchDependencies, scene: Scene, models: Models, cleanup: Cleanup): Conversations {
  const conversations = new Conversations({ ...deps, ...scene, models });
  cleanup.add(() => conversations.stop());
  return conversations;
}

/** Which part of an answer's time goes into finding, for a model that takes as long as an endpoint does. */
async function retrievalShares(
  deps: BenchDependencies,
  scene: Scene,
  questions: readonly string[],
  cleanup: Cleanup,
): Promise<readonly number[]> {
  const models = { ...LOCAL, answers: withPatience(LOCAL.answers, MODEL_MS) };
  const conversations = converse(deps, scene, models, cleanup);
  const shares: number[] = [];
  for (const question of questions.slice(0, SHARE_QUESTIONS)) {
    deps.signal.throwIfAborted();
    const before = conversations.stages.get("generate")?.length ?? 0;
    const answerMs = await conversations.ask(question);
    // What is not sure enough is handed to a person without asking the model.
    if ((conversations.stages.get("generate")?.length ?? 0) === before) continue;
    shares.push((conversations.stages.get("retrieve")?.at(-1) ?? 0) / answerMs);
  }
  return shares;
}

interface Scene {
  readonly database: OpenDatabase;
  readonly recorder: StatementRecorder;
  readonly knowledge: KnowledgeStack;
}

async function openScene({ config, logger }: BenchDependencies, cleanup: Cleanup): Promise<Scene> {
  const database = await openDatabase(await scratchSettings(config, cleanup), logger);
  cleanup.add(async () => database[Symbol.asyncDispose]());
  const recorder = new StatementRecorder(database);
  const knowledge = openKnowledge(recorder, LOCAL, logger);
  cleanup.add(async () => knowledge[Symbol.asyncDispose]());
  return { database, recorder, knowledge };
}

async function load(
  { report, signal }: BenchDependencies,
  { chunks, questions }: BenchmarkOptions,
  { knowledge }: Scene,
  cleanup: Cleanup,
): Promise<{ questions: readonly string[]; loadMs: number }> {
  const folder = await mkdtemp(join(tmpdir(), "deskhand-bench-"));
  cleanup.add(() => rm(folder, { recursive: true, force: true }));
  const location = join(folder, "corpus.jsonl");
  const size = { documents: chunks, questions: questions + WARM_UP };
  const corpus = await writeBenchCorpus(location, { ...size, vocabulary: "one-product", seed: SEED });
  const source = { name: "bench", kind: "jsonl", location, acl: ["public"] } as const;
  await knowledge.admin.addSource(DEFAULT_TENANT, source);
  const loadMs = await timed(async () => {
    for await (const step of knowledge.admin.sync(DEFAULT_TENANT, "bench", { confirmRemovals: false }, signal)) {
      if (step.kind === "document") report(step.done, step.total, "documents");
    }
  });
  return { questions: corpus.questions, loadMs };
}

interface Measured {
  readonly own: readonly number[];
  readonly floor: readonly number[];
  readonly loadMs: number;
  readonly shares: readonly number[];
  readonly stages: ReadonlyMap<string, readonly number[]>;
}

function figures(
  { chunks }: BenchmarkOptions,
  { database }: Scene,
  { own, floor, loadMs, shares, stages }: Measured,
): Figures {
  const p95 = percentile(own, 0.95) ?? 0;
  const floorP95 = percentile(floor, 0.95) ?? 0;
  return {
    bench: "answer",
    n: own.length,
    chunks,
    database: database.kind,
    load_s: round(loadMs / 1000),
    p50_ms: round(percentile(own, 0.5) ?? 0),
    p95_ms: round(p95),
    p99_ms: round(percentile(own, 0.99) ?? 0),
    floor_p50_ms: round(percentile(floor, 0.5) ?? 0),
    floor_p95_ms: round(floorP95),
    ratio: round(p95 / floorP95),
    floor: "the same search statements sent again on their own, in the same transactions, as many at once",
    retrieval_share_p95: percentile(shares, 0.95) === null ? null : round(percentile(shares, 0.95) ?? 0, 4),
    retrieval_share: `of an answer's time, with a model that takes ${MODEL_MS} ms, over ${shares.length} answers`,
    stages_p95_ms: Object.fromEntries(
      [...stages].map(([stage, times]) => [stage, round(percentile(times.slice(WARM_UP), 0.95) ?? 0)]),
    ),
  };
}

function round(value: number, digits = 2): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
