import type { BudgetHold, BudgetStore } from "./budgets.js";
import type { LearningStores } from "./learning-stores.js";
import type { Author, ConversationRef, InboundEvent, Platform, PostedMessage, Speaker } from "./chat.js";
import type { HandoffReports } from "./handoff-reports.js";
import type { FileStore } from "./files.js";
import type { Handoff, HandoffStore } from "./handoffs.js";
import type { TenantId } from "./ids.js";
import type { ReactionStore } from "./reactions.js";
import type { RatingStore } from "./ratings.js";
import type { Reply } from "./reply.js";
import type { StandingReply } from "./standing-reply.js";
import type { SuggestionStore } from "./suggestions.js";

/** What the router made of an inbound event. Exactly one for each event, and final. */
export type OutcomeKind =
  "answered" | "clarified" | "handed-off" | "relayed" | "commanded" | "recorded" | "ignored" | "failed";

export interface Outcome {
  readonly kind: OutcomeKind;
  /** A short stable code for reports, for example `low-confidence`, `own-message`, `claim`. */
  readonly reason: string;
}

/** A platform, workspace, console or terminal that belongs to a tenant. */
export interface Installation {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly platform: Platform;
  readonly externalId: string;
}

/** The right to work on one conversation until it is released or runs out. Times are the database's. */
export interface Lease {
  readonly tenantId: TenantId;
  readonly conversationId: string;
  readonly conversation: ConversationRef;
  readonly platform: Platform;
  /** Counts up with each holder. A write with an older fence is refused. */
  readonly fence: bigint;
}

/**
 * The few steps that cross tenants: storing an event, taking a lease, sweeping. Each is one security-definer function,
 * named in infra/postgres/migrations/0001_core.sql.
 */
export interface CoordinationStore {
  /** Registers an installation, or finds it when it is there. */
  ensureInstallation(tenantId: TenantId, platform: Platform, externalId: string): Promise<Installation>;
  /** Stores an event once. @throws {NotFoundError} for an unknown installation. */
  acceptEvent(event: InboundEvent): Promise<{ inboxId: string; conversationId: string; duplicate: boolean }>;
  /** Takes a conversation and begins its first event, null where none is due. Null while somebody else holds it. */
  claimWork(conversationId: string, owner: string, leaseMs: number): Promise<ClaimedWork | null>;
  /** False when the lease was taken over. */
  renewConversation(lease: Lease, leaseMs: number): Promise<boolean>;
  /** True when more events wait already: whoever asked for the lease meanwhile was turned away, so go on. */
  releaseConversation(lease: Lease): Promise<boolean>;
  /** The oldest delivery of the conversation that is due and that nobody works on; later ones wait for it. */
  claimDelivery(conversationId: string, owner: string, leaseMs: number): Promise<ClaimedDelivery | null>;
  /** Conversations with waiting events or due deliveries that nobody holds, oldest first. */
  sweep(limit: number): Promise<readonly { conversationId: string; events: boolean; deliveries: boolean }[]>;
  /** Handoffs with a timer that has run out by then, the longest overdue first. */
  dueHandoffs(now: Date, limit: number): Promise<readonly { tenantId: TenantId; handoffId: string }[]>;
  /** Settled handoffs that nobody has learned from, the oldest first. */
  unlearnedHandoffs(limit: number): Promise<readonly { tenantId: TenantId; handoffId: string }[]>;
}

/** Why a delivery exists. Unique with its purpose and part, so that no retry can make a second one. */
export interface DeliveryCause {
  readonly type: "event" | "handoff" | "timer" | "delivery" | "file";
  readonly id: string;
}

/**
 * `status` is told to a customer and `notice` to the agents about a handoff, and `card-state` changes its card; `unsent` says that another delivery did not
 * arrive. `withdrawal` takes another delivery's post away; `replacement` is a reply that could not be put in the place of
 * the former one. `file-notice` says which files of a message were not passed on.
 * `reaction` tells of one on a message that was relayed.
 */
export type DeliveryPurpose =
  | "reply"
  | "handoff-card"
  | "card-state"
  | "relay"
  | "status"
  | "notice"
  | "unsent"
  | "withdrawal"
  | "replacement"
  | "transcript"
  | "file-notice"
  | "reaction";

export interface NewDelivery {
  readonly conversationId: string;
  readonly cause: DeliveryCause;
  readonly purpose: DeliveryPurpose;
  readonly operation: "post" | "edit" | "delete";
  /** For `edit` and `delete`: the delivery whose post is meant. */
  readonly targetDeliveryId: string | null;
  readonly speaker: Speaker;
  readonly reply: Reply;
}

