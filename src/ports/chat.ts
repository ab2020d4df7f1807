import { DeskhandError } from "./errors.js";
import type { AttachedFile, OutgoingFile } from "./files.js";
import type { Block, Reply, ReplyAction } from "./reply.js";

export type Platform = "slack" | "teams" | "web" | "terminal";

/** Addresses a thread or a DM. `key` is encoded by the adapter and opaque to everyone else. */
export interface ConversationRef {
  readonly installationId: string;
  readonly key: string;
}

export type Role = "customer" | "agent" | "admin";

/** Who did something, as the adapter verified it with the platform at that moment. */
export interface Author {
  /** The platform's id for the person, stable within the installation. */
  readonly id: string;
  readonly displayName: string;
  readonly role: Role;
  readonly isBot: boolean;
  /** Of the e-mail address that the platform has of them, in small letters; left out where it does not tell. */
  readonly emailDomain?: string | undefined;
}

interface Envelope {
  /** The platform's id for this delivery: the same on every redelivery. */
  readonly eventId: string;
  readonly conversation: ConversationRef;
  /** The platform's channel; with `messageId` it makes the same message seen through two installations one event. */
  readonly channelId: string;
  /** The message this is about; the event id where the platform has none. */
  readonly messageId: string;
  /** 0 for the original; for an edit a number that tells it from others: see revision.ts. */
  readonly revision: number;
  /** Platform time: the order of events inside a conversation. */
  readonly occurredAt: Date;
  readonly author: Author;
  /** Access tokens this conversation and this person may read knowledge with, for example `public`. Never empty. */
  readonly audience: readonly string[];
  /** True in the agents' channel below what may be a card of ours: its thread may not be known to the core yet. */
  readonly mayBeUnderCard?: boolean | undefined;
}

/** Somebody wrote something. */
export interface MessageEvent extends Envelope {
  readonly kind: "message";
  readonly text: string;
  /** The same words as they were formatted; left out where they were not, or the platform does not tell. */
  readonly blocks?: readonly Block[] | undefined;
  /** True where the bot is spoken to: a direct message, a mention, a thread it takes part in. */
  readonly addressesBot: boolean;
  /** True where it speaks to somebody else by name: it is then no follow-up for the bot. */
  readonly addressesOthers?: boolean | undefined;
  /** What came with the words; left out where nothing did. */
  readonly files?: readonly AttachedFile[] | undefined;
}

/** Somebody changed the words of a message, or took its deletion back: `messageId` is the message's. */
export interface EditEvent extends Envelope {
  readonly kind: "edit";
  /** What the message says now. */
  readonly text: string;
  /** The same words as they were formatted; left out where they were not, or the platform does not tell. */
  readonly blocks?: readonly Block[] | undefined;
  /** In the agents' channel: what it says now as an internal note, where it is written as one. */
  readonly note?: string | undefined;
  readonly addressesBot: boolean;
  readonly addressesOthers?: boolean | undefined;
}

/** Somebody deleted a message: `messageId` is the message's, and the author is its author, whoever deleted it. */
export interface DeletionEvent extends Envelope {
  readonly kind: "deletion";
}

/** Somebody pressed something under a reply or on a handoff card. */
export interface ActionEvent extends Envelope {
  readonly kind: "action";
  readonly action: ReplyAction;
}

/** An agent wrote an internal note on a handoff. It is its own kind, so that it can never be taken for a reply. */
export interface NoteEvent extends Envelope {
  readonly kind: "note";
  readonly text: string;
  /** False where it came from a form: colleagues have not seen it, and are shown it in the handoff's thread. */
  readonly isShown?: boolean | undefined;
  /** What Deskhand keeps of what came with the words; left out where nothing did. */
  readonly files?: readonly AttachedFile[] | undefined;
}

/** A command typed as a slash command or after a mention, for example `kb sync docs`. */
export interface CommandEvent extends Envelope {
  readonly kind: "command";
  readonly line: string;
  /** True where nobody but its author reads the reply; left out: others may. */
  readonly isPrivate?: boolean | undefined;
}

