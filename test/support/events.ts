import type {
  ActionEvent,
  Author,
  CommandEvent,
  ConversationRef,
  DeletionEvent,
  EditEvent,
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

let revisions = 0;

/** The author of a message changes it. */
export function editOf(message: MessageEvent, text: string): EditEvent {
  return { ...message, ...amending(message), kind: "edit", text };
}

export function deletionOf(message: MessageEvent): DeletionEvent {
  const { conversation, author, channelId } = message;
  return { ...envelope(conversation, author), ...amending(message), channelId, kind: "deletion" };
}

function amending({ messageId }: MessageEvent) {
  revisions += 1;
  return { eventId: newId(), messageId, revision: revisions, occurredAt: new Date() };
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
