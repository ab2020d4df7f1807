import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { percentile } from "../../src/answering/evaluation/metrics.js";
import type { ChatAdapter, MessageEvent } from "../../src/ports/chat.js";
import { systemClock } from "../../src/ports/clock.js";
import { noFailpoint } from "../../src/ports/failpoints.js";
import { DEFAULT_TENANT, newId } from "../../src/ports/ids.js";
import type { Logger, Metrics } from "../../src/ports/logger.js";
import { plainReply } from "../../src/ports/reply.js";
import { openKnowledge, type KnowledgeStack } from "../app.js";
import type { BenchmarkOptions, Figures, LoadedConfig, ReportProgress } from "../cli/program-dependencies.js";
import { createCore, DEFAULT_TIMINGS, type Core } from "../core.js";
import { Cleanup } from "../postgres/cleanup.js";
import { openDatabase, type DatabaseSettings, type OpenDatabase } from "../postgres/open-database.js";
import { createScratchDatabase } from "../postgres/scratch-database.js";
import { localModels } from "../models/wire-models.js";
import { InProcessQueue } from "../queue/in-process-queue.js";
import { writeBenchCorpus } from "./bench-corpus.js";
import { StatementRecorder } from "./statement-recorder.js";
import { wireAnswering } from "../wire-answering.js";

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
    const conversations = new Conversations(deps, scene);
    cleanup.add(() => conversations.stop());
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
    return figures(options, scene, { own, floor, loadMs, stages: conversations.stages });
  } finally {
    await cleanup.run();
  }
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

async function scratchSettings({ environment }: LoadedConfig, cleanup: Cleanup): Promise<DatabaseSettings> {
  if (environment.databaseUrl === null) return { kind: "embedded", directory: null };
  const scratch = await createScratchDatabase(environment.databaseUrl, "bench");
  cleanup.add(() => scratch.drop());
  return {
    kind: "postgres",
    url: scratch.url,
    poolSize: environment.databasePoolSize,
    statementTimeoutMs: 60_000,
    connectionTimeoutMs: 5_000,
  };
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
  const corpus = await writeBenchCorpus(location, { documents: chunks, questions: questions + WARM_UP, seed: SEED });
  const source = { name: "bench", kind: "jsonl", location, acl: ["public"] } as const;
  await knowledge.admin.addSource(DEFAULT_TENANT, source);
  const loadMs = await timed(async () => {
    for await (const step of knowledge.admin.sync(DEFAULT_TENANT, "bench", { confirmRemovals: false }, signal)) {
      if (step.kind === "document") report(step.done, step.total, "documents");
    }
  });
  return { questions: corpus.questions, loadMs };
}

/** The whole core over a platform that only says when a reply is finished. */
class Conversations {
  readonly stages = new Map<string, number[]>();
  readonly #core: Core;
  readonly #installation: Promise<string>;
  #finished: () => void = () => undefined;

  constructor({ config, logger }: BenchDependencies, { database, knowledge }: Scene) {
    this.#installation = database.coordination.ensureInstallation(DEFAULT_TENANT, "web", "bench").then(({ id }) => id);
    this.#core = createCore({
      coordination: database.coordination,
      withStores: database.withStores,
      outcomeOf: database.outcomeOf,
      adapters: [this.#platform()],
      answering: wireAnswering(knowledge, LOCAL, config),
      runCommand: () => Promise.resolve(plainReply("")),
      agentsChannel: (_tenantId, from) => ({ installationId: from.installationId, key: "agents" }),
      queue: new InProcessQueue(logger),
      logger,
      metrics: this.#metrics(),
      failpoint: noFailpoint,
      clock: systemClock,
      newId,
      botName: "Deskhand",
      owner: "bench",
      timings: DEFAULT_TIMINGS,
    });
    this.#core.start({ sweep: false });
  }

  /** Milliseconds from the question to its finished reply. */
  async ask(question: string): Promise<number> {
    const event = questionEvent(await this.#installation, question);
    const finished = new Promise<void>((resolve) => {
      this.#finished = resolve;
    });
    return timed(async () => {
      await this.#core.sink.accept(event);
      await finished;
    });
  }

  stop(): Promise<void> {
    return this.#core.stop(1_000);
  }

  #platform(): ChatAdapter {
    const posted = (key: string) => ({ platformId: newId(), threadKey: key === "agents" ? `agents/${newId()}` : key });
    const finish = (key: string) => {
      if (key !== "agents") this.#finished();
    };
    return {
      platform: "web",
      countParts: () => 1,
      capabilities: { stream: "append", reconcile: true, edit: true },
      post: ({ to }) => {
        finish(to.key);
        return Promise.resolve(posted(to.key));
      },
      edit: () => Promise.resolve(),
      delete: () => Promise.resolve(),
      openStream: ({ to: { key } }) =>
        Promise.resolve({
          posted: posted(key),
          append: () => Promise.resolve(),
          finish: () => {
            finish(key);
            return Promise.resolve();
          },
          abort: () => Promise.resolve(),
        }),
      showStatus: () => Promise.resolve(),
      reconcile: () => Promise.resolve(null),
    };
  }

  #metrics(): Metrics {
    const nothing = () => undefined;
    return {
      eventAccepted: nothing,
      eventFinished: nothing,
      deliveryEnded: nothing,
      answerStage: (stage, ms) => {
        this.stages.set(stage, [...(this.stages.get(stage) ?? []), ms]);
      },
    };
  }
}

function questionEvent(installationId: string, text: string): MessageEvent {
  const id = newId();
  return {
    kind: "message",
    eventId: id,
    conversation: { installationId, key: id },
    channelId: id,
    messageId: id,
    revision: 0,
    occurredAt: new Date(),
    author: { id: "bench", displayName: "Bench", role: "customer", isBot: false },
    audience: ["public"],
    text,
    addressesBot: true,
  };
}

interface Measured {
  readonly own: readonly number[];
  readonly floor: readonly number[];
  readonly loadMs: number;
  readonly stages: ReadonlyMap<string, readonly number[]>;
}

function figures({ chunks }: BenchmarkOptions, { database }: Scene, { own, floor, loadMs, stages }: Measured): Figures {
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
    stages_p95_ms: Object.fromEntries(
      [...stages].map(([stage, times]) => [stage, round(percentile(times.slice(WARM_UP), 0.95) ?? 0)]),
    ),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
