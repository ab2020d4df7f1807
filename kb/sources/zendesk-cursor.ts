import { z } from "zod";

/** Articles of one locale by their id: the revision of those that are read, null for drafts and others that are not. */
export type KnownArticles = ReadonlyMap<string, string | null>;

export interface ZendeskCursor {
  /** Of the location and the options; under others all is listed. */
  readonly settings: string;
  /** Of the names of sections and categories, which stand above every article. */
  readonly structure: string;
  /** Where the next question for changes begins, in seconds since 1970. */
  readonly startTime: number;
  /** How many listings of changes there were since the last whole one. */
  readonly changesListed: number;
  readonly known: ReadonlyMap<string, KnownArticles>;
}

const MAX_CURSOR_CHARACTERS = 4_000_000;

const cursorSchema = z.object({
  version: z.literal(1),
  settings: z.string(),
  structure: z.string(),
  startTime: z.int(),
  changesListed: z.int(),
  known: z.record(z.string(), z.record(z.string(), z.string().nullable())),
});

/** Null when there is none, or it is not one of ours: then all is listed. */
export function readZendeskCursor(cursor: string | null): ZendeskCursor | null {
  if (cursor === null) return null;
  try {
    const { known, ...rest } = cursorSchema.parse(JSON.parse(cursor));
    const locales = Object.entries(known).map(([locale, ids]) => [locale, new Map(Object.entries(ids))] as const);
    return { ...rest, known: new Map(locales) };
  } catch {
    return null;
  }
}

/** Null when it would not fit: then every listing is a whole one. */
export function writeZendeskCursor({ known, ...rest }: ZendeskCursor): string | null {
  const locales = [...known].map(([locale, ids]) => [locale, Object.fromEntries(ids)] as const);
  const written = JSON.stringify({ version: 1, ...rest, known: Object.fromEntries(locales) });
  return written.length > MAX_CURSOR_CHARACTERS ? null : written;
}
