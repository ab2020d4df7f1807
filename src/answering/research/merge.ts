import type { Passage, SearchResult } from "../../ports/knowledge.js";

const MAX_PASSAGES_PER_DOCUMENT = 3;

/**
 * What several searches and opened documents have found, as one result: first the documents that the model says are
 * needed, then the best of each list in turn, the first search first. A question of several parts needs several documents,
 * so that the best passage of each comes before the second of any. Each passage comes once, and at most three of a
 * document. What the question looked like to the index stays.
 */
export function mergeResults(
  first: SearchResult,
  further: readonly (readonly Passage[])[],
  chosen: readonly string[],
  limit: number,
): SearchResult {
  if (further.length === 0 && chosen.length === 0) return first;
  const lists = [first.passages, ...further.map(withoutRelevance)];
  const known = new Map(first.passages.map((passage) => [passage.chunkId, passage]));
  const all = distinct(inTurn(lists), known);
  const ofChosen = chosen.flatMap((id) => all.filter(({ documentId }) => documentId === id).slice(0, 1));
  const passages = distinct([...ofChosen, ...bestOfEach(all), ...all], known);
  return { ...first, passages: passages.slice(0, limit) };
}

function bestOfEach(passages: readonly Passage[]): readonly Passage[] {
  const best = new Map<string, Passage>();
  for (const passage of passages) if (!best.has(passage.documentId)) best.set(passage.documentId, passage);
  return [...best.values()];
}

function inTurn(lists: readonly (readonly Passage[])[]): readonly Passage[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, rank) => lists.flatMap((list) => list.slice(rank, rank + 1))).flat();
}

/** Where the first search has found a passage too, its scores are those that speak of the question. */
function distinct(passages: readonly Passage[], known: ReadonlyMap<string, Passage>): readonly Passage[] {
  const taken = new Map<string, Passage>();
  const perDocument = new Map<string, number>();
  for (const passage of passages) {
    const count = perDocument.get(passage.documentId) ?? 0;
    if (taken.has(passage.chunkId) || count >= MAX_PASSAGES_PER_DOCUMENT) continue;
    perDocument.set(passage.documentId, count + 1);
    taken.set(passage.chunkId, known.get(passage.chunkId) ?? passage);
  }
  return [...taken.values()];
}

/** Relevances of two questions cannot be compared. */
function withoutRelevance(passages: readonly Passage[]): readonly Passage[] {
  return passages.map((passage) => {
    const { lexical, vector, coverage, fused } = passage.scores;
    return { ...passage, scores: { lexical, vector, coverage, fused } };
  });
}
