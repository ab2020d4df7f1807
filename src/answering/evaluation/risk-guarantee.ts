import type { Judged } from "./metrics.js";

/** A threshold with what it does on the questions it was chosen on. */
export interface ThresholdChoice {
  readonly threshold: number;
  /** Share of all questions that are answered at it. */
  readonly coverage: number;
  /** Share of the answers that were wrong. */
  readonly risk: number;
  /** With the asked-for certainty the real share is not above this. */
  readonly riskBound: number;
}

/** Coverages that are tried: all questions, then each time this share of the one before. */
const SHRINK = 0.75;

/**
 * The lowest threshold at which, with the given certainty, no more than `risk` of the answers to further questions like
 * these are wrong; null when these questions are too few or too often wrong to say so of any. Selection with guaranteed
 * risk (Geifman and El-Yaniv, "Selective classification for deep neural networks", NIPS 2017): a handful of coverages
 * that are fixed beforehand is tried, each with the exact binomial bound (Clopper and Pearson 1934), and the doubt is
 * shared out among them (Bonferroni), so that the choice may look at all. Confidences must come from a fit that did not
 * see the question.
 */
export function guaranteedThreshold(
  judged: readonly Judged[],
  { risk, certainty }: { readonly risk: number; readonly certainty: number },
): ThresholdChoice | null {
  const sorted = [...judged].sort((one, other) => other.confidence - one.confidence);
  const sizes = triedSizes(sorted.length, risk, 1 - certainty);
  const doubt = (1 - certainty) / Math.max(sizes.length, 1);
  for (const size of sizes) {
    const choice = choiceAt(sorted, size, doubt);
    if (choice !== null && choice.riskBound <= risk) return choice;
  }
  return null;
}

/** The lowest threshold at which at most `risk` of the answers were wrong, without any promise; null for none. */
export function empiricalThreshold(
  judged: readonly Judged[],
  { risk, certainty }: { readonly risk: number; readonly certainty: number },
): ThresholdChoice | null {
  const sorted = [...judged].sort((one, other) => other.confidence - one.confidence);
  let [wrong, most] = [0, 0];
  for (const [index, { confidence, isRight }] of sorted.entries()) {
    wrong += isRight ? 0 : 1;
    const isLastOfTie = sorted[index + 1]?.confidence !== confidence;
    if (isLastOfTie && wrong <= risk * (index + 1) + 1e-9) most = index + 1;
  }
  return most === 0 ? null : choiceAt(sorted, most, 1 - certainty);
}

/** How many questions it takes to promise `risk` when not one of them is answered wrongly. */
export function fewestForGuarantee(risk: number, certainty: number): number {
  return Math.ceil(Math.log(1 - certainty) / Math.log(1 - risk));
}

/** Largest first; sizes that could not be enough even without a wrong answer are left out. */
function triedSizes(count: number, risk: number, doubt: number): readonly number[] {
  const sizes: number[] = [];
  for (let size = count; size >= fewestForGuarantee(risk, 1 - doubt); size = Math.floor(size * SHRINK))
    sizes.push(size);
  return sizes;
}

// Equal confidences are answered alike: a threshold takes all of them.
function choiceAt(sorted: readonly Judged[], size: number, doubt: number): ThresholdChoice | null {
  const threshold = sorted[size - 1]?.confidence;
  if (threshold === undefined) return null;
  const answered = sorted.filter(({ confidence }) => confidence >= threshold);
  const wrong = answered.filter(({ isRight }) => !isRight).length;
  return {
    threshold,
    coverage: answered.length / sorted.length,
    risk: wrong / answered.length,
    riskBound: upperBound(wrong, answered.length, doubt),
  };
}

/** The share at which so few wrong ones would have had a chance of only `doubt`: the exact upper limit of a binomial. */
export function upperBound(wrong: number, answered: number, doubt: number): number {
  if (wrong >= answered) return 1;
  let [low, high] = [wrong / answered, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (chanceOfAtMost(wrong, answered, middle) > doubt) low = middle;
    else high = middle;
  }
  return high;
}

function chanceOfAtMost(wrong: number, answered: number, share: number): number {
  let [logTerm, sum] = [answered * Math.log1p(-share), 0];
  for (let count = 0; count <= wrong; count++) {
    sum += Math.exp(logTerm);
    logTerm += Math.log((answered - count) / (count + 1)) + Math.log(share) - Math.log1p(-share);
  }
  return sum;
}
