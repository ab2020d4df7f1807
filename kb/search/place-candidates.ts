import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { LexicalHit } from "./lexical-search.js";
import type { Nearest, VectorHit } from "./vector-search.js";

interface PlaceRow {
  chunk_id: string;
  document_id: string;
  source_id: string | null;
  similarity: number | null;
}

/** What is known of all that was found, whichever search found it. */
export interface Places {
  /** The nearest, and of what lexical search found besides, what is in the index; null when there are no vectors. */
  readonly similar: readonly VectorHit[] | null;
  /** The source of each document. */
  readonly sources: ReadonlyMap<string, string>;
}

// Loops over indexes. Only what lexical search alone found is measured.
const PLACE_CANDIDATES = `
  select wanted.chunk_id::text as chunk_id, wanted.document_id::text as document_id,
         document.source_id::text as source_id, 1 - embedded.distance as similarity
    from unnest($2::uuid[], $3::uuid[], $4::boolean[]) as wanted (chunk_id, document_id, is_measured)
    left join lateral (
      select source_id from document where id = wanted.document_id and tenant_id = $1 offset 0
    ) as document on true
    left join lateral (
      select embedding <=> $6::vector as distance from chunk_embedding
       where tenant_id = $1 and index_id = $5::uuid and chunk_id = wanted.chunk_id and not wanted.is_measured
      offset 0
    ) as embedded on true`;

/**
 * The similarity of what lexical search found, so that both scores are known of each, and the sources of everything. In a
 * transaction that looks up.
 */
export async function placeCandidates(
  transaction: Queryable,
  tenantId: TenantId,
  lexical: readonly LexicalHit[],
  found: (Nearest & { readonly vector: Float32Array }) | null,
): Promise<Places> {
  const near = found?.hits ?? [];
  const known = new Set(near.map(({ chunkId }) => chunkId));
  const hits = [...near, ...lexical.filter(({ chunkId }) => !known.has(chunkId))];
  if (hits.length === 0) return { similar: found === null ? null : [], sources: new Map() };
  const { rows } = await transaction.query<PlaceRow>(
    PLACE_CANDIDATES,
    [
      tenantId,
      hits.map(({ chunkId }) => chunkId),
      hits.map(({ documentId }) => documentId),
      hits.map((_, index) => found === null || index < near.length),
      found?.indexId ?? null,
      found?.vector ?? null,
    ],
    { isPrepared: true },
  );
  return {
    similar: found === null ? null : [...near, ...rows.flatMap(toMeasured)],
    sources: new Map(rows.flatMap((row) => (row.source_id === null ? [] : [[row.document_id, row.source_id]]))),
  };
}

/** One that is not in the index of vectors is left out. */
function toMeasured(row: PlaceRow): readonly VectorHit[] {
  if (row.similarity === null) return [];
  return [{ chunkId: row.chunk_id, documentId: row.document_id, similarity: row.similarity }];
}
