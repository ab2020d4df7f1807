import type { FetchedItem, FetchRequest, ItemFacts, Source, SourceListing } from "../../kb/sources/source.js";
import { ItemError } from "../../kb/sources/source.js";

/** A place whose listings and contents a test writes down. */
export class ScriptedSource implements Source {
  /** Markdown by external id. */
  readonly texts = new Map<string, string>();
  readonly facts = new Map<string, ItemFacts>();
  /** Ids of which it says that they are as they were. */
  readonly unchanged = new Set<string>();
  /** The next listing, besides its items. */
  listing: Partial<SourceListing> & { readonly ids?: readonly string[] } = {};
  /** Revisions by external id; null where a test gives none. */
  readonly revisions = new Map<string, string>();
  readonly cursors: (string | null)[] = [];
  readonly fetched: FetchRequest[] = [];

  list(cursor: string | null): Promise<SourceListing> {
    this.cursors.push(cursor);
    const { ids = [...this.texts.keys()], ...rest } = this.listing;
    return Promise.resolve({
      scope: "whole",
      items: ids.map((externalId) => ({ externalId, revision: this.revisions.get(externalId) ?? null })),
      removed: [],
      failures: [],
      skipped: [],
      isComplete: true,
      cursor: null,
      ...rest,
    });
  }

  fetch(request: FetchRequest): Promise<FetchedItem | "unchanged"> {
    this.fetched.push(request);
    const { externalId } = request;
    if (request.known !== null && this.unchanged.has(externalId)) return Promise.resolve("unchanged");
    const text = this.texts.get(externalId);
    if (text === undefined) return Promise.reject(new ItemError("gone", "It cannot be read. Look at its place."));
    const facts = this.facts.get(externalId);
    const item = { externalId, mediaType: "text/markdown", bytes: Buffer.from(text) } as const;
    return Promise.resolve(facts === undefined ? item : { ...item, facts });
  }
}
