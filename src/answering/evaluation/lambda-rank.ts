/** A question's candidates. Each document is ranked by the best of its passages. */
export interface RankedQuestion {
  readonly documents: readonly {
    readonly grade: number;
    /** One list of features for each passage. */
    readonly passages: readonly (readonly number[])[];
  }[];
  /** The discounted gain of a perfect order of all relevant documents, found or not. */
  readonly idealGain: number;
  /** How much the question counts. */
  readonly weight: number;
}

export interface LambdaRankOptions {
  readonly rounds: number;
  /** L2 penalty on what a weight moves away from where it begins, of features with unit variance. */
  readonly penalty: number;
  /** Where the weights begin, for features as they are given; else with the first one alone. */
  readonly start?: readonly number[];
}

export const DEPTH = 10;
const RATE = 0.05;
/** The decay of the means that Adam keeps. */
const DECAY = { mean: 0.9, square: 0.99 } as const;

/**
 * Trains a linear ranking by LambdaRank (Burges, "From RankNet to LambdaRank to LambdaMART", 2010): the logistic loss of each
 * pair of documents counts as much as nDCG@10 would change if they changed places. Steps are Adam's (Kingma and Ba 2015); it
 * begins with the first feature alone or with the given weights, and few rounds keep it near those.
 * @returns one weight a feature, for features as they are given
 * @throws {RangeError} when there is no question with a passage
 */
export function trainLambdaRank(questions: readonly RankedQuestion[], options: LambdaRankOptions): readonly number[] {
  const scale = deviations(questions);
  const scaled = questions.map((question) => scaleQuestion(question, scale));
  const start = scale.map((each, index) =>
    options.start === undefined ? Number(index === 0) : (options.start[index] ?? 0) * each,
  );
  const weights: number[] = [...start];
  const means = scale.map(() => 0);
  const squares = scale.map(() => 0);
  for (let round = 1; round <= options.rounds; round++) {
    const gradient = weights.map((weight, index) => options.penalty * (weight - (start[index] ?? 0)));
    for (const question of scaled) addLambdas(gradient, question, weights);
    for (const [index, slope] of gradient.entries()) {
      const mean = DECAY.mean * (means[index] ?? 0) + (1 - DECAY.mean) * slope;
      const square = DECAY.square * (squares[index] ?? 0) + (1 - DECAY.square) * slope ** 2;
      means[index] = mean;
      squares[index] = square;
      const step = mean / (1 - DECAY.mean ** round) / (Math.sqrt(square / (1 - DECAY.square ** round)) + 1e-8);
      weights[index] = (weights[index] ?? 0) - RATE * step;
    }
  }
  return weights.map((weight, index) => weight / (scale[index] ?? 1));
}

/** What a search looked at, with the grades of the documents that answer the question. */
export function toRankedQuestion(
  seen: readonly { readonly text: { readonly externalId: string }; readonly features: readonly number[] }[],
  grades: ReadonlyMap<string, number>,
): Omit<RankedQuestion, "weight"> {
  const passages = new Map<string, (readonly number[])[]>();
  for (const { text, features } of seen)
    passages.set(text.externalId, [...(passages.get(text.externalId) ?? []), features]);
  const ideal = [...grades.values()].sort((one, other) => other - one);
  return {
    documents: [...passages].map(([id, found]) => ({ grade: grades.get(id) ?? 0, passages: found })),
    idealGain: ideal.reduce((sum, grade, place) => sum + (2 ** grade - 1) * discount(place), 0),
  };
}

/** nDCG at 10 of the order that the weights give. */
export function ndcgOf(question: RankedQuestion, weights: readonly number[]): number {
  const ranked = rank(question, weights);
  const gain = ranked.slice(0, DEPTH).reduce((sum, { grade }, place) => sum + (2 ** grade - 1) * discount(place), 0);
  return question.idealGain === 0 ? 0 : gain / question.idealGain;
}

/** What a document at a place counts, from 0 on. */
export function discount(place: number): number {
  return place < DEPTH ? 1 / Math.log2(place + 2) : 0;
}

interface Placed {
  readonly grade: number;
  readonly score: number;
  readonly features: readonly number[];
}

function rank({ documents }: RankedQuestion, weights: readonly number[]): readonly Placed[] {
  return documents
    .flatMap(({ grade, passages }) => {
      const [first, ...others] = passages.map((features) => ({ grade, features, score: dot(features, weights) }));
      return first === undefined
        ? []
        : [others.reduce((best, other) => (other.score > best.score ? other : best), first)];
    })
    .sort((one, other) => other.score - one.score);
}

function addLambdas(gradient: number[], question: RankedQuestion, weights: readonly number[]): void {
  const ranked = rank(question, weights);
  for (const [place, better] of ranked.entries()) {
    if (better.grade === 0) continue;
    for (const [otherPlace, worse] of ranked.entries()) {
      if (worse.grade >= better.grade) continue;
      const gain = (2 ** better.grade - 2 ** worse.grade) * Math.abs(discount(place) - discount(otherPlace));
      if (gain === 0) continue;
      const chance = 1 / (1 + Math.exp(better.score - worse.score));
      const lambda = (question.weight * chance * gain) / question.idealGain;
      for (let index = 0; index < gradient.length; index++) {
        const lead = (better.features[index] ?? 0) - (worse.features[index] ?? 0);
        gradient[index] = (gradient[index] ?? 0) - lambda * lead;
      }
    }
  }
}

/** The standard deviation of each feature; 1 for one that is always the same. */
function deviations(questions: readonly RankedQuestion[]): readonly number[] {
  const rows = questions.flatMap(({ documents }) => documents.flatMap(({ passages }) => passages));
  const [first] = rows;
  if (first === undefined) throw new RangeError("there is nothing to rank");
  return first.map((_, index) => {
    const values = rows.map((row) => row[index] ?? 0);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return Math.sqrt(variance) || 1;
  });
}

function scaleQuestion(question: RankedQuestion, scale: readonly number[]): RankedQuestion {
  const documents = question.documents.map(({ grade, passages }) => ({
    grade,
    passages: passages.map((features) => features.map((value, index) => value / (scale[index] ?? 1))),
  }));
  return { ...question, documents };
}

function dot(features: readonly number[], weights: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < features.length; index++) sum += (features[index] ?? 0) * (weights[index] ?? 0);
  return sum;
}
