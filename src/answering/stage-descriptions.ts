import type { BudgetUse } from "../ports/budgets.js";
import type { Passage, SearchResult } from "../ports/knowledge.js";
import type { AnswerModel, GroundingJudge, QuestionRewriter, Reranker, ResearchModel } from "../ports/models.js";
import type { ConfidenceEstimate } from "./contract.js";
import type { DraftResult } from "./draft.js";
import type { CondensedHistory } from "./history/condense.js";
import type { ResearchStage } from "./research/stage.js";
import type { FinalDecision, FirstDecision } from "./stages/decide.js";
import type { Generation } from "./stages/generate.js";
import type { Intent } from "./stages/intent.js";
import type { JudgeStage } from "./stages/judge.js";
import type { RecognisedLanguage } from "./stages/language.js";
import type { Packing } from "./stages/pack.js";
import type { PolicyVerdict } from "./stages/policy.js";
import type { RerankStage } from "./stages/rerank.js";
import type { StandaloneStage } from "./stages/standalone.js";
import type { VerifiedLookUp } from "./stages/verified.js";
import type { StageDescription } from "./trace.js";

/** What each stage leaves in the trace. Evaluation, `explain` and the handoff card read these fields by name. */

export function describeLanguage({ code, by }: RecognisedLanguage): StageDescription {
  return { output: { language: code, by } };
}

export function describeIntent(intent: Intent): StageDescription {
  return { output: { intent: intent.kind, language: intent.kind === "question" ? null : intent.language } };
}

/** Only where a budget is spent: what was used of it before the question. */
export function describeBudget({ questions, tokens, cost }: BudgetUse): StageDescription {
  return { output: { questions, tokens, cost } };
}

/** Only where a conversation is too long to be shown whole. Counts alone: what a customer deletes stays in no trace. */
export function describeCondense({ turns, lines, tokens }: CondensedHistory): StageDescription {
  return { output: { turns, lines, tokens, calls: 0 } };
}

/** `by` says whose words were used; model and cost are there also when the model was asked in vain. */
export function describeStandalone(
  { standalone, by, asked }: StandaloneStage,
  rewriter: QuestionRewriter | null,
): StageDescription {
  const { text, isFollowUp, takenOver, isNewTopic } = standalone;
  const output = { text, isFollowUp, takenOver, isNewTopic, by };
  if (asked === null || rewriter === null) return { output };
  const { failure, usage } = asked;
  const { calls, inputTokens, outputTokens, cost } = usage;
  const { id: model, promptVersion } = rewriter;
  return { output: { ...output, failure, calls, inputTokens, outputTokens }, cost, model, promptVersion };
}

export function describePolicy({ threshold, handOff, topics }: PolicyVerdict): StageDescription {
  return { output: { threshold, handOff, topics } };
}

/** `ordersTaken`: sentences for which an entry that has the question word for word is not quoted. */
export function describeVerified({ answer, refused }: VerifiedLookUp): StageDescription {
  const passage = answer?.passage ?? refused?.passage;
  const passages = passage === undefined ? [] : [describePassage(passage)];
  const { ordersTaken = 0 } = refused ?? {};
  return { output: { isVerified: answer !== null, ordersTaken, passages, calls: 0 } };
}

function describePassage({ chunkId, documentId, versionId, externalId, title, scores }: Passage) {
  return { chunkId, documentId, versionId, externalId, title, scores };
}

export function describeRetrieve({
  passages,
  analysis,
  degraded,
  timings,
  embeddings,
}: SearchResult): StageDescription {
  const { terms, restated } = analysis;
  const found = { passages: passages.map(describePassage), terms, degraded, timings, calls: embeddings };
  return { output: restated === undefined ? found : { ...found, restated } };
}

export function describeConfidence(
  estimate: ConfidenceEstimate,
  threshold: number,
  first: FirstDecision,
): StageDescription {
  const verdict = first.kind === "hand-off" ? first.reason : first.kind;
  const { value, parts, pulls = {} } = estimate;
  return { output: { value, parts, pulls, threshold, decision: verdict } };
}

/** Documents in a step are those that it has found; `isNew` those that nothing before it had. */
export function describeResearch(
  { steps, ended, failure, usage, embeddings, found }: ResearchStage,
  model: ResearchModel,
): StageDescription {
  const { calls, inputTokens, outputTokens, cost } = usage;
  const passages = found.passages.map(describePassage);
  return {
    output: { steps, ended, failure, passages, calls, embeddings, inputTokens, outputTokens },
    cost,
    model: model.id,
    promptVersion: model.promptVersion,
  };
}

/** `place` is the one in the search's order, from 0; `isFirstNew` says that the answer begins from another document. */
export function describeRerank(
  { passages, order, failure, usage }: RerankStage,
  found: readonly Passage[],
  reranker: Reranker,
): StageDescription {
  const { calls, inputTokens, outputTokens, cost } = usage;
  const ranked = order.map(({ place, score }) => ({ chunkId: found[place]?.chunkId ?? null, place, score }));
  const isFirstNew = passages[0]?.documentId !== found[0]?.documentId;
  return {
    output: { passages: ranked, isFirstNew, degraded: failure !== null, failure, calls, inputTokens, outputTokens },
    cost,
    model: reranker.id,
    ...(reranker.promptVersion === null ? {} : { promptVersion: reranker.promptVersion }),
  };
}

export function describePack({ passages, tokens, leftOut }: Packing): StageDescription {
  const packed = passages.map(({ number, passage, ordersTaken }) => {
    const { chunkId, title } = passage;
    return { number, chunkId, title, ordersTaken };
  });
  return { output: { passages: packed, tokens, leftOut } };
}

export function describeGenerate(
  { decision, citations, finish, failure, attempts, usage }: Generation,
  model: AnswerModel,
): StageDescription {
  const { calls, inputTokens, outputTokens, cost } = usage;
  const unknownCitations = citations?.unknown ?? [];
  const output = { decision, unknownCitations, finish, failure, attempts, calls, inputTokens, outputTokens };
  return { output, cost, model: model.id, promptVersion: model.promptVersion };
}

/** `degraded`: the judge failed, and the local check stands alone. */
export function describeJudge(
  { claims, unsupported, failure, usage }: JudgeStage,
  judge: GroundingJudge,
): StageDescription {
  const { calls, inputTokens, outputTokens, cost } = usage;
  const output = { claims, unsupported, degraded: failure !== null, failure, calls, inputTokens, outputTokens };
  return { output, cost, model: judge.id, promptVersion: judge.promptVersion };
}

export function describeGround({ grounding }: DraftResult): StageDescription {
  const { kept, dropped, canStand } = grounding;
  return { output: { kept, dropped, canStand } };
}

/** `citations` is in order of use: its first is the first citation of the candidate answer, also when it is not shown. */
export function describeDecide(
  { decision, reason }: FinalDecision,
  draft: Pick<DraftResult, "citations"> | null,
): StageDescription {
  const citations = (draft?.citations ?? []).map(({ number, passageId, documentId, versionId, title }) => ({
    number,
    chunkId: passageId,
    documentId,
    versionId,
    title,
  }));
  return { output: { decision, reason, citations } };
}
