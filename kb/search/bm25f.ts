import type { CorpusStatistics, FieldMeans } from "./corpus-statistics.js";
import { BM25F, CANDIDATES, CHUNK_SHARE } from "./ranking.js";

/** A chunk that holds words of the question, as the lists tell it. */
export interface HeldChunk {
  readonly chunkId: string;
  readonly documentId: string;
  readonly lengths: FieldCounts;
  /** Of the same fields in the whole document, where they are summed. */
  readonly documentLengths: Pick<FieldCounts, "heading" | "body">;
  /** By word of the question: how often each field holds it, weighed by the terms that stand for it. */
  readonly held: ReadonlyMap<number, FieldCounts>;
}

export type FieldCounts = FieldMeans;

/** What a word of the question counts: idf times weight. */
export interface WordImportance {
  readonly chunk: number;
  readonly document: number;
}

/** A chunk with its scores. */
export interface ScoredChunk {
  readonly chunk: HeldChunk;
  /** BM25F of the chunk. */
  readonly chunkScore: number;
  /** Chunk and document together. */
  readonly score: number;
}

interface DocumentHold {
  readonly counts: FieldCounts;
  readonly lengths: FieldCounts;
}

/**
 * The best chunks by BM25F of chunk and document, best first, with at most a few of each document. Equals stand in the order
 * of their ids.
 * @param importance by word of the question
 */
export function scoreChunks(
  chunks: readonly HeldChunk[],
  importance: ReadonlyMap<number, WordImportance>,
  { meanLength }: CorpusStatistics,
): readonly ScoredChunk[] {
  const inOrder = [...chunks].sort((one, other) => (one.chunkId < other.chunkId ? -1 : 1));
  const scored: ScoredChunk[] = [];
  for (const members of byDocument(inOrder)) {
    const ofDocument = scoreDocument(members, importance, meanLength.document);
    const best = members
      .map((chunk) => ({ chunk, chunkScore: scoreChunk(chunk, importance, meanLength.chunk) }))
      .sort((one, other) => other.chunkScore - one.chunkScore)
      .slice(0, CANDIDATES.perDocument);
    for (const { chunk, chunkScore } of best) {
      scored.push({ chunk, chunkScore, score: CHUNK_SHARE * chunkScore + (1 - CHUNK_SHARE) * ofDocument });
    }
  }
  return scored
    .sort((one, other) => other.score - one.score || (one.chunk.chunkId < other.chunk.chunkId ? -1 : 1))
    .slice(0, CANDIDATES.lexical);
}

/** What a term that fills a field of a chunk alone would weigh at most, with its importance 1. */
export const MOST = BM25F.saturation + 1;

function byDocument(chunks: readonly HeldChunk[]): Iterable<readonly HeldChunk[]> {
  const documents = new Map<string, HeldChunk[]>();
  for (const chunk of chunks) {
    const members = documents.get(chunk.documentId);
    if (members === undefined) documents.set(chunk.documentId, [chunk]);
    else members.push(chunk);
  }
  return documents.values();
}

function scoreChunk(
  { held, lengths }: HeldChunk,
  importance: ReadonlyMap<number, WordImportance>,
  means: FieldMeans,
): number {
  let score = 0;
  for (const [word, counts] of held) {
    score += (importance.get(word)?.chunk ?? 0) * saturated(weightOf(counts, lengths, means));
  }
  return score;
}

/** A title and the variants of a question stand in each chunk of their document, so they count once; the rest is summed. */
function scoreDocument(
  chunks: readonly HeldChunk[],
  importance: ReadonlyMap<number, WordImportance>,
  means: FieldMeans,
): number {
  const words = new Map<number, DocumentHold>();
  for (const chunk of chunks) {
    for (const [word, counts] of chunk.held) words.set(word, together(words.get(word), counts, chunk));
  }
  let score = 0;
  for (const [word, { counts, lengths }] of words) {
    score += (importance.get(word)?.document ?? 0) * saturated(weightOf(counts, lengths, means));
  }
  return score;
}

function together(
  known: DocumentHold | undefined,
  counts: FieldCounts,
  { lengths, documentLengths }: HeldChunk,
): DocumentHold {
  if (known === undefined) return { counts, lengths: { ...lengths, ...documentLengths } };
  return {
    counts: {
      title: Math.max(known.counts.title, counts.title),
      heading: known.counts.heading + counts.heading,
      question: Math.max(known.counts.question, counts.question),
      body: known.counts.body + counts.body,
    },
    lengths: {
      title: Math.max(known.lengths.title, lengths.title),
      heading: documentLengths.heading,
      question: Math.max(known.lengths.question, lengths.question),
      body: documentLengths.body,
    },
  };
}

/** Each field's count, against the usual length of the field. */
function weightOf(counts: FieldCounts, lengths: FieldCounts, means: FieldMeans): number {
  return (
    fieldWeight("title", counts, lengths, means) +
    fieldWeight("heading", counts, lengths, means) +
    fieldWeight("question", counts, lengths, means) +
    fieldWeight("body", counts, lengths, means)
  );
}

function fieldWeight(field: keyof FieldMeans, counts: FieldCounts, lengths: FieldCounts, means: FieldMeans): number {
  const { weight, lengthShare } = BM25F[field];
  return (weight * counts[field]) / (1 - lengthShare + (lengthShare * lengths[field]) / means[field]);
}

function saturated(weight: number): number {
  return (weight * MOST) / (BM25F.saturation + weight);
}
