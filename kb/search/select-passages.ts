import type { Passage } from "../../src/ports/knowledge.js";
import { tokenize } from "../../src/text/tokens.js";
import { CANDIDATES, DUPLICATE_OVERLAP } from "./ranking.js";

/** The best passages, without those that repeat a better one and with at most a few of each document. */
export function selectPassages(ranked: readonly Passage[], limit: number): readonly Passage[] {
  const selected: { readonly passage: Passage; readonly words: ReadonlySet<string> }[] = [];
  const perDocument = new Map<string, number>();
  for (const passage of ranked) {
    if (selected.length >= limit) break;
    const ofDocument = perDocument.get(passage.documentId) ?? 0;
    if (ofDocument >= CANDIDATES.perDocument) continue;
    const words = wordSet(passage);
    if (selected.some((other) => overlap(words, other.words) >= DUPLICATE_OVERLAP)) continue;
    perDocument.set(passage.documentId, ofDocument + 1);
    selected.push({ passage, words });
  }
  return selected.map(({ passage }) => passage);
}

// The title belongs to it: "Contact support." under two questions is two answers.
function wordSet(passage: Passage): ReadonlySet<string> {
  return new Set(tokenize([passage.title, ...passage.headingPath, passage.text].join("\n")).map(({ word }) => word));
}

/** Jaccard similarity. */
function overlap(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const [small, large] = one.size <= other.size ? [one, other] : [other, one];
  if (large.size === 0 || small.size < large.size * DUPLICATE_OVERLAP) return 0;
  let shared = 0;
  for (const word of small) if (large.has(word)) shared += 1;
  return shared / (small.size + large.size - shared);
}
