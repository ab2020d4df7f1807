import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { EmbeddingModel } from "../../src/ports/models.js";
import { CANDIDATES } from "./ranking.js";

interface VectorRow {
  chunk_id: string;
  document_id: string;
  similarity: number;
}

/** A chunk near the question, or one that was asked for. */
export interface VectorHit {
  readonly chunkId: string;
  readonly documentId: string;
  /** Cosine similarity. */
  readonly similarity: number;
}

const FIND_SERVING_INDEX = `
  select id::text as id from search_index
   where tenant_id = $1 and model = $2 and dimensions = $3::int and is_serving`;

// Ordering by the bare operator is what lets an HNSW index apply; where there is none this is an exact scan. Chunks that
// lexical search found are measured as well, so that both scores are known of them.
const SEARCH_VECTOR = `
  with nearest as materialized (
    select embedded.chunk_id, embedded.embedding <=> $4::vector as distance
      from chunk_embedding as embedded
      join search_chunk as indexed on indexed.chunk_id = embedded.chunk_id
     where embedded.tenant_id = $1 and embedded.index_id = $3::uuid
       and indexed.tenant_id = $1 and indexed.acl && $2::text[]
     order by embedded.embedding <=> $4::vector
     limit ${CANDIDATES.vector}
  ), found as (
    select chunk_id, distance from nearest
    union
    select chunk_id, embedding <=> $4::vector from chunk_embedding
     where tenant_id = $1 and index_id = $3::uuid and chunk_id = any($5::uuid[])
  )
  select found.chunk_id::text as chunk_id, indexed.document_id::text as document_id, 1 - found.distance as similarity
    from found join search_chunk as indexed on indexed.chunk_id = found.chunk_id
   where indexed.tenant_id = $1 and indexed.acl && $2::text[]
   order by found.distance, found.chunk_id`;

/** The index that serves for this model, or null when there is none yet. */
export async function findServingIndex(
  transaction: Queryable,
  tenantId: TenantId,
  model: Pick<EmbeddingModel, "id" | "dimensions">,
): Promise<string | null> {
  const { rows } = await transaction.query<{ id: string }>(FIND_SERVING_INDEX, [tenantId, model.id, model.dimensions]);
  return rows[0]?.id ?? null;
}

/** The chunks nearest to a question, and the distances of `chunkIds`. */
export async function searchVector(
  transaction: Queryable,
  tenantId: TenantId,
  audience: readonly string[],
  indexId: string,
  query: Float32Array,
  chunkIds: readonly string[],
): Promise<readonly VectorHit[]> {
  const values = [tenantId, audience, indexId, query, chunkIds];
  const { rows } = await transaction.query<VectorRow>(SEARCH_VECTOR, values);
  return rows.map((row) => ({ chunkId: row.chunk_id, documentId: row.document_id, similarity: row.similarity }));
}
