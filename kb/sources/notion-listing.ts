import { z } from "zod";
import type { NotionApi, NotionEntry } from "./notion-api.js";
import { plainId, settingsOf } from "./notion-options.js";
import type { NotionOptions } from "./notion-options.js";
import { createPlaceFinder, hasRoots, isBelowRoot } from "./notion-places.js";
import type { NotionPlace } from "./notion-places.js";
import { shortDigest } from "./short-digest.js";
import type { SourceItem, SourceListing } from "./source.js";

/** The vendor tells the time of an edit by the minute: one that is as recent as this may be followed by another one in it. */
const SETTLED_AFTER_MS = 180_000;
const MAX_CURSOR_CHARACTERS = 4_000_000;

export interface ListedPage {
  readonly page: NotionEntry;
  readonly place: NotionPlace;
}

export interface NotionListing {
  readonly listing: SourceListing;
  readonly pages: ReadonlyMap<string, ListedPage>;
}

/**
 * Lists by search, which is no complete register: what was known and is not found is asked for by itself, and is gone only
 * when the vendor says so.
 */
export async function listPages(
  api: NotionApi,
  options: NotionOptions,
  cursor: string | null,
  now: Date,
  signal: AbortSignal,
): Promise<NotionListing> {
  const { entries, isIncomplete } = await searchEntries(api, signal);
  const known = knownPages(cursor, options);
  for (const id of known ?? []) {
    if (entries.has(plainId(id))) continue;
    const page = await api.page(id, signal);
    if (page !== null) entries.set(plainId(id), page);
  }
  const findPlace = createPlaceFinder(api, entries, hasRoots(options));
  const pages = new Map<string, ListedPage>();
  const items: SourceItem[] = [];
  for (const page of entries.values()) {
    if (page.object !== "page" || page.in_trash === true || page.archived === true) continue;
    const place = await findPlace(page, signal);
    if (hasRoots(options) && !isBelowRoot(place, options)) continue;
    pages.set(page.id, { page, place });
    items.push({ externalId: page.id, revision: revisionOf(page, place, now) });
  }
  const isComplete = !isIncomplete || known !== null;
  const next = writeCursor([...pages.keys()], options);
  return {
    pages,
    listing: { scope: "whole", items, removed: [], failures: [], skipped: [], isComplete, cursor: next },
  };
}

async function searchEntries(
  api: NotionApi,
  signal: AbortSignal,
): Promise<{ readonly entries: Map<string, NotionEntry>; readonly isIncomplete: boolean }> {
  const entries = new Map<string, NotionEntry>();
  let isIncomplete = false;
  for await (const found of api.search(signal)) {
    isIncomplete ||= found.isIncomplete;
    for (const entry of found.results) {
      // Of what the integration may not read, the search gives no more than the id.
      if (entry.last_edited_time !== null) entries.set(plainId(entry.id), entry);
    }
  }
  return { entries, isIncomplete };
}

/** Null while it may still change without a new time: then only the text tells. */
function revisionOf({ last_edited_time: time, url }: NotionEntry, { titles }: NotionPlace, now: Date): string | null {
  const edited = Date.parse(time ?? "");
  if (Number.isNaN(edited) || now.getTime() - edited < SETTLED_AFTER_MS) return null;
  return `${time ?? ""} ${shortDigest([titles, url])}`;
}

const cursorSchema = z.object({ version: z.literal(1), settings: z.string(), pages: z.array(z.string()) });

/** Null when nothing is known, or it was known under other options. */
function knownPages(cursor: string | null, options: NotionOptions): readonly string[] | null {
  if (cursor === null) return null;
  try {
    const { settings, pages } = cursorSchema.parse(JSON.parse(cursor));
    return settings === settingsOf(options) ? pages : null;
  } catch {
    return null;
  }
}

function writeCursor(pages: readonly string[], options: NotionOptions): string | null {
  const written = JSON.stringify({ version: 1, settings: settingsOf(options), pages });
  return written.length > MAX_CURSOR_CHARACTERS ? null : written;
}
