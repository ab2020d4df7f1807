import {
  ChatPlatformError,
  LINKS_ALONE,
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
  /** Of whoever speaks. */
  name: string;
  readonly deliveryId: string;
  text: string;
  isDeleted?: boolean;
}

/** A platform in memory. Remembers what it shows, and fails as it is told to, one failure for one call. */
export class RecordingPlatform implements ChatAdapter {
  readonly platform: Platform = "web";
  readonly files = LINKS_ALONE;
  readonly capabilities;
  readonly shown: ShownMessage[] = [];
  readonly splitsReplies: boolean;
  #refusesEdits = false;
  #refusesDeletions = false;
  /** One for each of the next edits. */
  readonly editFailures: { failure: ChatFailure; retryAfterMs?: number; isShown?: boolean }[] = [];
  #streamFailure: ChatFailure | null = null;
  #held: { readonly at: string; readonly until: Promise<void> } | null = null;
  /** One for each of the next posts; with `at` and `part`, only for posts in that conversation and of that part. */
  readonly failures: { failure: ChatFailure; at?: string; part?: number; retryAfterMs?: number; isShown?: boolean }[] =
    [];

  constructor(
    options: {
      readonly stream?: "none" | "append";
      readonly reconcile?: boolean;
      readonly splitsReplies?: boolean;
      readonly edit?: boolean;
    } = {},
  ) {
    this.capabilities = {
      stream: options.stream ?? "append",
      reconcile: options.reconcile ?? true,
      edit: options.edit ?? true,
    } as const;
    this.splitsReplies = options.splitsReplies ?? false;
  }

  texts(conversation: string): string[] {
    return this.shown
      .filter((message) => message.conversation === conversation && message.isDeleted !== true)
      .map(({ text }) => text);
  }

  /** The key of the thread under the newest post in an agents' channel. */
  newestThread(channel = "agents"): string {
    const index = this.shown.findLastIndex(({ conversation }) => conversation === channel);
    return `${channel}/${index}`;
  }

  /** Each block is a part where `splitsReplies`. */
  countParts({ reply }: Pick<OutgoingMessage, "reply">): number {
    return this.splitsReplies ? reply.blocks.length : 1;
  }

  /** The next post in this conversation is shown, and not answered until the returned function is called. */
  holdAnswerTo(at: string): () => void {
    let release = (): void => undefined;
    this.#held = { at, until: new Promise<void>((resolve) => (release = resolve)) };
    return () => release();
  }

  async post(message: OutgoingMessage, signal: AbortSignal): Promise<PostedMessage> {
    await begin(signal);
    const [first] = this.failures;
    const isMeant = (first?.at ?? message.to.key) === message.to.key && (first?.part ?? message.part) === message.part;
    const failure = isMeant ? this.failures.shift() : undefined;
    const posted = failure === undefined || failure.isShown === true ? this.#show(message) : null;
    if (this.#held?.at === message.to.key) await this.#held.until;
    if (failure !== undefined) throw toError(failure);
    if (posted === null) throw new Error("unreachable");
    return posted;
  }

  async edit(message: OutgoingMessage, platformId: string, signal: AbortSignal): Promise<void> {
    await begin(signal);
    if (this.#refusesEdits) throw new ChatPlatformError("rejected", "edit");
    const failure = this.editFailures.shift();
    if (failure === undefined || failure.isShown === true) {
      Object.assign(this.#at(platformId), { text: this.#textOf(message), name: message.speaker.name });
    }
    if (failure !== undefined) throw toError(failure);
  }

  async delete(_to: ConversationRef, platformId: string, signal: AbortSignal): Promise<void> {
    await begin(signal);
    if (this.#refusesDeletions) throw new ChatPlatformError("rejected", "delete");
    this.#at(platformId).isDeleted = true;
  }

  /** From now on no message can be deleted. */
  refuseDeletions(): void {
    this.#refusesDeletions = true;
  }

  /** From now on no message can be changed. */
  refuseEdits(): void {
    this.#refusesEdits = true;
  }

  /** From now on no stream is opened. */
  refuseStreams(failure: ChatFailure): void {
    this.#streamFailure = failure;
  }

  async openStream(opening: StreamOpening, signal: AbortSignal): Promise<MessageStream> {
    await begin(signal);
    if (this.#streamFailure !== null) throw new ChatPlatformError(this.#streamFailure, "open stream");
    const posted = this.#show({ ...opening, reply: { blocks: [], citations: [], actions: [] }, part: 0 });
    const message = this.#at(posted.platformId);
    return {
      posted,
      append: async (markdown, abort) => {
        await begin(abort);
        message.text += markdown;
      },
      finish: async (reply, abort) => {
        await begin(abort);
        message.text = this.#textOf({ reply, part: 0 });
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

  #textOf({ reply, part }: Pick<OutgoingMessage, "reply" | "part">): string {
    return replyText(this.splitsReplies ? { blocks: reply.blocks.slice(part, part + 1) } : reply);
  }

  #show(message: OutgoingMessage): PostedMessage {
    const { to, deliveryId, speaker } = message;
    const { role, name } = speaker;
    this.shown.push({ conversation: to.key, speaker: role, name, deliveryId, text: this.#textOf(message) });
    return this.#postedAt(to.key, this.shown.length - 1);
  }

  #postedAt(key: string, index: number): PostedMessage {
    return { platformId: String(index), threadKey: isAgentsChannel(key) ? `${key}/${index}` : key };
  }

  #at(platformId: string): ShownMessage {
    const message = this.shown[Number(platformId)];
    if (message === undefined) throw new ChatPlatformError("not-found", "edit");
    return message;
  }
}

function isAgentsChannel(key: string): boolean {
  return key.startsWith("agents") && !key.includes("/");
}

/** A call is not made once its signal has aborted. */
function begin(signal: AbortSignal): Promise<void> {
  return signal.aborted ? Promise.reject(toError({ failure: "unreachable" })) : Promise.resolve();
}

function toError({ failure, retryAfterMs }: { failure: ChatFailure; retryAfterMs?: number }): ChatPlatformError {
  return new ChatPlatformError(failure, "post", retryAfterMs === undefined ? {} : { retryAfterMs });
}
