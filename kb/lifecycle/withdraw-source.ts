import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { ChunkIndexer } from "../search/chunk-indexer-port.js";
import { hideChunks } from "../sync/document-store.js";
import { endRun } from "../sync/run-store.js";
import { currentChunksOf } from "../sync/source-store.js";

const WITHDRAW_DOCUMENTS = `
  update document set current_version_id = null, kept_at = null, removed_at = clock_timestamp()
   where tenant_id = $1 and source_id = $2::uuid and current_version_id is not null`;

/**
 * Takes all documents of a source out of every answer; their versions stay. The source must be locked, so that no sync
 * begins meanwhile; one that is running is ended.
 */
export async function withdrawSource(
  transaction: Queryable,
  tenantId: TenantId,
  sourceId: string,
  indexer: ChunkIndexer,
): Promise<void> {
  await endRun(transaction, tenantId, sourceId);
  const chunkIds = await currentChunksOf(transaction, tenantId, sourceId);
  await indexer.retire(transaction, tenantId, chunkIds);
  await hideChunks(transaction, tenantId, chunkIds);
  await transaction.query(WITHDRAW_DOCUMENTS, [tenantId, sourceId]);
}
