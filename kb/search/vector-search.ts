import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { EmbeddingModel } from "../../src/ports/models.js";
import { IN_FORCE } from "./in-force.js";
import { PLANNER_SETTINGS } from "./planner-settings.js";
import { CANDIDATES } from "./ranking.js";

interface IndexRow {
  id: string;
  chunks: number;
}

interface VectorRow {
  chunk_id: string;
  document_id: string;
  similarity: number;
}

interface SimilarityRow {
  chunk_id: string;
  similarity: number;
}

/** A chunk near the question. */
export interface VectorHit {
  readonly chunkId: string;
  readonly documentId: string;
  /** Cosine similarity. */
  readonly similarity: number;
}

/** The chunks nearest to a question, nearest first. */
export interface Nearest {
  readonly indexId: string;
  readonly hits: readonly VectorHit[];
}

const FIND_INDEX = `
  select serving.id::text as id, coalesce(total.chunks, 0)::float8 as chunks, ${PLANNER_SETTINGS}
    from search_index as serving
    left join search_statistics as total on total.tenant_id = $1
   where serving.tenant_id = $1 and serving.model = $2 and serving.dimensions = $3::int and serving.is_serving`;

// Who may read a chunk is asked from the nearest on, until enough were readable: a loop over an index, planned so with and
// without statistics. The nearest few ($5) are sorted out faster than all; when too few of them are readable, all are asked.
const SEARCH_VECTOR = `
  select near.chunk_id::text as chunk_id, readable.document_id::text as document_id, 1 - near.distance as similarity
    from (
      select chunk_id, embedding <=> $4::vector as distance from chunk_embedding
       where tenant_id = $1 and index_id = $3::uuid
       order by embedding <=> $4::vector
       limit $5::int
    ) as near
    cross join lateral (
      select document_id from search_chunk as indexed
       where indexed.chunk_id = near.chunk_id and indexed.tenant_id = $1 and indexed.acl && $2::text[] and ${IN_FORCE}
      offset 0
    ) as readable
   limit ${CANDIDATES.vector}`;

const MEASURE_SIMILARITY = `
  select chunk_id::text as chunk_id, 1 - (embedding <=> $3::vector) as similarity
    from chunk_embedding
   where tenant_id = $1 and index_id = $2::uuid and chunk_id = any($4::uuid[])`;

/** The chunks nearest to a question that the audience may read, or null when no index serves for the model. */
export async function searchVector(
  transaction: Queryable,
  tenantId: TenantId,
  audience: readonly string[],
  model: Pick<EmbeddingModel, "id" | "dimensions">,
  query: Float32Array,
): Promise<Nearest | null> {
  const indexes = await transaction.query<IndexRow>(FIND_INDEX, [tenantId, model.id, model.dimensions]);
  const [index] = indexes.rows;
  if (index === undefined) return null;
  const search = async (limit: number | null): Promise<readonly VectorRow[]> =>
    (await transaction.query<VectorRow>(SEARCH_VECTOR, [tenantId, audience, index.id, query, limit])).rows;
  const found = await search(CANDIDATES.vectorChecked);
  const isEnough = index.chunks <= CANDIDATES.vectorChecked || found.length >= CANDIDATES.vector;
  const rows = isEnough ? found : await search(null);
  return {
    indexId: index.id,
    hits: rows.map((row) => ({ chunkId: row.chunk_id, documentId: row.document_id, similarity: row.similarity })),
  };
}

/** The cosine similarity of chunks that were found otherwise. One that is not in the index is left out. */
export async function measureSimilarity(
  transaction: Queryable,
  tenantId: TenantId,
  indexId: string,
  query: Float32Array,
  chunkIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (chunkIds.length === 0) return new Map();
  const { rows } = await transaction.query<SimilarityRow>(MEASURE_SIMILARITY, [tenantId, indexId, query, chunkIds]);
  return new Map(rows.map((row) => [row.chunk_id, row.similarity]));
}
