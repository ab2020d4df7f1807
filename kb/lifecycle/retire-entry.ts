import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { ChunkIndexer } from "../search/chunk-indexer-port.js";
import { pointToVersions } from "../sync/document-store.js";
import { retireVersions } from "../sync/retire-versions.js";
import { requestSync } from "../sync/sync-requests.js";
import { lockIdleSource } from "./removed-sources.js";

const CURRENT = `
  select id, current_version_id from document
   where tenant_id = $1 and source_id = $2::uuid and external_id = $3 and current_version_id is not null`;

/**
 * Takes the document of an entry out of every answer; its versions stay, so that what was cited can still be opened. A
 * sync of the entries that is running is ended, as it may have read this one before; another one is asked for, as that one
 * may have been for other entries.
 */
export async function retireEntry(
  transaction: Queryable,
  tenantId: TenantId,
  indexer: Pick<ChunkIndexer, "retire">,
  entry: { readonly id: string; readonly source_name: string },
): Promise<void> {
  const sourceId = await lockIdleSource(transaction, tenantId, entry.source_name);
  if (sourceId === null) return;
  await requestSync(transaction, tenantId, sourceId);
  const values = [tenantId, sourceId, entry.id];
  const { rows } = await transaction.query<{ id: string; current_version_id: string }>(CURRENT, values);
  for (const { id: documentId, current_version_id: versionId } of rows) {
    await retireVersions(transaction, tenantId, indexer, [versionId]);
    await pointToVersions(transaction, tenantId, [{ documentId, versionId: null, sourceTextHash: null }]);
  }
}
