import type { Passage, SearchResult } from "../../ports/knowledge.js";
import { analyze, languageOf } from "../../text/analyze.js";

/** What retrieval shows about a question, each part between 0 and 1 or close to it. The names stand in traces. */
export const FEATURES = [
  /** Share of the question's idf mass that the first passage holds. */
  "coverage",
  /** The same, over all passages of the first document. */
  "documentCoverage",
  /** BM25F of the first passage against the best it could be for this question. */
  "lexicalShare",
  /** The fused score of the first passage. */
  "fused",
  /** Its cosine similarity. */
  "similarity",
  /** How far the next document is behind, as a share of the first one's score. */
  "margin",
  /** The same for cosine similarity. */
  "similarityMargin",
  /** 1 when lexical and vector search put the same document first. */
  "agreement",
  /** Share of the question's idf mass in words that the knowledge base does not have. */
  "unknown",
  /** Share of the question's idf mass that the first title holds. */
  "titleCoverage",
  /** Share of the first title's words that the question holds. */
  "titleMatched",
  /** 1 when the rarest known word of the question is in the first passage. */
  "rarestFound",
  /** Share of the question's neighbouring words that stand together in the first passage. */
  "pairs",
  /** How many content words the question has; saturates. */
  "length",
  /** How many documents score nearly as much as the first. */
  "rivals",
] as const;

export type FeatureName = (typeof FEATURES)[number];
export type Features = Readonly<Record<FeatureName, number>>;

/** A document within this share of the first one's score is a rival. */
const RIVAL_SHARE = 0.85;

/** Null when nothing was found or nothing was asked: then there is nothing to be confident about. */
export function featuresOf(question: string, result: SearchResult): Features | null {
  const [first] = result.passages;
  if (first === undefined || result.analysis.terms.length === 0) return null;
  const masses = termMasses(result);
  const total = sum([...masses.values()]);
  const bests = bestOfDocuments(result.passages);
  const second = bests[1];
  const title = wordsOf(first.title, question);
  const body = wordsOf([first.title, ...first.headingPath, first.text].join("\n"), question);
  const massIn = (words: readonly string[]): number =>
    sum([...masses].filter(([term]) => words.includes(term)).map(([, mass]) => mass)) / total;
  const asked = new Set(wordsOf(question, question));
  const similarity = first.scores.vector ?? first.scores.coverage / 2;
  return {
    coverage: first.scores.coverage,
    documentCoverage: documentCoverage(result.passages, first, masses, question) / total,
    lexicalShare: Math.min(first.scores.lexical / (5 * total), 1),
    fused: first.scores.fused,
    similarity,
    margin: second === undefined ? 1 : 1 - second.scores.fused / Math.max(first.scores.fused, 1e-6),
    similarityMargin:
      second === undefined ? similarity : similarity - (second.scores.vector ?? second.scores.coverage / 2),
    agreement: agrees(result.passages, first) ? 1 : 0,
    unknown: sum(result.analysis.terms.filter(({ known }) => !known).map(({ term }) => masses.get(term) ?? 0)) / total,
    titleCoverage: massIn(title),
    titleMatched: title.length === 0 ? 0 : title.filter((word) => asked.has(word)).length / title.length,
    rarestFound: rarestFound(result, body),
    pairs: pairShare(wordsOf(question, question), body),
    length: masses.size / (masses.size + 4),
    rivals: rivalShare(bests),
  };
}

/** The question's different terms with what they count: their idf, for unknown ones that of a word found once. */
function termMasses({ analysis }: SearchResult): ReadonlyMap<string, number> {
  const unknown = Math.log(1 + (analysis.corpusChunks + 0.5) / 1.5);
  return new Map(analysis.terms.map(({ term, idf }) => [term, idf > 0 ? idf : unknown]));
}

// Both sides in the language of the question: a term of the analysis must be found again in the passage.
function wordsOf(text: string, question: string): readonly string[] {
  return analyze(text, languageOf(question))
    .filter((group) => !group.isWeak)
    .flatMap((group) => [group.term, ...group.others]);
}

function documentCoverage(
  passages: readonly Passage[],
  first: Passage,
  masses: ReadonlyMap<string, number>,
  question: string,
): number {
  const own = passages.filter((passage) => passage.documentId === first.documentId);
  const words = new Set(
    own.flatMap((passage) => wordsOf([passage.title, ...passage.headingPath, passage.text].join("\n"), question)),
  );
  return sum([...masses].filter(([term]) => words.has(term)).map(([, mass]) => mass));
}

function bestOfDocuments(passages: readonly Passage[]): readonly Passage[] {
  const bests = new Map<string, Passage>();
  for (const passage of passages) if (!bests.has(passage.documentId)) bests.set(passage.documentId, passage);
  return [...bests.values()];
}

function agrees(passages: readonly Passage[], first: Passage): boolean {
  const best = (score: (passage: Passage) => number): Passage =>
    passages.reduce((leader, passage) => (score(passage) > score(leader) ? passage : leader), first);
  const lexical = best((passage) => passage.scores.lexical);
  const near = best((passage) => passage.scores.vector ?? -1);
  return lexical.documentId === first.documentId && near.documentId === first.documentId;
}

function rarestFound({ analysis }: SearchResult, body: readonly string[]): number {
  const known = analysis.terms.filter((term) => term.known);
  if (known.length === 0) return 0;
  const rarest = known.reduce((best, term) => (term.idf > best.idf ? term : best));
  return body.includes(rarest.term) ? 1 : 0;
}

function pairShare(asked: readonly string[], body: readonly string[]): number {
  const pairs = new Set(neighbours(asked));
  if (pairs.size === 0) return 0;
  const there = new Set(neighbours(body));
  return [...pairs].filter((pair) => there.has(pair)).length / pairs.size;
}

function neighbours(words: readonly string[]): readonly string[] {
  return words.slice(1).map((word, index) => `${words[index] ?? ""} ${word}`);
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
