import type { RobotsRules } from "./robots.js";
import type { SafeFetch } from "./safe-fetch.js";
import { shortDigest } from "./short-digest.js";
import { readSitemapTree, sitemapReading } from "./sitemap-tree.js";
import type { SitemapReading } from "./sitemap-tree.js";
import type { SourceRecord } from "./source-kind.js";
import { ItemError } from "./source.js";
import type { FetchRequest, FetchedItem, ItemFailure, Source, SourceListing } from "./source.js";
import { crawl, createRobotsBook } from "./web-crawl.js";
import type { Crawl, RobotsBook } from "./web-crawl.js";
import { readCursor, writeCursor } from "./web-cursor.js";
import type { DeadLink, KnownPage, WebCursor } from "./web-cursor.js";
import { DEAD_LINKS_REMEMBERED, deadLinkRemarks, deadLinksOf } from "./web-dead-links.js";
import { WebSourceError } from "./web-failures.js";
import { readWebOptions } from "./web-options.js";
import type { WebOptions } from "./web-options.js";
import { createWebSpool } from "./web-spool.js";
import type { WebSpool } from "./web-spool.js";
import { isInScope, normalPageUrl } from "./web-url.js";
import { judgeCrawl, unasked } from "./web-verdict.js";
import type { Verdict } from "./web-verdict.js";
import { visitPage } from "./web-visit.js";
import type { PageContent } from "./web-visit.js";

/** A sitemap with less than half of what it listed is worth a word. */
const SHRUNK_SHARE = 0.5;
const SHRUNK_FROM = 10;

export interface WebServices {
  readonly fetch: SafeFetch;
  /** Absolute, of this source alone: bodies lie in it between the listing and the reading of a run. */
  readonly workDirectory: string;
  /** Called with how many addresses were asked for so far. */
  readonly found?: (count: number) => void;
}

interface Site extends WebServices {
  readonly options: WebOptions;
  readonly settings: string;
  readonly spool: WebSpool;
  /** What a listing found and did not have before. */
  readonly contents: Map<string, Omit<PageContent, "bytes">>;
}

/**
 * The pages of a website, from its sitemap or by its links. All pages are asked for and judged in the listing, since a
 * sign-in or a fault in place of pages shows only in comparison; what was had before is asked for on condition that it
 * changed. A page is gone when its address says so (404, 410, a redirect, noindex), not because nothing leads to it now.
 * @throws {UsageError} when location or options cannot be right
 */
export function createWebSource(
  record: Pick<SourceRecord, "name" | "location" | "options">,
  services: WebServices,
): Source {
  const options = readWebOptions(record);
  const { start, maxDepth, maxPages, usesSitemap, scope } = options;
  const settings = shortDigest([
    start,
    maxDepth,
    maxPages,
    usesSitemap,
    [...scope.hosts],
    scope.include,
    scope.exclude,
  ]);
  const spool = createWebSpool(services.workDirectory);
  const site: Site = { ...services, options, settings, spool, contents: new Map() };
  return {
    list: (cursor, signal) => listSite(site, readCursor(cursor), signal),
    fetch: (request, signal) => fetchPage(site, request, signal),
  };
}

async function listSite(site: Site, cursor: WebCursor | null, signal: AbortSignal): Promise<SourceListing> {
  await site.spool.clear();
  site.contents.clear();
  const { options } = site;
  const robots = createRobotsBook(site.fetch);
  const rules = await robots.rulesFor(options.start, signal);
  const sitemap = await readSiteMap(site, rules, signal);
  const known = knownPages(site, cursor, sitemap.pages === null);
  const found = await crawlSite(site, robots, known, sitemap.pages, signal);
  refuseWithoutStart(options, found);
  const listed = sitemap.pages === null ? null : new Set(sitemap.pages);
  const verdict = judgeCrawl({ crawl: found, known, listed, scope: options.scope });
  if (verdict.pages.length === 0) throw noPages(options, found);
  return listingOf(site, cursor, verdict, {
    left: Math.max(found.left, leftBefore(site, cursor, known, sitemap.pages === null)),
    isAllAsked: unasked(found, known).length === 0,
    listed: listed?.size ?? 0,
    problems: sitemap.problems,
    deadLinks: deadLinksOf(found, cursor?.deadLinks ?? []),
  });
}

/**
 * All is downloaded again under other options, so that links which were out of scope are seen, and when there is room for
 * more of those that links led to before.
 */
