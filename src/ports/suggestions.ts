import type { Reply } from "./reply.js";

/** A reply that the bot has drafted for the agents of a handoff. Only an agent sends it, as a reply of their own. */
export interface Suggestion {
  readonly suggestionId: string;
  readonly handoffId: string;
  /** Its trace. */
  readonly answerId: string;
  /** What the customer had asked. */
  readonly question: string;
  readonly reply: Pick<Reply, "blocks" | "citations">;
}

export interface StoredSuggestion extends Suggestion {
  /** Whether an agent has answered the customer since it was made. */
  readonly isAnswered: boolean;
}

export interface SuggestionStore {
  add(suggestion: Suggestion): Promise<void>;
  /** @throws {NotFoundError} */
  read(suggestionId: string): Promise<StoredSuggestion>;
  /** The newest one of a handoff; null when there is none. */
  newestOf(handoffId: string): Promise<StoredSuggestion | null>;
}
