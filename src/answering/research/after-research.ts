import type { SearchResult } from "../../ports/knowledge.js";
import type { AnswerSettings, ConfidenceEstimate } from "../contract.js";
import type { FirstDecision } from "../stages/decide.js";
import type { ResearchStage } from "./stage.js";

/** What was found for a question, and what may be said from it. */
export interface Assessed {
  readonly found: SearchResult;
  readonly estimate: ConfidenceEstimate;
  readonly first: FirstDecision;
}

/** What the confidence is estimated from after a research: the first search, with what was found since behind it. */
export function evidenceOf(first: SearchResult, { found }: ResearchStage): SearchResult {
  const known = new Set(first.passages.map(({ chunkId }) => chunkId));
  return { ...first, passages: [...first.passages, ...found.passages.filter(({ chunkId }) => !known.has(chunkId))] };
}

/** How the model ended it goes before what the confidence allows. */
export function decideAfterResearch({ ended, asked }: ResearchStage, first: FirstDecision): FirstDecision {
  if (ended === "handed-off") return { kind: "hand-off", reason: "documents-do-not-say" };
  return asked === null ? first : { kind: "ask-back", asked };
}

/** What takes several searches takes several documents: half as much room again for their passages. */
export function roomAfterResearch(settings: AnswerSettings): AnswerSettings {
  const { packedPassages, passageTokens } = settings;
  return {
    ...settings,
    packedPassages: Math.ceil(packedPassages * 1.5),
    passageTokens: Math.ceil(passageTokens * 1.5),
  };
}
