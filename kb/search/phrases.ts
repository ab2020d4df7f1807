import type { QueryWord } from "./query-terms.js";

/** A phrase that means the same as words of the question: those stand where all of its own words do. */
export interface PhraseRule {
  readonly pieces: readonly number[];
  readonly standsFor: readonly number[];
}

/** The phrases among the words of a question, by the words' positions. Most questions have none. */
export function phraseRules(words: readonly Pick<QueryWord, "phrase">[]): readonly PhraseRule[] {
  const rules = new Map<number, { pieces: number[]; standsFor: readonly number[] }>();
  for (const [position, { phrase }] of words.entries()) {
    if (phrase === null) continue;
    const rule = rules.get(phrase.id) ?? { pieces: [], standsFor: phrase.standsFor };
    rule.pieces.push(position);
    rules.set(phrase.id, rule);
  }
  return [...rules.values()];
}

/** Positions of the question's own words that are matched, by themselves or by a phrase. */
export function matchedByPhrase(rules: readonly PhraseRule[], matched: readonly number[]): readonly number[] {
  if (rules.length === 0) return matched;
  const all = new Set(matched);
  for (const { pieces, standsFor } of rules) {
    if (pieces.every((piece) => all.has(piece))) for (const position of standsFor) all.add(position);
  }
  for (const piece of rules.flatMap(({ pieces }) => pieces)) all.delete(piece);
  return [...all].sort((one, other) => one - other);
}

/** How far each word is held, by itself or, with `weight` at most, by a phrase. */
export function heldByPhrase(rules: readonly PhraseRule[], held: readonly number[], weight: number): readonly number[] {
  if (rules.length === 0) return held;
  const all = [...held];
  for (const { pieces, standsFor } of rules) {
    const least = weight * Math.min(...pieces.map((piece) => held[piece] ?? 0));
    for (const position of standsFor) all[position] = Math.max(all[position] ?? 0, least);
  }
  return all;
}
