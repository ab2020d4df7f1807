import { DeskhandError } from "../../ports/errors.js";
import type { RunComparison } from "./compare-runs.js";
import type { EvaluationRun } from "./evaluation-run.js";

/** What a figure must at least, or may at most, be. */
export interface FigureLimit {
  readonly figure: string;
  readonly bound: "min" | "max";
  readonly value: number;
}

/** A measured figure is worse than it may be. */
export class MissedLimitError extends DeskhandError {
  override readonly name = "MissedLimitError";
  readonly code = "missed-limit";
  readonly isRetryable = false;
}

/** @throws {MissedLimitError} naming every limit that is not kept, and by how much; a figure without a value keeps none */
export function checkLimits(limits: readonly FigureLimit[], figures: EvaluationRun["figures"]): void {
  const values = new Map<string, unknown>(Object.entries(figures));
  refuse(limits.flatMap((limit) => missOf(limit, values.get(limit.figure)) ?? []));
}

/** @throws {MissedLimitError} naming every figure whose whole interval is on the worse side, or that cannot be compared */
export function checkNoWorse(names: readonly string[], { figures }: RunComparison): void {
  refuse(
    names.flatMap((name) => {
      const figure = figures[name];
      if (figure?.difference == null) return [`${name} cannot be compared, as it has no value in one of the runs`];
      if (figure.verdict !== "worse" || figure.interval === null) return [];
      const [low, high] = figure.interval;
      return [
        `${name} became worse by ${shown(Math.abs(figure.difference))} ` +
          `(${shown(figure.before)} to ${shown(figure.after)}; the difference is between ${shown(low)} and ${shown(high)})`,
      ];
    }),
  );
}

function refuse(misses: readonly string[]): void {
  if (misses.length > 0) throw new MissedLimitError(`${misses.join("; ")}.`);
}

function missOf({ figure, bound, value }: FigureLimit, measured: unknown): string | null {
  if (typeof measured !== "number") return `${figure} has no value on these questions, so it does not keep --${bound}`;
  const missing = bound === "min" ? value - measured : measured - value;
  if (missing <= 0) return null;
  const side = bound === "min" ? "below the least" : "above the most";
  return `${figure} is ${shown(measured)}, ${shown(missing)} ${side} that is allowed (${value})`;
}

function shown(value: number | null): string {
  return value === null ? "nothing" : String(Number(value.toPrecision(4)));
}
