import { randomBytes } from "node:crypto";
import { copyFile, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { percentile } from "../../src/answering/evaluation/metrics.js";
import { UsageError } from "../../src/ports/errors.js";
import type { Figures, LoadedConfig, ReportProgress } from "../cli/program-dependencies.js";
import { Cleanup } from "../postgres/cleanup.js";
import { createScratchDatabase } from "../postgres/scratch-database.js";
import { ask, forkModule, stopProcess } from "./bench-process.js";
import type { EndpointSettings, EndpointUse } from "./embedding-endpoint.js";
import type { LoadJob, LoadResult } from "./ingress-load.js";
import { startSlackResponder } from "./slack-responder.js";
import { copyWithChanges } from "./sync-corpus.js";
import type { FloorJob, FloorResult } from "./sync-floor.js";
import type { MeasuredSync, OpenedProcess, SyncProcessJob } from "./sync-process.js";
import type { StoreJob, StoreResult } from "./sync-store.js";

export interface SyncBenchDependencies {
  readonly config: LoadedConfig;
  readonly report: ReportProgress;
  readonly signal: AbortSignal;
}

export interface SyncBenchOptions {
  /** The folder with corpus.jsonl. */
  readonly directory: string;
  /** How long the endpoint for embeddings takes for a request. */
  readonly embeddingMs: number;
}

const DIMENSIONS = 512;
/** In one transaction of the floor. */
const FLOOR_DOCUMENTS = 200;
const EVENTS_PER_SECOND = 20;
const LOAD_SECONDS = 3;
/** Events are taken in for so long before the sync begins, to compare with. */
const IDLE_SECONDS = 9;
const SEED = 7;
const STEPS = 6;

const FLOOR =
  `the rows of the synced database written into the same tables of an empty one over a plain connection, ` +
  `${FLOOR_DOCUMENTS} documents in a transaction, without roles, runs and triggers; the middle of one before and one after`;

/**
 * A first sync over an endpoint for embeddings with a fixed delay, while signed Slack events are taken in by the same
 * process; the same again; and again after one page in a hundred got a sentence. Then parsing with chunking, and storing,
 * each apart, and beside it the floor. Runs in databases made for it on the server of DATABASE_URL.
 * @throws {UsageError} without DATABASE_URL or a corpus.
 */
export async function runSyncBench(deps: SyncBenchDependencies, options: SyncBenchOptions): Promise<Figures> {
  const { databaseUrl } = deps.config.environment;
  if (databaseUrl === null) throw new UsageError("Set DATABASE_URL: what is measured is a sync into PostgreSQL.");
  const corpus = join(options.directory, "corpus.jsonl");
  if ((await stat(corpus).catch(() => null))?.isFile() !== true)
    throw new UsageError(`There is no ${corpus}. Name its folder.`);
  const cleanup = new Cleanup();
  try {
    return await new SyncBench(deps, options, { databaseUrl, corpus }, cleanup).run();
  } finally {
    await cleanup.run();
  }
}

class SyncBench {
  readonly #deps: SyncBenchDependencies;
  readonly #options: SyncBenchOptions;
  readonly #given: { readonly databaseUrl: string; readonly corpus: string };
  readonly #cleanup: Cleanup;
  #steps = 0;

  constructor(
    deps: SyncBenchDependencies,
    options: SyncBenchOptions,
    given: { readonly databaseUrl: string; readonly corpus: string },
    cleanup: Cleanup,
  ) {
    this.#deps = deps;
    this.#options = options;
    this.#given = given;
    this.#cleanup = cleanup;
  }

  async run(): Promise<Figures> {
    const { signal } = this.#deps;
    const first = await this.#scratch();
    const endpoint = this.#fork("embedding-endpoint");
    const settings: EndpointSettings = { delayMs: this.#options.embeddingMs };
    const { port } = await ask<EndpointUse>(endpoint, settings, signal);
    const use = () => ask<EndpointUse>(endpoint, {}, signal);
    const scene = await this.#openProcess(first, `http://127.0.0.1:${port}/v1`);

    const acks = new AckLoad(this.#fork("ingress-load"), scene, signal);
    await acks.during(pause(IDLE_SECONDS * 1_000));
    const idle = acks.takeFigures();
    const whole = await acks.during(scene.sync());
    const wholeUse = await use();
    this.#report();
    const same = await scene.sync();
    const sameUse = await use();
    this.#report();
    const sentences = await copyWithChanges(this.#given.corpus, scene.corpus);
    const changed = await scene.sync();
    const changedUse = await use();
    await scene.stop();
    this.#report();

    const before = await this.#floor(first);
    const store = await this.#store();
    const after = await this.#floor(first);
    const floorMs = (before.storeMs + after.storeMs) / 2;
    const pages = whole.added;
    return {
      bench: "sync",
      pages,
      dimensions: DIMENSIONS,
      embedding_ms: this.#options.embeddingMs,
      first: {
        s: seconds(whole.ms),
        store_s: seconds(store.storeMs),
        floor_s: seconds(floorMs),
        ratio: round(store.storeMs / floorMs),
        inputs: wholeUse.inputs,
        requests: wholeUse.requests,
        chunks: whole.chunks,
        failed: whole.failed,
      },
      same: { s_per_1000: round(same.ms / pages, 3), inputs: sameUse.inputs, unchanged: same.unchanged },
      changed: {
        ...{ s: seconds(changed.ms), pages: changed.changed, sentences, inputs: changedUse.inputs },
        inputs_per_sentence: round(changedUse.inputs / sentences),
      },
      parse_chunk_mb_per_s: round(store.bytes / 1_000 / store.parseCpuMs),
      rss_mb: whole.rssMb,
      rss_mb_of_endpoint: wholeUse.rssMb,
      ack_ms: acks.takeFigures(),
      ack_ms_before: idle,
      store:
        "a first sync with its documents parsed before and vectors that take no time: while a transaction of it is open",
      store_whole_s: seconds(store.syncMs),
      floor: FLOOR,
      floors_s: [before, after].map(({ storeMs }) => seconds(storeMs)),
      floor_rows: { documents: after.documents, chunks: after.chunks, postings: after.postings },
    };
  }

  async #openProcess(databaseUrl: string, embeddingUrl: string): Promise<SyncScene> {
    const directory = await mkdtemp(join(tmpdir(), "deskhand-bench-"));
    this.#cleanup.add(() => rm(directory, { recursive: true, force: true }));
    const corpus = join(directory, "corpus.jsonl");
    await copyFile(this.#given.corpus, corpus);
    const slack = await startSlackResponder();
    this.#cleanup.add(() => {
      slack.server.close();
      slack.server.closeAllConnections();
    });
    const secret = randomBytes(16).toString("hex");
    const child = this.#fork("sync-process", {
      DATABASE_URL: databaseUrl,
      // The address was accepted with this benchmark's own configuration.
      DESKHAND_ALLOW_PLAINTEXT_DATABASE: "true",
      DESKHAND_DIR: directory,
      OPENAI_API_KEY: "bench",
      OPENAI_BASE_URL: embeddingUrl,
      SLACK_BOT_TOKEN: "xoxb-bench",
      SLACK_SIGNING_SECRET: secret,
      SLACK_API_URL: slack.url,
    });
    const tell = <Answer>(job: SyncProcessJob) => ask<Answer>(child, job, this.#deps.signal);
    const opened = await tell<OpenedProcess>({ kind: "open", dimensions: DIMENSIONS, location: corpus });
    const sync = async () => {
      const measured = await tell<MeasuredSync>({ kind: "sync" });
      if (measured.state !== "done") throw new TypeError(`a sync of the benchmark ended ${measured.state}`);
      return measured;
    };
    return { url: opened.eventsUrl, secret, corpus, sync, stop: () => stopProcess(child) };
  }

  async #floor(fromUrl: string): Promise<FloorResult> {
    const job: FloorJob = { fromUrl, toUrl: await this.#scratch(), documentsPerTransaction: FLOOR_DOCUMENTS };
    const result = await ask<FloorResult>(this.#fork("sync-floor"), job, this.#deps.signal);
    this.#report();
    return result;
  }

  async #store(): Promise<StoreResult> {
    const databaseUrl = await this.#scratch();
    const job: StoreJob = { databaseUrl, location: this.#given.corpus, dimensions: DIMENSIONS };
    const result = await ask<StoreResult>(this.#fork("sync-store"), job, this.#deps.signal);
    this.#report();
    return result;
  }

  async #scratch(): Promise<string> {
    const scratch = await createScratchDatabase(this.#given.databaseUrl, "bench");
    this.#cleanup.add(() => scratch.drop());
    return scratch.url;
  }

  #fork(name: string, env: Readonly<Record<string, string>> = {}) {
    const child = forkModule(name, env);
    this.#cleanup.add(() => stopProcess(child));
    return child;
  }

  #report(): void {
    this.#steps += 1;
    this.#deps.report(this.#steps, STEPS, "steps");
  }
}

interface SyncScene {
  readonly url: string;
  readonly secret: string;
  readonly corpus: string;
  sync(): Promise<MeasuredSync>;
  stop(): Promise<void>;
}

/** Events at a steady rate for as long as something else takes. */
class AckLoad {
  readonly #loader: ReturnType<typeof forkModule>;
  readonly #target: Pick<SyncScene, "url" | "secret">;
  readonly #signal: AbortSignal;
  #results: LoadResult[] = [];
  #jobs = 0;

  constructor(loader: ReturnType<typeof forkModule>, { url, secret }: SyncScene, signal: AbortSignal) {
    this.#loader = loader;
    this.#target = { url, secret };
    this.#signal = signal;
  }

  async during<T>(work: Promise<T>): Promise<T> {
    const over = new AbortController();
    const end = () => {
      over.abort();
    };
    work.then(end, end);
    while (!over.signal.aborted) this.#results.push(await ask<LoadResult>(this.#loader, this.#job(), this.#signal));
    return work;
  }

  /** Of what was sent since they were last taken. */
  takeFigures() {
    const results = this.#results;
    this.#results = [];
    const latencies = results.flatMap((result) => result.latenciesMs);
    return {
      n: latencies.length,
      per_s: EVENTS_PER_SECOND,
      p50: round(percentile(latencies, 0.5) ?? 0),
      p99: round(percentile(latencies, 0.99) ?? 0),
      max: round(percentile(latencies, 1) ?? 0),
      errors: results.flatMap((result) => Object.values(result.errors)).reduce((sum, count) => sum + count, 0),
    };
  }

  #job(): LoadJob {
    this.#jobs += 1;
    const channel = `CBENCH${String(this.#jobs).padStart(4, "0")}`;
    const plan = { kind: "open", perSecond: EVENTS_PER_SECOND, seconds: LOAD_SECONDS, seed: SEED } as const;
    return { ...this.#target, ...plan, channel, startedAtS: Math.floor(Date.now() / 1_000) };
  }
}

function seconds(ms: number): number {
  return round(ms / 1_000);
}

function round(value: number, digits = 2): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
