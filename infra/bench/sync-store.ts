import type { Logger } from "../../src/ports/logger.js";
import { openSyncApart } from "../app.js";
import { openDatabase } from "../postgres/open-database.js";
import { StoreTimer } from "./store-timer.js";
import { vectorOfText } from "./text-vector.js";

/**
 * A first sync taken apart, in a process of its own: parsing and chunking on one core; then the sync with all of that at
 * hand and vectors that are there at once, which is storing and what goes with it. One message in, one out.
 */
export interface StoreJob {
  readonly databaseUrl: string;
  readonly location: string;
  readonly dimensions: number;
}

export interface StoreResult {
  readonly bytes: number;
  readonly parseCpuMs: number;
  readonly syncMs: number;
  /** While at least one transaction of the sync was open. */
  readonly storeMs: number;
  readonly documents: number;
}

const quiet: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function run({ databaseUrl, location, dimensions }: StoreJob): Promise<StoreResult> {
  const timeouts = { statementTimeoutMs: 60_000, connectionTimeoutMs: 5_000 };
  await using database = await openDatabase({ kind: "postgres", url: databaseUrl, poolSize: 10, ...timeouts }, quiet);
  const timer = new StoreTimer(database);
  const embeddings = { id: `bench-${dimensions}`, dimensions, embed: (texts: readonly string[]) => vectors(texts) };
  const vectors = (texts: readonly string[]) => Promise.resolve(texts.map((text) => vectorOfText(text, dimensions)));
  const apart = openSyncApart({ database: timer, logger: quiet, location }, embeddings);
  const { bytes, cpuMs } = await apart.parse();
  const startedAt = performance.now();
  const before = timer.ms;
  const { added } = await apart.sync(new AbortController().signal);
  const syncMs = performance.now() - startedAt;
  return { bytes, parseCpuMs: cpuMs, syncMs, storeMs: timer.ms - before, documents: added.length };
}

process.on("message", (job: StoreJob) => {
  run(job).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
