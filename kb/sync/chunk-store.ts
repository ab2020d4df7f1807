import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { DocumentKind } from "../../src/ports/models.js";
import type { ChunkIndexer, IndexableChunk } from "../search/chunk-indexer-port.js";

/** A current chunk as it is stored. */
export interface StoredChunk extends Omit<IndexableChunk, "sameAs"> {
  readonly versionId: string;
  /** Whether it has an embedding under the index that is asked for. */
  readonly isEmbedded: boolean;
}

interface ChunkRow {
  readonly id: string;
  readonly version_id: string;
  readonly title: string;
  readonly kind: DocumentKind;
  readonly heading_path: string[];
  readonly variants: string[];
  readonly body: string;
  readonly is_embedded: boolean;
}

const CURRENT_CHUNKS = `
  select chunk.id, chunk.version_id, version.title, version.kind, chunk.heading_path, chunk.variants, chunk.body,
         exists (select from chunk_embedding as embedded
                   join search_index as index on index.id = embedded.index_id and index.tenant_id = $1
                  where embedded.tenant_id = $1 and embedded.chunk_id = chunk.id
                    and index.model = $3 and index.dimensions = $4::int and index.chunker = $5) as is_embedded
    from chunk
    join document_version as version on version.id = chunk.version_id and version.tenant_id = $1
   where chunk.tenant_id = $1 and chunk.version_id = any($2::uuid[]) and chunk.is_current
   order by chunk.version_id, chunk.ord`;

export async function readCurrentChunks(
  transaction: Queryable,
  tenantId: TenantId,
  versionIds: readonly string[],
  indexKey: ChunkIndexer["indexKey"],
): Promise<readonly StoredChunk[]> {
  if (versionIds.length === 0) return [];
  const { model, dimensions, chunker } = indexKey;
  const { rows } = await transaction.query<ChunkRow>(CURRENT_CHUNKS, [
    tenantId,
    versionIds,
    model,
    dimensions,
    chunker,
  ]);
  return rows.map((row) => ({
    chunkId: row.id,
    versionId: row.version_id,
    title: row.title,
    kind: row.kind,
    headingPath: row.heading_path,
    variants: row.variants,
    body: row.body,
    isEmbedded: row.is_embedded,
  }));
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
  const { model, dimensions, chunker } = indexKey;
  const values = [tenantId, sourceId, model, dimensions, chunker];
  const { rows } = await transaction.query<{ version_id: string }>(UNINDEXED_VERSIONS, values);
  return rows.map((row) => row.version_id);
}
