import type { TenantId } from "./ids.js";

/** Who changed what of the knowledge, and who tried to and may not. Entries are only ever added. */
export interface KnowledgeAudit {
  /** What somebody tried and may not is recorded once an hour for each person and action. */
  record(tenantId: TenantId, entry: NewAuditEntry): Promise<void>;
  /** The newest first. At most a quarter of them, or one, is what was not allowed. */
  newest(tenantId: TenantId, limit: number): Promise<readonly AuditEntry[]>;
}

export interface NewAuditEntry {
  /**
   * The verified id of a person on a platform, for example `slack:U0123456789`; `push:` and the name of the source whose
   * secret a program has; or `terminal`, `settings`, `schedule`, `deskhand`.
   */
  readonly actor: string;
  /** Stable, for example `add`, `remove`, `restore-document`. */
  readonly action: string;
  readonly sourceName: string | null;
  /** Names, numbers and codes; never the text of a document. */
  readonly detail: Readonly<Record<string, unknown>>;
  readonly wasAllowed: boolean;
}

export interface AuditEntry extends NewAuditEntry {
  readonly at: string;
}
