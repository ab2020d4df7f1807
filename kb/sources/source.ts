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
  /** One line of a corpus: a JSON object with id, title and text (Markdown). */
  | "application/vnd.deskhand.corpus-line+json";

/** One thing at a source: a file, or a line of a corpus. An FAQ file is one item and becomes many documents. */
export interface SourceItem {
  /** Stable at its source, for example the path below the folder's root, with `/` between its parts. */
  readonly externalId: string;
}

export interface FetchedItem {
  readonly externalId: string;
  readonly mediaType: MediaType;
  readonly bytes: Uint8Array;
}

export interface ItemFailure {
  readonly externalId: string;
  /** Stable, for example `symlink`, `too-large`, `bad-syntax`. */
  readonly code: string;
  /** For operators: what is wrong and what to do. */
  readonly message: string;
}

export interface SourceListing {
  readonly items: readonly SourceItem[];
  /** Things that were seen and cannot be read. What is known of them from before is kept. */
  readonly failures: readonly ItemFailure[];
  /** Things that were seen and are of no kind that is read. */
  readonly skipped: readonly ItemFailure[];
  /** False when a failure hides which known documents it stands for: then no document may be taken for removed. */
  readonly isComplete: boolean;
}

/** A place that is synced. One implementation for each kind of source. */
export interface Source {
  /** Everything that is there. @throws {SourceError} when the place cannot be listed whole. */
  list(signal: AbortSignal): Promise<SourceListing>;
  /** Reads one listed item. @throws {ItemError} when this one cannot be read. */
  fetch(externalId: string, signal: AbortSignal): Promise<FetchedItem>;
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
