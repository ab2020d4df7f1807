import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { percentile } from "../../src/answering/evaluation/metrics.js";
import { UsageError } from "../../src/ports/errors.js";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import type { Logger } from "../../src/ports/logger.js";
import type { Figures, LoadedConfig, ReportProgress } from "../cli/program-dependencies.js";
import { Cleanup } from "../postgres/cleanup.js";
import { openDatabase, type OpenDatabase } from "../postgres/open-database.js";
import { createScratchDatabase } from "../postgres/scratch-database.js";
import { createBullQueue } from "../queue/bull-queue.js";
import { ask, forkModule, freePort, startWeb, stopProcess } from "./bench-process.js";
import type { FloorSettings } from "./ingress-floor.js";
import type { LoadJob, LoadResult } from "./ingress-load.js";
import { BENCH_TEAM, messageTs } from "./slack-delivery.js";
import { startSlackResponder } from "./slack-responder.js";

export interface IngressBenchDependencies {
  readonly config: LoadedConfig;
  readonly logger: Logger;
  readonly report: ReportProgress;
  readonly signal: AbortSignal;
}

/** Events at a steady rate, for so long. */
export interface IngressPhase {
  readonly perSecond: number;
  readonly seconds: number;
}

export interface IngressBenchOptions {
  readonly phases: readonly IngressPhase[];
  /** Whether to find out how many events a second can be taken in at all. */
  readonly saturate: boolean;
}

export const DEFAULT_INGRESS_PHASES: readonly IngressPhase[] = [
  { perSecond: 100, seconds: 60 },
  { perSecond: 500, seconds: 20 },
];

const SEED = 7;
const WARM_UP: IngressPhase = { perSecond: 50, seconds: 4 };

/** Each of the two is measured so many times, in turn, after once to warm up, and the middle counts. */
const SATURATION_ROUNDS = 9;
const SATURATION_SECONDS = 3;
const SATURATION_CONCURRENCY = 64;

/**
 * Signed Slack events over HTTP into PostgreSQL, up to the acknowledgement: `deskhand start --role web` in a process of its
 * own, the sender in another. Latencies count from the time a request was due, so that a stall counts in full. What was
 * acknowledged is looked for in the database afterwards. Runs in a database made for it on the server of DATABASE_URL.
 * @throws {UsageError} without DATABASE_URL and REDIS_URL, which the role needs.
 */
export async function runIngressBench(deps: IngressBenchDependencies, options: IngressBenchOptions): Promise<Figures> {
  const cleanup = new Cleanup();
  try {
    const bench = new IngressBench(deps, await openScene(deps, cleanup));
    await bench.measure(WARM_UP);
    const phases: PhaseFigures[] = [];
    for (const [index, phase] of options.phases.entries()) {
      phases.push(await bench.measure(phase));
      deps.report(index + 1, options.phases.length, "rates");
    }
    return {
      bench: "ingress",
      n: phases.reduce((sum, { n }) => sum + n, 0),
      ...slowest(phases),
      phases,
      ...(options.saturate ? await bench.saturate() : {}),
    };
  } finally {
    await cleanup.run();
  }
}

interface Scene {
  readonly database: OpenDatabase;
  readonly secret: string;
  readonly webUrl: string;
  readonly floorUrl: string;
  readonly load: (job: LoadJob) => Promise<LoadResult>;
}

async function openScene({ config, logger, signal }: IngressBenchDependencies, cleanup: Cleanup): Promise<Scene> {
  const { databaseUrl, redisUrl, databasePoolSize: poolSize } = config.environment;
  if (databaseUrl === null || redisUrl === null) {
    throw new UsageError(
      "Set DATABASE_URL and REDIS_URL: `--role web`, which is measured, needs PostgreSQL and Redis.",
    );
  }
  const scratch = await createScratchDatabase(databaseUrl, "bench");
  cleanup.add(() => scratch.drop());
  const settings = { kind: "postgres", url: scratch.url, poolSize: 2 } as const;
  const database = await openDatabase({ ...settings, statementTimeoutMs: 60_000, connectionTimeoutMs: 5_000 }, logger);
  cleanup.add(async () => database[Symbol.asyncDispose]());
  const secret = randomBytes(16).toString("hex");
  const webUrl = await openWeb({ databaseUrl: scratch.url, redisUrl, poolSize, secret, logger, signal }, cleanup);
  const installation = await database.coordination.ensureInstallation(DEFAULT_TENANT, "slack", BENCH_TEAM);
  const floorUrl = await openFloor(
    { databaseUrl: scratch.url, poolSize, installationId: installation.id },
    signal,
    cleanup,
  );
  const loader = forkModule("ingress-load");
  cleanup.add(() => stopProcess(loader));
  return { database, secret, webUrl, floorUrl, load: (job) => ask<LoadResult>(loader, job, signal) };
}

