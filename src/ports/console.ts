import type { ConversationRef, Platform } from "./chat.js";
import type { TenantId } from "./ids.js";
import type { Reply } from "./reply.js";
import type { Rating } from "./ratings.js";
import type { HandoffState, HandoffReason, TargetKind } from "./handoffs.js";

/** The web console's own message store: to the web adapter it is what a Slack workspace is to Slack's. */
export interface WebMessageStore {
  /** Shows what a person wrote, of a card's number its last four digits. Writing the same id again changes nothing. */
  addFromPerson(message: NewPersonMessage): Promise<void>;
  /** Posts once for each delivery id, however often it is called. Resolves with the message's id. */
  post(to: ConversationRef, deliveryId: string, author: WebAuthor, reply: Reply): Promise<string>;
  openStream(to: ConversationRef, deliveryId: string, author: WebAuthor): Promise<string>;
  /** Adds to the text of a message that is still streaming. */
  appendPartial(to: ConversationRef, messageId: string, markdown: string): Promise<void>;
  /** Replaces whatever was shown by the whole reply. */
  complete(to: ConversationRef, messageId: string, reply: Reply): Promise<void>;
  remove(to: ConversationRef, messageId: string): Promise<void>;
  findByDelivery(to: ConversationRef, deliveryId: string): Promise<string | null>;
  /** Null when it is not there, or not in this conversation. */
  find(to: ConversationRef, messageId: string): Promise<WebMessage | null>;
  /** The newest messages, oldest first. */
  list(to: ConversationRef, limit: number): Promise<readonly WebMessage[]>;
}

export interface WebAuthor {
  readonly role: "customer" | "bot" | "agent" | "note";
  readonly name: string;
}

export interface NewPersonMessage {
  readonly messageId: string;
  readonly to: ConversationRef;
  readonly author: WebAuthor;
  readonly reply: Reply;
}

export interface WebMessage {
  readonly messageId: string;
  readonly author: WebAuthor;
  readonly state: "streaming" | "complete";
  /** Null while streaming. */
  readonly reply: Reply | null;
  /** What has been streamed so far, as Markdown. */
  readonly partialText: string;
  readonly createdAt: Date;
  readonly editedAt: Date | null;
}

/** What the agents' side of a surface reads. */
export interface HandoffBoard {
  /** Open ones first, oldest first; then the newest resolved ones. */
  list(tenantId: TenantId, limit: number): Promise<readonly HandoffSummary[]>;
  /** @param handoffId a UUID. Null when the tenant has no such handoff. */
  find(tenantId: TenantId, handoffId: string): Promise<HandoffSummary | null>;
  /** What a customer's conversation is about: the handoff that is open, else the newest; null when there was none. */
  newestOf(tenantId: TenantId, conversation: ConversationRef): Promise<HandoffSummary | null>;
  /** What the customer was asked to rate in their conversation, in no order. */
  ratingsOf(tenantId: TenantId, conversation: ConversationRef): Promise<readonly AskedRating[]>;
}

export interface AskedRating {
  readonly handoffId: string;
  readonly askedAt: Date;
  /** Null while it is not rated. */
  readonly rating: Rating | null;
  /** Whether they have said why. */
  readonly hasWords: boolean;
}

export interface HandoffSummary {
  readonly handoffId: string;
  readonly state: HandoffState;
  readonly reason: HandoffReason;
  readonly question: string;
  readonly customerName: string;
  readonly claimedBy: string | null;
  readonly claimedById: string | null;
  /** Null unless it is snoozed. */
  readonly snoozedUntil: Date | null;
  /** Of a resolved one: whether its customer has confirmed that, by a word or by silence. */
  readonly isSettled: boolean;
  /** The customer's conversation. */
  readonly conversation: ConversationRef;
  /** The agents' thread; null until the card has been posted. */
  readonly agentThread: ConversationRef | null;
  /** Where its agents work. */
  readonly agentsPlatform: Platform;
  /** Null where there is one team, which has no name. */
  readonly team: string | null;
  /** Whom of the team it is for while nobody has claimed it; null for everybody. */
  readonly assignedTo: string | null;
  /** What is due first, or is overdue; null where nothing is. */
  readonly due: { readonly kind: TargetKind; readonly at: Date } | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly confidence: number | null;
  /** The bot's answer that was not given; null when there was none. */
  readonly answerId: string | null;
}
