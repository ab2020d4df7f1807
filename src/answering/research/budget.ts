import type { ModelUsage } from "../../ports/models.js";
import type { ResearchLimits } from "./settings.js";

/** Why a research ends that the model did not end itself. */
export type Bound = "steps" | "tokens" | "time" | "cost";

/** What was spent, against what may be. */
export interface Budget {
  readonly usage: ModelUsage;
  /** Adds a call. Its cost is by the price of the limits where there is one. */
  pay(usage: ModelUsage): ModelUsage;
  /** The bound that is reached, or would be by a call of so many more tokens; null while there is room. */
  reached(steps: number, moreTokens: number): Exclude<Bound, "time"> | null;
}

export function createBudget(limits: ResearchLimits): Budget {
  let spent: ModelUsage = { calls: 0, inputTokens: 0, outputTokens: 0, cost: 0 };
  return {
    get usage() {
      return spent;
    },
    pay(usage) {
      const paid = { ...usage, cost: costOf(usage, limits.price) };
      spent = {
        calls: spent.calls + paid.calls,
        inputTokens: spent.inputTokens + paid.inputTokens,
        outputTokens: spent.outputTokens + paid.outputTokens,
        cost: spent.cost + paid.cost,
      };
      return paid;
    },
    reached(steps, moreTokens) {
      if (steps >= limits.steps) return "steps";
      if (spent.inputTokens + spent.outputTokens + moreTokens > limits.tokens) return "tokens";
      const more = limits.price === null ? 0 : (moreTokens * limits.price.input) / 1_000_000;
      return spent.cost + more > limits.cost ? "cost" : null;
    },
  };
}

function costOf({ inputTokens, outputTokens, cost }: ModelUsage, price: ResearchLimits["price"]): number {
  return price === null ? cost : (inputTokens * price.input + outputTokens * price.output) / 1_000_000;
}
