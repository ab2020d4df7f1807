import type { Role } from "./chat.js";

export type HandoffState = "waiting" | "claimed" | "snoozed" | "resolved" | "reopened" | "returned" | "expired";

/** Why a person is asked. */
export const HANDOFF_REASONS = [
  "low-confidence",
  "nothing-found",
  /** The model read the passages, and says that they do not answer the question. */
  "documents-do-not-say",
  /** The customer was asked back once, and the question is still ambiguous. */
  "still-unclear",
  "user-asked",
  /** A topic that the house has laid down to be answered by people. */
  "policy-topic",
  /** Sure enough for most topics, and not for this one. */
  "topic-unsure",
  /** Something is to be done with the customer's own account or case. */
  "account-action",
  /** The customer has had enough of the bot, and says so. */
  "frustrated",
  /** The customer asks the same for the third time. */
  "asked-again",
  "not-grounded",
  "model-down",
  /** What may be spent on answers in a day is spent. */
  "budget-spent",
  "fault",
] as const;

export type HandoffReason = (typeof HANDOFF_REASONS)[number];

/** Who has claimed a handoff. */
export interface HandoffHolder {
  readonly id: string;
  readonly displayName: string;
}

/** How a handoff stands: what its state machine knows of it. */
export interface HandoffStanding {
  readonly state: HandoffState;
  /** Never null while it is claimed or snoozed. */
  readonly claimedBy: HandoffHolder | null;
  /** Null unless it is snoozed. */
  readonly snoozedUntil: Date | null;
  /** Whether the customer has written since an agent last did. */
  readonly customerWaits: boolean;
  /** Whether its resolution was confirmed, by a word or by silence: what the customer writes then is a new question. */
  readonly isSettled: boolean;
}

export interface NewHandoff {
  readonly handoffId: string;
  readonly conversationId: string;
  readonly agentConversationId: string;
  /** The delivery that its card is posted with; null for those of versions that did not keep it. */
  readonly cardDeliveryId: string | null;
  readonly reason: HandoffReason;
  readonly question: string;
  readonly customerName: string;
  readonly answerId: string | null;
  /** The name of the team that has it; null where there is only one. */
  readonly team: string | null;
  /** Who has asked, by the platform's id; left out where that is not known. */
  readonly customerId?: string;
}

export interface Handoff extends NewHandoff, HandoffStanding {
  /** Whom of its team it is for while nobody has claimed it; null for everybody. */
  readonly assignedTo: HandoffHolder | null;
  /** Ids of those of its team who have been asked, or have let go of it. */
  readonly asked: readonly string[];
  readonly createdAt: Date;
}

/** Something that happens to a handoff when a time has come. Its id is the cause of what is posted then. */
export interface HandoffTimerRow {
  readonly timerId: string;
  readonly kind:
    "remind" | "idle" | "wake" | "expire" | "settle" | "reassign" | "first-reply-due" | "resolution-due" | "ask-next";
  readonly dueAt: Date;
  /** How often it has run out before. */
  readonly round: number;
}

/** What a team is measured by: the first reply that the customer gets, and that it is resolved. */
export type TargetKind = "first-reply" | "resolution";

/** What a team is to do for a customer, from when it got the handoff on. Another team gets targets of its own. */
export interface ServiceTarget {
  readonly targetId: string;
  readonly kind: TargetKind;
  /** Whose it is; null where there is one team, which has no name. */
  readonly team: string | null;
  readonly startedAt: Date;
  /** Null where the settings promise nothing. */
  readonly dueAt: Date | null;
  /** When it was seen to be overdue; null while it is in time. */
  readonly missedAt: Date | null;
  /** Null while it runs. */
  readonly end: TargetEnd | null;
}

export interface TargetEnd {
  readonly at: Date;
  /** `dropped`: neither done nor given up, for example passed on to another team. */
  readonly how: "met" | "dropped" | "expired";
  /** How long the team was open between the start and the end; null unless it was met. */
  readonly openMs: number | null;
}

/** Which first replies are looked at: the newest of them. */
export interface FirstReplyWindow {
  readonly team: string | null;
  readonly since: Date;
  readonly limit: number;
}

/** What changed a handoff, for its audit row. */
export interface HandoffChange {
  /** For example `claim`, `snooze`, `expire`. */
  readonly event: string;
  readonly actor: HandoffActor;
  /** What the states do not tell: why it goes to a team. */
  readonly detail?: string | null;
}

export interface HandoffStore {
  /**
   * Opens a handoff and its first audit row. At most one is open for a conversation: a second is refused by the database.
   * @param why it goes to that team; nothing where there is only one
   */
  open(handoff: NewHandoff, actor: HandoffActor, why?: string | null): Promise<Handoff>;
  /** The names of the sources that documents are from. */
  sourcesOf(documentIds: readonly string[]): Promise<readonly string[]>;
  /** Locks the row until the transaction ends, so that of two claims one is decided first. @throws {NotFoundError} */
  lock(handoffId: string): Promise<Handoff>;
  /** The newest handoff of a customer's conversation, open or not; null when there was none. */
  newestOf(conversationId: string): Promise<Handoff | null>;
  /** Locks and returns the handoff whose card is this delivery, while the card has not been posted; else null. */
  ofUnpostedCard(deliveryId: string): Promise<Handoff | null>;
  /** Writes how it stands now, and an audit row of what changed it; none where only somebody has written. */
  transition(handoffId: string, to: HandoffStanding, change: HandoffChange | null): Promise<void>;
  /** Another team has it: its thread and its card are those, and the former thread is remembered as left. */
  move(
    handoffId: string,
    to: Pick<NewHandoff, "agentConversationId" | "cardDeliveryId"> & { team: string },
  ): Promise<void>;
  /** The customer asks in other words. */
  reword(handoffId: string, question: string): Promise<void>;
  /** The timers that run. */
  timers(handoffId: string): Promise<readonly HandoffTimerRow[]>;
  /** Somebody else has written to its agents: they are one of its customers, too. */
  addCustomer(handoffId: string, customerId: string): Promise<void>;
  /** Until the transaction ends, nobody else of that team is chosen. Resolves with who was asked last; null for nobody. */
  takeTurn(team: string): Promise<string | null>;
  /** It is for them now, and they are whoever of the team was asked last. */
  ask(handoffId: string, team: string, member: { readonly id: string; readonly name: string }): Promise<void>;
  /** How many open handoffs each of these people holds, or has been asked for; none is left out. */
  loads(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Its targets that run. */
  targets(handoffId: string): Promise<readonly ServiceTarget[]>;
  /** Adds targets, or writes what became of them. */
  setTargets(handoffId: string, targets: readonly ServiceTarget[]): Promise<void>;
  /** How much open time the first replies of a team took, in milliseconds; null for each that never came. */
  firstReplies(window: FirstReplyWindow): Promise<readonly (number | null)[]>;
  /** Makes these the timers that run: those of the same id run on, all others end. */
  setTimers(handoffId: string, timers: readonly HandoffTimerRow[]): Promise<void>;
}

export interface HandoffActor {
  readonly id: string;
  readonly displayName: string;
  readonly role: Role | "bot";
}
