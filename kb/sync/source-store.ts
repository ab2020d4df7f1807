import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { NewSource } from "../../src/ports/knowledge.js";

/** A source as it is stored. */
export interface StoredSource extends NewSource {
  readonly sourceId: string;
  readonly isDemo: boolean;
  readonly documents: number;
  readonly chunks: number;
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
}

const LIST_SOURCES = `
  select source.id, source.name, source.kind, source.location, source.acl, source.is_demo,
         count(distinct document.id)::int as documents, count(chunk.id)::int as chunks
    from source
    left join document on document.source_id = source.id and document.tenant_id = $1
          and document.current_version_id is not null
    left join chunk on chunk.version_id = document.current_version_id and chunk.tenant_id = $1 and chunk.is_current
   where source.tenant_id = $1 and ($2::text is null or source.name = $2)
   group by source.id
   order by source.name`;

/** All sources of a tenant, or the one of that name. */
export async function readSources(
  transaction: Queryable,
  tenantId: TenantId,
  name: string | null,
): Promise<readonly StoredSource[]> {
  const { rows } = await transaction.query<SourceRow>(LIST_SOURCES, [tenantId, name]);
  return rows.map(toSource);
}

function toSource(row: SourceRow): StoredSource {
  const { id, name, kind, location, acl, is_demo: isDemo, documents, chunks } = row;
  return { sourceId: id, name, kind, location, acl, isDemo, documents, chunks };
}

const INSERT_SOURCE = `
  insert into source (id, tenant_id, name, kind, location, acl, is_demo)
    values ($1::uuid, $2, $3, $4, $5, $6::text[], $7::boolean)
    on conflict (tenant_id, name) do nothing
  returning id`;

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
