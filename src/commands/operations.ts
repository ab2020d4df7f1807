import type { ManagedCommand } from "./command.js";
import type { Managed } from "./manage-knowledge.js";
import type { WebMessage } from "../ports/console.js";
import type { NewSource, SearchResult, SourceStatus, SyncDiff, SyncOptions, SyncProgress } from "../ports/knowledge.js";
import type { RemovedSource } from "../ports/source-lifecycle.js";
import type { Outcome, StoredAnswer } from "../ports/stores.js";

/**
 * Everything a command can do. The terminal, the chat commands and a running server's control address all go through
 * this one interface; one implementation works on the database, another asks the server that holds it.
 */
export interface Operations {
  /** Stores a customer's words and resolves once they are safe; the same `messageId` twice is one message. */
  say(message: SaidMessage, signal: AbortSignal): Promise<{ readonly inboxId: string }>;
  /**
   * Every message of a terminal conversation after `afterMessageId` (all when null), again whenever one changes, and
   * the outcome of everything said in it, each once and after all that was posted for it. Ends when `signal` aborts.
   */
  follow(conversationKey: string, afterMessageId: string | null, signal: AbortSignal): AsyncIterable<ChatUpdate>;

  /** @throws {UsageError} as {@link KnowledgeAdmin.addSource} does. */
  addSource(source: NewSource): Promise<SourceStatus>;
  /** @throws {NotFoundError} and {UsageError} as {@link KnowledgeAdmin.removeSource} does. */
  removeSource(name: string, sourceId?: string): Promise<void>;
  /** Everything else that is done with sources, documents, entries, handoffs and what was learned. @throws {UsageError} and {NotFoundError} */
  manage(command: ManagedCommand, signal: AbortSignal): Promise<Managed>;
  /**
   * Syncs one source, or all of them one after the other when `name` is null: then those that are removed meanwhile are
   * passed over. @throws {NotFoundError}
   */
  sync(name: string | null, options: SourceSyncOptions, signal: AbortSignal): AsyncIterable<SourceSyncProgress>;
  status(): Promise<readonly SourceStatus[]>;
  /** Sources that were removed and can be restored, the newest removal first. */
  removed(): Promise<readonly RemovedSource[]>;
  /** @throws {NotFoundError} for an unknown source; null when it was never synced. */
  lastDiff(name: string): Promise<SyncDiff | null>;
  search(text: string, audience: readonly string[], limit: number, signal: AbortSignal): Promise<SearchResult>;
  /** @throws {NotFoundError} */
  explain(answerId: string): Promise<StoredAnswer>;
  /** The newest answer of a conversation, or the one that its handoff began with. @throws {NotFoundError} */
  explainNewest(place: AnsweredPlace): Promise<StoredAnswer>;
  doctor(signal: AbortSignal): Promise<DoctorReport>;
}

/** A conversation that something was answered in, or the agents' thread of one. */
export interface AnsweredPlace {
  /** Null for the terminal's. */
  readonly installationId: string | null;
  readonly conversationKey: string;
}

export interface SaidMessage {
  readonly conversationKey: string;
  /** A UUID. */
  readonly messageId: string;
  readonly text: string;
  readonly displayName: string;
}

export type ChatUpdate =
  { readonly kind: "message"; readonly message: WebMessage } | ({ readonly kind: "outcome" } & FinishedEvent);

/** What became of one thing that was said, once everything posted for it is there. */
export interface FinishedEvent {
  readonly inboxId: string;
  readonly outcome: Outcome;
  readonly answerId: string | null;
  /** Calibrated probability that the answer is right; null when none was computed. */
  readonly confidence: number | null;
}

export interface SourceSyncOptions extends Pick<SyncOptions, "confirmRemovals"> {
  /** The only sources that are meant, whatever others are there or have the name by now; left out: any. */
  readonly sourceIds?: readonly string[] | undefined;
}

export type SourceSyncProgress = SyncProgress & { readonly source: string };

export interface DoctorReport {
  readonly checks: readonly DoctorFinding[];
}

/** `off` is a choice or a part that is not set up; `broken` needs somebody to do what `advice` says. */
export interface DoctorFinding {
  readonly name: string;
  readonly state: "on" | "off" | "broken";
  readonly detail: string;
  readonly advice: string | null;
}
