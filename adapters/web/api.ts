import type { WebAuthor } from "../../src/ports/console.js";
import type { VersionSummary } from "../../src/ports/document-library.js";
import type { OpenedPassage, SourceKind, SyncDiff, SyncReach } from "../../src/ports/knowledge.js";
import type { Block, Reply } from "../../src/ports/reply.js";
import type { Rating } from "../../src/ports/ratings.js";
import type { RemovedSource } from "../../src/ports/source-lifecycle.js";
import type { HandoffReason, HandoffState, TargetKind } from "../../src/ports/handoffs.js";

/** What the console's server and its page say to each other. JSON: times are ISO 8601 strings. */
export interface SessionView {
  readonly title: string;
  /** An admin sees both sides of the desk, a customer only their own. */
  readonly role: "admin" | "customer";
  readonly expiresAt: string;
  /** Questions the knowledge base can answer, for somebody who has not asked anything yet. */
  readonly suggestions: readonly string[];
}

export interface KnowledgeView {
  readonly documents: number;
  readonly sources: readonly { readonly name: string; readonly documents: number; readonly isDemo: boolean }[];
}

/** Everything that is answered from, for those who look after it. */
export interface DeskView {
  readonly sources: readonly SourceView[];
  /** Sources that can be restored. */
  readonly removed: readonly RemovedSource[];
}

export interface SourceView {
  readonly name: string;
  readonly kind: SourceKind;
  readonly location: string;
  readonly documents: number;
  readonly chunks: number;
  readonly audience: readonly string[];
  readonly isDemo: boolean;
  readonly pausedAt: string | null;
  readonly everyMinutes: number | null;
  readonly owner: string | null;
  /** Null when it was never synced. */
  readonly lastRun: RunView | null;
}

export interface RunView {
  readonly state: SyncDiff["state"];
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** Of a run that is going on. */
  readonly progress: SyncReach | null;
  readonly unchanged: number;
  readonly added: NameList;
  readonly changed: NameList;
  readonly removed: NameList;
  /** Removals that wait: for a confirmation, or until the source can be seen again. */
  readonly held: NameList;
  /** Whether somebody's word removes what is held. */
  readonly mayConfirm: boolean;
  /** With the reasons. */
  readonly failed: NameList;
  readonly skipped: NameList;
}

export interface NameList {
  readonly total: number;
  /** The first ones. */
  readonly names: readonly string[];
}

export interface VersionsView {
  readonly versions: readonly VersionSummary[];
}

export interface CommandResultView {
  /** What the command says; empty when it goes on by itself. */
  readonly blocks: readonly Block[];
  /** Set when nothing is done until `confirm` with this id. */
  readonly confirmationId: string | null;
}

export interface MessageView {
  readonly messageId: string;
  readonly author: WebAuthor;
  readonly state: "streaming" | "complete";
  /** Null while streaming. */
  readonly reply: Reply | null;
  /** What has been streamed so far; empty once the reply is there. */
  readonly partial: readonly Block[];
  readonly createdAt: string;
  readonly editedAt: string | null;
}

/** A message of the agents' thread. */
export interface ThreadMessageView extends MessageView {
  /** Set where an agent typed something for the bot: whether it is for the team alone, or has the bot send something. */
  readonly command: "for-team" | "to-customer" | null;
}

export interface ConversationView {
  readonly messages: readonly MessageView[];
  /** The handoff that is open, else the newest of this conversation. */
  readonly handoff: {
    readonly handoffId: string;
    readonly state: HandoffState;
    /** As the customer sees them. */
    readonly claimedBy: string | null;
    /** Of a resolved one: whether the customer need not say any more whether it is solved. */
    readonly isSettled: boolean;
    readonly updatedAt: string;
  } | null;
  /** What the customer was asked to rate. */
  readonly ratings: readonly RatingView[];
}

export interface RatingView {
  readonly handoffId: string;
  /** Null while it is not rated. */
  readonly rating: Rating | null;
  /** Whether they have said why. */
  readonly hasWords: boolean;
  /** False once it is too late to rate, or to say why. */
  readonly isOpen: boolean;
}

/** Where agents work on a handoff; `elsewhere` when that is neither here nor where new ones go. */
export type AnswerPlace = "console" | "slack" | "teams" | "elsewhere";

export interface HandoffView {
  readonly handoffId: string;
  readonly state: HandoffState;
  readonly reason: HandoffReason;
  readonly question: string;
  readonly customerName: string;
  readonly claimedBy: string | null;
  readonly claimedById: string | null;
  /** Null unless it is snoozed. */
  readonly snoozedUntil: string | null;
  /** Of a resolved one: whether its customer has confirmed that, by a word or by silence. */
  readonly isSettled: boolean;
  /** The team that has it; null where there is only one. */
  readonly team: string | null;
  /** Whom of the team it is for while nobody has claimed it; null for everybody. */
  readonly assignedTo: string | null;
  /** What is due first, or is overdue; null where nothing is. */
  readonly due: { readonly kind: TargetKind; readonly at: string } | null;
  /** Calibrated probability that the bot's answer would have been right; null when there was none. */
  readonly confidence: number | null;
  /** The bot's answer that was not given; null when there was none. */
  readonly answerId: string | null;
  /** False until its card is posted on this console: nothing can be done with it here before. */
  readonly isReady: boolean;
  readonly answeredIn: AnswerPlace;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface QueueView {
  /** Open ones first, oldest first; then the newest closed ones. */
  readonly handoffs: readonly HandoffView[];
  /** Whether there are more than are listed. */
  readonly isCut: boolean;
  /** What the bot told the agents lately besides the cards, the newest first. */
  readonly notices: readonly MessageView[];
}

export interface HandoffDetailView {
  readonly handoff: HandoffView;
  /** What was tried, as the bot posted it for the agents; null until it is posted. */
  readonly card: MessageView | null;
  /** What the customer sees; empty when their conversation is on another platform. */
  readonly conversation: readonly MessageView[];
  /** The agents' side: relayed words, replies and notes. */
  readonly thread: readonly ThreadMessageView[];
}

/** A document as it was when it was cited, in its order; one of its chunks is the one that was cited. */
export interface PassageView extends Omit<OpenedPassage, "chunks"> {
  readonly chunks: readonly {
    readonly chunkId: string;
    readonly headingPath: readonly string[];
    readonly blocks: readonly Block[];
    readonly isCited: boolean;
  }[];
}

/** Sent over the event stream: read that again. */
export type LiveView =
  | { readonly topic: "conversation"; readonly conversation: number }
  | { readonly topic: "handoffs" }
  | { readonly topic: "knowledge" };

export interface ErrorView {
  readonly error: { readonly code: string; readonly message: string };
}

/** Every write says so in this header, which no other site's form or link can send. */
export const WRITE_HEADER = "x-deskhand";

/** The longest message a person may send, in characters. */
export const LONGEST_MESSAGE = 4_000;

/** How the core knows an agent of this console: by the name an admin gave, which nobody has verified. */
export function agentId(name: string): string {
  return `agent:${name}`;
}