export interface ClaimedDelivery {
  readonly deliveryId: string;
  readonly tenantId: TenantId;
  readonly conversation: ConversationRef;
  readonly conversationId: string;
  readonly platform: Platform;
  readonly cause: DeliveryCause;
  readonly purpose: DeliveryPurpose;
  /** Which message of a reply that needs several: counts from 0. */
  readonly part: number;
  readonly operation: "post" | "edit" | "delete";
  readonly speaker: Speaker;
  /** Null when what was stored cannot be read any more. */
  readonly reply: Reply | null;
  /** Where it already stands on the platform: a stream that was opened, or the target of an edit. */
  readonly platformId: string | null;
  /** Counts from 1. Above 1 an earlier attempt may have reached the platform. */
  readonly attempt: number;
  /** True when an earlier attempt ended without a known result. */
  readonly isUncertain: boolean;
  /** True when it was opened as a stream: what the platform shows may be a part of the reply. */
  readonly isStreamed: boolean;
  readonly fence: bigint;
  readonly createdAt: Date;
}

/** An inbox row, in the order of its conversation. */
export interface WaitingEvent {
  readonly inboxId: string;
  /** Null when what was stored cannot be read any more, for example after a downgrade. */
  readonly event: InboundEvent | null;
  /** Attempts begun before this one. */
  readonly attempts: number;
}
export type ClaimedWork = { readonly lease: Lease; readonly first: WaitingEvent | null };

/** An inbox row that waits in the same conversation as another, or that is about the same message. */
export interface NeighbouringEvent {
  readonly inboxId: string;
  readonly event: InboundEvent | null;
  /** Since it was stored, by the database's clock. */
  readonly waitedMs: number;
  /** Null while it waits. */
  readonly outcome: Outcome | null;
}

/** What became of a message: the turn is everything that one reply answers. */
export interface Turn {
  /** Of the event that the turn began with. */
  readonly turnId: string;
  /** The event that brought the message. */
  readonly inboxId: string;
  readonly kind: string;
  readonly outcome: Outcome;
  /** Whether any part of the turn went to a person: what they said to it stands. */
  readonly wentToPeople: boolean;
  readonly occurredAt: Date;
  /** The customer's words that the turn consists of now, oldest first. */
  readonly said: readonly Said[];
}

/** What a customer said in one event. */
export interface Said {
  readonly inboxId: string;
  readonly text: string;
  readonly at: Date;
}

export interface ConversationState {
  readonly conversationId: string;
  /** The handoff that is open for this customer's conversation. */
  readonly handoff: Handoff | null;
  /** The customer's newest handoff, where it was resolved and the customer has not said yet whether it is. */
  readonly unsettled: Handoff | null;
  /** The handoff that this conversation is the agents' side of. */
  readonly agentSideOf: Handoff | null;
  /** The handoff that was in this thread of agents, and has gone to another team. */
  readonly leftBy: Handoff | null;
}

/** All stores of one tenant, bound to one transaction. */
export interface CoreStores extends LearningStores {
  readonly inbox: InboxStore;
  readonly deliveries: DeliveryStore;
  readonly conversations: ConversationStore;
  readonly handoffs: HandoffStore;
  readonly suggestions: SuggestionStore;
  readonly ratings: RatingStore;
  readonly reactions: ReactionStore;
  readonly traces: TraceStore;
  readonly budgets: BudgetStore;
  readonly reports: HandoffReports;
  readonly files: FileStore;
}

/** Opens a tenant transaction and binds every store to it. See {@link Database.withTenant}. */
export type WithStores = <T>(tenantId: TenantId, work: (stores: CoreStores) => Promise<T>) => Promise<T>;

export interface InboxStore {
  /** The next waiting event by platform time, then arrival; counts the attempt. Null when the conversation is done. */
  beginNext(lease: Lease): Promise<WaitingEvent | null>;
  /** The event itself and up to 50 that wait behind it, in their order; then edits and deletions of its message that are over. */
  around(lease: Lease, inboxId: string): Promise<readonly NeighbouringEvent[]>;
  /** Null when no event of the conversation brought that message, or it has no outcome yet. */
  turnOf(lease: Lease, message: Pick<InboundEvent, "channelId" | "messageId">): Promise<Turn | null>;
  /** Ends events that the reply to another one answers, too. @throws {StaleLeaseError} also when one has ended already. */
  join(lease: Lease, inboxIds: readonly string[], turnId: string): Promise<void>;
  /**
   * Records the outcome, and the turn of an event that began none of its own. What its files were read by is forgotten.
   * @throws {StaleLeaseError} when the lease was taken over: the transaction must roll back.
   */
  finish(lease: Lease, inboxId: string, outcome: Outcome, turnId?: string): Promise<void>;
  /** Notes why an attempt failed (a code, no text) and when the next may begin. */
  postpone(lease: Lease, inboxId: string, errorCode: string, delayMs: number): Promise<void>;
  /** Puts other words in the place of what a message or an edit said, or was typed with a press: those are kept nowhere then. */
  redact(lease: Lease, inboxId: string, text: string): Promise<void>;
  /** Puts an event back that nobody can decide on yet: the attempt does not count. */
  putBack(lease: Lease, inboxId: string, delayMs: number): Promise<void>;
}

