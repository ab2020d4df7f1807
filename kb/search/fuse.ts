import type { Passage } from "../../src/ports/knowledge.js";
import type { LexicalHit, LexicalResult } from "./lexical-search.js";
import { toPassage, type PassageRow } from "./passage-row.js";
import { VECTOR_SHARE } from "./ranking.js";
import type { VectorHit } from "./vector-search.js";
import type { ResolvedWord } from "./vocabulary.js";

/** What lexical and vector search found, as one list, best first. `vector` is null when it did not run. */
export function fuse(
  words: readonly ResolvedWord[],
  lexical: LexicalResult,
  vector: readonly VectorHit[] | null,
): readonly Passage[] {
  const lexicalHits = new Map(lexical.hits.map((hit) => [hit.row.chunk_id, hit]));
  const similarities = new Map((vector ?? []).map((hit) => [hit.row.chunk_id, hit.similarity]));
  const rows = new Map<string, PassageRow>();
  for (const { row } of [...lexical.hits, ...(vector ?? [])]) rows.set(row.chunk_id, row);
  const importance = contentImportance(words, lexical.idf);
  return [...rows.values()]
    .map((row) => {
      const hit = lexicalHits.get(row.chunk_id);
      const similarity = similarities.get(row.chunk_id) ?? null;
      const scores = {
        lexical: hit?.chunkScore ?? 0,
        vector: similarity,
        coverage: coverageOf(hit, importance),
        fused: fusedScore(hit?.share ?? 0, vector === null ? null : (similarity ?? 0)),
      };
      return { ...toPassage(row), scores };
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
    if (word.isWeak) return 0;
    const known = idf[index] ?? 0;
    return known === 0 ? rarest : known;
  });
}

function coverageOf(hit: LexicalHit | undefined, importance: readonly number[]): number {
  const total = importance.reduce((sum, each) => sum + each, 0);
  if (hit === undefined || total === 0) return 0;
  return hit.matched.reduce((sum, position) => sum + (importance[position] ?? 0), 0) / total;
}
