import { readIndexable, readUnindexedVersions } from "./chunk-store.js";
import { writePrepared } from "./prepared-write.js";
import type { SyncContext } from "./sync-context.js";

const VERSIONS_PER_TRANSACTION = 40;

/**
 * Indexes current documents that the index does not hold, without a new version of them: after a change of the embedding
 * model or of the analysis their text is the same, but it has to be looked at again.
 */
export async function fillIndex(context: SyncContext, signal: AbortSignal): Promise<void> {
  const { database, indexer, tenantId, source } = context;
  const missing = await database.withTenant(tenantId, (transaction) =>
    readUnindexedVersions(transaction, tenantId, source.sourceId, indexer.indexKey),
  );
  for (let from = 0; from < missing.length; from += VERSIONS_PER_TRANSACTION) {
    const versionIds = missing.slice(from, from + VERSIONS_PER_TRANSACTION);
    const chunks = await database.withTenant(tenantId, (transaction) =>
      readIndexable(transaction, tenantId, versionIds),
    );
    const preparing = indexer.prepare(context, chunks, signal);
    const write = indexer.write.bind(indexer);
    await writePrepared(
      context,
      chunks,
      preparing,
      (transaction, prepared) => write(transaction, tenantId, prepared),
      signal,
    );
  }
}
