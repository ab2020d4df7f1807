import {
  ChatPlatformError,
  LINKS_ALONE,
  type ChatAdapter,
  type ConversationRef,
  type MessageStream,
  type PostedMessage,
  type StreamOpening,
} from "../../src/ports/chat.js";
import type { WebAuthor, WebMessageStore } from "../../src/ports/console.js";
import { NotFoundError } from "../../src/ports/errors.js";
import type { Reply } from "../../src/ports/reply.js";

/** The key of the agents' channel. Every post there starts a thread of its own. */
export const AGENTS_CHANNEL = "agents";

/**
 * Posts into Deskhand's own message store: to the console and the terminal it is what a workspace is to Slack. A post
 * carries its delivery id, so that nothing is ever shown twice.
 */
export function createStoredChatAdapter(platform: "web" | "terminal", store: WebMessageStore): ChatAdapter {
  return {
    platform,
    countParts: () => 1,
    // What is attached here is kept already when its message comes.
    files: LINKS_ALONE,
    capabilities: { stream: "append", reconcile: true, edit: true },
    post: (message, signal) =>
      attempt("post", signal, async () => {
        const id = await store.post(message.to, message.deliveryId, authorOf(message), message.reply);
        return posted(message.to, id);
      }),
    edit: (message, platformId, signal) =>
      attempt("edit", signal, () => store.complete(message.to, platformId, message.reply)),
    delete: (to, platformId, signal) => attempt("delete", signal, () => store.remove(to, platformId)),
    openStream: (opening, signal) =>
      attempt("openStream", signal, async () => {
        const id = await store.openStream(opening.to, opening.deliveryId, authorOf(opening));
        return createStream(store, opening.to, id);
      }),
    // The page shows "Looking that up" by itself, from the moment a question is stored until the next post.
    showStatus: () => Promise.resolve(),
    reconcile: (to, deliveryId, signal) =>
      attempt("reconcile", signal, async () => {
        const id = await store.findByDelivery(to, deliveryId);
        return id === null ? null : posted(to, id);
      }),
  };
}

/** The key of the thread that a post in the agents' channel starts. */
function threadKeyOf(messageId: string): string {
  return `${AGENTS_CHANNEL}/${messageId}`;
}

/** The post in the agents' channel that started the thread; null for any other conversation's key. */
export function startOfThread(threadKey: string): string | null {
  const prefix = threadKeyOf("");
  return threadKey.startsWith(prefix) ? threadKey.slice(prefix.length) : null;
}

function createStream(store: WebMessageStore, to: ConversationRef, messageId: string): MessageStream {
  return {
    posted: posted(to, messageId),
    append: (markdown: string, signal: AbortSignal) =>
      attempt("append", signal, () => store.appendPartial(to, messageId, markdown)),
    finish: (reply: Reply, signal: AbortSignal) =>
      attempt("finish", signal, () => store.complete(to, messageId, reply)),
    abort: () => Promise.resolve(),
  };
}

function posted(to: ConversationRef, messageId: string): PostedMessage {
  return { platformId: messageId, threadKey: to.key === AGENTS_CHANNEL ? threadKeyOf(messageId) : to.key };
}

function authorOf(message: StreamOpening): WebAuthor {
  return { role: message.speaker.role, name: message.speaker.name };
}

async function attempt<T>(operation: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  try {
    return await work();
  } catch (error) {
    throw new ChatPlatformError(error instanceof NotFoundError ? "not-found" : "unreachable", operation, {
      cause: error,
    });
  }
}
