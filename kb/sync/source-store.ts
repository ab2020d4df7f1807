import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { NewSource } from "../../src/ports/knowledge.js";

/** A source as it is stored. */
export interface StoredSource extends NewSource {
  readonly sourceId: string;
  readonly isDemo: boolean;
  readonly documents: number;
  readonly chunks: number;
  readonly endsDemo: boolean;
}

interface SourceRow {
  readonly id: string;
  readonly name: string;
  readonly kind: NewSource["kind"];
  readonly location: string;
  readonly acl: string[];
  readonly is_demo: boolean;
  readonly documents: number;
  readonly chunks: number;
  readonly ends_demo: boolean;
}

const LIST_SOURCES = `
  select source.id, source.name, source.kind, source.location, source.acl, source.is_demo,
         count(distinct document.id)::int as documents, count(chunk.id)::int as chunks,
         not source.is_demo
           and exists (select from source as demo
                        where demo.tenant_id = $1 and demo.is_demo and demo.stepped_aside_at is null) as ends_demo
    from source
    left join document on document.source_id = source.id and document.tenant_id = $1
          and document.current_version_id is not null
    left join chunk on chunk.version_id = document.current_version_id and chunk.tenant_id = $1 and chunk.is_current
   where source.tenant_id = $1 and source.stepped_aside_at is null and ($2::text is null or source.name = $2)
   group by source.id
   order by source.is_demo, source.name`;

/** All sources of a tenant, demo documents last, or the one of that name. Without those that have stepped aside. */
export async function readSources(
  transaction: Queryable,
  tenantId: TenantId,
  name: string | null,
): Promise<readonly StoredSource[]> {
  const { rows } = await transaction.query<SourceRow>(LIST_SOURCES, [tenantId, name]);
  return rows.map(toSource);
}

function toSource(row: SourceRow): StoredSource {
  const { id, name, kind, location, acl, is_demo: isDemo, documents, chunks, ends_demo: endsDemo } = row;
  return { sourceId: id, name, kind, location, acl, isDemo, documents, chunks, endsDemo };
}

const INSERT_SOURCE = `
  insert into source (id, tenant_id, name, kind, location, acl, is_demo)
    values ($1::uuid, $2, $3, $4, $5, $6::text[], $7::boolean)
    on conflict (tenant_id, name) where stepped_aside_at is null do nothing
  returning id`;

const RENAMED_DEMO = "Deskhand demo";

const RENAME_DEMO = `
  update source set name = $3
   where tenant_id = $1 and name = $2 and is_demo and stepped_aside_at is null
     and not exists (select from source as other
                      where other.tenant_id = $1 and other.name = $3 and other.stepped_aside_at is null)`;

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
  const { name, kind, location, acl, isDemo = false } = source;
  const { rows } = await transaction.query(INSERT_SOURCE, [sourceId, tenantId, name, kind, location, acl, isDemo]);
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
