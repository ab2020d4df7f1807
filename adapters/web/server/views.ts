import type { AskedRating, HandoffSummary, WebMessage } from "../../../src/ports/console.js";
import { replyText } from "../../../src/answering/reply-text.js";
import { controlOf, sendsToCustomer } from "../../../src/handoff/control.js";
import type { OpenedPassage } from "../../../src/ports/knowledge.js";
import { RATING_OPEN_FOR_MS } from "../../../src/ports/ratings.js";
import type { Reply } from "../../../src/ports/reply.js";
import { parseReply } from "../../../src/answering/parse-reply.js";
import type {
  AnswerPlace,
  ConversationView,
  HandoffView,
  MessageView,
  PassageView,
  RatingView,
  ThreadMessageView,
} from "../api.js";
import { withCode } from "./with-code.js";

/** While an answer streams its citations are not known yet: every mark is shown, none can be opened. */
const ANY_MARK: ReadonlySet<number> = new Set(Array.from({ length: 99 }, (_, index) => index + 1));

const NO_MARK: ReadonlySet<number> = new Set();

export function messageView(message: WebMessage): MessageView {
  return {
    messageId: message.messageId,
    author: message.author,
    state: message.state,
    reply: message.reply,
    partial: message.reply === null ? parseReply(message.partialText, ANY_MARK) : [],
    createdAt: message.createdAt.toISOString(),
    editedAt: message.editedAt?.toISOString() ?? null,
  };
}

/** As the team sees it: what is typed for the bot is told from words to the customer, and the bot's own code is code. */
export function threadMessageView(message: WebMessage): ThreadMessageView {
  const { author, reply } = message;
  const seen = author.role === "bot" && reply !== null ? { ...message, reply: withCode(reply) } : message;
  return { ...messageView(seen), command: author.role === "agent" && reply !== null ? commandIn(reply) : null };
}

function commandIn(reply: Reply): ThreadMessageView["command"] {
  const control = controlOf(replyText(reply));
  if (control === null) return null;
  return sendsToCustomer(control) ? "to-customer" : "for-team";
}

/** Documents are data: their text becomes blocks here, so that the page never reads markup. */
export function passageView({ chunks, ...passage }: OpenedPassage): PassageView {
  return {
    ...passage,
    chunks: chunks.map(({ text, ...chunk }) => ({ ...chunk, blocks: parseReply(text, NO_MARK) })),
  };
}

/** What the views of handoffs must know of their surroundings. */
export interface HandoffPlace {
  /** The console's own. */
  readonly installationId: string;
}

export function handoffView(summary: HandoffSummary, place: HandoffPlace): HandoffView {
  const { agentThread } = summary;
  return {
    handoffId: summary.handoffId,
    state: summary.state,
    reason: summary.reason,
    question: summary.question,
    customerName: summary.customerName,
    claimedBy: summary.claimedBy,
    claimedById: summary.claimedById,
    snoozedUntil: summary.snoozedUntil?.toISOString() ?? null,
    isSettled: summary.isSettled,
    team: summary.team,
    assignedTo: summary.assignedTo,
    due: summary.due === null ? null : { kind: summary.due.kind, at: summary.due.at.toISOString() },
    confidence: summary.confidence,
    answerId: summary.answerId,
    isReady: agentThread?.installationId === place.installationId,
    answeredIn: answerPlace(summary, place),
    createdAt: summary.createdAt.toISOString(),
    updatedAt: summary.updatedAt.toISOString(),
  };
}

function answerPlace({ agentThread, agentsPlatform }: HandoffSummary, { installationId }: HandoffPlace): AnswerPlace {
  if (agentsPlatform === "slack" || agentsPlatform === "teams") return agentsPlatform;
  return agentThread === null || agentThread.installationId === installationId ? "console" : "elsewhere";
}

/** What the customer may know of a handoff: that it is there, and who took it. */
export function handoffBadge(
  summary: HandoffSummary | null,
  shownAgent: (displayName: string) => string,
): ConversationView["handoff"] {
  if (summary === null) return null;
  const { handoffId, state, isSettled, updatedAt } = summary;
  const claimedBy = summary.claimedBy === null ? null : shownAgent(summary.claimedBy);
  return { handoffId, state, claimedBy, isSettled, updatedAt: updatedAt.toISOString() };
}

export function ratingView({ handoffId, askedAt, rating, hasWords }: AskedRating, now: Date): RatingView {
  return { handoffId, rating, hasWords, isOpen: now.getTime() - askedAt.getTime() < RATING_OPEN_FOR_MS };
}
