import { setImmediate as nextTurn } from "node:timers/promises";
import type { Database, Queryable } from "../../src/ports/database.js";
import type { KnowledgeSearch, Passage, QueryAnalysis, SearchQuery } from "../../src/ports/knowledge.js";
import type { EmbeddingModel } from "../../src/ports/models.js";
import { RANKING_FEATURES, type RankingWeights } from "../../src/ports/ranking-features.js";
import type { Language } from "../../src/text/stop-words.js";
import type { TextVectors } from "../../src/text/word-vectors.js";
import type { AskedQuestion } from "./asked-question.js";
import { joinedWords } from "./compounds.js";
import { fuse, wordImportance } from "./fuse.js";
import { HouseSynonyms } from "./house-synonyms.js";
import { searchLexical, type LexicalResult } from "./lexical-search.js";
import { toAskedQuestion } from "./passage-features.js";
import { placeCandidates } from "./place-candidates.js";
import { capQuery, languagesOf, queryWords, type QueryWord } from "./query-terms.js";
import { readOut, type ReadOut } from "./read-out.js";
import { readPassages } from "./read-passages.js";
import { createRerank, type RankedCandidate, type ReadCandidate } from "./rerank.js";
import { restate } from "./restate.js";
import { nominate, selectPassages, withTexts } from "./select-passages.js";
import type { PlacedSynonym, SynonymGroup } from "./synonyms.js";
import { searchVector, type Nearest } from "./vector-search.js";
import { lookUpWords, type Vocabulary } from "./vocabulary.js";

interface Dependencies {
  readonly database: Database;
  readonly embeddings: EmbeddingModel;
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
  readonly candidates: readonly ReadCandidate[];
  readonly isWithoutVectors: boolean;
  readonly vectorMs: number;
}

export interface SearchOptions {
  /** Sees what the last order of a search is made from. */
  readonly observe?: ((ranked: readonly RankedCandidate[]) => void) | undefined;
  /** What the features weigh in the last order, where it is not as shipped. */
  readonly weights?: RankingWeights | undefined;
  /** What the last order tells nearness in meaning by; without them all passages are equally near. */
  readonly textVectors?: TextVectors | undefined;
  /** Words that mean the same in this house. */
  readonly synonyms?: readonly SynonymGroup[] | undefined;
  /** Whether an abbreviation that a document explains means the same as what it stands for; it does unless told. */
  readonly abbreviations?: boolean | undefined;
  /** So long what an abbreviation means, once read, counts; a minute unless told. */
  readonly abbreviationsMaxAgeMs?: number | undefined;
  /** Whether the newer one of two passages that say nearly the same goes before; it does unless told. */
  readonly newerFirst?: boolean | undefined;
}

/**
 * Hybrid search: BM25F and vectors, each in a transaction of its own and at the same time, fused; the best are read and
 * put in order by a trained model. While the embedding model fails, or no index serves for it, lexical search alone
 * answers and the result says so.
 */
