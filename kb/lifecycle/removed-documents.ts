import type { Database, Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";

/** How long what was cited of a document that is gone at its source can be opened, and its versions are kept. */
export const REMOVED_DOCUMENTS_KEPT_DAYS = 30;

const DOCUMENTS_PER_TRANSACTION = 50;

// Nobody syncs, changes or restores a source while it is locked. Who does so in this moment is passed over: the next
// purge comes.
const LOCK_SOURCES = `
  select id from source
   where tenant_id = $1
     and exists (select from document
                  where document.tenant_id = $1 and document.source_id = source.id
                    and document.current_version_id is null
                    and document.removed_at < clock_timestamp() - make_interval(days => $2::int))
     and not exists (select from sync_run
                      where sync_run.tenant_id = $1 and sync_run.source_id = source.id and state = 'running')
     for update skip locked`;

// With their versions and chunks.
const DELETE_DOCUMENTS = `
  delete from document
   where tenant_id = $1 and id in (
         select id from document
          where tenant_id = $1 and source_id = any($3::uuid[]) and current_version_id is null
            and removed_at < clock_timestamp() - make_interval(days => $2::int)
          order by id
          limit ${DOCUMENTS_PER_TRANSACTION})
  returning id`;

/** Deletes every version of documents that are gone for longer than they are kept, some in each transaction. */
export async function purgeRemovedDocuments(database: Database, tenantId: TenantId): Promise<number> {
  let count = 0;
  for (;;) {
    const deleted = await database.withTenant(tenantId, (transaction) => deletePage(transaction, tenantId));
    count += deleted;
    if (deleted < DOCUMENTS_PER_TRANSACTION) return count;
  }
}

async function deletePage(transaction: Queryable, tenantId: TenantId): Promise<number> {
  const values = [tenantId, REMOVED_DOCUMENTS_KEPT_DAYS];
  const { rows: sources } = await transaction.query<{ id: string }>(LOCK_SOURCES, values);
  if (sources.length === 0) return 0;
  const { rows } = await transaction.query(DELETE_DOCUMENTS, [...values, sources.map(({ id }) => id)]);
  return rows.length;
}
