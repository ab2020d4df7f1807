import type { Database, Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { KnowledgeSearch, Passage, QueryAnalysis, SearchQuery } from "../../src/ports/knowledge.js";
import type { EmbeddingModel } from "../../src/ports/models.js";
import { RANKING_FEATURES, type RankingWeights } from "../../src/ports/ranking-features.js";
import { fuse, wordImportance } from "./fuse.js";
import { searchLexical, type LexicalResult } from "./lexical-search.js";
import { readPassages } from "./read-passages.js";
import { capQuery, queryWords, type QueryWord } from "./query-terms.js";
import { selectPassages } from "./select-passages.js";
import { toAskedQuestion } from "./passage-features.js";
import { readSources } from "./source-lead.js";
import { createRerank, type RankedCandidate, type Rerank } from "./rerank.js";
import { measureSimilarity, searchVector, type Nearest, type VectorHit } from "./vector-search.js";
import { lookUpWords, type Vocabulary } from "./vocabulary.js";

interface Dependencies {
  readonly database: Database;
  readonly embeddings: EmbeddingModel;
}

interface Search extends Dependencies {
  readonly rerank: Rerank;
}

interface Lexical {
  readonly vocabulary: Vocabulary;
  readonly result: LexicalResult;
  readonly ms: number;
}

interface Near {
  /** Null when the embedding model failed or no index serves for it. */
  readonly found: (Nearest & { readonly vector: Float32Array }) | null;
  readonly ms: number;
}

interface Found {
  readonly passages: readonly Passage[];
  readonly isWithoutVectors: boolean;
  readonly vectorMs: number;
}

/**
 * Hybrid search: BM25F and vectors, each in a transaction of its own and at the same time, fused; the best are read and
 * put in order by a trained model. While the embedding model fails, or no index serves for it, lexical search alone
 * answers and the result says so.
 */
export function createKnowledgeSearch(
  dependencies: Dependencies & {
    /** Sees what the last order of a search is made from. */
    readonly observe?: ((ranked: readonly RankedCandidate[]) => void) | undefined;
    /** What the features weigh in the last order, where it is not as shipped. */
    readonly weights?: RankingWeights | undefined;
  },
): KnowledgeSearch {
  const search = { ...dependencies, rerank: createRerank(dependencies.observe, weightsOf(dependencies.weights)) };
  return {
    async search(query, signal) {
      const text = capQuery(query.text);
      const startedAt = performance.now();
      // Asked for its connection first: what waits for it inside of a transaction never holds the last one.
      const words = searchWords(dependencies, query, queryWords(text));
      words.catch(() => undefined);
      const vector = await embedQuestion(dependencies.embeddings, text, signal);
      const embedMs = performance.now() - startedAt;
      const [lexical, found] = await Promise.all([words, findPassages(search, { ...query, text }, vector, words)]);
      signal.throwIfAborted();
      return {
        passages: found.passages,
        analysis: toAnalysis(lexical),
        degraded: found.isWithoutVectors && lexical.vocabulary.statistics.chunks > 0 ? ["vector"] : [],
        embeddings: isBlank(text) ? 0 : 1,
        timings: { embedMs, lexicalMs: lexical.ms, vectorMs: found.vectorMs },
      };
    },
  };
}

function weightsOf(weights: RankingWeights | undefined): readonly number[] | undefined {
  return weights === undefined ? undefined : RANKING_FEATURES.map((name) => weights[name]);
}

async function searchWords(
  { database }: Dependencies,
  { tenantId, audience }: SearchQuery,
  words: readonly QueryWord[],
): Promise<Lexical> {
  const startedAt = performance.now();
  return database.withTenant(tenantId, async (transaction) => {
    const vocabulary = await lookUpWords(transaction, tenantId, words);
    const result = await searchLexical(transaction, tenantId, audience, vocabulary);
    return { vocabulary, result, ms: performance.now() - startedAt };
  });
}

/** Searches vectors while words are searched for, then reads what both have found in the same transaction. */
async function findPassages(
  search: Search,
  query: SearchQuery,
  vector: Float32Array | null,
  words: Promise<Lexical>,
): Promise<Found> {
  return search.database.withTenant(query.tenantId, async (transaction) => {
    const near = await searchNear(search, transaction, query, vector);
    const passages = await choosePassages(search, transaction, query, await words, near);
    return { passages, isWithoutVectors: near.found === null, vectorMs: near.ms };
  });
}

async function searchNear(
  { embeddings }: Dependencies,
  transaction: Queryable,
  { tenantId, audience }: SearchQuery,
  vector: Float32Array | null,
): Promise<Near> {
  if (vector === null) return { found: null, ms: 0 };
  const startedAt = performance.now();
  const nearest = await searchVector(transaction, tenantId, audience, embeddings, vector);
  return { found: nearest === null ? null : { ...nearest, vector }, ms: performance.now() - startedAt };
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}

/** Null when the model fails: search goes on without it. An abort is passed on. */
async function embedQuestion(
  embeddings: EmbeddingModel,
  text: string,
  signal: AbortSignal,
): Promise<Float32Array | null> {
  if (isBlank(text)) return null;
  try {
    const [vector] = await embeddings.embed([text], signal);
    return vector ?? null;
  } catch (error) {
    if (signal.aborted) throw error;
    return null;
  }
}

async function choosePassages(
  { rerank }: Search,
  transaction: Queryable,
  { tenantId, audience, limit, text }: SearchQuery,
  { vocabulary, result }: Lexical,
  { found }: Near,
): Promise<readonly Passage[]> {
  if (result.hits.length === 0 && (found === null || found.hits.length === 0)) return [];
  const hits = found === null ? null : await withLexicalHits(transaction, tenantId, found, result);
  const question = toAskedQuestion(text, vocabulary.words, wordImportance(vocabulary.words, result.idf));
  return selectPassages(fuse(vocabulary.words, result, hits), {
    limit,
    read: (chunkIds) => readPassages(transaction, tenantId, audience, chunkIds),
    sourcesOf: (documentIds) => readSources(transaction, tenantId, documentIds),
    rerank: (candidates) => rerank(question, candidates),
  });
}

/** The nearest, and what lexical search found besides, so that both scores are known of each. */
async function withLexicalHits(
  transaction: Queryable,
  tenantId: TenantId,
  { indexId, vector, hits }: Nearest & { readonly vector: Float32Array },
  lexical: LexicalResult,
): Promise<readonly VectorHit[]> {
  const known = new Set(hits.map(({ chunkId }) => chunkId));
  const others = lexical.hits.filter(({ chunkId }) => !known.has(chunkId));
  const ids = others.map(({ chunkId }) => chunkId);
  const similarities = await measureSimilarity(transaction, tenantId, indexId, vector, ids);
  const measured = others.flatMap(({ chunkId, documentId }) => {
    const similarity = similarities.get(chunkId);
    return similarity === undefined ? [] : [{ chunkId, documentId, similarity }];
  });
  return [...hits, ...measured];
}

function toAnalysis({ vocabulary, result }: Lexical): QueryAnalysis {
  const terms = vocabulary.words.flatMap((word, index) =>
    word.isWeak ? [] : [{ term: word.mainTerm, idf: word.isKnown ? (result.idf[index] ?? 0) : 0, known: word.isKnown }],
  );
  return { terms, corpusChunks: vocabulary.statistics.chunks };
}
