import {
  MAX_QUESTION_CHARACTERS,
  type AnswerListener,
  type AnswerResult,
  type Answering,
} from "../answering/contract.js";
import type { FixedTextLanguage } from "../answering/fixed-texts.js";
import { replyText } from "../answering/reply-text.js";
import type { HandoffOpener } from "../handoff/open-handoff.js";
import { customerText, readInPartText, type CustomerTextName } from "../handoff/customer-texts.js";
import type { Allowance, BudgetHold } from "../ports/budgets.js";
import type { ChatAdapter, DeletionEvent, EditEvent, MessageEvent, Platform } from "../ports/chat.js";
import type { Clock } from "../ports/clock.js";
import { ChangedMeanwhileError, StaleLeaseError } from "../ports/errors.js";
import type { Failpoint } from "../ports/failpoints.js";
import type { Logger, Metrics } from "../ports/logger.js";
import { plainReply, type Reply } from "../ports/reply.js";
import { HANDOFF_REASONS, type HandoffReason } from "../ports/handoffs.js";
import type { CoreStores, NewAnswer, WithStores } from "../ports/stores.js";
import type { AskedTurn } from "./asked-turn.js";
import type { Commit, EventContext } from "./event-context.js";
import { toTurn, type History } from "./read-history.js";
import type { Sender } from "./sender.js";
import { StreamedReply } from "./streamed-reply.js";

export interface AnswerHandlerDependencies {
  readonly withStores: WithStores;
  readonly answering: Answering;
  readonly handoffs: HandoffOpener;
  readonly sender: Sender;
  readonly adapterFor: (platform: Platform) => ChatAdapter;
  readonly clock: Clock;
  readonly failpoint: Failpoint;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "answerStage">;
  readonly botName: string;
}

export type Asking = EventContext<MessageEvent | EditEvent | DeletionEvent>;

export type AnswerHandler = (
  context: Asking,
  turn: AskedTurn,
  history: History,
  signal: AbortSignal,
) => Promise<Commit>;

/** What answers a question that a budget let pass, or that must be handed over for want of one. */
export type AllowedAnswerHandler = (
  context: Asking,
  turn: AskedTurn,
  history: History,
  allowance: Allowance,
  signal: AbortSignal,
) => Promise<Commit>;

/** Makes the answer, streaming it where that is safe, and returns what to commit. */
export function createAnswerHandler(deps: AnswerHandlerDependencies): AllowedAnswerHandler {
  return async (context, turn, history, allowance, signal) => {
    const { lease, event, inboxId } = context;
    const { question } = turn;
    const adapter = deps.adapterFor(lease.platform);
    const speaker = { role: "bot", name: deps.botName } as const;
    // What is put in the place of a former answer clears no status.
    const shown = turn.mayStream ? new StreamedReply({ ...deps, adapter, speaker }, context, signal) : UNSEEN;
    const result = await deps.answering.answer(
      {
        tenantId: lease.tenantId,
        conversationId: lease.conversationId,
        inboxId,
        question,
        history: history.flatMap(toTurn),
        audience: event.audience,
        channelId: event.channelId,
        ...(allowance.kind === "tenant-spent" ? { spent: allowance.use } : {}),
        mayStream: turn.mayStream && adapter.capabilities.stream !== "none" && !isReadInPart(question),
      },
      shown,
      signal,
    );
    await deps.failpoint("answer.after-generate");
    // Whoever has the conversation now decides; what was shown is finished by the next attempt.
    if (result.stopped) throw new StaleLeaseError(`conversation ${lease.conversationId}`, lease.fence);
    logModelFailure(deps.logger, result.answer);
    for (const { stage, ms } of result.answer.stages) deps.metrics.answerStage(stage, ms);
    return (stores) => commitAnswer(deps, context, turn, result, heldFor(allowance), stores);
  };
}

const UNSEEN: AnswerListener = {
  stage: () => Promise.resolve(),
  begin: () => Promise.resolve(false),
  sentence: () => Promise.resolve(true),
};

