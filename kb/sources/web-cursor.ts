import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";

const MAX_CURSOR_CHARACTERS = 4_000_000;
const MAX_UNPACKED_BYTES = 64_000_000;

/** What is kept of a page between two runs: enough to ask whether it changed, and to judge it when it did not. */
export interface KnownPage {
  readonly url: string;
  readonly depth: number;
  readonly etag: string | null;
  /** As the server wrote it. */
  readonly lastModified: string | null;
  /** Of its bytes; null of an address that was known and could not be read. */
  readonly revision: string | null;
  readonly textHash: string | null;
  /** The page that it is a copy of, or that it leads to. */
  readonly alias: { readonly kind: "canonical" | "refresh"; readonly to: string } | null;
  readonly isNoindex: boolean;
  /** In how many runs in a row there was no page at this address. */
  readonly misses: number;
}

/** An address without a page, and the first page that links to it. */
export interface DeadLink {
  readonly url: string;
  readonly from: string;
}

export interface WebCursor {
  /** Of the location and the options. Pages that were found under others are asked for without condition. */
  readonly settings: string;
  /** Pages that the sitemap listed; 0 without one. */
  readonly listed: number;
  /** Addresses that links led to and that were not asked for, as there were too many. */
  readonly left: number;
  readonly pages: readonly KnownPage[];
  readonly deadLinks: readonly DeadLink[];
}

const text = z.string().nullable();
const rowSchema = z.tuple([z.string(), z.int(), z.int(), z.int(), text, text, text, text, text]);
const cursorSchema = z.object({
  version: z.literal(1),
  settings: z.string(),
  listed: z.int(),
  left: z.int().default(0),
  deadLinks: z.array(z.object({ url: z.string(), from: z.string() })).default([]),
  rows: z.array(rowSchema),
});

const NOINDEX = 1;
const REFRESH = 2;

/** Null when there is none, or it is not one of ours: then all is read again. */
export function readCursor(cursor: string | null): WebCursor | null {
  if (cursor === null) return null;
  try {
    const unpacked = gunzipSync(Buffer.from(cursor, "base64"), { maxOutputLength: MAX_UNPACKED_BYTES });
    const { settings, listed, left, deadLinks, rows } = cursorSchema.parse(JSON.parse(unpacked.toString("utf8")));
    return { settings, listed, left, deadLinks, pages: rows.map(fromRow) };
  } catch {
    return null;
  }
}

/** An address of which nothing more is known. */
export function knownAddress(url: string, depth: number, misses: number): KnownPage {
  const nothing = { etag: null, lastModified: null, revision: null, textHash: null, alias: null };
  return { url, depth, misses, isNoindex: false, ...nothing };
}

/** Without the validators where they do not fit: then pages are downloaded again, and nothing else is lost. */
export function writeCursor(cursor: WebCursor): string | null {
  const whole = pack(cursor);
  if (whole.length <= MAX_CURSOR_CHARACTERS) return whole;
  const pages = cursor.pages.map((page) => ({ ...page, etag: null, lastModified: null }));
  const shorter = pack({ ...cursor, pages });
  return shorter.length <= MAX_CURSOR_CHARACTERS ? shorter : null;
}

function pack({ pages, ...rest }: WebCursor): string {
  return gzipSync(JSON.stringify({ version: 1, ...rest, rows: pages.map(toRow) })).toString("base64");
}

function toRow(page: KnownPage): z.infer<typeof rowSchema> {
  const flags = (page.isNoindex ? NOINDEX : 0) | (page.alias?.kind === "refresh" ? REFRESH : 0);
  const { url, depth, misses, revision, textHash, etag, lastModified } = page;
  return [url, depth, flags, misses, revision, textHash, etag, lastModified, page.alias?.to ?? null];
}

function fromRow(row: z.infer<typeof rowSchema>): KnownPage {
  const [url, depth, flags, misses, revision, textHash, etag, lastModified, to] = row;
  const kind = (flags & REFRESH) === 0 ? "canonical" : "refresh";
  return {
    url,
    depth,
    revision,
    textHash,
    etag,
    lastModified,
    alias: to === null ? null : { kind, to },
    isNoindex: (flags & NOINDEX) !== 0,
    misses,
  };
}
