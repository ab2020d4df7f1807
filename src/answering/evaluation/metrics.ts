/** Grades of the documents that matter to one question; a document that is not in it has grade 0. */
export type Grades = ReadonlyMap<string, number>;

/** Discounted gain of the first `depth` documents, gain 2^grade − 1, against the best order there could be. */
export function ndcg(ranked: readonly string[], grades: Grades, depth: number): number {
  const ideal = [...grades.values()].sort((one, other) => other - one).slice(0, depth);
  const best = discountedGain(ideal);
  return best === 0 ? 0 : discountedGain(ranked.slice(0, depth).map((id) => grades.get(id) ?? 0)) / best;
}

function discountedGain(grades: readonly number[]): number {
  return grades.reduce((sum, grade, index) => sum + (2 ** grade - 1) / Math.log2(index + 2), 0);
}

/** Share of the relevant documents (grade 1 or more) among the first `depth`. */
export function recall(ranked: readonly string[], grades: Grades, depth: number): number {
  const relevant = [...grades].filter(([, grade]) => grade >= 1).map(([id]) => id);
  if (relevant.length === 0) return 0;
  const found = new Set(ranked.slice(0, depth));
  return relevant.filter((id) => found.has(id)).length / relevant.length;
}

/** One over the place of the first relevant document, 0 when it is not among the first `depth`. */
export function reciprocalRank(ranked: readonly string[], grades: Grades, depth: number): number {
  const index = ranked.slice(0, depth).findIndex((id) => (grades.get(id) ?? 0) >= 1);
  return index === -1 ? 0 : 1 / (index + 1);
}

/** 1 when the first document is relevant, else 0. */
export function success(ranked: readonly string[], grades: Grades): number {
  const [first] = ranked;
  return first !== undefined && (grades.get(first) ?? 0) >= 1 ? 1 : 0;
}

/** One question as the confidence is judged. */
export interface Judged {
  readonly confidence: number;
  readonly isRight: boolean;
}

/**
 * Chance that a right answer has more confidence than a wrong one; ties count half. Null when all are right or all are
 * wrong.
 */
export function auroc(judged: readonly Judged[]): number | null {
  const sorted = [...judged].sort((one, other) => one.confidence - other.confidence);
  const rights = sorted.filter(({ isRight }) => isRight).length;
  const wrongs = sorted.length - rights;
  if (rights === 0 || wrongs === 0) return null;
  let rankSum = 0;
  for (const { from, to } of tiedRuns(sorted)) {
    const meanRank = (from + 1 + to) / 2;
    rankSum += meanRank * sorted.slice(from, to).filter(({ isRight }) => isRight).length;
  }
  return (rankSum - (rights * (rights + 1)) / 2) / (rights * wrongs);
}

/** How many questions share their confidence with another. */
export function countTies(judged: readonly Judged[]): number {
  const sorted = [...judged].sort((one, other) => one.confidence - other.confidence);
  return tiedRuns(sorted).reduce((count, { from, to }) => count + (to - from > 1 ? to - from : 0), 0);
}

function tiedRuns(sorted: readonly Judged[]): { readonly from: number; readonly to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (const [index, { confidence }] of sorted.entries()) {
    const last = runs.at(-1);
    if (last !== undefined && sorted[last.from]?.confidence === confidence) last.to = index + 1;
    else runs.push({ from: index, to: index + 1 });
  }
  return runs;
}

/** Wrong answers when the most confident are answered, one step for each distinct confidence. */
export function riskSteps(judged: readonly Judged[]): { readonly answered: number; readonly wrong: number }[] {
  const sorted = [...judged].sort((one, other) => other.confidence - one.confidence);
  let wrong = 0;
  return tiedRuns(sorted).map(({ from, to }) => {
    wrong += sorted.slice(from, to).filter(({ isRight }) => !isRight).length;
    return { answered: to, wrong };
  });
}

/**
 * Area under the risk-coverage curve: the mean share of wrong answers over all coverages 1/n … 1. Within a tie the wrong
 * ones are spread evenly, so the order of the input does not matter. 0 is perfect. Null for no questions.
 */
export function aurc(judged: readonly Judged[]): number | null {
  if (judged.length === 0) return null;
  let [before, wrongBefore, sum] = [0, 0, 0];
  for (const { answered, wrong } of riskSteps(judged)) {
    const slope = (wrong - wrongBefore) / (answered - before);
    for (let count = before + 1; count <= answered; count++) sum += (wrongBefore + slope * (count - before)) / count;
    [before, wrongBefore] = [answered, wrong];
  }
  return sum / judged.length;
}

/** The largest share of all questions that some threshold answers with at most `risk` of the answers wrong. */
export function coverageAtRisk(judged: readonly Judged[], risk: number): number {
  const allowed = riskSteps(judged).filter(({ answered, wrong }) => wrong <= risk * answered + 1e-9);
  return judged.length === 0 ? 0 : Math.max(0, ...allowed.map(({ answered }) => answered)) / judged.length;
}

const CALIBRATION_BINS = 10;

/** The questions whose confidence lies in one tenth of the scale; `right` and `confidence` are sums. */
export interface CalibrationBin {
  readonly count: number;
  readonly right: number;
  readonly confidence: number;
}

/** Ten equal bins of confidence, lowest first. */
export function calibrationBins(judged: readonly Judged[]): readonly CalibrationBin[] {
  const bins = Array.from({ length: CALIBRATION_BINS }, () => ({ count: 0, right: 0, confidence: 0 }));
  for (const { confidence, isRight } of judged) {
    const bin = bins[Math.min(Math.floor(confidence * CALIBRATION_BINS), CALIBRATION_BINS - 1)];
    if (bin === undefined) continue;
    bin.count += 1;
    bin.right += isRight ? 1 : 0;
    bin.confidence += confidence;
  }
  return bins;
}

/** Expected calibration error over the bins: how far stated and real chances differ, on average. */
export function expectedCalibrationError(judged: readonly Judged[]): number | null {
  if (judged.length === 0) return null;
  const gaps = calibrationBins(judged).map(({ right, confidence }) => Math.abs(right - confidence));
  return gaps.reduce((sum, gap) => sum + gap, 0) / judged.length;
}

/** The middle value, or the one at `share` of the sorted list (nearest rank). Null for none. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
