import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import { CANDIDATES } from "./ranking.js";

interface VectorRow {
  chunk_id: string;
  document_id: string;
  similarity: number;
  nearest: number;
}

/** A chunk near the question, or one that was asked for. */
export interface VectorHit {
  readonly chunkId: string;
  readonly documentId: string;
  /** Cosine similarity. */
  readonly similarity: number;
}

// Ordering by the bare operator is what lets an HNSW index apply; where there is none this is an exact scan. Who may read
// a chunk is asked from the nearest on, until enough were readable: a loop over an index, planned so with and without
// statistics. The nearest few ($6) are sorted out faster than all; when too few of them are readable, all are asked. Chunks that lexical search found are measured as well, so that both scores are known of them.
const SEARCH_VECTOR = `
  with nearest as materialized (
    select near.chunk_id, near.distance
      from (
        select chunk_id, embedding <=> $4::vector as distance from chunk_embedding
         where tenant_id = $1 and index_id = $3::uuid
         order by embedding <=> $4::vector
         limit $6::int
      ) as near
      cross join lateral (
        select from search_chunk as indexed
         where indexed.chunk_id = near.chunk_id and indexed.tenant_id = $1 and indexed.acl && $2::text[]
        offset 0
      ) as readable
     limit ${CANDIDATES.vector}
  ), found as (
    select chunk_id, distance from nearest
    union
    select chunk_id, embedding <=> $4::vector from chunk_embedding
     where tenant_id = $1 and index_id = $3::uuid and chunk_id = any($5::uuid[])
  )
  select found.chunk_id::text as chunk_id, indexed.document_id::text as document_id, 1 - found.distance as similarity,
         (select count(*)::int from nearest) as nearest
    from found
    cross join lateral (
      select document_id from search_chunk as indexed
       where indexed.chunk_id = found.chunk_id and indexed.tenant_id = $1 and indexed.acl && $2::text[]
      offset 0
    ) as indexed
   order by found.distance, found.chunk_id`;

/** A vector index and how many chunks the tenant has. */
export interface ServingIndex {
  readonly id: string;
  readonly chunks: number;
}

/** The chunks nearest to a question, and the distances of `chunkIds`. */
export async function searchVector(
  transaction: Queryable,
  tenantId: TenantId,
  audience: readonly string[],
  index: ServingIndex,
  query: Float32Array,
  chunkIds: readonly string[],
): Promise<readonly VectorHit[]> {
  const search = async (limit: number | null): Promise<readonly VectorRow[]> => {
    const values = [tenantId, audience, index.id, query, chunkIds, limit];
    return (await transaction.query<VectorRow>(SEARCH_VECTOR, values)).rows;
  };
  const found = await search(CANDIDATES.vectorChecked);
  const isEnough = index.chunks <= CANDIDATES.vectorChecked || (found[0]?.nearest ?? 0) >= CANDIDATES.vector;
  const rows = isEnough ? found : await search(null);
  return rows.map((row) => ({ chunkId: row.chunk_id, documentId: row.document_id, similarity: row.similarity }));
}
