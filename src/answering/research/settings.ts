import type { KnowledgeReader } from "../../ports/knowledge.js";
import type { ResearchModel } from "../../ports/models.js";

/** Where a first search is not sure, a model may look further; null in {@link AnsweringParts} where none may. */
export interface Research {
  readonly model: ResearchModel;
  readonly reader: KnowledgeReader;
  readonly settings: ResearchSettings;
}

export interface ResearchSettings {
  /** Questions of at least this confidence are looked into. */
  readonly from: number;
  /** Only below this confidence; null: below the threshold of the question. */
  readonly below: number | null;
  readonly limits: ResearchLimits;
}

/** What ends a research, whichever comes first. */
export interface ResearchLimits {
  readonly steps: number;
  /** Of all calls, read and written. */
  readonly tokens: number;
  readonly seconds: number;
  /** US dollars of all calls. */
  readonly cost: number;
  /** US dollars for a million tokens; null: what the model itself knows of its price, which may be nothing. */
  readonly price: { readonly input: number; readonly output: number } | null;
}

export const DEFAULT_RESEARCH_LIMITS: ResearchLimits = {
  steps: 6,
  tokens: 40_000,
  seconds: 20,
  cost: 0.02,
  price: null,
};

/**
 * How much the confidence may rise by looking further. The model chose what was searched for, so that what was found says
 * little about the chance that the first document answers the question.
 */
export const MOST_RISE = 0.05;

/** Whether the first search leaves enough in doubt, and finds enough to go on from. */
export function isInBand({ from, below }: ResearchSettings, confidence: number, threshold: number): boolean {
  return confidence >= from && confidence < (below ?? threshold);
}
