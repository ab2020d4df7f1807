import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createSafeFetch, type SafeFetch } from "../../kb/sources/safe-fetch.js";
import { createWebSource } from "../../kb/sources/web-source.js";
import type { Source, SourceListing } from "../../kb/sources/source.js";
import type { LocalSite } from "./local-site.js";
import { localNames } from "./local-web.js";

export const WEB_SIGNAL = new AbortController().signal;

/** docs.test and other.test are this machine and may be; whatever else is private may not. Failures are told at once. */
export function localFetch(): SafeFetch {
  return createSafeFetch({
    version: "1.2.3",
    allowedPrivateHosts: ["docs.test", "other.test"],
    resolve: localNames({ "docs.test": [["127.0.0.1"]], "other.test": [["127.0.0.1"]] }).resolve,
    retries: { waitsMs: [] },
  });
}

export interface LocalWebSource extends Disposable {
  readonly source: Source;
  /** How many addresses were asked for, as the listings told it on their way. */
  readonly told: readonly number[];
  /** Lists with the cursor of the last listing, as a run that ended well does. */
  next(): Promise<SourceListing>;
  /** Lists as at the first run. */
  afresh(): Promise<SourceListing>;
}

export function localWebSource(
  site: LocalSite,
  location = "/",
  options: Readonly<Record<string, unknown>> = {},
): LocalWebSource {
  const workDirectory = mkdtempSync(path.join(tmpdir(), "deskhand-web-"));
  const record = { name: "site", location: new URL(location, site.origin).href, options: { delayMs: 0, ...options } };
  const told: number[] = [];
  const found = (count: number): void => void told.push(count);
  const source = createWebSource(record, { fetch: localFetch(), workDirectory, found });
  let cursor: string | null = null;
  const list = async (from: string | null): Promise<SourceListing> => {
    const listing = await source.list(from, WEB_SIGNAL);
    cursor = listing.hint ?? listing.cursor;
    return listing;
  };
  return {
    source,
    told,
    next: () => list(cursor),
    afresh: () => list(null),
    [Symbol.dispose]: () => rmSync(workDirectory, { recursive: true, force: true }),
  };
}

/** The paths of what a listing holds. */
export function pathsOf(items: readonly { readonly externalId: string }[]): readonly string[] {
  return items.map(({ externalId }) => externalId.replace(/^https?:\/\/[^/]+/u, ""));
}

/** Path and code of what could not be read, or was passed over. */
export function codesOf(items: SourceListing["failures"]): readonly string[] {
  return items.map(({ externalId, code }) => `${externalId.replace(/^https?:\/\/[^/]+/u, "")} ${code}`).sort();
}
