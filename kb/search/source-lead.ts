import type { Candidate } from "./fuse.js";

/** A difference in the fused score of 0.2 makes one candidate e times as good a witness as another. */
const STEEPNESS = 5;
/** Keeps what a source with one candidate shows small. */
const PRIOR = 0.1;

/**
 * How much more of the best candidates come from a source than of all candidates: a logarithm, below 0 for less, 0 for all
 * while there is one source. It tells which of several manuals a question is about, in the manner of resource selection (Si
 * and Callan 2003), without their sizes: what is proposed further down shows how much of a source comes up by chance.
 * @param candidates the best first
 * @param sources of their documents
 */
export function leadOfSources(
  candidates: readonly Pick<Candidate, "documentId" | "scores">[],
  sources: ReadonlyMap<string, string>,
): ReadonlyMap<string, number> {
  const best = candidates[0]?.scores.fused ?? 0;
  const seen = new Map<string, { good: number; all: number }>();
  let good = 0;
  let all = 0;
  for (const { documentId, scores } of candidates) {
    const source = sources.get(documentId);
    if (source === undefined) continue;
    const weight = Math.exp(STEEPNESS * (scores.fused - best));
    const known = seen.get(source) ?? { good: 0, all: 0 };
    seen.set(source, { good: known.good + weight, all: known.all + 1 });
    good += weight;
    all += 1;
  }
  return new Map([...seen].map(([id, of]) => [id, Math.log((of.good / good + PRIOR) / (of.all / all + PRIOR))]));
}
