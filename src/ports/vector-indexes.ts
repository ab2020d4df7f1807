import type { TenantId } from "./ids.js";

/** Indexes that find near vectors without looking at all of them, one for each large search index that serves. */
export interface VectorIndexes {
  /**
   * Makes those that are missing and drops those that nothing asks any more. Takes seconds to minutes; searches and syncs
   * go on meanwhile. While another process does so already, it does nothing.
   * @throws {DatabaseError} also when the signal aborts in the middle: the next call does what is left
   */
  keep(tenantId: TenantId, signal: AbortSignal): Promise<void>;
}

/** A search index of fewer chunks is looked at whole: nothing is missed, and it takes a few milliseconds at most. */
export const EXACT_BELOW_CHUNKS = 5_000;

/**
 * How many of the nearest a graph of vectors keeps in view (ef) among so many chunks, with what power of their number that
 * grows, and at most.
 */
export const IN_VIEW = { of: 10_000, nearest: 200, growth: 0.68, most: 1_000 } as const;

/** How many of the nearest a graph keeps in view: with fewer it misses more of them, and the more the larger it is. */
export function nearestInGraph(chunks: number): number {
  const grown = IN_VIEW.nearest * (Math.max(chunks, IN_VIEW.of) / IN_VIEW.of) ** IN_VIEW.growth;
  return Math.min(Math.round(grown), IN_VIEW.most);
}

/** The most dimensions that can be indexed in half precision; more are looked at whole. */
export const MAX_INDEXED_DIMENSIONS = 4_000;

/** What the index of a search index is called. */
export function vectorIndexName(searchIndexId: string): string {
  return `chunk_embedding_hnsw_${searchIndexId.replaceAll("-", "")}`;
}
