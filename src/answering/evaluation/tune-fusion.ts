import { RANKING_FEATURES, type RankingWeights } from "../../ports/ranking-features.js";
import { bootstrap, mulberry32, SEED, type Interval } from "./bootstrap.js";
import { ndcgOf, trainLambdaRank, type RankedQuestion } from "./lambda-rank.js";

/** Few steps from the shipped weights: they count for much where there are few questions. */
const STEPS = { rounds: 20, penalty: 0.002 } as const;

export interface FusionReport {
  readonly queries: number;
  /** nDCG@10 with the weights that are shipped. */
  readonly shipped: number;
  /** nDCG@10 with tuned weights, each question judged by weights that did not see it. */
  readonly tuned: number;
  /** 95 % range of what tuning adds. */
  readonly gain: Interval;
  /** Whether the whole range is above 0: only then should the weights be used. */
  readonly is_better: boolean;
  /** For `deskhand.yaml`; null where tuning does not help. */
  readonly knowledge: { readonly ranking: RankingWeights } | null;
}

/**
 * Fits the order of passages to labelled questions, beginning with the shipped weights, and judges it on questions that were
 * kept back. Deterministic.
 * @param shipped in the order of {@link RANKING_FEATURES}
 * @throws {RangeError} when there are fewer questions than folds, or nothing was found for any
 */
export function tuneFusion(
  shipped: readonly number[],
  questions: readonly Omit<RankedQuestion, "weight">[],
  { folds }: { readonly folds: number },
): FusionReport {
  if (questions.length < folds) throw new RangeError(`${folds} folds need as many questions`);
  const weighed = shuffle(questions.map((question) => ({ ...question, weight: 1 / questions.length })));
  const judged = Array.from({ length: folds }, (_, fold) => fold).flatMap((fold) => {
    const others = weighed.filter((_, index) => index % folds !== fold);
    const weights = trainLambdaRank(others, { ...STEPS, start: shipped });
    return weighed
      .filter((_, index) => index % folds === fold)
      .map((question) => ({ shipped: ndcgOf(question, shipped), tuned: ndcgOf(question, weights) }));
  });
  const gain = bootstrap(judged, (sample) => meanOf(sample, ({ shipped: before, tuned }) => tuned - before)) ?? [0, 0];
  const isBetter = gain[0] > 0;
  return {
    queries: questions.length,
    shipped: meanOf(judged, (each) => each.shipped),
    tuned: meanOf(judged, (each) => each.tuned),
    gain,
    is_better: isBetter,
    knowledge: isBetter ? { ranking: named(trainLambdaRank(weighed, { ...STEPS, start: shipped })) } : null,
  };
}

/** Neighbours are often about the same: they are spread over the folds. */
function shuffle<Item>(items: readonly Item[]): readonly Item[] {
  const random = mulberry32(SEED);
  return items
    .map((item) => ({ item, place: random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
}

function meanOf<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0) / items.length;
}

function named(weights: readonly number[]): RankingWeights {
  const entries = RANKING_FEATURES.map((name, index) => [name, Number((weights[index] ?? 0).toFixed(4))] as const);
  return Object.fromEntries(entries) as unknown as RankingWeights;
}
