import { createAnswering, type AnsweringParts } from "../src/answering/answering.js";
import { createConfidenceEstimate } from "../src/answering/confidence/estimate-confidence.js";
import type { Answering } from "../src/answering/contract.js";
import { systemClock } from "../src/ports/clock.js";
import { newId } from "../src/ports/ids.js";
import type { LoadedConfig } from "./cli/program-dependencies.js";
import { answerSettings } from "./config/answer-settings.js";
import type { Models } from "./models/wire-models.js";

/** Answers from what is known, by the models that are set up. */
export function wireAnswering(
  { search, verified }: Pick<AnsweringParts, "search" | "verified">,
  { answers, rewriter, reranker, judge }: Models,
  { settings }: Pick<LoadedConfig, "settings">,
): Answering {
  return createAnswering({
    search,
    verified,
    model: answers,
    rewriter,
    reranker,
    judge,
    clock: systemClock,
    newId,
    estimateConfidence: createConfidenceEstimate(settings.answering.calibration),
    settings: answerSettings(settings.answering),
  });
}
