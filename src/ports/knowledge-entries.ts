import type { TenantId } from "./ids.js";

/** Questions and answers that people write here. Only what is published is a document of the source that holds them. */
export interface KnowledgeEntries {
  /** Makes a draft, for the same event once; the first one makes the source {@link ENTRIES_SOURCE}. */
  write(tenantId: TenantId, entry: NewKnowledgeEntry, by: EntryWriter): Promise<KnowledgeEntry>;
  /**
   * Takes an entry one step on. What is archived is answered from no more; what is published is, after the next sync of its
   * source. The same event takes a step once.
   * @param code its id or the end of it, see {@link codeOf}
   * @throws {NotFoundError} for an entry that is not there. @throws {UsageError} for a step that it cannot take now, or
   * that another person has to take.
   */
  step(tenantId: TenantId, code: string, step: EntryStep, by: EntryWriter): Promise<KnowledgeEntry>;
  /**
   * Publishes an entry at once, in a source of its own, which the first one makes. The same id again changes it to these
   * words; the same words change nothing. @throws {UsageError} where another person than the writer has to do it
   */
  release(tenantId: TenantId, entry: ReleasedEntry, actor: string): Promise<KnowledgeEntry>;
  /** The newest first; all when the state is null. */
  list(tenantId: TenantId, state: EntryState | null): Promise<readonly KnowledgeEntry[]>;
}

export interface EntryWriter {
  readonly actor: string;
  /** The id of the stored event that asks for it, which may be worked on again after a fault; null where nothing is tried again. */
  readonly eventId: string | null;
}

/** The name of the source that holds the entries that people write. */
export const ENTRIES_SOURCE = "entries";
/** The name of the source that holds those that came out of handoffs. */
export const LEARNED_SOURCE = "learned";
export type EntriesSource = typeof ENTRIES_SOURCE | typeof LEARNED_SOURCE;

export const ENTRY_STATES = ["draft", "approved", "published", "archived"] as const;
export type EntryState = (typeof ENTRY_STATES)[number];
export const ENTRY_STEPS = ["approve", "publish", "archive"] as const;
export type EntryStep = (typeof ENTRY_STEPS)[number];

export interface NewKnowledgeEntry {
  readonly question: string;
  /** Other wordings of the question. */
  readonly variants: readonly string[];
  /** Markdown. */
  readonly answer: string;
  /** The last day on which it holds, `2026-05-01`; null: for good. */
  readonly validUntil: string | null;
}

export interface ReleasedEntry extends NewKnowledgeEntry {
  readonly entryId: string;
  readonly source: EntriesSource;
  readonly writtenBy: string;
}

export interface KnowledgeEntry extends NewKnowledgeEntry {
  readonly entryId: string;
  /** The name of the source that it lives in. */
  readonly source: string;
  readonly state: EntryState;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly updatedAt: string;
  readonly updatedBy: string;
  readonly approvedBy: string | null;
  readonly publishedAt: string | null;
}
