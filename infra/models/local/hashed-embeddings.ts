import type { EmbeddingModel } from "../../../src/ports/models.js";
import { analyze, languageOf, type TermGroup } from "../../../src/text/analyze.js";

/** How much each kind of feature counts. */
const WEIGHTS = { stem: 1, pair: 0.5, pieces: 0.35 } as const;
const DIMENSIONS = 384;
const PIECE_LENGTHS = [3, 4] as const;
/** Texts are embedded up to this length; a chunk is shorter. */
const MAX_CHARACTERS = 8_000;

/**
 * Embeddings without a model: stems, pairs of neighbouring stems and pieces of words are hashed into a fixed number of
 * signed buckets (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009), counts damped by
 * their logarithm. They find other forms and misspellings of a word; they know nothing about meaning. No network.
 */
export function createHashedEmbeddings(): EmbeddingModel {
  return {
    id: `hashed-${DIMENSIONS}-1`,
    dimensions: DIMENSIONS,
    embed(texts, signal) {
      signal.throwIfAborted();
      return Promise.resolve(texts.map(embedText));
    },
  };
}

function embedText(text: string): Float32Array {
  const capped = text.slice(0, MAX_CHARACTERS).toWellFormed();
  const counts = new Map<string, number>();
  const groups = analyze(capped, languageOf(capped));
  for (const [feature, weight] of groups.flatMap((group, index) => featuresOf(group, groups[index + 1]))) {
    counts.set(feature, (counts.get(feature) ?? 0) + weight);
  }
  const vector = new Float32Array(DIMENSIONS);
  for (const [feature, count] of counts) addFeature(vector, feature, Math.log1p(count));
  return toUnitLength(vector);
}

function featuresOf(group: TermGroup, next: TermGroup | undefined): (readonly [string, number])[] {
  const strength = group.isWeak ? 0.4 : 1;
  const terms = [group.term, ...group.others].map((term) => [`s:${term}`, WEIGHTS.stem * strength] as const);
  const pair = next === undefined ? [] : [[`p:${group.term} ${next.term}`, WEIGHTS.pair * strength] as const];
  const pieces = group.isWeak ? [] : piecesOf(group.term).map((piece) => [`c:${piece}`, WEIGHTS.pieces] as const);
  return [...terms, ...pair, ...pieces];
}

function piecesOf(term: string): readonly string[] {
  const marked = `<${term}>`;
  return PIECE_LENGTHS.flatMap((length) =>
    Array.from({ length: Math.max(marked.length - length + 1, 0) }, (_, start) => marked.slice(start, start + length)),
  );
}

function addFeature(vector: Float32Array, feature: string, value: number): void {
  const hash = fnv1a(feature);
  const bucket = hash % DIMENSIONS;
  const sign = (hash & 0x8000_0000) === 0 ? 1 : -1;
  vector[bucket] = (vector[bucket] ?? 0) + sign * value;
}

/** 32-bit FNV-1a over UTF-16 code units, finished by an avalanche step so that sign and bucket do not depend on each other. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A text without a word has no direction; it gets one that is far from all others. */
function toUnitLength(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  if (length === 0) return Float32Array.from(vector, (_, index) => (index === 0 ? 1 : 0));
  return vector.map((part) => part / length);
}
