import { DEFAULT_ANSWER_SETTINGS, type AnswerSettings } from "../../src/answering/contract.js";
import type { Settings } from "./settings.js";

/** What `deskhand.yaml` says about answers, with the defaults for all else. */
export function answerSettings(answering: Settings["answering"]): AnswerSettings {
  const { threshold, topics, channels, accountActions, verified } = answering;
  return {
    ...DEFAULT_ANSWER_SETTINGS,
    policy: { topics, channels: new Map(Object.entries(channels)), accountActions },
    verifiedAnswers: verified,
    ...(threshold === "default" ? {} : { confidenceThreshold: threshold }),
  };
}
