import type { Passage, SearchResult } from "../../ports/knowledge.js";
import { analyze, languageOf } from "../../text/analyze.js";

/** What retrieval shows about a question, each part between 0 and 1 or close to it. The names stand in traces. */
export const FEATURES = [
  /** Share of the question's idf mass that the first passage holds. */
  "coverage",
  /** BM25F of the first passage by itself; saturates. */
  "strength",
  /** Its cosine similarity; half its coverage while there are no vectors. */
  "similarity",
  /** How far the next document with another title is behind, as a share of the first one's score. */
  "margin",
  /** 1 when lexical and vector search put the same title first. */
  "agreement",
  /** Share of the question's idf mass in words that the knowledge base does not have. */
  "unknown",
  /** Share of the first title's words that the question holds. */
  "titleMatched",
  /** How many content words the question has; saturates. */
  "length",
  /** How many other titles score nearly as much as the first. */
  "rivals",
] as const;

export type FeatureName = (typeof FEATURES)[number];
export type Features = Readonly<Record<FeatureName, number>>;

/** A document within this share of the first one's score is a rival. */
const RIVAL_SHARE = 0.85;

/** A BM25F score of this much is half way to the strongest. */
const HALF_STRENGTH = 25;

/** Null when nothing was found or nothing was asked: then there is nothing to be confident about. */
export function featuresOf(question: string, result: SearchResult): Features | null {
  const [first] = result.passages;
  if (first === undefined || result.analysis.terms.length === 0) return null;
  const masses = termMasses(result);
  const total = sum([...masses.values()]);
  const bests = bestOfTitles(result.passages);
  const second = bests[1];
  const title = wordsOf(first.title, question);
  const asked = new Set(wordsOf(question, question));
  return {
    coverage: first.scores.coverage,
    strength: first.scores.lexical / (first.scores.lexical + HALF_STRENGTH),
    similarity: first.scores.vector ?? first.scores.coverage / 2,
    margin: second === undefined ? 1 : 1 - second.scores.fused / Math.max(first.scores.fused, 1e-6),
    agreement: agrees(result.passages, first) ? 1 : 0,
    unknown: sum(result.analysis.terms.filter(({ known }) => !known).map(({ term }) => masses.get(term) ?? 0)) / total,
    titleMatched: title.length === 0 ? 0 : title.filter((word) => asked.has(word)).length / title.length,
    length: masses.size / (masses.size + 4),
    rivals: rivalShare(bests),
  };
}

/** The question's different terms with what they count: their idf, for unknown ones that of a word found once. */
function termMasses({ analysis }: SearchResult): ReadonlyMap<string, number> {
  const unknown = Math.log(1 + (analysis.corpusChunks + 0.5) / 1.5);
  return new Map(analysis.terms.map(({ term, idf }) => [term, idf > 0 ? idf : unknown]));
}

// Both sides in the language of the question, so that the same word has the same stem.
function wordsOf(text: string, question: string): readonly string[] {
  return analyze(text, languageOf(question))
    .filter((group) => !group.isWeak)
    .flatMap((group) => [group.term, ...group.others]);
}

// Documents of one title (several answers to one question, say) do not compete with each other.
function bestOfTitles(passages: readonly Passage[]): readonly Passage[] {
  const bests = new Map<string, Passage>();
  for (const passage of passages) if (!bests.has(passage.title)) bests.set(passage.title, passage);
  return [...bests.values()];
}

function agrees(passages: readonly Passage[], first: Passage): boolean {
  const best = (score: (passage: Passage) => number): Passage =>
    passages.reduce((leader, passage) => (score(passage) > score(leader) ? passage : leader), first);
  const lexical = best((passage) => passage.scores.lexical);
  const near = best((passage) => passage.scores.vector ?? -1);
  return lexical.title === first.title && near.title === first.title;
}

function rivalShare(bests: readonly Passage[]): number {
  const [first, ...others] = bests;
  if (first === undefined) return 0;
  const rivals = others.filter((other) => other.scores.fused >= RIVAL_SHARE * first.scores.fused).length;
  return rivals / (rivals + 2);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
