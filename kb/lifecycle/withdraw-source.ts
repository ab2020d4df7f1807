import type { Database, Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { ChunkIndexer } from "../search/chunk-indexer-port.js";
import { hideChunks } from "../sync/document-store.js";

/** What one transaction takes out of the index: the embedded database serves nobody else during it. */
const PAGE = { documents: 50, chunks: 200 } as const;

// Held until the transaction ends, so that it does not come back, and is not synced, within.
const HOLD_REMOVED = `
  select from source where tenant_id = $1 and id = $2::uuid and removed_at is not null for share`;

const NEXT_DOCUMENTS = `
  select external_id, current_version_id from document
   where tenant_id = $1 and source_id = $2::uuid and external_id > $3 and current_version_id is not null
   order by external_id
   limit ${PAGE.documents}`;

const NEXT_CHUNKS = `
  select id from chunk
   where tenant_id = $1 and version_id = any($2::uuid[]) and is_current
   order by id
   limit ${PAGE.chunks}`;

// A text that a person restored stays in its place when the source comes back: that it is kept is not forgotten.
const WITHDRAW_DOCUMENTS = `
  update document set current_version_id = null, removed_at = clock_timestamp()
   where tenant_id = $1 and source_id = $2::uuid and current_version_id = any($3::uuid[])`;

export interface WithdrawalPlace {
  readonly database: Database;
  readonly indexer: ChunkIndexer;
}

/**
 * Takes the documents of a source that is marked as removed out of the index, some in each transaction; nothing of them is
 * found from the mark on. Their versions stay. What a crash leaves is done by the next call.
 */
export async function withdrawDocuments(
  { database, indexer }: WithdrawalPlace,
  tenantId: TenantId,
  sourceId: string,
): Promise<void> {
  let after: string | null = "";
  while (after !== null) {
    const from: string = after;
    after = await database.withTenant(tenantId, (transaction) =>
      withdrawPage(transaction, indexer, { tenantId, sourceId, after: from }),
    );
  }
}

interface Page {
  readonly tenantId: TenantId;
  readonly sourceId: string;
  /** The last document that is done. */
  readonly after: string;
}

/** Resolves with where the next page begins; null when there is none. */
async function withdrawPage(
  transaction: Queryable,
  indexer: ChunkIndexer,
  { tenantId, sourceId, after }: Page,
): Promise<string | null> {
  const held = await transaction.query(HOLD_REMOVED, [tenantId, sourceId]);
  if (held.rows.length === 0) return null;
  const { rows: documents } = await transaction.query<{ external_id: string; current_version_id: string }>(
    NEXT_DOCUMENTS,
    [tenantId, sourceId, after],
  );
  const last = documents.at(-1);
  if (last === undefined) return null;
  const versionIds = documents.map((document) => document.current_version_id);
  const { rows: chunks } = await transaction.query<{ id: string }>(NEXT_CHUNKS, [tenantId, versionIds]);
  const chunkIds = chunks.map(({ id }) => id);
  await indexer.retire(transaction, tenantId, chunkIds);
  await hideChunks(transaction, tenantId, chunkIds);
  if (chunks.length === PAGE.chunks) return after;
  await transaction.query(WITHDRAW_DOCUMENTS, [tenantId, sourceId, versionIds]);
  return last.external_id;
}

const DELETE_PAGE = `
  delete from document
   where tenant_id = $1 and source_id = $2::uuid
     and id in (select id from document where tenant_id = $1 and source_id = $2::uuid limit ${PAGE.documents})
  returning id`;

/** Deletes the documents of a source that is marked as removed with all their versions, some in each transaction. */
export async function deleteDocuments(
  { database }: WithdrawalPlace,
  tenantId: TenantId,
  sourceId: string,
): Promise<void> {
  let deleted: number = PAGE.documents;
  while (deleted === PAGE.documents) {
    deleted = await database.withTenant(tenantId, async (transaction) => {
      const held = await transaction.query(HOLD_REMOVED, [tenantId, sourceId]);
      if (held.rows.length === 0) return 0;
      const { rows } = await transaction.query(DELETE_PAGE, [tenantId, sourceId]);
      return rows.length;
    });
  }
}

const UNFINISHED = `
  select id from source
   where tenant_id = $1 and removed_at is not null
     and exists (select from document where document.tenant_id = $1 and document.source_id = source.id
                                        and document.current_version_id is not null)`;

/** Does what is left of removals whose process has died. */
export async function finishWithdrawals(place: WithdrawalPlace, tenantId: TenantId): Promise<void> {
  const { rows } = await place.database.withTenant(tenantId, (transaction) =>
    transaction.query<{ id: string }>(UNFINISHED, [tenantId]),
  );
  for (const { id } of rows) await withdrawDocuments(place, tenantId, id);
}
