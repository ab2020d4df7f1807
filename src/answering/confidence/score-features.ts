import type { Passage, PassageScores } from "../../ports/knowledge.js";
import type { Features } from "./feature-names.js";
import { standardDeviation, sum } from "./sums.js";

/** A BM25F score of this much is half way to the strongest. */
const HALF_STRENGTH = 25;

type ScoreFeature = "strength" | "score" | "margin" | "lead" | "preference" | "contrast";

/** What the scores say. @param first of the passages */
export function scoreFeatures(passages: readonly Passage[], first: Passage): Pick<Features, ScoreFeature> {
  const { scores } = first;
  const [, ...rivals] = bestOfTitles(passages);
  const [second] = rivals;
  return {
    strength: scores.lexical / (scores.lexical + HALF_STRENGTH),
    score: scores.fused,
    margin: second === undefined ? 1 : marginOf(scores.fused, second.scores.fused),
    lead: leadOf(scores, second?.scores),
    preference: preferenceOf(scores, rivals),
    contrast: standardDeviation(passages.map((passage) => passage.scores.fused)),
  };
}

// Documents of one title (several answers to one question, say) do not compete with each other.
function bestOfTitles(passages: readonly Passage[]): readonly Passage[] {
  const bests = new Map<string, Passage>();
  for (const passage of passages) if (!bests.has(passage.title)) bests.set(passage.title, passage);
  return [...bests.values()];
}

/** Between -1 and 1: below 0 where the trained order put a lower score first. */
function marginOf(first: number, second: number): number {
  return (first - second) / Math.max(first, second, 1e-6);
}

function leadOf({ relevance: first }: PassageScores, second: PassageScores | undefined): number {
  if (first === undefined || second?.relevance === undefined) return 1;
  return 1 - Math.exp(second.relevance - first);
}

function preferenceOf({ relevance: first }: PassageScores, rivals: readonly Passage[]): number {
  if (first === undefined) return 1;
  const odds = rivals.flatMap(({ scores }) => (scores.relevance === undefined ? [] : [scores.relevance - first]));
  return 1 / (1 + sum(odds.map(Math.exp)));
}
