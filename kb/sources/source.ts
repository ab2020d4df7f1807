import { DeskhandError } from "../../src/ports/errors.js";

/** What a thing fetched from a source is written in. It decides which parser reads it. */
export type MediaType =
  | "text/markdown"
  | "text/mdx"
  | "text/html"
  | "text/plain"
  | "text/csv"
  | "application/yaml"
  | "application/json"
  | "application/jsonl"
  | "application/pdf"
  | "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
  | "application/vnd.openxmlformats-officedocument.presentationml.presentation"
  | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
  /** One line of a corpus: a JSON object with id, title and text (Markdown). */
  | "application/vnd.deskhand.corpus-line+json";

/** One thing at a source: a file, or a line of a corpus. An FAQ file is one item and becomes many documents. */
export interface SourceItem {
  /** Stable at its source, for example the path below the folder's root, with `/` between its parts. */
  readonly externalId: string;
  /**
   * Changes whenever the item does, for example an ETag, the id of a blob, a hash; null when only its bytes tell. An item
   * of the same revision as before is not fetched.
   */
  readonly revision: string | null;
}

/** What the place itself knows of an item. It wins over what the item's text says; null where the place does not know. */
export interface ItemFacts {
  readonly title: string | null;
  /** http or https. */
  readonly url: string | null;
  /** ISO 8601. */
  readonly updatedAt: string | null;
  /** Who changed it last, as the place names them. */
  readonly editedBy: string | null;
  /** Access tokens of those who may read it; null: as the source says. */
  readonly acl: readonly string[] | null;
}

export interface FetchedItem {
  readonly externalId: string;
  readonly mediaType: MediaType;
  readonly bytes: Uint8Array;
  readonly facts?: ItemFacts;
  /** As it was fetched; takes the place of the listed one. */
  readonly revision?: string | null;
}

export interface FetchRequest extends SourceItem {
  /** The revision that this item had when it was last read well, or null. */
  readonly known: string | null;
}

export interface ItemFailure {
  readonly externalId: string;
  /** Stable, for example `symlink`, `too-large`, `bad-syntax`. */
  readonly code: string;
  /** For operators: what is wrong and what to do. */
  readonly message: string;
  /** Who may read it, where that is known all the same. */
  readonly acl?: readonly string[];
}

export interface SourceListing {
  /** `whole`: what is not in it is gone. `changes`: only what changed since the cursor; all else stays as it is. */
  readonly scope: "whole" | "changes";
  readonly items: readonly SourceItem[];
  /** Ids of items that are known to be gone; only in a listing of changes. */
  readonly removed: readonly string[];
  /** Things that were seen and cannot be read. What is known of them from before is kept. */
  readonly failures: readonly ItemFailure[];
  /** Things that were seen and are of no kind that is read. */
  readonly skipped: readonly ItemFailure[];
  /** What is to be said of the place, though all that it lists was read. */
  readonly remarks?: readonly ItemFailure[];
  /** False when a failure hides which known documents it stands for: then no document may be taken for removed. */
  readonly isComplete: boolean;
  /** Handed to the next listing, when this run ends with nothing failed or held. At most 4 MB. */
  readonly cursor: string | null;
  /** Handed to the next listing in its place, whatever failed: it saves that one work, and lets it pass over nothing. */
  readonly hint?: string;
}

/** A place that is synced. One implementation for each kind of source. */
export interface Source {
  /**
   * What changed since the cursor, or everything that is there.
   * @param cursor of the last run that ended well; null at the first, and whenever all is to be read again
   * @throws {SourceError} when the place cannot be listed whole.
   */
  list(cursor: string | null, signal: AbortSignal): Promise<SourceListing>;
  /**
   * Reads one listed item; `unchanged` only where `known` is not null.
   * @throws {ItemError} when this one cannot be read.
   */
  fetch(request: FetchRequest, signal: AbortSignal): Promise<FetchedItem | "unchanged">;
}

/** The place as a whole cannot be listed: nothing is known about what it holds, so nothing may be removed. */
export class SourceError extends DeskhandError {
  override readonly name = "SourceError";
  readonly code = "source-unavailable";
  readonly isRetryable = true;

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
  }
}

/** One item cannot be read; the others can. */
export class ItemError extends DeskhandError {
  override readonly name = "ItemError";
  readonly code: string;
  readonly isRetryable = false;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
