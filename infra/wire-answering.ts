import { createAnswering } from "../src/answering/answering.js";
import type { AnsweringParts } from "../src/answering/answering-parts.js";
import { createConfidenceEstimate } from "../src/answering/confidence/estimate-confidence.js";
import type { Answering } from "../src/answering/contract.js";
import type { Research } from "../src/answering/research/settings.js";
import { systemClock } from "../src/ports/clock.js";
import { newId } from "../src/ports/ids.js";
import type { LoadedConfig } from "./cli/program-dependencies.js";
import { answerSettings, researchSettings } from "./config/answer-settings.js";
import type { Models } from "./models/wire-models.js";

/** Answers from what is known, by the models that are set up. */
export function wireAnswering(
  { search, verified, reader }: Pick<AnsweringParts, "search" | "verified"> & Pick<Research, "reader">,
  { answers, textVectors, rewriter, reranker, judge, researcher }: Models,
  { settings }: Pick<LoadedConfig, "settings">,
): Answering {
  const further = researchSettings(settings.answering);
  return createAnswering({
    search,
    verified,
    model: answers,
    rewriter,
    reranker,
    judge,
    research: further === null || researcher === null ? null : { model: researcher, reader, settings: further },
    clock: systemClock,
    newId,
    estimateConfidence: createConfidenceEstimate(settings.answering.calibration, textVectors),
    settings: answerSettings(settings.answering),
  });
}
