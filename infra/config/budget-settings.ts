import type { BudgetLimits } from "../../src/ports/budgets.js";
import { costOf, OPENAI_PRICES } from "../models/openai/prices.js";
import type { EnvironmentConfig } from "./environment.js";
import type { Settings } from "./settings.js";

type OpenAiEnvironment = EnvironmentConfig["openai"];

/** More than an answer takes with every optional call but looking further: most take a third of it. */
export const HELD_TOKENS = 12_000;
const HELD_OUTPUT_TOKENS = 1_000;

/** What `deskhand.yaml` lets be spent on answers. */
export function budgetLimits(
  { answering, models }: Pick<Settings, "answering" | "models">,
  openai: OpenAiEnvironment,
): BudgetLimits {
  const { person, tenant } = answering.budgets;
  const { enabled, tokens: further } = answering.agentic;
  const tokens = HELD_TOKENS + (enabled ? further : 0);
  return {
    person: { perMinute: limit(person.questionsPerMinute), perDay: limit(person.questionsPerDay) },
    tenant: {
      questions: limit(tenant.questionsPerDay),
      tokens: limit(tenant.tokensPerDay),
      cost: limit(tenant.dollarsPerDay),
    },
    hold: openai === null ? { tokens: 0, cost: 0 } : { tokens, cost: heldCost(tokens, models.answer, openai) },
  };
}

function limit(value: number | "unlimited"): number | null {
  return value === "unlimited" ? null : value;
}

/** Prices are those of OpenAI's own endpoint, as in the trace. */
function heldCost(held: number, model: string, { baseUrl }: NonNullable<OpenAiEnvironment>): number {
  const tokens = { input: held - HELD_OUTPUT_TOKENS, cachedInput: 0, output: HELD_OUTPUT_TOKENS };
  return baseUrl === null ? costOf(model, tokens, OPENAI_PRICES) : 0;
}
