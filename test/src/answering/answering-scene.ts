import { createAnswering } from "../../../src/answering/answering.js";
import {
  DEFAULT_ANSWER_SETTINGS,
  type AnswerRequest,
  type AnswerResult,
  type EstimateConfidence,
} from "../../../src/answering/contract.js";
import { replyText } from "../../../src/answering/reply-text.js";
import type { Reranker } from "../../../src/ports/models.js";
import { MemorySearch } from "../../fakes/memory-search.js";
import { noVerifiedAnswers } from "../../fakes/no-verified-answers.js";
import { passageOf } from "../../fakes/passages.js";
import { RecordingListener } from "../../fakes/recording-listener.js";
import { ScriptedAnswerModel, type Script } from "../../fakes/scripted-answer-model.js";
import type { ScriptedRewriter } from "../../fakes/scripted-rewriter.js";

export const SHIPPING = passageOf(
  "Standard delivery takes 2 to 4 business days. Express orders arrive on the next business day. We do not deliver to freight forwarders.",
  { title: "Shipping", url: "https://shop.example/shipping" },
);
export const RETURNS = passageOf(
  "You can send an order back within 30 days. The refund arrives within five days after that.",
  {
    title: "Returns",
    url: "ftp://shop.example/returns",
  },
);
export const REQUEST: AnswerRequest = {
  tenantId: "acme",
  conversationId: "conversation",
  inboxId: "inbox",
  question: "How long does standard delivery take?",
  history: [],
  audience: ["public"],
  mayStream: true,
};

export interface AnswerOptions {
  readonly scripts?: readonly Script[];
  readonly confidence?: number;
  readonly request?: Partial<AnswerRequest>;
  readonly listener?: RecordingListener;
  readonly timeoutMs?: number;
  readonly rewriter?: ScriptedRewriter;
  readonly reranker?: Reranker;
  readonly estimateConfidence?: EstimateConfidence;
}

/** Answers a question from two pages, by scripted models. */
export async function answerWith(options: AnswerOptions) {
  const model = new ScriptedAnswerModel(...(options.scripts ?? []));
  const search = new MemorySearch([SHIPPING, RETURNS]);
  const listener = options.listener ?? new RecordingListener();
  let time = 0;
  const answering = createAnswering({
    search,
    verified: noVerifiedAnswers,
    model,
    rewriter: options.rewriter ?? null,
    reranker: options.reranker ?? null,
    research: null,
    clock: { now: () => new Date((time += 1)) },
    newId: () => "answer-1",
    settings: { ...DEFAULT_ANSWER_SETTINGS, generationTimeoutMs: options.timeoutMs ?? 5000 },
    estimateConfidence:
      options.estimateConfidence ?? (() => ({ value: options.confidence ?? 0.9, parts: { fixed: 1 } })),
  });
  const request = { ...REQUEST, ...options.request };
  const result = await answering.answer(request, listener, new AbortController().signal);
  return { result, listener, model, search };
}

/** What the customer reads; null where nothing is shown. */
export function textOf(result: AnswerResult): string | null {
  return result.reply === null ? null : replyText(result.reply);
}

/** What the model says from the first page, all of it supported. */
export const GOOD =
  "Standard delivery takes 2 to 4 business days. [1] Express orders arrive on the next business day. [1]";
