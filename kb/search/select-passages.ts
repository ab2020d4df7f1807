import type { Passage } from "../../src/ports/knowledge.js";
import type { Candidate } from "./fuse.js";
import { isNewerTwin } from "./newer-twin.js";
import type { PassageText } from "./read-passages.js";
import { CANDIDATES, DUPLICATE_OVERLAP, RERANKED, TWIN_OVERLAP } from "./ranking.js";
import type { ReadCandidate } from "./rerank.js";
import { leadOfSources } from "./source-lead.js";

/** How many candidates are read in case some repeat others. */
const SPARE = 10;

/**
 * The candidates to read, best first: a few of each document, with some to spare in case some repeat others. Those are few
 * of all that was proposed, which tells how far each source leads.
 */
export function nominate(
  proposed: readonly Candidate[],
  sources: ReadonlyMap<string, string>,
  limit: number,
): Nominees {
  const capped = capDocuments(proposed);
  return { candidates: capped.slice(0, Math.max(limit + SPARE, RERANKED)), leads: leadOfSources(capped, sources) };
}

export interface Nominees {
  readonly candidates: readonly Candidate[];
  /** How far each source leads. */
  readonly leads: ReadonlyMap<string, number>;
}

/** The candidates that were readable, with their texts. */
export function withTexts(
  { candidates, leads }: Nominees,
  texts: ReadonlyMap<string, PassageText>,
): readonly ReadCandidate[] {
  return candidates.flatMap(({ chunkId, scores }) => {
    const text = texts.get(chunkId);
    if (text === undefined) return [];
    return [{ text, scores: { ...scores, sourceLead: leads.get(text.sourceId) ?? 0 } }];
  });
}

interface Selected {
  readonly passage: Passage;
  readonly words: ReadonlySet<number>;
}

/**
 * The best passages of a ranking, without those that repeat a better or newer one.
 *
 * @param options.newerFirst whether the newer one of two passages that say nearly the same goes before
 */
export function selectPassages(
  ranked: readonly ReadCandidate[],
  { limit, newerFirst }: { readonly limit: number; readonly newerFirst: boolean },
): readonly Passage[] {
  const selected: Selected[] = [];
  for (const { text, scores } of ranked) {
    if (selected.length >= limit) break;
    place(selected, { passage: { ...text, scores }, words: wordSet(text) }, newerFirst);
  }
  return selected.map(({ passage }) => passage);
}

/** Behind all others, unless it repeats one or is the newer twin of one: the first such gives it its place. */
function place(selected: Selected[], added: Selected, newerFirst: boolean): void {
  const isNewer = (other: Selected): boolean => newerFirst && isNewerTwin(added.passage, other.passage);
  const repeated = selected.findIndex((other) => overlap(added.words, other.words, DUPLICATE_OVERLAP));
  const known = selected[repeated];
  if (known !== undefined) {
    if (isNewer(known)) selected[repeated] = added;
    return;
  }
  const older = selected.findIndex((other) => isNewer(other) && overlap(added.words, other.words, TWIN_OVERLAP));
  selected.splice(older === -1 ? selected.length : older, 0, added);
}

function capDocuments(ranked: readonly Candidate[]): readonly Candidate[] {
  const perDocument = new Map<string, number>();
  return ranked.filter(({ documentId }) => {
    const count = (perDocument.get(documentId) ?? 0) + 1;
    perDocument.set(documentId, count);
    return count <= CANDIDATES.perDocument;
  });
}

// The title belongs to it: "Contact support." under two questions is two answers. Words by their hashes (FNV-1a), since only how
// many are shared is asked.
function wordSet(passage: PassageText): ReadonlySet<number> {
  const text = [passage.title, ...passage.headingPath, passage.text].join("\n").toLowerCase();
  const words = new Set<number>();
  for (let start = 0; start < text.length;) {
    let end = start;
    let hash = 0x811c9dc5;
    for (let code = text.charCodeAt(end); end < text.length && !isSpace(code); code = text.charCodeAt(end)) {
      hash = Math.imul(hash ^ code, 0x01000193);
      end += 1;
    }
    if (end > start) words.add(hash);
    start = end + 1;
  }
  return words;
}

function isSpace(code: number): boolean {
  return code <= 0x20 || code === 0xa0 || code === 0x3000 || (code >= 0x2000 && code <= 0x200a);
}

/** Whether they share so many words (Jaccard). Most do not, and it shows after a few of them. */
function overlap(one: ReadonlySet<number>, other: ReadonlySet<number>, least: number): boolean {
  const [small, large] = one.size <= other.size ? [one, other] : [other, one];
  if (large.size === 0 || small.size < large.size * least) return false;
  const needed = Math.floor((least * (small.size + large.size)) / (1 + least));
  let missing = 0;
  for (const word of small) {
    if (large.has(word)) continue;
    missing += 1;
    if (small.size - missing < needed) return false;
  }
  const shared = small.size - missing;
  return shared / (small.size + large.size - shared) >= least;
}
