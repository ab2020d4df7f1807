import type { Database, Queryable } from "../../src/ports/database.js";
import type { KnowledgeSearch, QueryAnalysis, SearchQuery, SearchResult } from "../../src/ports/knowledge.js";
import type { EmbeddingModel } from "../../src/ports/models.js";
import { fuse } from "./fuse.js";
import { searchLexical, type LexicalResult } from "./lexical-search.js";
import { capQuery, queryWords, type QueryWord } from "./query-terms.js";
import { selectPassages } from "./select-passages.js";
import { findServingIndex, searchVector, type VectorHit } from "./vector-search.js";
import { resolveWords, type ResolvedWord } from "./vocabulary.js";

const COUNT_CHUNKS = `select chunks::int as chunks from search_statistics where tenant_id = $1`;

interface Dependencies {
  readonly database: Database;
  readonly embeddings: EmbeddingModel;
}

interface Found {
  readonly words: readonly ResolvedWord[];
  readonly lexical: LexicalResult;
  /** Null when no index serves for the model. */
  readonly vector: readonly VectorHit[] | null;
  readonly corpusChunks: number;
  readonly lexicalMs: number;
  readonly vectorMs: number;
}

/**
 * Hybrid search: BM25F and vectors, fused. While the embedding model fails, or no index serves for it, lexical search
 * alone answers and the result says so.
 */
export function createKnowledgeSearch({ database, embeddings }: Dependencies): KnowledgeSearch {
  return {
    async search(query, signal) {
      const text = capQuery(query.text);
      const words = queryWords(text);
      const startedAt = performance.now();
      const vector = await embedQuestion(embeddings, text, signal);
      const embedMs = performance.now() - startedAt;
      signal.throwIfAborted();
      const found = await database.withTenant(query.tenantId, (transaction) =>
        runSearch(transaction, query, words, vector, embeddings),
      );
      return toResult(query, found, embedMs);
    },
  };
}

/** Null when the model fails: search goes on without it. An abort is passed on. */
async function embedQuestion(
  embeddings: EmbeddingModel,
  text: string,
  signal: AbortSignal,
): Promise<Float32Array | null> {
  if (text.trim() === "") return null;
  try {
    const [vector] = await embeddings.embed([text], signal);
    return vector ?? null;
  } catch (error) {
    if (signal.aborted) throw error;
    return null;
  }
}

async function runSearch(
  transaction: Queryable,
  query: SearchQuery,
  words: readonly QueryWord[],
  vector: Float32Array | null,
  embeddings: EmbeddingModel,
): Promise<Found> {
  const startedAt = performance.now();
  const { rows } = await transaction.query<{ chunks: number }>(COUNT_CHUNKS, [query.tenantId]);
  const resolved = await resolveWords(transaction, query.tenantId, words);
  const lexical = await searchLexical(transaction, query.tenantId, query.audience, resolved);
  const lexicalAt = performance.now();
  const near = vector === null ? null : await searchNear(transaction, query, vector, embeddings, lexical);
  return {
    words: resolved,
    lexical,
    vector: near,
    corpusChunks: rows[0]?.chunks ?? 0,
    lexicalMs: lexicalAt - startedAt,
    vectorMs: performance.now() - lexicalAt,
  };
}

async function searchNear(
  transaction: Queryable,
  query: SearchQuery,
  vector: Float32Array,
  embeddings: EmbeddingModel,
  lexical: LexicalResult,
): Promise<readonly VectorHit[] | null> {
  const indexId = await findServingIndex(transaction, query.tenantId, embeddings);
  if (indexId === null) return null;
  const chunkIds = lexical.hits.map(({ row }) => row.chunk_id);
  return searchVector(transaction, query.tenantId, query.audience, indexId, vector, chunkIds);
}

function toResult(query: SearchQuery, found: Found, embedMs: number): SearchResult {
  const ranked = fuse(found.words, found.lexical, found.vector);
  return {
    passages: selectPassages(ranked, query.limit),
    analysis: toAnalysis(found),
    degraded: found.vector === null && found.corpusChunks > 0 ? ["vector"] : [],
    timings: { embedMs, lexicalMs: found.lexicalMs, vectorMs: found.vectorMs },
  };
}

function toAnalysis({ words, lexical, corpusChunks }: Found): QueryAnalysis {
  const terms = words.flatMap((word, index) =>
    word.isWeak
      ? []
      : [{ term: word.mainTerm, idf: word.isKnown ? (lexical.idf[index] ?? 0) : 0, known: word.isKnown }],
  );
  return { terms, corpusChunks };
}
