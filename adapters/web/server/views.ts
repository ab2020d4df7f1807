import type { HandoffSummary, WebMessage } from "../../../src/ports/console.js";
import { plainReply } from "../../../src/ports/reply.js";
import type { ConversationView, HandoffView, MessageView } from "../api.js";

export function messageView(message: WebMessage): MessageView {
  return {
    messageId: message.messageId,
    author: message.author,
    state: message.state,
    reply: message.reply,
    partial: message.reply === null ? plainReply(message.partialText).blocks : [],
    createdAt: message.createdAt.toISOString(),
    editedAt: message.editedAt?.toISOString() ?? null,
  };
}

export function handoffView(summary: HandoffSummary): HandoffView {
  return {
    handoffId: summary.handoffId,
    state: summary.state,
    reason: summary.reason,
    question: summary.question,
    customerName: summary.customerName,
    claimedBy: summary.claimedBy,
    claimedById: summary.claimedById,
    confidence: summary.confidence,
    isReady: summary.agentThread !== null,
    createdAt: summary.createdAt.toISOString(),
    updatedAt: summary.updatedAt.toISOString(),
  };
}

/** What the customer may know of a handoff: that it is there, and who took it. */
export function handoffBadge(summary: HandoffSummary | null): ConversationView["handoff"] {
  if (summary === null) return null;
  const { handoffId, state, claimedBy, createdAt } = summary;
  return { handoffId, state, claimedBy, createdAt: createdAt.toISOString() };
}
