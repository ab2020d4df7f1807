import type { TenantId } from "./ids.js";

/** Questions and answers that people write here. Only what is published is a document of the source that holds them. */
export interface KnowledgeEntries {
  /** Makes a draft; the first one makes the source {@link ENTRIES_SOURCE}. */
  write(tenantId: TenantId, entry: NewKnowledgeEntry, actor: string): Promise<KnowledgeEntry>;
  /**
   * Takes an entry one step on. What is answered from changes with the next sync of its source.
   * @param code its id or the end of it, see {@link codeOf}
   * @throws {NotFoundError} for an entry that is not there. @throws {UsageError} for a step that it cannot take now, or
   * that another person has to take.
   */
  step(tenantId: TenantId, code: string, step: EntryStep, actor: string): Promise<KnowledgeEntry>;
  /** The newest first; all when the state is null. */
  list(tenantId: TenantId, state: EntryState | null): Promise<readonly KnowledgeEntry[]>;
}

/** The name of the source that holds entries. */
export const ENTRIES_SOURCE = "entries";

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

export interface KnowledgeEntry extends NewKnowledgeEntry {
  readonly entryId: string;
  readonly state: EntryState;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly updatedAt: string;
  readonly updatedBy: string;
  readonly approvedBy: string | null;
  readonly publishedAt: string | null;
}