/** Reactions that say of a message that it was read, or liked. Others are nobody's acknowledgement. */
export const ACKNOWLEDGEMENTS = ["👍", "❤️", "🙏", "👌", "✅", "👀", "🎉"] as const;
export type Acknowledgement = (typeof ACKNOWLEDGEMENTS)[number];

/** Somebody put a reaction on a message, or took theirs back: `messageId` is the message's, and the author is who did it. */
export interface ReactionEvent extends Envelope {
  readonly kind: "reaction";
  readonly emoji: Acknowledgement;
  readonly isAdded: boolean;
}

/** Everything the router may be asked to react to. Platform SDK types stop at the adapter. */
export type InboundEvent =
  MessageEvent | EditEvent | DeletionEvent | ActionEvent | NoteEvent | CommandEvent | ReactionEvent;

/** How an adapter hands events to the core. */
export interface InboundSink {
  /**
   * Stores the event; resolves once it is safe to acknowledge it to the platform. The work happens later.
   * @throws {DeskhandError} when it could not be stored: the adapter must then not acknowledge.
   */
  accept(event: InboundEvent, signal?: AbortSignal): Promise<Accepted>;
}

export interface Accepted {
  readonly inboxId: string;
  readonly conversationId: string;
  /** True when this event had been stored before; nothing new will happen for it. */
  readonly duplicate: boolean;
}

/**
 * The second door: what a platform must be answered at once (a button on a card, a form). The event is stored like any
 * other, and then its outcome is waited for, for a moment only.
 */
export interface Interactions {
  /**
   * Idempotent: the same event again gives the same result. Resolves within two seconds.
   * @throws {DeskhandError} when it could not be stored: the adapter must then not acknowledge.
   */
  interact(event: ActionEvent | NoteEvent, signal?: AbortSignal): Promise<Interaction>;
}

export interface Interaction extends Accepted {
  /** Null when it is not known yet: the work goes on. */
  readonly outcome: EventOutcome | null;
}

/** What became of an event, in the words of the trace. */
export interface EventOutcome {
  readonly kind: string;
  readonly reason: string;
}

/** Which threads the bot takes part in, so that an adapter can leave everybody else's talk alone. */
export interface Participation {
  /** True once something in the conversation addressed the bot: later messages there are worth accepting without. */
  takesPartIn(conversation: ConversationRef): Promise<boolean>;
  /**
   * In which conversation the bot has posted a person's words as this message, for platforms that tell only the channel of a
   * reaction. Null where it has not.
   *
   * @param channel how the conversation's key begins, up to a colon or its end
   */
  relayedIn(installationId: string, channel: string, platformId: string): Promise<ConversationRef | null>;
}

/** Where a platform wants to be reached for a conversation, as the adapter learnt it from an event. */
export interface AddressBook {
  /** Keeps the newest address. Up to 2,000 characters. */
  remember(conversation: ConversationRef, address: string): Promise<void>;
  find(conversation: ConversationRef): Promise<string | null>;
}

export interface ChatCapabilities {
  /** `append`: chunks add up; `prefix`: every chunk repeats what came before; `none`: one message at the end. */
  readonly stream: "none" | "append" | "prefix";
  /** Whether `reconcile` can find an earlier post by its delivery id. Without it an unknown post is never repeated. */
  readonly reconcile: boolean;
  readonly edit: boolean;
}

/** What a delivery asks the platform for. */
export interface OutgoingMessage {
  readonly to: ConversationRef;
  /** Travels with the post where the platform allows it, so that `reconcile` finds it again. */
  readonly deliveryId: string;
  readonly speaker: Speaker;
  readonly reply: Reply;
  /** Which of the reply's parts is meant: counts from 0, below {@link ChatAdapter.countParts}. */
  readonly part: number;
  /** What the reply's file holds, where it has one. */
  readonly file?: OutgoingFile | undefined;
}

/** A message that will be written while it is shown: the first part of its reply. */
export type StreamOpening = Omit<OutgoingMessage, "reply" | "part">;

/** Whose words a message carries: the bot's own, or a person's that the bot relays. */
export interface Speaker {
  readonly role: "bot" | "agent" | "customer";
  readonly name: string;
}

