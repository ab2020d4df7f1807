import type { Queryable } from "../../src/ports/database.js";
import { VanishedEmbeddingError } from "../search/chunk-indexer.js";
import type { IndexableChunk, PreparedChunks } from "../search/chunk-indexer-port.js";
import { holdRun } from "./run-store.js";
import type { SyncContext } from "./sync-context.js";

const MAX_ATTEMPTS = 5;

/** Where chunks are written, and by which index. */
export type IndexedPlace = Pick<SyncContext, "database" | "tenantId" | "indexer">;

/** As {@link writeIndexed}, in a transaction of the run. */
export async function writePrepared(
  context: SyncContext,
  chunks: readonly IndexableChunk[],
  preparing: Promise<PreparedChunks>,
  work: (transaction: Queryable, prepared: PreparedChunks) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { tenantId, runId } = context;
  const workOfRun = async (transaction: Queryable, prepared: PreparedChunks): Promise<void> => {
    await holdRun(transaction, tenantId, runId);
    await work(transaction, prepared);
  };
  await writeIndexed(context, chunks, preparing, workOfRun, signal);
}

/**
 * Runs `work` with prepared chunks in one transaction. What was to be copied may have gone since it was prepared: then
 * nothing is written, and the chunks are prepared again.
 */
export async function writeIndexed<Result>(
  place: IndexedPlace,
  chunks: readonly IndexableChunk[],
  preparing: Promise<PreparedChunks>,
  work: (transaction: Queryable, prepared: PreparedChunks) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const { database, indexer, tenantId } = place;
  let prepared = await preparing;
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await database.withTenant(tenantId, (transaction) => work(transaction, prepared));
    } catch (error) {
      if (!(error instanceof VanishedEmbeddingError) || attempt === MAX_ATTEMPTS) throw error;
      prepared = await indexer.prepare(place, chunks, signal);
    }
  }
}
