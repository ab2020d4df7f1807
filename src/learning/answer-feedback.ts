import { z } from "zod";
import { conversationLanguage } from "../handoff/conversation-language.js";
import { customerText } from "../handoff/customer-texts.js";
import { FAULTS, LONGEST_FAULT_WORDS, type Fault } from "../ports/answer-cases.js";
import { NotFoundError } from "../ports/errors.js";
import type { NewId } from "../ports/ids.js";
import { plainReply, type ReplyAction } from "../ports/reply.js";
import type { CoreStores, StoredAnswer } from "../ports/stores.js";
import type { Commit, Effects, EventContext } from "../routing/event-context.js";
import { withoutPersonalData } from "./personal-data.js";

export interface FeedbackDependencies {
  readonly newId: NewId;
  readonly botName: string;
}

/** What of a conversation may hold names that the question or the answer says. */
const LINES_READ = 50;

/** Notes what somebody says about an answer. */
export function noteFeedback(deps: FeedbackDependencies, context: EventContext, said: Said): Commit {
  return "verdict" in said ? noteVerdict(deps, context, said.answerId, said.verdict) : noteFault(context, said);
}

type Said = SaidFault | { readonly answerId: string; readonly verdict: "helpful" | "not-helpful" };

/** Notes whether an answer helped. One that did not becomes a case, and whoever says so is asked what was wrong with it. */
function noteVerdict(
  deps: FeedbackDependencies,
  context: EventContext,
  answerId: string,
  verdict: "helpful" | "not-helpful",
): Commit {
  return async (stores) => {
    const answer = await answerHere(stores, context, answerId);
    const { author } = context.event;
    await stores.traces.recordFeedback(answerId, author, verdict);
    if (verdict === "helpful") {
      await stores.answerCases.withdraw(answerId, author.id);
      return { outcome: { kind: "recorded", reason: verdict }, wake: [] };
    }
    const isNew = await openCase(deps, stores, context, answer);
    if (isNew) await askWhatWasWrong(deps, stores, context, answerId);
    return { outcome: { kind: "recorded", reason: verdict }, wake: isNew ? [context.lease.conversationId] : [] };
  };
}

type SaidFault =
  | { readonly answerId: string; readonly fault: Fault }
  /** In their own words. They are kept without personal data, and nowhere else. */
  | { readonly answerId: string; readonly words: string };

/** Notes what was wrong with an answer; what they said before gives way. */
function noteFault(context: EventContext, said: SaidFault): Commit {
  const { answerId } = said;
  return async (stores) => {
    if ("words" in said) await forgetWords(stores, context);
    await answerHere(stores, context, answerId);
    if ("words" in said) return noteWords(stores, context, answerId, said.words);
    return told(await stores.answerCases.tell(answerId, context.event.author.id, { fault: said.fault }));
  };
}

async function noteWords(stores: CoreStores, context: EventContext, answerId: string, said: string): Promise<Effects> {
  const text = said.trim().slice(0, LONGEST_FAULT_WORDS);
  if (text === "") return { outcome: { kind: "ignored", reason: "empty" }, wake: [] };
  const words = withoutPersonalData(text, await namesIn(stores, context));
  return told(await stores.answerCases.tell(answerId, context.event.author.id, { words }));
}

/** What somebody says in their own words is kept nowhere as it came, also where it is refused. */
export function refuseWords(context: EventContext, refused: Commit): Commit {
  return async (stores) => {
    await forgetWords(stores, context);
    return refused(stores);
  };
}

function forgetWords({ inbox }: CoreStores, { lease, inboxId }: EventContext): Promise<void> {
  return inbox.redact(lease, inboxId, "");
}

function told(isKept: boolean): Effects {
  const outcome = isKept
    ? ({ kind: "recorded", reason: "fault" } as const)
    : ({ kind: "ignored", reason: "over" } as const);
  return { outcome, wake: [] };
}

/** @throws {NotFoundError} for an answer of another conversation, as for none */
async function answerHere(stores: CoreStores, { lease }: EventContext, answerId: string): Promise<StoredAnswer> {
  const answer = await stores.traces.read(answerId);
  if (answer.conversationId !== lease.conversationId) throw new NotFoundError(`no answer ${answerId}`);
  return answer;
}

async function openCase(
  { newId }: FeedbackDependencies,
  stores: CoreStores,
  context: EventContext,
  answer: StoredAnswer,
): Promise<boolean> {
  // Its words were deleted.
  if (answer.question === "") return false;
  const names = await namesIn(stores, context);
  return stores.answerCases.open({
    caseId: newId(),
    answerId: answer.answerId,
    authorId: context.event.author.id,
    question: withoutPersonalData(askedIn(answer), names),
    answer: withoutPersonalData(answer.text, names),
    documentIds: citedIn(answer),
  });
}

async function namesIn({ conversations }: CoreStores, { lease, event }: EventContext): Promise<readonly string[]> {
  const history = await conversations.history(lease.conversationId, LINES_READ);
  return [event.author.displayName, ...history.filter(({ speaker }) => speaker !== "bot").map(({ name }) => name)];
}

const standaloneSchema = z.object({ text: z.string().min(1) });

/** A follow-up as it was understood: it is asked again by itself. */
function askedIn({ question, stages }: StoredAnswer): string {
  const standalone = standaloneSchema.safeParse(stages.findLast(({ stage }) => stage === "standalone")?.output);
  return standalone.success ? standalone.data.text : question;
}

const citationsSchema = z.object({ citations: z.array(z.object({ documentId: z.uuid() })) });

function citedIn({ stages }: StoredAnswer): readonly string[] {
  const decided = citationsSchema.safeParse(stages.findLast(({ stage }) => stage === "decide")?.output);
  return decided.success ? [...new Set(decided.data.citations.map(({ documentId }) => documentId))] : [];
}

async function askWhatWasWrong(
  { botName }: FeedbackDependencies,
  stores: CoreStores,
  { lease, cause }: EventContext,
  answerId: string,
): Promise<void> {
  const { conversationId } = lease;
  const language = await conversationLanguage(stores, conversationId);
  const actions: readonly ReplyAction[] = [
    ...FAULTS.map((fault) => ({ name: "fault", answerId, fault }) as const),
    { name: "fault-words", answerId, words: "" },
  ];
  await stores.deliveries.add([
    {
      ...{ conversationId, cause },
      purpose: "status",
      operation: "post",
      targetDeliveryId: null,
      speaker: { role: "bot", name: botName },
      reply: plainReply(customerText("whatWasWrong", language), actions),
    },
  ]);
}
