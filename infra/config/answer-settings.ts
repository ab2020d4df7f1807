import { DEFAULT_ANSWER_SETTINGS, type AnswerSettings } from "../../src/answering/contract.js";
import type { ResearchSettings } from "../../src/answering/research/settings.js";
import type { Settings } from "./settings.js";

/** What `deskhand.yaml` says about answers, with the defaults for all else. */
export function answerSettings(answering: Settings["answering"]): AnswerSettings {
  const { threshold, topics, channels, accountActions, fedUp, verified } = answering;
  return {
    ...DEFAULT_ANSWER_SETTINGS,
    policy: { topics, channels: new Map(Object.entries(channels)), accountActions, fedUp },
    verifiedAnswers: verified,
    ...(threshold === "default" ? {} : { confidenceThreshold: threshold }),
  };
}

/** When a model looks further, and what bounds it; null where it does not. */
export function researchSettings({ agentic }: Settings["answering"]): ResearchSettings | null {
  const { enabled, from, below, ...limits } = agentic;
  return enabled ? { from, below: below === "threshold" ? null : below, limits } : null;
}
