import type { Database, Queryable } from "../../src/ports/database.js";
import type { KnowledgeSearch, Passage, QueryAnalysis, SearchQuery, SearchResult } from "../../src/ports/knowledge.js";
import type { EmbeddingModel } from "../../src/ports/models.js";
import { fuse } from "./fuse.js";
import { searchLexical, type LexicalResult } from "./lexical-search.js";
import { readPassages } from "./read-passages.js";
import { capQuery, queryWords, type QueryWord } from "./query-terms.js";
import { selectPassages } from "./select-passages.js";
import { searchVector, type VectorHit } from "./vector-search.js";
import { lookUpWords, type Vocabulary } from "./vocabulary.js";

interface Dependencies {
  readonly database: Database;
  readonly embeddings: EmbeddingModel;
}

interface Found {
  readonly vocabulary: Vocabulary;
  readonly lexical: LexicalResult;
  readonly passages: readonly Passage[];
  readonly isVectorMissing: boolean;
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
      return toResult(found, embedMs);
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
  const vocabulary = await lookUpWords(transaction, query.tenantId, words, embeddings);
  const lexical = await searchLexical(transaction, query.tenantId, query.audience, vocabulary);
  const lexicalAt = performance.now();
  const near = vector === null ? null : await searchNear(transaction, query, vector, vocabulary, lexical);
  const vectorAt = performance.now();
  const candidates = fuse(vocabulary.words, lexical, near);
  return {
    vocabulary,
    lexical,
    passages: await selectPassages(candidates, query.limit, (chunkIds) =>
      readPassages(transaction, query.tenantId, query.audience, chunkIds),
    ),
    isVectorMissing: near === null && vocabulary.statistics.chunks > 0,
    lexicalMs: lexicalAt - startedAt,
    vectorMs: vectorAt - lexicalAt,
  };
}

async function searchNear(
  transaction: Queryable,
  query: SearchQuery,
  vector: Float32Array,
  { indexId, statistics }: Vocabulary,
  lexical: LexicalResult,
): Promise<readonly VectorHit[] | null> {
  if (indexId === null) return null;
  const chunkIds = lexical.hits.map((hit) => hit.chunkId);
  const index = { id: indexId, chunks: statistics.chunks };
  return searchVector(transaction, query.tenantId, query.audience, index, vector, chunkIds);
}

function toResult(found: Found, embedMs: number): SearchResult {
  return {
    passages: found.passages,
    analysis: toAnalysis(found),
    degraded: found.isVectorMissing ? ["vector"] : [],
    timings: { embedMs, lexicalMs: found.lexicalMs, vectorMs: found.vectorMs },
  };
}

function toAnalysis({ vocabulary, lexical }: Found): QueryAnalysis {
  const terms = vocabulary.words.flatMap((word, index) =>
    word.isWeak
      ? []
      : [{ term: word.mainTerm, idf: word.isKnown ? (lexical.idf[index] ?? 0) : 0, known: word.isKnown }],
  );
  return { terms, corpusChunks: vocabulary.statistics.chunks };
}
