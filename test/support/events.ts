import type {
  ActionEvent,
  Author,
  CommandEvent,
  ConversationRef,
  MessageEvent,
  NoteEvent,
} from "../../src/ports/chat.js";
import { newId } from "../../src/ports/ids.js";
import type { ReplyAction } from "../../src/ports/reply.js";

export const cora: Author = { id: "cora", displayName: "Cora", role: "customer", isBot: false };
export const ana: Author = { id: "ana", displayName: "Ana", role: "agent", isBot: false };

function envelope(conversation: ConversationRef, author: Author) {
  const eventId = newId();
  return {
    eventId,
    conversation,
    channelId: conversation.key,
    messageId: eventId,
    revision: 0,
    occurredAt: new Date(),
    author,
    audience: ["public"],
  };
}

export function messageFrom(
  author: Author,
  conversation: ConversationRef,
  text: string,
  overrides: Partial<MessageEvent> = {},
): MessageEvent {
  return { ...envelope(conversation, author), kind: "message", text, addressesBot: true, ...overrides };
}

export function noteFrom(author: Author, conversation: ConversationRef, text: string): NoteEvent {
  return { ...envelope(conversation, author), kind: "note", text };
}

export function actionFrom(author: Author, conversation: ConversationRef, action: ReplyAction): ActionEvent {
  return { ...envelope(conversation, author), kind: "action", action };
}

export function commandFrom(author: Author, conversation: ConversationRef, line: string): CommandEvent {
  return { ...envelope(conversation, author), kind: "command", line };
}
