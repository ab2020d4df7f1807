import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { SyncRemark } from "../../src/ports/knowledge.js";
import type { PushedState } from "../../src/ports/pushed-documents.js";

interface StateRow {
  readonly is_removed: boolean;
  readonly is_read: boolean;
  readonly version: number | null;
  readonly documents: number;
  readonly remarks: readonly SyncRemark[] | null;
}

// An item's revision is stored with what it was read on (see toStoredRevision), and is the number of its change.
const READ_STATE = `
  select item.bytes is null as is_removed,
         coalesce(right(known.revision, length(item.change::text) + 1) = ' ' || item.change::text, false) as is_read,
         documents.version, documents.count as documents, newest.remarks
    from source
    join stored_item as item on item.tenant_id = $1 and item.source_id = source.id and item.external_id = $3
    left join source_item as known
      on known.tenant_id = $1 and known.source_id = source.id and known.external_id = item.external_id
    left join lateral (
           select max(version.number) as version, count(*)::int as count
             from document
             join document_version as version
               on version.tenant_id = $1 and version.id = document.current_version_id
            where document.tenant_id = $1 and document.source_id = source.id
              and document.external_id = any(known.documents)) as documents on true
    left join lateral (
           select failures || skipped as remarks from sync_run
            where sync_run.tenant_id = $1 and sync_run.source_id = source.id and state <> 'running'
              and sync_run.started_at > item.changed_at
            order by started_at desc, sync_run.id desc limit 1) as newest on true
   where source.tenant_id = $1 and source.name = $2 and source.kind = 'push'
     and source.removed_at is null and source.stepped_aside_at is null`;

/** Null when there is no such document, or none any more. */
export async function readPushedState(
  transaction: Queryable,
  tenantId: TenantId,
  sourceName: string,
  id: string,
): Promise<PushedState | null> {
  const { rows } = await transaction.query<StateRow>(READ_STATE, [tenantId, sourceName, id]);
  const [row] = rows;
  if (row === undefined) return null;
  // Once no document is answered from, the row is only waiting to be forgotten.
  if (row.is_removed) return row.version === null ? null : { state: "pending", change: "deleted" };
  if (row.is_read && row.version !== null) {
    return { state: "indexed", version: row.version, documents: row.documents };
  }
  const remark = row.remarks?.find(({ externalId }) => externalId === id || externalId === "");
  if (remark === undefined) return { state: "pending", change: "stored" };
  return { state: "failed", version: row.version, code: remark.code, message: remark.message };
}