function knownPages(site: Site, cursor: WebCursor | null, followsLinks: boolean): ReadonlyMap<string, KnownPage> {
  const { options, settings } = site;
  const pages = (cursor?.pages ?? []).filter(({ url }) => isInScope(options.scope, url));
  const hasRoom = followsLinks && (cursor?.left ?? 0) > 0 && pages.length < options.maxPages;
  const isSame = cursor?.settings === settings && !hasRoom;
  return new Map(pages.map((page) => [page.url, isSame ? page : { ...page, etag: null, lastModified: null }]));
}

/** A page that did not change is not downloaded, and so does not say again where it leads to. */
function leftBefore(
  { options, settings }: Site,
  cursor: WebCursor | null,
  known: ReadonlyMap<string, KnownPage>,
  followsLinks: boolean,
): number {
  const isAsBefore = followsLinks && cursor?.settings === settings && known.size >= options.maxPages;
  return isAsBefore ? cursor.left : 0;
}

interface FoundSitemap {
  /** In scope, each once; null when there is none. */
  readonly pages: readonly string[] | null;
  readonly problems: readonly ItemFailure[];
}

async function readSiteMap(site: Site, rules: RobotsRules, signal: AbortSignal): Promise<FoundSitemap> {
  const { options, fetch } = site;
  const reading = sitemapReading(fetch, Math.max(options.delayMs, rules.crawlDelayMs));
  if (options.isSitemap) {
    const pages = inScope(options, await readSitemapTree(reading, options.start, signal));
    if (pages.length > 0) return { pages, problems: [] };
    const message = `The sitemap ${options.start} lists no page of this source, so nothing was changed. Check it, and include.`;
    throw new WebSourceError("sitemap-empty", message);
  }
  if (!options.usesSitemap) return { pages: null, problems: [] };
  return readNamedSitemaps(options, rules, reading, signal);
}

async function readNamedSitemaps(
  options: WebOptions,
  rules: RobotsRules,
  reading: SitemapReading,
  signal: AbortSignal,
): Promise<FoundSitemap> {
  const isNamed = rules.sitemaps.length > 0;
  const places = isNamed ? new Set(rules.sitemaps) : [new URL("/sitemap.xml", options.start).href];
  const pages: string[] = [];
  const problems: ItemFailure[] = [];
  for (const place of places) {
    try {
      for (const page of await readSitemapTree(reading, place, signal)) pages.push(page);
    } catch (error) {
      if (!(error instanceof WebSourceError)) throw error;
      // Where nobody says that there is a sitemap, its absence is no failure.
      if (isNamed) problems.push({ externalId: place, code: error.failure, message: error.message });
      // The others would be too many as well.
      if (error.failure === "sitemap-too-large") break;
    }
  }
  const found = inScope(options, pages);
  return { pages: found.length > 0 ? found : null, problems };
}

function inScope({ scope }: WebOptions, addresses: readonly string[]): readonly string[] {
  const pages = addresses.map((address) => normalPageUrl(address));
  return [...new Set(pages.filter((page): page is string => page !== null && isInScope(scope, page)))];
}

function crawlSite(
  site: Site,
  robots: RobotsBook,
  known: ReadonlyMap<string, KnownPage>,
  listed: readonly string[] | null,
  signal: AbortSignal,
): Promise<Crawl> {
  const { options, fetch, spool, contents, found } = site;
  const start = options.isSitemap ? [] : [{ url: options.start, depth: 0 }];
  const before = [...known.values()].map(({ url, depth }) => ({ url, depth }));
  const seeds = [...start, ...before, ...(listed ?? []).map((url) => ({ url, depth: 0 }))];
  return crawl(
    {
      options,
      followsLinks: listed === null,
      seeds,
      known,
      fetch,
      robots,
      ...(found === undefined ? {} : { found }),
      async keep(page, { bytes, ...about }) {
        if (known.get(page.url)?.revision === page.revision) return;
        contents.set(page.url, about);
        await spool.put(page.url, bytes);
      },
    },
    signal,
  );
}

