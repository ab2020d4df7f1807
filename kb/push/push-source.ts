import type { Database } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import { PUSHED_MEDIA_TYPES } from "../../src/ports/pushed-documents.js";
import { ItemError } from "../sources/source.js";
import type { FetchedItem, MediaType, Source, SourceItem, SourceListing } from "../sources/source.js";
import { forgetRemoved, readChanges, readStoredItem } from "./item-rows.js";
import { readFacts } from "./pushed-item.js";

export interface PushSourcePlace {
  readonly database: Database;
  readonly tenantId: TenantId;
  readonly sourceId: string;
}

/** What programs have pushed. The cursor is the number of the last change that was listed. */
export function createPushSource(place: PushSourcePlace): Source {
  return {
    list: (cursor) => listPushed(place, readCursor(cursor)),
    fetch: ({ externalId }) => fetchPushed(place, externalId),
  };
}

function readCursor(cursor: string | null): bigint | null {
  return cursor !== null && /^\d{1,18}$/u.test(cursor) ? BigInt(cursor) : null;
}

async function listPushed(
  { database, tenantId, sourceId }: PushSourcePlace,
  cursor: bigint | null,
): Promise<SourceListing> {
  const changes = await database.withTenant(tenantId, async (transaction) => {
    // The run whose cursor this is has ended well: what it told of removed items is done.
    if (cursor !== null) await forgetRemoved(transaction, tenantId, sourceId, cursor);
    return readChanges(transaction, tenantId, sourceId, cursor ?? -1n);
  });
  const items: SourceItem[] = [];
  const removed: string[] = [];
  for (const { externalId, change, isRemoved } of changes) {
    if (isRemoved) removed.push(externalId);
    else items.push({ externalId, revision: change.toString() });
  }
  const last = changes.at(-1)?.change ?? cursor ?? 0n;
  const told = { failures: [], skipped: [], isComplete: true, cursor: last.toString() };
  // A listing of everything has no list of what is gone: what it does not have is.
  return cursor === null
    ? { scope: "whole", items, removed: [], ...told }
    : { scope: "changes", items, removed, ...told };
}

async function fetchPushed(
  { database, tenantId, sourceId }: PushSourcePlace,
  externalId: string,
): Promise<FetchedItem> {
  const stored = await database.withTenant(tenantId, (transaction) =>
    readStoredItem(transaction, tenantId, sourceId, externalId),
  );
  if (stored === null) {
    throw new ItemError("gone", "It was deleted while it was to be read. The next sync takes it out.");
  }
  const { bytes, facts, change } = stored;
  return { externalId, mediaType: toMediaType(stored.media_type), bytes, facts: readFacts(facts), revision: change };
}

const MEDIA_TYPES: readonly MediaType[] = [...PUSHED_MEDIA_TYPES, "application/vnd.deskhand.corpus-line+json"];

function toMediaType(stored: string): MediaType {
  const found = MEDIA_TYPES.find((mediaType) => mediaType === stored);
  if (found === undefined) throw new ItemError("unsupported-type", "This version reads no such type. Push it again.");
  return found;
}
