import type { TenantId } from "./ids.js";

/**
 * Documents with all their versions, for those who look after them. A document whose newest text the audience may not
 * read is not there for them. Everything that names a thing rejects with {@link NotFoundError} when it is not there.
 */
export interface DocumentLibrary {
  /**
   * The documents of a source by their ids.
   * @param file lists only what a file became that holds several; null: all
   */
  documents(reader: LibraryReader, source: string, file: string | null): Promise<DocumentList>;
  /** A document with its current text, or its last one when it is removed. */
  document(reader: LibraryReader, source: string, externalId: string): Promise<DocumentText>;
  /** The newest first. */
  versions(reader: LibraryReader, source: string, externalId: string): Promise<readonly VersionSummary[]>;
  /**
   * A unified diff of two versions; empty when their texts are the same.
   * @throws {UsageError} with the number of lines, where they differ in too many to be shown
   */
  compare(reader: LibraryReader, source: string, externalId: string, numbers: VersionPair): Promise<string>;
  /**
   * Makes the text of a version current, as a new version of `actor`'s; its readers and dates stay those of today. A sync
   * leaves it until the source's own text changes, also when the source has the document no more. Resolves with the new
   * version's number. @throws {UsageError} while the source is being synced, and for the version that is current.
   */
  restore(reader: LibraryReader, document: VersionName, actor: string, signal: AbortSignal): Promise<number>;
  /** Documents that are out of date or have not changed for so many days, and sources that nobody owns. */
  stale(reader: LibraryReader, days: number): Promise<StaleReport>;
}

export interface LibraryReader {
  readonly tenantId: TenantId;
  /** The access tokens of whoever reads; null for whoever runs Deskhand and may read everything. */
  readonly audience: readonly string[] | null;
}

export interface VersionName {
  readonly source: string;
  readonly externalId: string;
  readonly version: number;
}

export interface VersionPair {
  readonly from: number;
  readonly to: number;
}

/** How many documents a list names at most. */
export const DOCUMENTS_LISTED = 1_000;

export interface DocumentList {
  readonly documents: readonly DocumentSummary[];
  readonly total: number;
}

export interface DocumentSummary {
  readonly externalId: string;
  readonly title: string;
  /** `kept`: a person restored it, and it stays as it is until its source has another text. */
  readonly state: "current" | "kept" | "expired" | "removed";
  readonly version: number;
  /** When that version was made here. */
  readonly changedAt: string;
  /** When it was changed at its source, where the source says so. */
  readonly updatedAt: string | null;
  readonly editedBy: string | null;
  readonly validUntil: string | null;
  /** Why the last sync could not read it; null when it could. */
  readonly lastError: string | null;
}

export interface DocumentText extends DocumentSummary {
  readonly url: string | null;
  /** Markdown. */
  readonly body: string;
}

/** How many versions of a document are compared with the ones before. */
export const COMPARED_VERSIONS = 50;

export interface VersionSummary {
  readonly number: number;
  readonly title: string;
  readonly createdAt: string;
  readonly editedBy: string | null;
  readonly isCurrent: boolean;
  /**
   * Against the version before; of two that differ in many lines, those that only one of them has, wherever they stand.
   * Null for the first version, and for all but the newest {@link COMPARED_VERSIONS}.
   */
  readonly changes: { readonly addedLines: number; readonly removedLines: number } | null;
}

export interface StaleReport {
  readonly days: number;
  /** The longest unchanged first. */
  readonly documents: readonly StaleDocument[];
  readonly total: number;
  /** Sources that nobody owns. */
  readonly ownerless: readonly { readonly source: string; readonly documents: number }[];
}

export interface StaleDocument {
  readonly source: string;
  readonly externalId: string;
  readonly title: string;
  readonly reason: "expired" | "unchanged";
  /** When it expired, or when it was changed last. */
  readonly since: string;
  readonly owner: string | null;
}