function refuseWithoutStart({ start, isSitemap }: WebOptions, { visits }: Crawl): void {
  const visit = visits.get(start)?.visit;
  if (isSitemap || visit === undefined) return;
  if (visit.kind === "failed") {
    const code = visit.problem.code;
    throw new WebSourceError(isOwnCode(code) ? code : "fetch", `${start} cannot be read: ${visit.problem.message}`);
  }
  if (visit.kind === "gone") {
    throw new WebSourceError("not-found", `There is no page at ${start}, so nothing was changed. Check the address.`);
  }
  if (visit.kind === "closed") {
    throw new WebSourceError(
      "robots",
      `robots.txt does not let Deskhand read ${start}. Allow it there, and sync again.`,
    );
  }
}

type OwnCode = "forbidden" | "unavailable" | "login-page" | "out-of-scope";
function isOwnCode(code: string): code is OwnCode {
  return ["forbidden", "unavailable", "login-page", "out-of-scope"].includes(code);
}

function noPages({ start }: WebOptions, { visits }: Crawl): WebSourceError {
  const message = `Of ${visits.size} addresses at ${start} none is a page that may be read, so nothing was changed. Check include, exclude and noindex.`;
  return new WebSourceError("no-pages", message);
}

interface ListingFacts {
  readonly left: number;
  /** Whether every address that was known before was asked for. */
  readonly isAllAsked: boolean;
  readonly listed: number;
  readonly problems: readonly ItemFailure[];
  readonly deadLinks: readonly DeadLink[];
}

function listingOf(site: Site, cursor: WebCursor | null, verdict: Verdict, facts: ListingFacts): SourceListing {
  const { options, settings } = site;
  const failures = [...facts.problems, ...verdict.failures];
  const { listed, left } = facts;
  const deadLinks = facts.deadLinks.slice(0, DEAD_LINKS_REMEMBERED);
  const hint = writeCursor({ settings, listed, left, deadLinks, pages: verdict.remembered });
  const items = verdict.pages.map(({ url, revision }) => ({ externalId: url, revision }));
  return {
    scope: "whole",
    items: items.sort((left, right) => (left.externalId < right.externalId ? -1 : 1)),
    removed: [],
    failures,
    skipped: [...verdict.skipped, ...limitReached(options, facts.left), ...shrunk(options, cursor, facts.listed)],
    remarks: deadLinkRemarks(facts.deadLinks),
    // What was known is asked for by itself. Where nothing is known, a page that failed may hide others that it leads to.
    isComplete: facts.isAllAsked && (cursor !== null || (failures.length === 0 && facts.left === 0)),
    cursor: null,
    ...(hint === null ? {} : { hint }),
  };
}

function limitReached({ start, maxPages }: WebOptions, left: number): readonly ItemFailure[] {
  if (left === 0) return [];
  const message = `At least ${left} addresses were found beyond the ${maxPages} of maxPages and not read. Raise it, or narrow include.`;
  return [{ externalId: `${start}#page-limit`, code: "page-limit", message }];
}

function shrunk({ start }: WebOptions, cursor: WebCursor | null, listed: number): readonly ItemFailure[] {
  const before = cursor?.listed ?? 0;
  if (before < SHRUNK_FROM || listed >= before * SHRUNK_SHARE) return [];
  const message = `The sitemap lists ${listed} pages and listed ${before} before. Those that still open are kept. Check the sitemap.`;
  return [{ externalId: `${start}#sitemap`, code: "sitemap-shrunk", message }];
}

async function fetchPage(site: Site, request: FetchRequest, signal: AbortSignal): Promise<FetchedItem | "unchanged"> {
  signal.throwIfAborted();
  const { externalId, revision } = request;
  const about = site.contents.get(externalId);
  const kept = about === undefined ? null : await site.spool.take(externalId);
  if (about !== undefined && kept !== null) return { externalId, bytes: kept, revision, ...about };
  return fetchAgain(site, request, signal);
}

/** A page that is as it was at the last run, and that has to be read all the same. */
async function fetchAgain(
  { fetch, options }: Site,
  { externalId, known }: FetchRequest,
  signal: AbortSignal,
): Promise<FetchedItem | "unchanged"> {
  const request = { url: externalId, depth: 0, known: null, minGapMs: options.delayMs };
  const visit = await visitPage(fetch, options.scope, request, signal);
  switch (visit.kind) {
    case "page": {
      const { revision } = visit.page;
      if (known !== null && revision === known) return "unchanged";
      return { externalId, revision, ...visit.content };
    }
    case "failed":
      throw new ItemError(visit.problem.code, visit.problem.message);
    default:
      throw new ItemError("changed-meanwhile", "The page changed while the site was read. The next sync reads it.");
  }
}
