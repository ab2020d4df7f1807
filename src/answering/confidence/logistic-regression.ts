/** One example: its features in a fixed order, whether it is positive, and how much it counts. */
export interface Example {
  readonly features: readonly number[];
  readonly isPositive: boolean;
  readonly weight: number;
}

export interface LogisticModel {
  readonly intercept: number;
  readonly weights: readonly number[];
}

export function predict(model: LogisticModel, features: readonly number[]): number {
  const score = model.weights.reduce((sum, weight, index) => sum + weight * (features[index] ?? 0), model.intercept);
  return 1 / (1 + Math.exp(-score));
}

/**
 * Fits by Newton's method with an L2 penalty on every weight but the intercept. The weights of the examples should sum
 * to about their number.
 * @throws {RangeError} for no examples.
 */
export function fitLogistic(examples: readonly Example[], penalty: number, rounds = 30): LogisticModel {
  const [first] = examples;
  if (first === undefined) throw new RangeError("there is nothing to fit");
  const size = first.features.length + 1;
  let parameters: readonly number[] = Array.from({ length: size }, () => 0);
  for (let round = 0; round < rounds; round++) {
    const { gradient, hessian } = derivatives(examples, parameters, penalty);
    const step = solve(hessian, gradient);
    parameters = parameters.map((value, index) => value - (step[index] ?? 0));
    if (Math.max(...step.map(Math.abs)) < 1e-9) break;
  }
  const [intercept = 0, ...weights] = parameters;
  return { intercept, weights };
}

function derivatives(
  examples: readonly Example[],
  parameters: readonly number[],
  penalty: number,
): { gradient: number[]; hessian: number[][] } {
  const size = parameters.length;
  const gradient = parameters.map((value, index) => (index === 0 ? 0 : penalty * value));
  const hessian = parameters.map((_, row) =>
    parameters.map((__, column) => (row === column ? (row === 0 ? 1e-9 : penalty) : 0)),
  );
  for (const { features, isPositive, weight } of examples) {
    const inputs = [1, ...features];
    const score = inputs.reduce((sum, input, index) => sum + input * (parameters[index] ?? 0), 0);
    const chance = 1 / (1 + Math.exp(-score));
    const error = weight * (chance - (isPositive ? 1 : 0));
    const curvature = weight * chance * (1 - chance);
    for (let row = 0; row < size; row++) {
      const input = inputs[row] ?? 0;
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