/**
 * A delivery is `streaming` (shown piece by piece, not final), `pending`, `sending`, and in the end `sent`, `failed`, or
 * `unconfirmed`: its outcome on the platform is unknown and cannot be looked up.
 */
export interface DeliveryStore {
  /**
   * Adds deliveries, each the first part of its reply. One that is there already for its cause and purpose stays as it is,
   * except an open stream: it gets the whole reply and becomes due, uncertain when nobody knows whether it stands.
   */
  add(deliveries: readonly NewDelivery[]): Promise<readonly string[]>;
  /**
   * Opens the row of a streamed reply and returns its id. Null when it is not to be streamed: an earlier attempt opened it,
   * or an earlier delivery of the conversation has not ended and would be overtaken. @throws {StaleLeaseError}
   */
  openStream(lease: Lease, delivery: NewDelivery): Promise<string | null>;
  /** Records where a stream stands, before its first text. @throws {StaleLeaseError} */
  recordStream(lease: Lease, deliveryId: string, platformId: string): Promise<void>;
  /** Records that the platform refused to open the stream: nothing of it is there. @throws {StaleLeaseError} */
  recordNoStream(lease: Lease, deliveryId: string): Promise<void>;
  /** True while the lease is held and no person has taken the conversation over: the next sentence may be shown. */
  mayContinueStream(lease: Lease): Promise<boolean>;
  /**
   * Records where it stands now. A conversation that waited for this post to become a thread gets its key and may be
   * delivered to from now on: resolves with it, else with null. @throws {StaleLeaseError}
   */
  markSent(delivery: ClaimedDelivery, posted: PostedMessage): Promise<string | null>;
  /**
   * Adds the next part of a reply, right behind the one that was sent: in its conversation, or in the thread that it
   * started. None is added to a reply that is to be changed or taken away meanwhile.
   */
  addNextPart(delivery: ClaimedDelivery, posted: PostedMessage): Promise<void>;
  /** Holds it for longer than it was claimed for. @throws {StaleLeaseError} */
  extendLease(delivery: ClaimedDelivery, leaseMs: number): Promise<void>;
  /** Frees it for another attempt after the delay. */
  markRetry(delivery: ClaimedDelivery, errorCode: string, retry: DeliveryRetry): Promise<void>;
  /** What was posted with a delivery and where; null when it was not, or cannot be read any more. */
  posted(deliveryId: string): Promise<{ readonly conversationId: string; readonly reply: Reply } | null>;
  /** Keeps another reply as what was posted; whoever wants it to be seen posts an edit. */
  reword(deliveryId: string, reply: Reply): Promise<void>;
  /**
   * The bot's replies to a turn, or what was relayed of it or of its files, that stand on the platform or soon will: each message, in its
   * order. Until the transaction ends, nobody adds a part to them.
   */
  standing(turnId: string, what?: "reply" | "relay" | "file"): Promise<readonly StandingReply[]>;
  /** Ends those of them that were certainly not posted yet, and resolves with their ids: they never will be. */
  recall(deliveryIds: readonly string[]): Promise<readonly string[]>;
  /**
   * Whether the customer has changed or taken back again, since an edit was answered, what it belongs to. Nobody withdraws
   * an answer to it until the transaction ends.
   */
  isOvertaken(cause: DeliveryCause): Promise<boolean>;
  /** Ends the stream that a cause has open, if it has one, as it stands: nobody will finish it. */
  giveStreamUp(cause: DeliveryCause): Promise<void>;
  /** Ends it unsent. What waits for the thread that it would have started ends with it. @throws {StaleLeaseError} */
  markEnded(delivery: ClaimedDelivery, state: "unconfirmed" | "failed", errorCode: string): Promise<void>;
}

export interface DeliveryRetry {
  readonly delayMs: number;
  /** When the platform may have got it. */
  readonly isUncertain: boolean;
  /** False for waiting as long as the platform asks for: that is no failed attempt. */
  readonly counts: boolean;
}

/** One line of a conversation's transcript, whoever said it. */
export interface TranscriptEntry {
  readonly speaker: "customer" | "bot" | "agent" | "note";
  readonly name: string;
  readonly text: string;
  readonly at: Date;
}

/** The beginning of something that was said a while ago. */
export interface EarlierEntry extends TranscriptEntry {
  /** The titles of the documents that it cites, in order of use. */
  readonly cited: readonly string[];
}

