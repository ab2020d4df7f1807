import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { EmbeddingModel } from "../../src/ports/models.js";
import {
  EXACT_BELOW_CHUNKS,
  IN_VIEW,
  MAX_INDEXED_DIMENSIONS,
  vectorIndexName,
} from "../../src/ports/vector-indexes.js";
import { IN_FORCE } from "./in-force.js";
import { CANDIDATES } from "./ranking.js";

interface IndexRow {
  id: string;
  chunks: number;
  has_graph: boolean;
}

interface VectorRow {
  chunk_id: string;
  document_id: string;
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

/** As {@link nearestInGraph} computes it. */
const IN_VIEW_OF_CHUNKS = `
  least(round(${IN_VIEW.nearest} * power(greatest(chunks, ${IN_VIEW.of}) / ${IN_VIEW.of}, ${IN_VIEW.growth})), ${IN_VIEW.most})`;

// The graph is called after the index that it was made for, and is set up for: how much it keeps in view, and that nothing
// is sorted, because on a table that fits into memory the planner would rather compare every vector and sort.
const FIND_INDEX = `
  select id, chunks, has_graph, set_config('hnsw.ef_search', ${IN_VIEW_OF_CHUNKS}::text, true),
         set_config('enable_sort', case when has_graph then 'off' else current_setting('enable_sort') end, true)
    from (
      select serving.id::text as id, coalesce(total.chunks, 0)::float8 as chunks,
             $3::int <= ${MAX_INDEXED_DIMENSIONS} and total.chunks >= ${EXACT_BELOW_CHUNKS} and exists (
               select from pg_index
                where indexrelid = to_regclass($4::text || replace(serving.id::text, '-', '')) and indisvalid
             ) as has_graph
        from search_index as serving
        left join search_statistics as total on total.tenant_id = $1
       where serving.tenant_id = $1 and serving.model = $2 and serving.dimensions = $3::int and serving.is_serving
      offset 0
    ) as serving`;

const READABLE = `
  select document_id from search_chunk as indexed
   where indexed.chunk_id = near.chunk_id and indexed.tenant_id = $1 and indexed.acl && $2::text[] and ${IN_FORCE}
  offset 0`;

// Who may read a chunk is asked from the nearest on, until enough were readable: a loop over an index, planned so with and
// without statistics. The nearest few ($5) are sorted out faster than all; when too few of them are readable, all are asked.
const SEARCH_EXACTLY = `
  select near.chunk_id::text as chunk_id, readable.document_id::text as document_id, 1 - near.distance as similarity
    from (
      select chunk_id, embedding <=> $4::vector as distance from chunk_embedding
       where tenant_id = $1 and index_id = $3::uuid
       order by embedding <=> $4::vector
       limit $5::int
    ) as near
    cross join lateral (${READABLE}) as readable
   limit ${CANDIDATES.vector}`;

/** The graph is asked on until enough were readable: pgvector's iterative scan. It costs a tenth more. */
const ASK_ON = `select set_config('hnsw.iterative_scan', 'relaxed_order', true)`;

// The graph compares in half precision; how near what it finds is, is measured in full. The index is found by its
// dimensions and by the id that it was made for, which must both be constants when this is planned: it cannot be prepared.
const searchGraph = (dimensions: number) => `
  select near.chunk_id::text as chunk_id, readable.document_id::text as document_id,
         1 - (near.embedding <=> $4::vector) as similarity
    from (
      select chunk_id, embedding from chunk_embedding
       where tenant_id = $1 and index_id = $3::uuid
       order by embedding::halfvec(${dimensions}) <=> $4::vector::halfvec(${dimensions})
      offset 0
    ) as near
    cross join lateral (${READABLE}) as readable
   limit ${CANDIDATES.vector}`;

// For an audience that may read little of much: what it may read is compared, and nothing else.
const SEARCH_READABLE = `
  select near.chunk_id::text as chunk_id, near.document_id::text as document_id, 1 - near.distance as similarity
    from (
      select readable.chunk_id, readable.document_id, embedded.distance
        from (
          select chunk_id, document_id from search_chunk
           where tenant_id = $1 and acl && $2::text[] and ${IN_FORCE}
          offset 0
        ) as readable
        cross join lateral (
          select embedding <=> $4::vector as distance from chunk_embedding
           where tenant_id = $1 and index_id = $3::uuid and chunk_id = readable.chunk_id
          offset 0
        ) as embedded
    ) as near
   order by near.distance
   limit ${CANDIDATES.vector}`;

/**
 * The chunks nearest to a question that the audience may read, or null when no index serves for the model. Below
 * {@link EXACT_BELOW_CHUNKS}, and while there is no graph, they are exactly those; else nearly. In a transaction
 * that looks up.
 */
export async function searchVector(
  transaction: Queryable,
  tenantId: TenantId,
  audience: readonly string[],
  model: Pick<EmbeddingModel, "id" | "dimensions">,
  query: Float32Array,
): Promise<Nearest | null> {
  const { rows } = await transaction.query<IndexRow>(
    FIND_INDEX,
    [tenantId, model.id, model.dimensions, vectorIndexName("")],
    { isPrepared: true },
  );
  const [index] = rows;
  if (index === undefined) return null;
  const values = [tenantId, audience, index.id, query];
  const search = async (text: string, limits: readonly unknown[] = []): Promise<readonly VectorRow[]> =>
    (await transaction.query<VectorRow>(text, [...values, ...limits])).rows;
  const isEnough = (found: readonly VectorRow[], asked: number) =>
    index.chunks <= asked || found.length >= CANDIDATES.vector;
  let found = index.has_graph
    ? await search(searchGraph(model.dimensions))
    : await search(SEARCH_EXACTLY, [CANDIDATES.vectorChecked]);
  if (index.has_graph && !isEnough(found, 0)) {
    await transaction.query(ASK_ON);
    found = await search(searchGraph(model.dimensions));
  }
  if (!isEnough(found, CANDIDATES.vectorChecked)) found = await search(SEARCH_READABLE);
  return { indexId: index.id, hits: [...found].sort((one, other) => other.similarity - one.similarity).map(toHit) };
}

function toHit(row: VectorRow): VectorHit {
  return { chunkId: row.chunk_id, documentId: row.document_id, similarity: row.similarity };
}
