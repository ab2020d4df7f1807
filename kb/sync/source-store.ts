import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { NewSource } from "../../src/ports/knowledge.js";

/** A source as it is stored. */
export interface StoredSource extends NewSource {
  readonly sourceId: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly isDemo: boolean;
  /** See {@link keepCursor}. */
  readonly cursor: string | null;
  readonly everyMinutes: number | null;
  readonly owner: string | null;
  readonly pausedAt: string | null;
  /** How often a sync was asked for. */
  readonly requests: string;
  readonly isSyncRequested: boolean;
}

/** A source with what there is of it, which takes a look at all its documents. */
export interface SizedSource extends StoredSource {
  readonly documents: number;
  readonly chunks: number;
  readonly endsDemo: boolean;
}

interface SourceRow {
  readonly id: string;
  readonly name: string;
  readonly kind: NewSource["kind"];
  readonly location: string;
  readonly options: Record<string, unknown>;
  readonly acl: string[];
  readonly is_demo: boolean;
  readonly cursor: string | null;
  readonly sync_every_minutes: number | null;
  readonly owner: string | null;
  readonly paused_at: Date | null;
  readonly sync_requests: string;
  readonly is_sync_requested: boolean;
}

interface SizedRow extends SourceRow {
  readonly documents: number;
  readonly chunks: number;
  readonly ends_demo: boolean;
}

const COLUMNS = `source.id, source.name, source.kind, source.location, source.options, source.acl,
         source.is_demo, source.cursor, source.sync_every_minutes, source.owner, source.paused_at,
         source.sync_requests::text as sync_requests,
         source.sync_requests > source.sync_requests_served as is_sync_requested`;

const FIND_SOURCE = `
  select ${COLUMNS}
    from source
   where tenant_id = $1 and name = $2 and stepped_aside_at is null and removed_at is null`;

/** Null where there is none of that name, or it has stepped aside or was removed. */
export async function readSource(
  transaction: Queryable,
  tenantId: TenantId,
  name: string,
): Promise<StoredSource | null> {
  const { rows } = await transaction.query<SourceRow>(FIND_SOURCE, [tenantId, name]);
  return rows[0] === undefined ? null : toSource(rows[0]);
}

const LIST_SOURCES = `
  select ${COLUMNS},
         count(distinct document.id)::int as documents, count(chunk.id)::int as chunks,
         not source.is_demo and source.kind <> 'entries'
           and exists (select from source as demo
                        where demo.tenant_id = $1 and demo.is_demo and demo.stepped_aside_at is null) as ends_demo
    from source
    left join document on document.source_id = source.id and document.tenant_id = $1
          and document.current_version_id is not null
    left join chunk on chunk.version_id = document.current_version_id and chunk.tenant_id = $1 and chunk.is_current
   where source.tenant_id = $1 and source.stepped_aside_at is null and source.removed_at is null
     and ($2::text is null or source.name = $2)
   group by source.id
   order by source.is_demo, source.name`;

/** All sources of a tenant, demo documents last, or the one of that name. Without those that have stepped aside. */
export async function readSources(
  transaction: Queryable,
  tenantId: TenantId,
  name: string | null,
): Promise<readonly SizedSource[]> {
  const { rows } = await transaction.query<SizedRow>(LIST_SOURCES, [tenantId, name]);
  return rows.map((row) => {
    const { documents, chunks, ends_demo: endsDemo } = row;
    return { ...toSource(row), documents, chunks, endsDemo };
  });
}

function toSource(row: SourceRow): StoredSource {
  const { id: sourceId, name, kind, location, options, acl, cursor, owner } = row;
  const care = { everyMinutes: row.sync_every_minutes, owner, pausedAt: row.paused_at?.toISOString() ?? null };
  const asked = { requests: row.sync_requests, isSyncRequested: row.is_sync_requested };
  return { sourceId, name, kind, location, options, acl, isDemo: row.is_demo, cursor, ...care, ...asked };
}

const INSERT_SOURCE = `
  insert into source (id, tenant_id, name, kind, location, options, acl, is_demo, sync_every_minutes, owner)
    values ($1::uuid, $2, $3, $4, $5, $6::jsonb, $7::text[], $8::boolean, $9::int, $10)
    on conflict (tenant_id, name) where stepped_aside_at is null and removed_at is null do nothing
  returning id`;

const RENAMED_DEMO = "Deskhand demo";

const RENAME_DEMO = `
  update source set name = $3
   where tenant_id = $1 and name = $2 and is_demo and stepped_aside_at is null
     and not exists (select from source as other
                      where other.tenant_id = $1 and other.name = $3 and other.stepped_aside_at is null
                        and other.removed_at is null)`;

/** Demo documents of that name go on under another one. */
export async function freeNameOfDemo(transaction: Queryable, tenantId: TenantId, name: string): Promise<void> {
  await transaction.query(RENAME_DEMO, [tenantId, name, RENAMED_DEMO]);
}

/** False when the name is taken. */
export async function insertSource(
  transaction: Queryable,
  tenantId: TenantId,
  sourceId: string,
  source: NewSource,
): Promise<boolean> {
  const { name, kind, location, options = {}, acl, isDemo = false, everyMinutes = null, owner = null } = source;
  const place = [sourceId, tenantId, name, kind, location, JSON.stringify(options)];
  const values = [...place, acl, isDemo, everyMinutes, owner];
  const { rows } = await transaction.query(INSERT_SOURCE, values);
  return rows.length === 1;
}

const CURRENT_CHUNKS_OF_SOURCE = `
  select chunk.id from chunk
    join document on document.id = chunk.document_id and document.tenant_id = $1
   where chunk.tenant_id = $1 and document.source_id = $2::uuid and chunk.is_current`;

export async function currentChunksOf(
  transaction: Queryable,
  tenantId: TenantId,
  sourceId: string,
): Promise<readonly string[]> {
  const { rows } = await transaction.query<{ id: string }>(CURRENT_CHUNKS_OF_SOURCE, [tenantId, sourceId]);
  return rows.map((row) => row.id);
}

const DELETE_SOURCE = `
  delete from source where tenant_id = $1 and id = $2::uuid`;

/** With its documents in all versions, its chunks and its runs. */
export async function deleteSource(transaction: Queryable, tenantId: TenantId, sourceId: string): Promise<void> {
  await transaction.query(DELETE_SOURCE, [tenantId, sourceId]);
}

const KEEP_CURSOR = `
  update source set cursor = $3 where tenant_id = $1 and id = $2::uuid and cursor is distinct from $3`;

/** Where the next listing begins, with all that decides what becomes of its items; null where all is to be listed. */
export async function keepCursor(
  transaction: Queryable,
  tenantId: TenantId,
  sourceId: string,
  cursor: string | null,
): Promise<void> {
  await transaction.query(KEEP_CURSOR, [tenantId, sourceId, cursor]);
}