interface WebSettings {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly poolSize: number;
  readonly secret: string;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

async function openWeb(settings: WebSettings, cleanup: Cleanup): Promise<string> {
  const { databaseUrl, poolSize, secret, logger, signal } = settings;
  const directory = await mkdtemp(join(tmpdir(), "deskhand-bench-"));
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  const redisUrl = new URL(settings.redisUrl);
  // Nobody works in this benchmark: its rings must not wake the workers of others, and go when it ends.
  redisUrl.searchParams.set("prefix", `{deskhand-bench-${randomBytes(6).toString("hex")}}`);
  const queue = createBullQueue({ redisUrl: redisUrl.href, logger });
  cleanup.add(async () => {
    await queue.clear();
    await queue.stop(0);
  });
  const slack = await startSlackResponder();
  cleanup.add(() => {
    slack.server.close();
    slack.server.closeAllConnections();
  });
  const port = await freePort();
  const env = {
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_SIZE: String(poolSize),
    // The address was accepted with this benchmark's own configuration.
    DESKHAND_ALLOW_PLAINTEXT_DATABASE: "true",
    REDIS_URL: redisUrl.href,
    SLACK_BOT_TOKEN: "xoxb-bench",
    SLACK_SIGNING_SECRET: secret,
    SLACK_API_URL: slack.url,
  };
  const web = await startWeb(directory, port, env, signal);
  cleanup.add(() => stopProcess(web));
  return `http://127.0.0.1:${port}/slack/events`;
}

async function openFloor(settings: FloorSettings, signal: AbortSignal, cleanup: Cleanup): Promise<string> {
  const floor = forkModule("ingress-floor");
  cleanup.add(() => stopProcess(floor));
  const { port } = await ask<{ readonly port: number }>(floor, settings, signal);
  return `http://127.0.0.1:${port}/`;
}

interface StoredRow {
  message_id: string;
  stored: number;
}

const STORED_MESSAGES = `
  select message_id, count(*)::int as stored
    from inbox
   where tenant_id = current_tenant() and channel_id = $1::text
   group by message_id`;

interface PhaseFigures {
  readonly per_s: number;
  readonly seconds: number;
  readonly n: number;
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly p99_ms: number;
  readonly max_ms: number;
  /** How late the sender was itself. */
  readonly sent_late_p99_ms: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly lost: number;
  readonly duplicated: number;
}

class IngressBench {
  readonly #deps: IngressBenchDependencies;
  readonly #scene: Scene;
  #channels = 0;

  constructor(deps: IngressBenchDependencies, scene: Scene) {
    this.#deps = deps;
    this.#scene = scene;
  }

  async measure({ perSecond, seconds }: IngressPhase): Promise<PhaseFigures> {
    const target = this.#target(this.#scene.webUrl);
    const result = await this.#scene.load({ ...target, kind: "open", perSecond, seconds, seed: SEED });
    const { lost, duplicated } = await this.#audit(target, result.acknowledged);
    return {
      per_s: perSecond,
      seconds,
      n: result.latenciesMs.length,
      p50_ms: share(result.latenciesMs, 0.5),
      p95_ms: share(result.latenciesMs, 0.95),
      p99_ms: share(result.latenciesMs, 0.99),
      max_ms: share(result.latenciesMs, 1),
      sent_late_p99_ms: share(result.sentLateMs, 0.99),
      errors: result.errors,
      lost,
      duplicated,
    };
  }

  /** As many as can be taken in, against the floor in the same run: first one, then the other, several times. */
  async saturate(): Promise<Figures> {
    const own: number[] = [];
    const floor: number[] = [];
    let lost = 0;
    let duplicated = 0;
    for (let round = 0; round <= SATURATION_ROUNDS; round += 1) {
      for (const [url, rates] of [
        [this.#scene.webUrl, own],
        [this.#scene.floorUrl, floor],
      ] as const) {
        const found = await this.#flood(url);
        if (round > 0) rates.push(found.perSecond);
        lost += found.lost;
        duplicated += found.duplicated;
      }
      this.#deps.report(round, SATURATION_ROUNDS, "rounds");
    }
    const perSecond = share(own, 0.5);
    const floorPerSecond = share(floor, 0.5);
    return {
      per_s: perSecond,
      floor_per_s: floorPerSecond,
      ratio: round2(floorPerSecond / perSecond),
      floor:
        "a bare node:http server that verifies nothing and sends the same accept statement, in turn, in the same run",
      saturation: { concurrency: SATURATION_CONCURRENCY, per_s: own, floor_per_s: floor, lost, duplicated },
    };
  }

  async #flood(url: string) {
    const target = this.#target(url);
    const { acknowledged, elapsedMs } = await this.#scene.load({
      ...target,
      kind: "closed",
      seconds: SATURATION_SECONDS,
      concurrency: SATURATION_CONCURRENCY,
    });
    const perSecond = round2(acknowledged.length / (elapsedMs / 1_000));
    return { perSecond, ...(await this.#audit(target, acknowledged)) };
  }

  /** Each run has a channel of its own, so that its messages can be told from the others'. */
  #target(url: string) {
    this.#channels += 1;
    const channel = `CBENCH${String(this.#channels).padStart(4, "0")}`;
    return { url, secret: this.#scene.secret, channel, startedAtS: Math.floor(Date.now() / 1_000) };
  }

  async #audit(
    { channel, startedAtS }: { readonly channel: string; readonly startedAtS: number },
    acknowledged: readonly number[],
  ): Promise<{ readonly lost: number; readonly duplicated: number }> {
    const { rows } = await this.#scene.database.withTenant(DEFAULT_TENANT, (db) =>
      db.query<StoredRow>(STORED_MESSAGES, [channel]),
    );
    const stored = new Set(rows.map(({ message_id }) => message_id));
    return {
      lost: acknowledged.filter((index) => !stored.has(messageTs(startedAtS, index))).length,
      duplicated: rows.filter((row) => row.stored > 1).length,
    };
  }
}

/** The figures at the rate that took longest. */
function slowest(phases: readonly PhaseFigures[]) {
  const [slow] = phases.toSorted((left, right) => right.p99_ms - left.p99_ms);
  if (slow === undefined) return {};
  const { p50_ms, p95_ms, p99_ms } = slow;
  return { p50_ms, p95_ms, p99_ms };
}

function share(values: readonly number[], part: number): number {
  return round2(percentile(values, part) ?? 0);
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
