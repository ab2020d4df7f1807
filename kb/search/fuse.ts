import type { PassageScores } from "../../src/ports/knowledge.js";
import type { LexicalHit, LexicalResult } from "./lexical-search.js";
import { VECTOR_SHARE, WEAK_SHARE } from "./ranking.js";
import type { VectorHit } from "./vector-search.js";
import type { ResolvedWord } from "./resolved-word.js";

/** A chunk with its scores, before its text has been read. */
export interface Candidate {
  readonly chunkId: string;
  readonly documentId: string;
  readonly scores: PassageScores;
}

/** What lexical and vector search found, as one list, best first. `vector` is null when it did not run. */
export function fuse(
  words: readonly ResolvedWord[],
  lexical: LexicalResult,
  vector: readonly VectorHit[] | null,
): readonly Candidate[] {
  const lexicalHits = new Map(lexical.hits.map((hit) => [hit.chunkId, hit]));
  const similarities = new Map((vector ?? []).map((hit) => [hit.chunkId, hit.similarity]));
  const importance = contentImportance(words, lexical.idf);
  const documents = new Map([...lexical.hits, ...(vector ?? [])].map((hit) => [hit.chunkId, hit.documentId]));
  return [...documents]
    .map(([chunkId, documentId]) => {
      const hit = lexicalHits.get(chunkId);
      const similarity = similarities.get(chunkId) ?? null;
      const scores = {
        lexical: hit?.chunkScore ?? 0,
        vector: similarity,
        coverage: coverageOf(hit, importance),
        fused: fusedScore(hit?.share ?? 0, vector === null ? null : (similarity ?? 0)),
      };
      return { chunkId, documentId, scores };
    })
    .sort((one, other) => other.scores.fused - one.scores.fused || (one.chunkId < other.chunkId ? -1 : 1));
}

/** Between 0 and 1. Without vectors the lexical share stands alone, so that a failing endpoint does not lower it. */
function fusedScore(share: number, similarity: number | null): number {
  const lexical = Math.min(Math.max(share, 0), 1);
  if (similarity === null) return lexical;
  return (1 - VECTOR_SHARE) * lexical + VECTOR_SHARE * Math.min(Math.max(similarity, 0), 1);
}

/**
 * What each word counts towards coverage: its idf, and for a word the knowledge base does not have, the idf of the
 * rarest one it has. Words without a topic count nothing.
 */
export function contentImportance(words: readonly ResolvedWord[], idf: readonly number[]): readonly number[] {
  const rarest = Math.max(...idf, 1);
  return words.map((word, index) => {
    if (word.isWeak || word.phrase !== null) return 0;
    const known = idf[index] ?? 0;
    return known === 0 ? rarest : known;
  });
}

/** The same, and words without a topic count a little, by what they tell apart. */
export function wordImportance(words: readonly ResolvedWord[], idf: readonly number[]): readonly number[] {
  return contentImportance(words, idf).map((content, index) =>
    words[index]?.isWeak === true ? WEAK_SHARE * (idf[index] ?? 0) : content,
  );
}

function coverageOf(hit: LexicalHit | undefined, importance: readonly number[]): number {
  const total = importance.reduce((sum, each) => sum + each, 0);
  if (hit === undefined || total === 0) return 0;
  return hit.matched.reduce((sum, position) => sum + (importance[position] ?? 0), 0) / total;
}
