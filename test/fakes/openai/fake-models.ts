import type { ReasoningEffort } from "openai/resources/shared";
import { Problem, badRequest } from "./problem.js";

/** What the fake knows about a model. */
export type FakeModel = FakeAnswerModel | FakeEmbeddingModel;

export interface FakeAnswerModel {
  readonly kind: "answer";
  readonly id: string;
  /** Empty for a model that does not think. */
  readonly efforts: readonly ReasoningEffort[];
  readonly contextTokens: number;
  readonly longestOutput: number;
  readonly shutdownDate: string | null;
  /** US dollars for a million tokens. */
  readonly price: { readonly input: number; readonly output: number };
}

export interface FakeEmbeddingModel {
  readonly kind: "embedding";
  readonly id: string;
  readonly dimensions: number;
  readonly isReducible: boolean;
  readonly shutdownDate: string | null;
  readonly price: { readonly input: number; readonly output: number };
}

const EFFORTS: readonly ReasoningEffort[] = ["none", "low", "medium", "high", "xhigh", "max"];

export const FAKE_MODELS: readonly FakeModel[] = [
  {
    kind: "answer",
    id: "gpt-6-luna",
    efforts: EFFORTS,
    contextTokens: 922_000,
    longestOutput: 128_000,
    shutdownDate: null,
    price: { input: 0.1, output: 0.5 },
  },
  {
    kind: "answer",
    id: "always-thinks",
    efforts: ["low", "medium", "high"],
    contextTokens: 131_072,
    longestOutput: 32_768,
    shutdownDate: null,
    price: { input: 0, output: 0 },
  },
  {
    kind: "answer",
    id: "never-thinks",
    efforts: [],
    contextTokens: 8192,
    longestOutput: 4096,
    shutdownDate: "2027-01-14",
    price: { input: 0, output: 0 },
  },
  {
    kind: "embedding",
    id: "text-embedding-3-small",
    dimensions: 1536,
    isReducible: true,
    shutdownDate: null,
    price: { input: 0.02, output: 0 },
  },
  {
    kind: "embedding",
    id: "text-embedding-3-large",
    dimensions: 3072,
    isReducible: true,
    shutdownDate: null,
    price: { input: 0.13, output: 0 },
  },
  {
    kind: "embedding",
    id: "nomic-embed-text",
    dimensions: 768,
    isReducible: false,
    shutdownDate: null,
    price: { input: 0, output: 0 },
  },
];

export function answerModel(models: readonly FakeModel[], id: unknown): FakeAnswerModel {
  const model = modelOf(models, id);
  if (model.kind === "answer") return model;
  throw badRequest("unsupported_model", `The model '${model.id}' does not write text.`, "model");
}

export function embeddingModel(models: readonly FakeModel[], id: unknown): FakeEmbeddingModel {
  const model = modelOf(models, id);
  if (model.kind === "embedding") return model;
  throw badRequest("unsupported_model", `The model '${model.id}' does not embed.`, "model");
}

function modelOf(models: readonly FakeModel[], id: unknown): FakeModel {
  const model = models.find((one) => one.id === id);
  if (model !== undefined) return model;
  const message = `The model '${String(id)}' does not exist or you do not have access to it.`;
  throw new Problem(404, "model_not_found", message, { param: "model" });
}

/** The fake's tokenizer: up to four letters, up to three digits, or one other sign. */
export function countTokens(text: string): number {
  return text.match(/\p{L}{1,4}|\p{N}{1,3}|[^\s\p{L}\p{N}]/gu)?.length ?? 0;
}
