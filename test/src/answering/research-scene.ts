import { createAnswering } from "../../../src/answering/answering.js";
import {
  DEFAULT_ANSWER_SETTINGS,
  type AnswerRequest,
  type EstimateConfidence,
} from "../../../src/answering/contract.js";
import { DEFAULT_POLICY } from "../../../src/answering/stages/policy.js";
import {
  DEFAULT_RESEARCH_LIMITS,
  type ResearchLimits,
  type ResearchSettings,
} from "../../../src/answering/research/settings.js";
import type { ResearchModel } from "../../../src/ports/models.js";
import { MemoryReader } from "../../fakes/memory-reader.js";
import { MemorySearch } from "../../fakes/memory-search.js";
import { noVerifiedAnswers } from "../../fakes/no-verified-answers.js";
import { passageOf } from "../../fakes/passages.js";
import { RecordingListener } from "../../fakes/recording-listener.js";
import { says, ScriptedAnswerModel } from "../../fakes/scripted-answer-model.js";
import type { ScriptedResearchModel } from "../../fakes/scripted-research-model.js";

export const RETURNS = passageOf("You can send an order back within 30 days. The parcel is free of charge.", {
  title: "Returns",
});
export const WARRANTY = passageOf("A lamp is under warranty for three years.", { title: "Warranty" });
export const LAMP_CARE = passageOf("Clean the lamp with a dry cloth. Wait until it is cold.", { title: "Lamp care" });
export const LAMP_BULBS = passageOf("The bulb of the lamp is of the type E27.", {
  title: "Lamp care",
  chunkId: "bulbs-of-lamp-care",
});
export const PASSAGES = [RETURNS, WARRANTY, LAMP_CARE, LAMP_BULBS];
export const QUESTION = "Can I send a parcel back?";

export interface ResearchScene {
  readonly model: ScriptedResearchModel | ResearchModel;
  readonly limits?: Partial<ResearchLimits>;
  readonly band?: Partial<Pick<ResearchSettings, "from" | "below">>;
  readonly confidence?: number;
  readonly estimateConfidence?: EstimateConfidence;
  readonly request?: Partial<AnswerRequest>;
  readonly topics?: typeof DEFAULT_POLICY.topics;
  readonly reader?: MemoryReader;
  readonly signal?: AbortSignal;
  readonly passages?: typeof PASSAGES;
}

/** A question that a model may look further for, with everything that it left behind. */
export async function research(scene: ResearchScene) {
  const passages = scene.passages ?? PASSAGES;
  const search = new MemorySearch(passages);
  const reader = scene.reader ?? new MemoryReader(passages);
  const answers = new ScriptedAnswerModel(says("You can send an order back within 30 days. [1]"));
  const answering = createAnswering({
    search,
    verified: noVerifiedAnswers,
    model: answers,
    rewriter: null,
    reranker: null,
    research: {
      model: scene.model,
      reader,
      settings: { from: 0, below: null, ...scene.band, limits: { ...DEFAULT_RESEARCH_LIMITS, ...scene.limits } },
    },
    clock: { now: () => new Date() },
    newId: () => "answer-1",
    settings: { ...DEFAULT_ANSWER_SETTINGS, policy: { ...DEFAULT_POLICY, topics: scene.topics ?? [] } },
    estimateConfidence: scene.estimateConfidence ?? (() => ({ value: scene.confidence ?? 0.2, parts: {} })),
  });
  const request: AnswerRequest = {
    tenantId: "acme",
    conversationId: "conversation",
    inboxId: "inbox",
    question: QUESTION,
    history: [],
    audience: ["public", "staff"],
    mayStream: false,
    ...scene.request,
  };
  const signal = scene.signal ?? new AbortController().signal;
  const result = await answering.answer(request, new RecordingListener(), signal);
  const stageOf = (name: string) => result.answer.stages.find(({ stage }) => stage === name);
  return {
    result,
    search,
    reader,
    answers,
    stage: stageOf("research"),
    stageOf,
    given: answers.requests[0]?.passages ?? [],
  };
}
