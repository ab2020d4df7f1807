import type { CorpusStatistics } from "./corpus-statistics.js";
import type { ResolvedWord, TermUse } from "./resolved-word.js";

/** Inverse document frequency of a word among the tenant's chunks or documents; 0 when it is in none. */
export function idfOf(word: ResolvedWord, statistics: CorpusStatistics, level: keyof TermUse): number {
  const total = statistics[level];
  const holding = holdingAny(word, total, level);
  return holding === 0 ? 0 : Math.log(1 + (Math.max(total - holding, 0) + 0.5) / (holding + 0.5));
}

// As if its terms stood in chunks independently of each other, which lies between all in the same and all in different ones.
function holdingAny({ terms, uses }: ResolvedWord, total: number, level: keyof TermUse): number {
  const counts = [...terms.keys()].map((term) => uses.get(term)?.[level] ?? 0);
  if (counts.length === 1 || total === 0) return counts[0] ?? 0;
  return total * (1 - counts.reduce((none, count) => none * (1 - Math.min(count / total, 1)), 1));
}
