import type { WebAuthor } from "../../src/ports/console.js";
import type { OpenedPassage } from "../../src/ports/knowledge.js";
import type { Block, Reply } from "../../src/ports/reply.js";
import type { HandoffReason, HandoffState } from "../../src/ports/stores.js";

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

export interface ConversationView {
  readonly messages: readonly MessageView[];
  /** The newest handoff of this conversation. */
  readonly handoff: {
    readonly handoffId: string;
    readonly state: HandoffState;
    readonly claimedBy: string | null;
    readonly updatedAt: string;
  } | null;
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
  /** Calibrated probability that the bot's answer would have been right; null when there was none. */
  readonly confidence: number | null;
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
  readonly thread: readonly MessageView[];
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
