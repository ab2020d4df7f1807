/** One example: its features in a fixed order, whether it is positive, and how much it counts. */
export interface Example {
  readonly features: readonly number[];
  readonly isPositive: boolean;
  readonly weight: number;
  /** Added to the score as it is; 0 unless told. */
  readonly offset?: number;
}

export interface Parameters {
  readonly intercept: number;
  readonly weights: readonly number[];
}

/** Where the fit is drawn to, and how hard. */
export interface Prior {
  /** L2 penalty on the distance of each weight from its prior; of each its own, or one for all. */
  readonly penalty: number | readonly number[];
  /** The same for the intercept; nearly none unless told. */
  readonly interceptPenalty?: number;
  /** 0 unless told. */
  readonly center?: Parameters;
}

const MOST_ROUNDS = 30;
/** No parameter moves further in one round: keeps Newton's method from overshooting on examples that can be told apart. */
const MOST_STEP = 3;

export function logistic(score: number): number {
  return 1 / (1 + Math.exp(-score));
}

/** The log odds. */
export function scoreOf(parameters: Parameters, features: readonly number[]): number {
  return parameters.weights.reduce((sum, weight, index) => sum + weight * (features[index] ?? 0), parameters.intercept);
}

/**
 * Fits by Newton's method; with a prior's center this is the mode of the posterior under a normal prior. The weights of
 * the examples should sum to about their number.
 * @throws {RangeError} for no examples.
 */
export function fitLogistic(examples: readonly Example[], prior: Prior): Parameters {
  const [first] = examples;
  if (first === undefined) throw new RangeError("there is nothing to fit");
  const center = prior.center ?? { intercept: 0, weights: first.features.map(() => 0) };
  const centers = [center.intercept, ...center.weights];
  const { penalty, interceptPenalty = 1e-9 } = prior;
  const penaltyOf = (index: number): number => (typeof penalty === "number" ? penalty : (penalty[index] ?? 0));
  const penalties = centers.map((_, index) => (index === 0 ? interceptPenalty : penaltyOf(index - 1)));
  let parameters: readonly number[] = centers;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const pull = parameters.map((value, index) => (penalties[index] ?? 0) * (value - (centers[index] ?? 0)));
    const { gradient, hessian } = derivatives(examples, parameters, pull, penalties);
    const step = solve(hessian, gradient);
    parameters = parameters.map((value, index) => value - clamp(step[index] ?? 0));
    if (Math.max(...step.map(Math.abs)) < 1e-9) break;
  }
  const [intercept = 0, ...weights] = parameters;
  return { intercept, weights };
}

function clamp(step: number): number {
  return Math.min(Math.max(step, -MOST_STEP), MOST_STEP);
}

function derivatives(
  examples: readonly Example[],
  parameters: readonly number[],
  pull: readonly number[],
  penalties: readonly number[],
): { gradient: number[]; hessian: number[][] } {
  const size = parameters.length;
  const gradient = [...pull];
  const hessian = parameters.map((_, row) =>
    parameters.map((__, column) => (row === column ? (penalties[row] ?? 0) : 0)),
  );
  for (const { features, isPositive, weight, offset = 0 } of examples) {
    const inputs = [1, ...features];
    const chance = logistic(inputs.reduce((sum, input, index) => sum + input * (parameters[index] ?? 0), offset));
    const error = weight * (chance - (isPositive ? 1 : 0));
    const curvature = weight * chance * (1 - chance);
    for (let row = 0; row < size; row++) {
      const input = inputs[row] ?? 0;
      // Most inputs of a fit with an offset for each group are 0.
      if (input === 0) continue;
      gradient[row] = (gradient[row] ?? 0) + error * input;
      const cells = hessian[row] ?? [];
      for (let column = 0; column < size; column++) {
        cells[column] = (cells[column] ?? 0) + curvature * input * (inputs[column] ?? 0);
      }
    }
  }
  return { gradient, hessian };
}

/** Gaussian elimination with pivoting. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0]);
  for (let pivot = 0; pivot < rows.length; pivot++) {
    const best = rows.reduce(
      (leader, row, index) =>
        index >= pivot && Math.abs(row[pivot] ?? 0) > Math.abs(rows[leader]?.[pivot] ?? 0) ? index : leader,
      pivot,
    );
    const chosen = rows[best] ?? [];
    rows[best] = rows[pivot] ?? [];
    rows[pivot] = chosen;
    for (let index = 0; index < rows.length; index++) {
      if (index !== pivot) eliminate(rows[index] ?? [], chosen, pivot);
    }
  }
  return rows.map((row, index) => (row.at(-1) ?? 0) / (row[index] ?? 1));
}

function eliminate(row: number[], by: readonly number[], pivot: number): void {
  const factor = (row[pivot] ?? 0) / (by[pivot] ?? 1);
  for (let column = pivot; column < by.length; column++) {
    row[column] = (row[column] ?? 0) - factor * (by[column] ?? 0);
  }
}
