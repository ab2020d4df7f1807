import type { Passage, SearchResult } from "../ports/knowledge.js";
import type { ConversationTurn } from "../ports/models.js";
import { plainReply, type Citation, type Reply, type ReplyAction } from "../ports/reply.js";
import type { HandoffReason } from "../ports/handoffs.js";
import type { AnswerDecision, NewAnswer } from "../ports/stores.js";
import type { Answering, AnswerListener, AnswerRequest, AnswerResult, Candidate } from "./contract.js";
import type { AnsweringParts } from "./answering-parts.js";
import { candidateOf } from "./candidate.js";
import { condenseHistory, WHOLE_TURNS } from "./history/condense.js";
import { triedDocuments } from "./citations.js";
import { createDraft, type DraftResult, type ShowPiece } from "./draft.js";
import { fixedText, fixedTextLanguage, type FixedTextLanguage, type FixedTextName } from "./fixed-texts.js";
import { replyText } from "./reply-text.js";
import { decideAfterResearch, evidenceOf, roomAfterResearch, type Assessed } from "./research/after-research.js";
import { lookFurther } from "./research/research.js";
import { isInBand, MOST_RISE } from "./research/settings.js";
import { clarifyingQuestion, hasJustAskedBack } from "./stages/clarify.js";
import { decideFinally, decideFirst, type FinalDecision, type FirstDecision } from "./stages/decide.js";
import { decideByPassages } from "./stages/decide-by-passages.js";
import { generateDraft, type Generation } from "./stages/generate.js";
import { recogniseIntent, type Intent } from "./stages/intent.js";
import { isWorthJudging, judgeDraft } from "./stages/judge.js";
import { recogniseLanguage, type RecognisedLanguage } from "./stages/language.js";
import { packPassages, type PackedPassage, type Packing } from "./stages/pack.js";
import { applyPolicy, type PolicyVerdict } from "./stages/policy.js";
import { rerankPassages } from "./stages/rerank.js";
import { hasContent, rewriteFollowUp, type StandaloneQuestion } from "./stages/standalone.js";
import {
  describeBudget,
  describeCondense,
  describeConfidence,
  describeDecide,
  describeGenerate,
  describeGround,
  describeIntent,
  describeJudge,
  describeLanguage,
  describePack,
  describePolicy,
  describeRerank,
  describeResearch,
  describeRetrieve,
  describeStandalone,
  describeVerified,
} from "./stage-descriptions.js";
import { NO_ENTRY, quoteEntry, VERIFIED_CONFIDENCE } from "./stages/verified.js";
import type { VerifiedAnswer, VerifiedLookUp } from "./stages/verified.js";
import { createTrace, type Trace } from "./trace.js";

export function createAnswering(parts: AnsweringParts): Answering {
  return {
    answer: (request, listener, signal) => new Answer(parts, request, listener, signal).make(),
  };
}

interface Outcome extends FinalDecision {
  readonly confidence: number;
  readonly text: string;
  readonly reply: Reply | null;
  readonly stopped: boolean;
  /** Left out where there is none. */
  readonly candidate?: Candidate;
}

/** One question on its way through the stages. */
class Answer {
  readonly #parts: AnsweringParts;
  readonly #request: AnswerRequest;
  readonly #listener: AnswerListener;
  readonly #signal: AbortSignal;
  readonly #trace: Trace;
  readonly #answerId: string;
  #tried: readonly Citation[] = [];
  #threshold: number;
  #language: RecognisedLanguage = { code: null, by: "nothing" };
  /** What a model is shown of the conversation. */
  #shown: readonly ConversationTurn[];

