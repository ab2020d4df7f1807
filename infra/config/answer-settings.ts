import { DEFAULT_ANSWER_SETTINGS, type AnswerSettings } from "../../src/answering/contract.js";
import type { Settings } from "./settings.js";

/** What `deskhand.yaml` says about answers, with the defaults for all else. */
export function answerSettings({ threshold, topics, channels, accountActions }: Settings["answering"]): AnswerSettings {
  return {
    ...DEFAULT_ANSWER_SETTINGS,
    policy: { topics, channels: new Map(Object.entries(channels)), accountActions },
    ...(threshold === "default" ? {} : { confidenceThreshold: threshold }),
  };
}
