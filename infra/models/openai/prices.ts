import type { ModelUsage } from "../../../src/ports/models.js";

/** US dollars for a million tokens. */
export interface ModelPrice {
  readonly input: number;
  /** Input that the endpoint had seen before. */
  readonly cachedInput: number;
  readonly output: number;
}

export type PriceTable = Readonly<Record<string, ModelPrice>>;

/** OpenAI's list prices as of November 2026; where no price for cached input is known, it counts in full. */
export const OPENAI_PRICES: PriceTable = {
  "gpt-6-luna": { input: 0.1, cachedInput: 0.01, output: 0.5 },
  "gpt-6-sol": { input: 2, cachedInput: 2, output: 10 },
};

export interface TokenCounts {
  /** The cached ones included. */
  readonly input: number;
  readonly cachedInput: number;
  /** What the model thought before it wrote included. */
  readonly output: number;
}

export function usageOf(model: string, tokens: TokenCounts, prices: PriceTable, calls: number): ModelUsage {
  return { calls, inputTokens: tokens.input, outputTokens: tokens.output, cost: costOf(model, tokens, prices) };
}

/** US dollars; 0 for a model that the table does not know. A dated snapshot costs what its model costs. */
export function costOf(model: string, tokens: TokenCounts, prices: PriceTable): number {
  const price = prices[model] ?? prices[model.replace(/-\d{4}-\d{2}-\d{2}$/u, "")];
  if (price === undefined) return 0;
  const fresh = Math.max(0, tokens.input - tokens.cachedInput);
  return (fresh * price.input + tokens.cachedInput * price.cachedInput + tokens.output * price.output) / 1_000_000;
}

export function sumOf(counts: readonly TokenCounts[]): TokenCounts {
  const sum = (count: keyof TokenCounts) => counts.reduce((total, tokens) => total + tokens[count], 0);
  return { input: sum("input"), cachedInput: sum("cachedInput"), output: sum("output") };
}