  constructor(parts: AnsweringParts, request: AnswerRequest, listener: AnswerListener, signal: AbortSignal) {
    this.#parts = parts;
    this.#request = request;
    this.#listener = listener;
    this.#signal = signal;
    this.#answerId = parts.newId();
    this.#threshold = parts.settings.confidenceThreshold;
    this.#shown = request.history;
    this.#trace = createTrace(parts.clock, async (name) => {
      signal.throwIfAborted();
      await listener.stage(name);
    });
  }

  async make(): Promise<AnswerResult> {
    const { question, history } = this.#request;
    this.#language = await this.#trace.run("language", () => recogniseLanguage(question, history), describeLanguage);
    const intent = await this.#trace.run("intent", () => recogniseIntent(question), describeIntent);
    if (intent.kind !== "question") return this.#withoutSearch(intent);
    const { spent } = this.#request;
    if (spent !== undefined) await this.#trace.run("budget", () => spent, describeBudget);
    const standalone = await this.#makeStandalone();
    if (!hasContent(standalone.text)) {
      return this.#fixed("ask-back", fixedTextLanguage(this.#language.code), "ask-back", "no-content");
    }
    const ruled = await this.#applyPolicy(standalone);
    const verified = await this.#findVerified(standalone, ruled);
    if (verified !== null) return this.#fromEntry(verified);
    return spent === undefined
      ? this.#fromKnowledge(standalone, ruled)
      : this.#handOff(ruled.handOff ?? "budget-spent");
  }

  /**
   * Null also where nothing that is less than certain may be said, and a verified answer is, and for a topic that people
   * answer. A request for an account action that an entry has word for word is what the entry was written for.
   */
  async #findVerified({ text }: StandaloneQuestion, ruled: PolicyVerdict): Promise<VerifiedAnswer | null> {
    const { verified, settings } = this.#parts;
    const { tenantId, audience } = this.#request;
    const isRuledOut = VERIFIED_CONFIDENCE < ruled.threshold || ruled.handOff === "policy-topic";
    if (settings.verifiedAnswers === "off" || isRuledOut) return null;
    const find = async (): Promise<VerifiedLookUp> => {
      const entry = await verified.find({ tenantId, text, audience });
      return entry === null ? NO_ENTRY : quoteEntry(entry, settings);
    };
    return (await this.#trace.run("verified", find, describeVerified)).answer;
  }

  async #fromEntry(answer: VerifiedAnswer): Promise<AnswerResult> {
    this.#tried = triedDocuments([answer.passage]);
    const decided = { decision: "answer", reason: "verified" } as const;
    await this.#trace.run(
      "decide",
      () => decided,
      (decision) => describeDecide(decision, answer),
    );
    const text = replyText(answer);
    return this.#result({
      ...decided,
      confidence: VERIFIED_CONFIDENCE,
      text,
      reply: this.#reply(answer),
      stopped: false,
      candidate: { kind: "draft", blocks: answer.blocks, citations: answer.citations },
    });
  }

  async #makeStandalone(): Promise<StandaloneQuestion> {
    const { question, history } = this.#request;
    if (history.length > WHOLE_TURNS) {
      this.#shown = (await this.#trace.run("condense", () => condenseHistory(history), describeCondense)).history;
    }
    const before = { history, shown: this.#shown, language: this.#language.code };
    const rewriter = this.#request.spent === undefined ? this.#parts.rewriter : null;
    const { standalone } = await this.#trace.run(
      "standalone",
      () => rewriteFollowUp(rewriter, question, before, this.#signal),
      (made) => describeStandalone(made, rewriter),
    );
    return standalone;
  }

  #withoutSearch(intent: Exclude<Intent, { kind: "question" }>): AnswerResult {
    if (intent.kind !== "human-please") return this.#fixed(intent.kind, intent.language, "answer", intent.kind);
    return this.#handOff("user-asked");
  }

  #handOff(reason: HandoffReason): AnswerResult {
    return this.#result({ decision: "hand-off", reason, confidence: 0, text: "", reply: null, stopped: false });
  }

  #fixed(name: FixedTextName, language: FixedTextLanguage, decision: AnswerDecision, reason: string): AnswerResult {
    const text = fixedText(name, language);
    const reply = plainReply(text, [{ name: "human" }]);
    return this.#result({ decision, reason, confidence: 0, text, reply, stopped: false });
  }

  async #fromKnowledge(standalone: StandaloneQuestion, ruled: PolicyVerdict): Promise<AnswerResult> {
    const retrieved = await this.#trace.run("retrieve", () => this.#retrieve(standalone.text), describeRetrieve);
    const assessed = await this.#assess(standalone.text, retrieved, ruled);
    const { found, estimate, first: assumed } = await this.#lookFurther(standalone.text, assessed, ruled);
    if (found.passages.length === 0 || assumed.kind === "ask-back") {
      return this.#conclude(assumed, estimate.value, null, []);
    }
    const passages = await this.#rerank(standalone.text, found.passages);
    this.#tried = triedDocuments(passages);
    const { settings } = this.#parts;
    const room = found === retrieved ? settings : roomAfterResearch(settings);
    const packing = await this.#trace.run("pack", () => packPassages(passages, room), describePack);
    const first = decideByPassages(assumed, standalone, this.#request, packing.passages, this.#language.code);
    if (first.kind === "ask-back") return this.#conclude(first, estimate.value, null, packing.passages);
    const asked = found.analysis.restated ?? standalone.text;
    const draft = await this.#generate({ ...standalone, text: asked }, packing, first);
    const generation = await this.#judge(draft, packing, first);
    return this.#conclude(first, estimate.value, generation, packing.passages);
  }

  /** @param most what the estimate may be at most */
  #assess(question: string, found: SearchResult, ruled: PolicyVerdict, most = 1): Promise<Assessed> {
    const { settings, estimateConfidence } = this.#parts;
    const { threshold, usualThreshold, handOff } = ruled;
    const assess = (): Assessed => {
      const free = estimateConfidence(question, found);
      const estimate = { ...free, value: Math.min(free.value, most) };
      const confidence = { value: estimate.value, threshold, usualThreshold, streamMargin: settings.streamMargin };
      return { found, estimate, first: decideFirst(found.passages.length, confidence, handOff) };
    };
    return this.#trace.run("confidence", assess, ({ estimate, first }) =>
      describeConfidence(estimate, threshold, first),
    );
  }

  /** Costs time and money, so only where a first search is in doubt, and never for what a person gets anyway. */
  async #lookFurther(question: string, before: Assessed, ruled: PolicyVerdict): Promise<Assessed> {
    const { research = null, settings } = this.#parts;
    if (research === null || ruled.handOff !== null) return before;
    if (!isInBand(research.settings, before.estimate.value, ruled.threshold)) return before;
    const task = {
      request: this.#request,
      question,
      first: before.found,
      limit: settings.retrievedPassages,
      mayAsk: (draft: string, found: readonly Passage[]) => this.#mayAsk(draft, found),
    };
    const stage = await this.#trace.run(
      "research",
      () => lookFurther(research, this.#parts, task, this.#signal),
      (made) => describeResearch(made, research.model),
    );
    const most = before.estimate.value + MOST_RISE;
    const after = await this.#assess(question, evidenceOf(before.found, stage), ruled, most);
    return { ...after, found: stage.found, first: decideAfterResearch(stage, after.first) };
  }

  #mayAsk(draft: string, found: readonly Passage[]): string | null {
    const { question, history } = this.#request;
    const { settings } = this.#parts;
    if (hasJustAskedBack(history)) return null;
    return clarifyingQuestion(draft, { question, history, passages: packPassages(found, settings).passages });
  }

  async #applyPolicy(standalone: StandaloneQuestion): Promise<PolicyVerdict> {
    const { policy, confidenceThreshold } = this.#parts.settings;
    const { question, history, channelId = null } = this.#request;
    const asked = { texts: [question, standalone.text], history, channelId };
    const ruled = await this.#trace.run(
      "policy",
      () => applyPolicy(policy, asked, confidenceThreshold),
      describePolicy,
    );
    this.#threshold = ruled.threshold;
    return ruled;
  }

  #retrieve(text: string): Promise<SearchResult> {
    const { tenantId, audience } = this.#request;
    const limit = this.#parts.settings.retrievedPassages;
    return this.#parts.search.search({ tenantId, text, audience, limit }, this.#signal);
  }

  // After the confidence, which was trained on the order of the search and is of that order alone.
  async #rerank(question: string, found: readonly Passage[]): Promise<readonly Passage[]> {
    const { reranker } = this.#parts;
    if (reranker === null || found.length < 2) return found;
    const { passages } = await this.#trace.run(
      "rerank",
      () => rerankPassages(reranker, question, found, this.#signal),
      (made) => describeRerank(made, found, reranker),
    );
    return passages;
  }

  #generate(standalone: StandaloneQuestion, packing: Packing, first: FirstDecision): Promise<Generation> {
    const { model, settings, clock } = this.#parts;
    const show = this.#shower(first);
    const request = {
      question: standalone.text,
      language: this.#language.code,
      history: standalone.isNewTopic ? [] : this.#shown,
      passages: packing.passages.map((packed) => packed.prompt),
      maxOutputTokens: settings.maxOutputTokens,
    };
    const newDraft = () => createDraft(packing.passages, show, () => clock.now().getTime());
    return this.#trace.run(
      "generate",
      () => generateDraft(model, request, newDraft, settings.generationTimeoutMs, this.#signal),
      (generation) => describeGenerate(generation, model),
    );
  }

  async #judge(generation: Generation, { passages }: Packing, first: FirstDecision): Promise<Generation> {
    const { judge = null } = this.#parts;
    const isSeen = first.kind !== "hand-off" || this.#request.isForAgent === true;
    if (judge === null || !isSeen || !isWorthJudging(generation)) return generation;
    const judged = await this.#trace.run(
      "judge",
      () => judgeDraft(judge, generation, passages, this.#signal),
      (made) => describeJudge(made, judge),
    );
    return judged.generation;
  }

  /**
   * What is not clearly good enough is written all the same, for the trace, and shown to nobody; so is what will be judged,
   * and what is whole before a stream could be opened.
   */
  #shower(first: FirstDecision): ShowPiece {
    const { judge = null, model } = this.#parts;
    const isShownWhole = judge !== null || model.writesAtOnce === true;
    let mayShow = first.kind === "may-answer" && first.mayStream && this.#request.mayStream && !isShownWhole;
    let hasBegun = false;
    return async (markdown) => {
      if (!mayShow) return "not-shown";
      if (!hasBegun) {
        mayShow = await this.#listener.begin();
        if (!mayShow) return "not-shown";
        hasBegun = true;
      }
      return (await this.#listener.sentence(markdown)) ? "shown" : "stop";
    };
  }

  async #conclude(
    first: FirstDecision,
    confidence: number,
    generation: Generation | null,
    passages: readonly PackedPassage[],
  ): Promise<AnswerResult> {
    const draft = generation?.draft.result() ?? null;
    if (draft !== null && generation?.decision === "answer") {
      await this.#listener.stage("ground");
      this.#trace.note("ground", draft.groundMs, describeGround(draft).output);
    }
    const { question, history } = this.#request;
    const { asked, ...decided } = await this.#trace.run(
      "decide",
      () => decideFinally(first, generation, { question, history, passages }),
      (decision) => describeDecide(decision, draft),
    );
    const candidate = candidateOf(first, generation, { question, history, passages });
    if (asked !== undefined) {
      const reply = plainReply(asked, [{ name: "human" }]);
      return this.#result({ ...decided, confidence, text: asked, reply, stopped: false, candidate });
    }
    const reply = draft !== null && decided.decision === "answer" ? this.#reply(draft) : null;
    const text = draft === null || generation?.finish === "failed" ? "" : replyText(draft);
    const stopped = generation?.finish === "stopped";
    return this.#result({ ...decided, confidence, text, reply, stopped, candidate });
  }

  #reply(draft: Pick<DraftResult, "blocks" | "citations">): Reply {
    const answerId = this.#answerId;
    const actions: readonly ReplyAction[] = [
      { name: "helpful", answerId },
      { name: "not-helpful", answerId },
      { name: "human" },
    ];
    return { blocks: draft.blocks, citations: draft.citations, actions };
  }

  #result(outcome: Outcome): AnswerResult {
    const { conversationId, inboxId, question } = this.#request;
    const { decision, reason, confidence, text, reply, stopped } = outcome;
    const { candidate = { kind: "none", reason } } = outcome;
    const answer: NewAnswer = {
      answerId: this.#answerId,
      conversationId,
      inboxId,
      question,
      decision,
      reason,
      confidence,
      threshold: this.#threshold,
      text,
      stages: this.#trace.stages(),
    };
    const language = fixedTextLanguage(this.#language.code);
    return { answer, reply: stopped ? null : reply, language, tried: this.#tried, stopped, candidate };
  }
}