function heldFor(allowance: Allowance): BudgetHold | null {
  return allowance.kind === "granted" ? allowance.hold : null;
}

async function commitAnswer(
  deps: AnswerHandlerDependencies,
  context: Asking,
  turn: AskedTurn,
  result: AnswerResult,
  held: BudgetHold | null,
  stores: CoreStores,
): ReturnType<Commit> {
  const { lease, cause, event } = context;
  const { answer } = result;
  const { question } = turn;
  // At once, and the check first: nothing is kept unless it holds.
  const keep = () =>
    [mustBeTheBots(stores, lease.conversationId), turn.keepWords(stores), stores.traces.record(answer, held)] as const;
  if (result.reply !== null) {
    const reply = isReadInPart(question) ? readInPart(result.reply, result.language) : result.reply;
    const text = replyText(reply);
    const [, ended, , wake] = await Promise.all([
      ...keep(),
      turn.deliver(stores, reply, result.language),
      turn.keepReply(stores, text, deps.clock.now()),
    ]);
    const kind = answer.decision === "ask-back" ? "clarified" : "answered";
    return { outcome: { kind, reason: answer.reason }, wake, ...ended };
  }
  const [, ended] = await Promise.all(keep());
  const reason = handoffReason(answer.reason);
  const givenWay = await turn.giveWay(stores);
  const wake = await deps.handoffs.open(stores, {
    lease,
    cause,
    customerName: event.author.displayName,
    customerId: event.author.id,
    customerDomain: event.author.emailDomain ?? null,
    channelId: event.channelId,
    question,
    reason,
    answer,
    tried: result.tried,
    toCustomer: toCustomer(reason, result.language),
  });
  return { outcome: { kind: "handed-off", reason }, wake: [...new Set([...givenWay, ...wake])], ...ended };
}

/** An agent may have opened a handoff again while the answer was made: routed again, the words go to them. */
async function mustBeTheBots({ conversations }: CoreStores, conversationId: string): Promise<void> {
  const [, { handoff }] = await Promise.all([conversations.lock(conversationId), conversations.state(conversationId)]);
  if (handoff !== null) throw new ChangedMeanwhileError(`conversation ${conversationId}`);
}

function isReadInPart(question: string): boolean {
  return question.length > MAX_QUESTION_CHARACTERS;
}

/** The answer below a word about what it is an answer to. A person who is handed the question reads all of it. */
function readInPart(reply: Reply, language: FixedTextLanguage): Reply {
  const said = plainReply(readInPartText(language, MAX_QUESTION_CHARACTERS));
  return { ...reply, blocks: [...said.blocks, ...reply.blocks] };
}

/** The bot knows that it is not the one to answer, instead of being unsure. */
const FOR_PEOPLE: ReadonlySet<HandoffReason> = new Set(["user-asked", "account-action", "frustrated", "asked-again"]);

const OWN_TEXTS: ReadonlyMap<HandoffReason, CustomerTextName> = new Map([
  ["policy-topic", "handedOverTopic"],
  ["topic-unsure", "handedOverTopicUnsure"],
  ["budget-spent", "handedOverBudget"],
  ["model-down", "handedOverModelDown"],
]);

/** True in each case: a model that is down says nothing about the documents. */
function toCustomer(reason: HandoffReason, language: FixedTextLanguage): string {
  if (FOR_PEOPLE.has(reason)) return customerText("handedOver", language);
  return customerText(OWN_TEXTS.get(reason) ?? "handedOverUnsure", language);
}

/** Nobody but the operator can mend a model, and the customer is not told why. */
function logModelFailure(logger: Logger, { reason, stages }: NewAnswer): void {
  if (reason !== "model-down") return;
  const failure = stages.find(({ stage }) => stage === "generate")?.output["failure"];
  logger.error("model gave no answer", { code: typeof failure === "string" ? failure : "unknown" });
}

function handoffReason(reason: string): HandoffReason {
  return isHandoffReason(reason) ? reason : "low-confidence";
}

function isHandoffReason(reason: string): reason is HandoffReason {
  return (HANDOFF_REASONS as readonly string[]).includes(reason);
}
