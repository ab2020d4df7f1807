import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { DocumentKind } from "../../src/ports/models.js";
import type { ChunkIndexer, IndexableChunk } from "../search/chunk-indexer-port.js";

interface ChunkRow {
  readonly id: string;
  readonly document_id: string;
  readonly title: string;
  readonly kind: DocumentKind;
  readonly heading_path: string[];
  readonly variants: string[];
  readonly body: string;
}

const CURRENT_CHUNKS = `
  select chunk.id, chunk.document_id, version.title, version.kind, chunk.heading_path, chunk.variants, chunk.body
    from chunk
    join document_version as version on version.id = chunk.version_id and version.tenant_id = $1
   where chunk.tenant_id = $1 and chunk.version_id = any($2::uuid[]) and chunk.is_current
   order by chunk.version_id, chunk.ord`;

/** The current chunks of versions, as they are indexed. */
export async function readIndexable(
  transaction: Queryable,
  tenantId: TenantId,
  versionIds: readonly string[],
): Promise<readonly IndexableChunk[]> {
  const { rows } = await transaction.query<ChunkRow>(CURRENT_CHUNKS, [tenantId, versionIds]);
  return rows.map(({ id, document_id: documentId, heading_path: headingPath, ...rest }) => ({
    chunkId: id,
    documentId,
    headingPath,
    ...rest,
  }));
}

const CURRENT_IDS = `
  select id from chunk where tenant_id = $1 and version_id = any($2::uuid[]) and is_current`;

/** The ids of the current chunks of versions. */
export async function currentChunksOfVersions(
  transaction: Queryable,
  tenantId: TenantId,
  versionIds: readonly string[],
): Promise<readonly string[]> {
  if (versionIds.length === 0) return [];
  const { rows } = await transaction.query<{ id: string }>(CURRENT_IDS, [tenantId, versionIds]);
  return rows.map((row) => row.id);
}

// Embeddings are of current chunks alone, as chunks are retired with them: where there are as many, none is missing.
const IS_WHOLE = `
  select (select count(*) from search_chunk where tenant_id = $1)
       = (select count(*) from chunk_embedding as embedded
           where embedded.tenant_id = $1
             and embedded.index_id = (select id from search_index as index
                                       where index.tenant_id = $1 and index.model = $2
                                         and index.dimensions = $3::int and index.chunker = $4)) as is_whole`;

/** Whether an index holds every chunk of the tenant, told by counting. */
async function isWhole(
  transaction: Queryable,
  tenantId: TenantId,
  { model, dimensions, chunker }: ChunkIndexer["indexKey"],
): Promise<boolean> {
  const values = [tenantId, model, dimensions, chunker];
  const { rows } = await transaction.query<{ is_whole: boolean }>(IS_WHOLE, values);
  return rows[0]?.is_whole === true;
}

const UNINDEXED_VERSIONS = `
  select distinct chunk.version_id
    from chunk
    join document on document.current_version_id = chunk.version_id and document.tenant_id = $1
   where chunk.tenant_id = $1 and document.source_id = $2::uuid and chunk.is_current
     and not exists (select from chunk_embedding as embedded
                       join search_index as index on index.id = embedded.index_id and index.tenant_id = $1
                      where embedded.tenant_id = $1 and embedded.chunk_id = chunk.id
                        and index.model = $3 and index.dimensions = $4::int and index.chunker = $5)`;

/** Current versions of a source that an index does not hold whole, for example after a change of the embedding model. */
export async function readUnindexedVersions(
  transaction: Queryable,
  tenantId: TenantId,
  sourceId: string,
  indexKey: ChunkIndexer["indexKey"],
): Promise<readonly string[]> {
  if (await isWhole(transaction, tenantId, indexKey)) return [];
  const { model, dimensions, chunker } = indexKey;
  const values = [tenantId, sourceId, model, dimensions, chunker];
  const { rows } = await transaction.query<{ version_id: string }>(UNINDEXED_VERSIONS, values);
  return rows.map((row) => row.version_id);
}

const UNINDEXED_OF_TENANT = `
  select document.source_id, array_agg(document.current_version_id order by document.id) as version_ids
    from document
    join source on source.id = document.source_id and source.tenant_id = $1
   where document.tenant_id = $1 and source.removed_at is null and source.stepped_aside_at is null
     and document.current_version_id in (
           select chunk.version_id
             from chunk
            where chunk.tenant_id = $1 and chunk.is_current
              and not exists (select from chunk_embedding as embedded
                                join search_index as index on index.id = embedded.index_id and index.tenant_id = $1
                               where embedded.tenant_id = $1 and embedded.chunk_id = chunk.id
                                 and index.model = $2 and index.dimensions = $3::int and index.chunker = $4))
   group by document.source_id
   order by document.source_id`;

export interface UnindexedVersions {
  readonly sourceId: string;
  readonly versionIds: readonly string[];
}

/** The same of every source of the tenant. */
export async function readUnindexedOfTenant(
  transaction: Queryable,
  tenantId: TenantId,
  indexKey: ChunkIndexer["indexKey"],
): Promise<readonly UnindexedVersions[]> {
  if (await isWhole(transaction, tenantId, indexKey)) return [];
  const { model, dimensions, chunker } = indexKey;
  const values = [tenantId, model, dimensions, chunker];
  const { rows } = await transaction.query<{ source_id: string; version_ids: string[] }>(UNINDEXED_OF_TENANT, values);
  return rows.map((row) => ({ sourceId: row.source_id, versionIds: row.version_ids }));
}