export function createKnowledgeSearch(dependencies: Dependencies & SearchOptions): KnowledgeSearch {
  const { observe, weights, textVectors, newerFirst = true } = dependencies;
  const house = new HouseSynonyms({
    database: dependencies.database,
    told: dependencies.synonyms ?? [],
    mines: dependencies.abbreviations ?? true,
    maxAgeMs: dependencies.abbreviationsMaxAgeMs,
  });
  const rerank = createRerank({ observe, weights: weightsOf(weights), vectors: textVectors });
  return {
    async search(query, signal) {
      const text = capQuery(query.text);
      const startedAt = performance.now();
      const said = await house.find(query.tenantId, query.audience, text);
      // Asked for its connection first: what waits for it inside of a transaction never holds the last one.
      const asked = queryWords(text, [...said, ...joinedWords(text)]);
      const words = searchWords(dependencies, query, asked, languagesOf(text));
      const vector = await embedQuestion(dependencies.embeddings, text, signal);
      const embedMs = performance.now() - startedAt;
      const found = findCandidates(dependencies, { ...query, text }, vector, words.found);
      const [lexical, { candidates, isWithoutVectors, vectorMs }] = await Promise.all([words.found, found.found]);
      // The transactions end meanwhile.
      await nextTurn();
      const passages = selectPassages(rerank(toQuestion(text, lexical), candidates), {
        limit: query.limit,
        newerFirst,
      });
      await Promise.all([words.ended, found.ended]);
      signal.throwIfAborted();
      return {
        passages,
        analysis: { ...toAnalysis(lexical), ...restated(text, said, passages) },
        degraded: isWithoutVectors && lexical.vocabulary.statistics.chunks > 0 ? ["vector"] : [],
        embeddings: isBlank(text) ? 0 : 1,
        timings: { embedMs, lexicalMs: lexical.ms, vectorMs },
      };
    },
  };
}

function weightsOf(weights: RankingWeights | undefined): readonly number[] | undefined {
  return weights === undefined ? undefined : RANKING_FEATURES.map((name) => weights[name]);
}

function searchWords(
  { database }: Dependencies,
  { tenantId, audience }: SearchQuery,
  words: readonly QueryWord[],
  languages: readonly Language[],
): ReadOut<Lexical> {
  const startedAt = performance.now();
  return readOut(database, tenantId, async (transaction) => {
    const vocabulary = await lookUpWords(transaction, tenantId, words, languages);
    const result = await searchLexical(transaction, tenantId, audience, vocabulary);
    return { vocabulary, result, ms: performance.now() - startedAt };
  });
}

/** Searches vectors while words are searched for, then reads what both have found in the same transaction. */
function findCandidates(
  dependencies: Dependencies,
  query: SearchQuery,
  vector: Float32Array | null,
  words: Promise<Lexical>,
): ReadOut<Found> {
  return readOut(dependencies.database, query.tenantId, async (transaction) => {
    const near = await searchNear(dependencies, transaction, query, vector);
    const candidates = await readCandidates(transaction, query, await words, near);
    return { candidates, isWithoutVectors: near.found === null, vectorMs: near.ms };
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

async function readCandidates(
  transaction: Queryable,
  { tenantId, audience, limit }: SearchQuery,
  { vocabulary, result }: Lexical,
  { found }: Near,
): Promise<readonly ReadCandidate[]> {
  if (result.hits.length === 0 && (found === null || found.hits.length === 0)) return [];
  const { similar, sources } = await placeCandidates(transaction, tenantId, result.hits, found);
  const nominees = nominate(fuse(vocabulary.words, result, similar), sources, limit);
  const ids = nominees.candidates.map(({ chunkId }) => chunkId);
  return withTexts(nominees, await readPassages(transaction, tenantId, audience, ids, { isPrepared: true }));
}

function toQuestion(text: string, { vocabulary, result }: Lexical): AskedQuestion {
  return toAskedQuestion(text, vocabulary.words, wordImportance(vocabulary.words, result.idf));
}

function toAnalysis({ vocabulary, result }: Lexical): QueryAnalysis {
  const terms = vocabulary.words.flatMap((word, index) =>
    word.isWeak || word.phrase !== null
      ? []
      : [
          {
            term: word.mainTerm,
            idf: word.isKnown ? (result.idf[index] ?? 0) : 0,
            known: word.isKnown,
            ...(word.synonyms.length === 0 ? {} : { synonyms: word.synonyms }),
          },
        ],
  );
  return { terms, corpusChunks: vocabulary.statistics.chunks };
}

function restated(
  text: string,
  said: readonly PlacedSynonym[],
  [first]: readonly Passage[],
): Pick<QueryAnalysis, "restated"> {
  const question = first === undefined ? null : restate(text, said, first);
  return question === null ? {} : { restated: question };
}
