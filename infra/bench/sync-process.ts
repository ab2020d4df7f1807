import { createHttpServer } from "../http/http-server.js";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import type { Logger } from "../../src/ports/logger.js";
import type { SyncDiff } from "../../src/ports/knowledge.js";
import { openApp, type App } from "../app.js";
import { parseConfig } from "../config/environment.js";
import { parseSettings } from "../config/settings-file.js";
import { limitHeapGrowth } from "../heap-growth.js";
import { createMetrics } from "../telemetry/metrics.js";

/**
 * The process that is measured: the product's own sync and, beside it, the product's own intake of events over HTTP. Set up
 * by its environment. One message in, one out.
 */
export type SyncProcessJob =
  { readonly kind: "open"; readonly dimensions: number; readonly location: string } | { readonly kind: "sync" };

export interface OpenedProcess {
  readonly eventsUrl: string;
}

export interface MeasuredSync {
  readonly ms: number;
  readonly state: SyncDiff["state"];
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly chunks: number;
  readonly rssMb: { readonly start: number; readonly max: number; readonly end: number };
}

const SOURCE = "bench";
const RSS_EVERY_MS = 50;

const failures: Logger = {
  info: () => undefined,
  warn: () => undefined,
  error: (message, fields) => {
    process.stderr.write(`${message} ${JSON.stringify(fields ?? {})}\n`);
  },
};

let app: App | null = null;

async function open(dimensions: number, location: string): Promise<OpenedProcess> {
  const environment = parseConfig(process.env);
  const settings = parseSettings(`models:\n  dimensions: ${dimensions}\n`, "bench");
  const telemetry = createMetrics({ withProcessMetrics: false });
  app = await openApp({ config: { environment, settings }, logger: failures, telemetry, listens: true });
  await app.knowledge.admin.addSource(DEFAULT_TENANT, { name: SOURCE, kind: "jsonl", location, acl: ["public"] });
  const { database, surfaces } = app;
  const server = await createHttpServer({
    routes: surfaces.routes,
    staticRoot: null,
    readiness: [{ name: "database", run: () => database.ping() }],
    metrics: telemetry,
    logger: failures,
    publicUrl: null,
  });
  const { address } = await server.listen("127.0.0.1", 0);
  await surfaces.start(new AbortController().signal);
  return { eventsUrl: `${address}/slack/events` };
}

async function sync({ knowledge }: App): Promise<MeasuredSync> {
  const rss = new RssWatch();
  const startedAt = performance.now();
  const diff = await lastStep(knowledge.admin.sync(DEFAULT_TENANT, SOURCE, { confirmRemovals: false }, NEVER));
  const ms = performance.now() - startedAt;
  const [status] = await knowledge.admin.status(DEFAULT_TENANT);
  const counts = { added: diff.added.length, changed: diff.changed.length, failed: diff.failed.length };
  const { state, unchanged } = diff;
  return { ms, state, ...counts, unchanged, chunks: status?.chunks ?? 0, rssMb: rss.stop() };
}

const NEVER = new AbortController().signal;

async function lastStep(steps: ReturnType<App["knowledge"]["admin"]["sync"]>): Promise<SyncDiff> {
  for await (const step of steps) if (step.kind === "done") return step.diff;
  throw new Error("unreachable: a sync ends with its diff");
}

class RssWatch {
  readonly #start = megabytes();
  #max = 0;
  readonly #timer = setInterval(() => {
    this.#max = Math.max(this.#max, megabytes());
  }, RSS_EVERY_MS);

  stop(): MeasuredSync["rssMb"] {
    clearInterval(this.#timer);
    const end = megabytes();
    return { start: this.#start, max: Math.max(this.#max, end), end };
  }
}

function megabytes(): number {
  return Math.round(process.memoryUsage.rss() / 1e6);
}

async function run(job: SyncProcessJob): Promise<OpenedProcess | MeasuredSync> {
  if (job.kind === "open") return open(job.dimensions, job.location);
  if (app === null) throw new Error("unreachable: it is opened first");
  return sync(app);
}

// As the product's own entry does.
limitHeapGrowth();

process.on("message", (job: SyncProcessJob) => {
  run(job).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
process.once("SIGTERM", () => {
  void Promise.resolve(app?.[Symbol.asyncDispose]()).finally(() => process.exit(0));
});
