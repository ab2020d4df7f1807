import type { Queryable } from "../../src/ports/database.js";
import { VanishedEmbeddingError } from "../search/chunk-indexer.js";
import type { IndexableChunk, PreparedChunks } from "../search/chunk-indexer-port.js";
import { holdRun } from "./run-store.js";
import type { SyncContext } from "./sync-context.js";

const MAX_ATTEMPTS = 5;

/**
 * Runs `work` with prepared chunks in one transaction of the run. What was to be copied may have gone since it was
 * prepared: then nothing is written, and the chunks are prepared again.
 */
export async function writePrepared(
  context: SyncContext,
  chunks: readonly IndexableChunk[],
  preparing: Promise<PreparedChunks>,
  work: (transaction: Queryable, prepared: PreparedChunks) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { database, indexer, tenantId, runId } = context;
  let prepared = await preparing;
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      await database.withTenant(tenantId, async (transaction) => {
        await holdRun(transaction, tenantId, runId);
        await work(transaction, prepared);
      });
      return;
    } catch (error) {
      if (!(error instanceof VanishedEmbeddingError) || attempt === MAX_ATTEMPTS) throw error;
      prepared = await indexer.prepare(context, chunks, signal);
    }
  }
}