/** Where something was posted. */
export interface PostedMessage {
  /** The platform's id, unique within its conversation. */
  readonly platformId: string;
  /** The key of the thread that answers to this post will belong to. */
  readonly threadKey: string;
}

/** One streamed message. Calls come one at a time. Sent text is never revised inside the stream. */
export interface MessageStream {
  /** Known from the start, recorded before the first text is sent. */
  readonly posted: PostedMessage;
  /** Adds `markdown` (a sentence or block) to what is shown. */
  append(markdown: string, signal: AbortSignal): Promise<void>;
  /** Replaces what was streamed by the whole reply (its first part, where there are several) and closes the stream. */
  finish(reply: Reply, signal: AbortSignal): Promise<void>;
  /** Closes the stream and leaves what was shown; the delivery is finished later by an edit. Never throws. */
  abort(): Promise<void>;
}

/**
 * One per platform; implementations live in adapters/<platform>. Every method rejects with {@link ChatPlatformError}
 * for whatever the platform does wrong, and stops when `signal` aborts. Nothing retries inside: the sender does.
 */
export interface ChatAdapter {
  readonly platform: Platform;
  /** What this platform can do; the core branches on these, never on `platform`. */
  readonly capabilities: ChatCapabilities;

  /**
   * How many deliveries a reply takes here. 1 where `post` and `edit` put the whole reply there whatever its length; more
   * where each message has to be recorded before the next.
   */
  countParts(message: Pick<OutgoingMessage, "reply" | "speaker">): number;
  post(message: OutgoingMessage, signal: AbortSignal): Promise<PostedMessage>;
  edit(message: OutgoingMessage, platformId: string, signal: AbortSignal): Promise<void>;
  delete(to: ConversationRef, platformId: string, signal: AbortSignal): Promise<void>;
  /** Only where `capabilities.stream` is not `none`. */
  openStream(opening: StreamOpening, signal: AbortSignal): Promise<MessageStream>;
  /** Shows that work is going on, for example "Looking that up"; best effort, cleared by the next post. */
  showStatus(to: ConversationRef, status: string, signal: AbortSignal): Promise<void>;
  /** The post that carries this delivery id, or null when there is none. */
  reconcile(to: ConversationRef, deliveryId: string, signal: AbortSignal): Promise<PostedMessage | null>;
  readonly files: FileExchange;
}

/** How files come from a platform and go there. */
export interface FileExchange {
  /** Reads what somebody attached to a message there. @param source as the adapter wrote it into the event */
  fetch(from: ConversationRef, source: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** Files that the platform keeps itself; null where people get a link in the reply. */
  readonly uploads: FileUploads | null;
}

/** Files on a platform, in two steps: what was put there is only seen once it is shared, so the first may be repeated. */
export interface FileUploads {
  /** Resolves with the platform's id of the file. */
  upload(file: OutgoingFile, signal: AbortSignal): Promise<string>;
  share(message: OutgoingMessage, uploadId: string, signal: AbortSignal): Promise<PostedMessage>;
  /** Where it is seen in the conversation; null while it was not shared. */
  findShared(to: ConversationRef, uploadId: string, signal: AbortSignal): Promise<PostedMessage | null>;
}

/** Of a platform where nobody attaches anything: people there get links. */
export const LINKS_ALONE: FileExchange = {
  fetch: () => Promise.reject(new ChatPlatformError("not-found", "reading a file")),
  uploads: null,
};

export type ChatFailure = "auth" | "forbidden" | "not-found" | "rate-limited" | "rejected" | "unreachable";

/** The platform refused or could not be reached. `unreachable` means the outcome of the call is unknown. */
export class ChatPlatformError extends DeskhandError {
  override readonly name = "ChatPlatformError";
  readonly code = "chat-platform";
  readonly failure: ChatFailure;
  readonly retryAfterMs: number | null;

  constructor(failure: ChatFailure, operation: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(`${operation} failed: ${failure}`, { cause: options.cause });
    this.failure = failure;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }

  get isRetryable(): boolean {
    return this.failure === "rate-limited" || this.failure === "unreachable";
  }
}