/** Which entries of a conversation are meant: those before the newest, so many, and so much of each. */
export interface EarlierWindow {
  readonly newest: number;
  readonly limit: number;
  readonly characters: number;
}

export interface ConversationStore {
  state(conversationId: string): Promise<ConversationState>;
  /** Finds or makes a conversation, for example the agents' channel. */
  ensure(ref: ConversationRef): Promise<string>;
  /**
   * Makes the conversation that a delivery will start when it is posted (the thread under a handoff card). What is
   * delivered to it waits until then.
   */
  startedBy(deliveryId: string, installationId: string): Promise<string>;
  /**
   * True while a post that starts such a conversation may stand in the same installation, and is not recorded yet: what is
   * written in an unknown thread may be written below it.
   */
  mayBeStarting(conversationId: string): Promise<boolean>;
  /** Until the transaction ends, no other one that asks for the same goes on: what opens a handoff, and what answers. */
  lock(conversationId: string): Promise<void>;
  append(conversationId: string, cause: DeliveryCause, entry: TranscriptEntry): Promise<void>;
  /** Replaces what a person said in an event. False when nothing is kept of it. */
  amend(conversationId: string, inboxId: string, text: string): Promise<boolean>;
  /** Replaces what the bot said in a turn. False when it said nothing. */
  amendReply(conversationId: string, turnId: string, text: string): Promise<boolean>;
  /** Takes out what a person said in an event, also from what their handoff has taught, unless somebody has published or changed that. */
  strike(conversationId: string, inboxId: string): Promise<void>;
  /** Takes out what the bot said in a turn. */
  strikeReply(conversationId: string, turnId: string): Promise<void>;
  /** What the customer said in an event or the turn it belongs to; null when it was nothing that is kept, such as a command. */
  saidIn(conversationId: string, cause: DeliveryCause): Promise<TranscriptEntry | null>;
  /** What an agent wrote to the customer, or noted, in an event; null when nothing is kept of it. */
  saidByAgents(conversationId: string, inboxId: string): Promise<TranscriptEntry | null>;
  /** What all of them may read who ask in the conversation, and where the newest of them wrote; null when nobody does. */
  readers(conversationId: string): Promise<Pick<InboundEvent, "audience" | "channelId"> | null>;
  /** Who has addressed the bot in the conversation, or asked it for a person: platform ids. What they write there needs no mention. */
  askers(conversationId: string): Promise<readonly string[]>;
  /** The newest entries (with `before`: of those from before then), oldest first; notes are left out. */
  history(conversationId: string, limit: number, before?: Date): Promise<readonly TranscriptEntry[]>;
  /** The newest entries, oldest first, notes as well: for agents alone. */
  transcript(conversationId: string, limit: number): Promise<readonly TranscriptEntry[]>;
  /** What stands before the newest entries (with `before`: of those from before then), oldest first; notes are left out. */
  earlier(conversationId: string, window: EarlierWindow, before?: Date): Promise<readonly EarlierEntry[]>;
}

export type AnswerDecision = "answer" | "ask-back" | "hand-off";

/** The trace of one answer. Append-only: a second attempt at the same event writes a second answer. */
export interface NewAnswer {
  readonly answerId: string;
  readonly conversationId: string;
  readonly inboxId: string;
  readonly question: string;
  readonly decision: AnswerDecision;
  readonly reason: string;
  /** Calibrated probability that the answer is right; 0 where nothing is answered from documents, as for a greeting. */
  readonly confidence: number;
  readonly threshold: number;
  readonly text: string;
  readonly stages: readonly AnswerStage[];
}

export interface AnswerStage {
  /** For example `retrieve`, `confidence`, `generate`, `ground`. */
  readonly stage: string;
  readonly ms: number;
  /** US dollars. */
  readonly cost: number;
  readonly model: string | null;
  readonly promptVersion: string | null;
  /** JSON: what the stage decided and from what. Passages by document version, never whole documents. */
  readonly output: Readonly<Record<string, unknown>>;
}

export interface StoredAnswer extends NewAnswer {
  readonly createdAt: Date;
}

export interface TraceStore {
  /** Records it; what was held of the budget for it gives way to what its stages say it took. */
  record(answer: NewAnswer, held: BudgetHold | null): Promise<void>;
  /** @throws {NotFoundError} */
  read(answerId: string): Promise<StoredAnswer>;
  /**
   * Takes the customer's words out of every trace of a turn, and with them what was made of them; so it does with what was
   * suggested to agents in the same conversation.
   */
  forget(turnId: string): Promise<void>;
  /**
   * The newest answer of a conversation; of the agents' thread of a handoff, the answer that was handed over.
   * @throws {NotFoundError}
   */
  readNewest(conversation: ConversationRef): Promise<StoredAnswer>;
  recordFeedback(answerId: string, author: Author, verdict: "helpful" | "not-helpful"): Promise<void>;
}
