import {
  ChatPlatformError,
  type ChatAdapter,
  type ChatFailure,
  type ConversationRef,
  type MessageStream,
  type OutgoingMessage,
  type Platform,
  type PostedMessage,
  type StreamOpening,
} from "../../src/ports/chat.js";
import { replyText } from "../../src/answering/reply-text.js";

export interface ShownMessage {
  readonly conversation: string;
  readonly speaker: string;
  readonly deliveryId: string;
  text: string;
}

/** A platform in memory. Remembers what it shows, and fails as it is told to, one failure for one call. */
export class RecordingPlatform implements ChatAdapter {
  readonly platform: Platform = "web";
  readonly capabilities;
  readonly shown: ShownMessage[] = [];
  /** One for each of the next posts; with `at`, only for posts in that conversation. */
  readonly failures: { failure: ChatFailure; at?: string; retryAfterMs?: number; isShown?: boolean }[] = [];

  constructor(options: { readonly stream?: "none" | "append"; readonly reconcile?: boolean } = {}) {
    this.capabilities = {
      stream: options.stream ?? "append",
      reconcile: options.reconcile ?? true,
      edit: true,
    } as const;
  }

  texts(conversation: string): string[] {
    return this.shown.filter((message) => message.conversation === conversation).map(({ text }) => text);
  }

  /** The key of the thread under the newest post in the agents' channel. */
  newestThread(): string {
    const index = this.shown.findLastIndex(({ conversation }) => conversation === "agents");
    return `agents/${index}`;
  }

  async post(message: OutgoingMessage, signal: AbortSignal): Promise<PostedMessage> {
    await begin(signal);
    const [first] = this.failures;
    const failure = first?.at === undefined || first.at === message.to.key ? this.failures.shift() : undefined;
    const posted = failure === undefined || failure.isShown === true ? this.#show(message) : null;
    if (failure !== undefined) throw toError(failure);
    if (posted === null) throw new Error("unreachable");
    return posted;
  }

  async edit(message: OutgoingMessage, platformId: string, signal: AbortSignal): Promise<void> {
    await begin(signal);
    this.#at(platformId).text = replyText(message.reply);
  }

  delete(): Promise<void> {
    return Promise.reject(new Error("unscripted delete"));
  }

  async openStream(opening: StreamOpening, signal: AbortSignal): Promise<MessageStream> {
    await begin(signal);
    const posted = this.#show({ ...opening, reply: { blocks: [], citations: [], actions: [] } });
    const message = this.#at(posted.platformId);
    return {
      posted,
      append: async (markdown, abort) => {
        await begin(abort);
        message.text += markdown;
      },
      finish: async (reply, abort) => {
        await begin(abort);
        message.text = replyText(reply);
      },
      abort: () => Promise.resolve(),
    };
  }

  showStatus(): Promise<void> {
    return Promise.resolve();
  }

  async reconcile(to: ConversationRef, deliveryId: string, signal: AbortSignal): Promise<PostedMessage | null> {
    await begin(signal);
    const index = this.shown.findIndex((message) => message.deliveryId === deliveryId);
    return index === -1 ? null : this.#postedAt(to.key, index);
  }

  #show({ to, deliveryId, speaker, reply }: OutgoingMessage): PostedMessage {
    this.shown.push({ conversation: to.key, speaker: speaker.role, deliveryId, text: replyText(reply) });
    return this.#postedAt(to.key, this.shown.length - 1);
  }

  #postedAt(key: string, index: number): PostedMessage {
    return { platformId: String(index), threadKey: key === "agents" ? `agents/${index}` : key };
  }

  #at(platformId: string): ShownMessage {
    const message = this.shown[Number(platformId)];
    if (message === undefined) throw new ChatPlatformError("not-found", "edit");
    return message;
  }
}

/** A call is not made once its signal has aborted. */
function begin(signal: AbortSignal): Promise<void> {
  return signal.aborted ? Promise.reject(toError({ failure: "unreachable" })) : Promise.resolve();
}

function toError({ failure, retryAfterMs }: { failure: ChatFailure; retryAfterMs?: number }): ChatPlatformError {
  return new ChatPlatformError(failure, "post", retryAfterMs === undefined ? {} : { retryAfterMs });
}
