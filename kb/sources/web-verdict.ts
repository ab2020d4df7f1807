import type { ItemFailure } from "./source.js";
import type { Crawl, CrawlVisit } from "./web-crawl.js";
import { knownAddress } from "./web-cursor.js";
import type { KnownPage } from "./web-cursor.js";
import { OUT_OF_SCOPE_ADVICE, WebSourceError } from "./web-failures.js";
import type { PageProblem } from "./web-failures.js";
import { isInScope } from "./web-url.js";
import type { WebScope } from "./web-url.js";

/** Fewer pages than this that are alike may be so by chance. */
const MIN_ALIKE = 3;
/** Of addresses that were never pages, several may lead to one without harm: old names of the first page. */
const MIN_LEADING_TO_ONE = 5;
/** Of pages that were read before, fewer: two pages that turn into one are one that is gone. */
const MIN_KNOWN_ALIKE = 2;
/** An address without a page is asked for in so many runs, as a page that did not change may go on linking to it. */
const MAX_MISSES = 10;

export interface Findings {
  readonly crawl: Crawl;
  readonly known: ReadonlyMap<string, KnownPage>;
  /** What the sitemap lists; null without one. */
  readonly listed: ReadonlySet<string> | null;
  readonly scope: WebScope;
}

export interface Verdict {
  readonly pages: readonly KnownPage[];
  readonly failures: readonly ItemFailure[];
  readonly skipped: readonly ItemFailure[];
  /** All addresses that are to be asked for in the next run. */
  readonly remembered: readonly KnownPage[];
}

/** What becomes of an address: it is a page, it is said by another page, or it is neither. */
type Fate =
  | { readonly kind: "page"; readonly page: KnownPage }
  | { readonly kind: "elsewhere"; readonly url: string }
  | { readonly kind: "failed"; readonly problem: PageProblem }
  | Exclude<CrawlVisit, { readonly kind: "page" | "unchanged" | "moved" | "failed" }>;

/**
 * Judges all pages together, before any of them is taken: whether an answer is a page, or what a site shows in place of its
 * pages, often only shows when it is compared with the others.
 * @throws {WebSourceError} when what came cannot be the site
 */
export function judgeCrawl(findings: Findings): Verdict {
  const { visits } = findings.crawl;
  refuseIfDown(findings);
  const distrusted = sharedCanonicals(findings);
  const fates = new Map([...visits.keys()].map((url) => [url, fateOf(findings, url, distrusted)] as const));
  refuseIfAllLeadToOne(findings, fates);
  const pages = [...fates.values()].flatMap((fate) => (fate.kind === "page" ? [fate.page] : []));
  refuseIfAllAlike(pages);
  const replaced = replacedPages(findings, pages);
  const taken = pages.filter((page) => !page.isNoindex && !replaced.has(page.url));
  const remarks = [...fates].flatMap(([url, fate]) => remarkOn(findings, url, fate, replaced));
  return {
    pages: taken,
    failures: remarks.flatMap((remark) => (remark.isFailure ? [remark.failure] : [])),
    skipped: remarks.flatMap((remark) => (remark.isFailure ? [] : [remark.failure])),
    remembered: remember(findings, fates, replaced),
  };
}

function refuseIfDown({ crawl }: Findings): void {
  const problems = [...crawl.visits.values()].flatMap(({ visit }) => (visit.kind === "failed" ? [visit.problem] : []));
  const [first] = problems;
  if (first === undefined || problems.length < MIN_ALIKE || problems.length * 2 <= crawl.visits.size) return;
  const code = first.code === "login-page" || first.code === "forbidden" ? first.code : "unavailable";
  const message = `${problems.length} of ${crawl.visits.size} pages failed, so nothing was changed. The first: ${first.message}`;
  throw new WebSourceError(code, message);
}

/** A template that names the same page as the original of more than half of all pages has a fault. */
function sharedCanonicals({ crawl }: Findings): ReadonlySet<string> {
  const pages = [...crawl.visits.values()].flatMap(({ visit }) => pageOf(visit));
  const targets = pages.flatMap(({ alias }) => (alias?.kind === "canonical" ? [alias.to] : []));
  return new Set(majorities(targets, pages.length));
}

function pageOf(visit: CrawlVisit | undefined): readonly KnownPage[] {
  return visit?.kind === "page" || visit?.kind === "unchanged" ? [visit.page] : [];
}

/** Values that are there often enough, and more than half of the total. */
function majorities(values: readonly string[], total: number, least = MIN_ALIKE): readonly string[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].flatMap(([value, count]) => (count >= least && count * 2 > total ? [value] : []));
}

function fateOf(findings: Findings, url: string, distrusted: ReadonlySet<string>): Fate {
  const end = forcedEnd(findings, url);
  if (end.kind !== "page") return end;
  const { page } = end;
  if (page.url !== url) return { kind: "elsewhere", url: page.url };
  const original = originalOf(findings, page, distrusted);
  return original === page.url ? end : { kind: "elsewhere", url: original };
}

/** Follows redirects and refreshes, which nobody can stop at, to their end. */
function forcedEnd(findings: Findings, url: string): Fate {
  const trail = new Set<string>();
  for (let at = url; ;) {
    if (trail.has(at)) return { kind: "failed", problem: LOOP };
    trail.add(at);
    const visit = findings.crawl.visits.get(at)?.visit;
    if (visit === undefined) return { kind: "failed", problem: notRead(findings, at) };
    const [page] = pageOf(visit);
    const to = visit.kind === "moved" ? visit.to : page?.alias?.kind === "refresh" ? page.alias.to : null;
    if (to !== null) at = to;
    else if (page !== undefined) return { kind: "page", page };
    else if (visit.kind !== "moved" && visit.kind !== "page" && visit.kind !== "unchanged") return visit;
  }
}

const LOOP: PageProblem = {
  code: "redirect-loop",
  message: "The page leads on to itself, in a circle. What was read before is kept. Mend the redirect.",
};

function notRead({ scope }: Findings, url: string): PageProblem {
  return isInScope(scope, url)
    ? {
        code: "unavailable",
        message: `The page leads to ${url}, which was not read. Raise maxPages, or mend the redirect.`,
      }
    : { code: "out-of-scope", message: `The page leads to ${url}, outside of this source. ${OUT_OF_SCOPE_ADVICE}` };
}

/** The page that this one says it is a copy of, when that one is there, is in scope, and does not say the same. */
function originalOf(findings: Findings, page: KnownPage, distrusted: ReadonlySet<string>): string {
  const trail = new Set([page.url]);
  for (let at = page; ;) {
    if (at.alias?.kind !== "canonical" || distrusted.has(at.alias.to)) return at.url;
    const end = findings.crawl.visits.has(at.alias.to) ? forcedEnd(findings, at.alias.to) : null;
    if (end?.kind !== "page") return at.url;
    if (trail.has(end.page.url)) return page.url;
    trail.add(end.page.url);
    at = end.page;
  }
}

function refuseIfAllLeadToOne({ known }: Findings, fates: ReadonlyMap<string, Fate>): void {
  const targetsOf = (entries: readonly (readonly [string, Fate])[]): readonly string[] =>
    entries.flatMap(([, fate]) => (fate.kind === "elsewhere" ? [fate.url] : []));
  const all = [...fates];
  const before = all.filter(([url]) => wasPage(known.get(url)));
  const [target] = [
    ...majorities(targetsOf(before), before.length, MIN_KNOWN_ALIKE),
    ...majorities(targetsOf(all), all.length, MIN_LEADING_TO_ONE),
  ];
  if (target === undefined) return;
  const message = `More than half of all addresses lead to ${target}, so nothing was changed. A sign-in or maintenance looks like this.`;
  throw new WebSourceError("same-text", message);
}

function refuseIfAllAlike(pages: readonly KnownPage[]): void {
  const hashes = pages.flatMap(({ textHash }) => (textHash === null ? [] : [textHash]));
  if (majorities(hashes, hashes.length).length === 0) return;
  const causes = "A sign-in, maintenance, or a site that shows its text by JavaScript alone looks like this.";
  const message = `More than half of all pages have the same text, so nothing was changed. ${causes}`;
  throw new WebSourceError("same-text", message);
}

/** Pages whose texts were their own when they were last read, and are all the same now. */
function replacedPages({ known }: Findings, pages: readonly KnownPage[]): ReadonlySet<string> {
  const byText = new Map<string, string[]>();
  for (const { url, textHash } of pages) {
    const before = known.get(url)?.textHash ?? null;
    if (textHash === null || before === null || before === textHash) continue;
    byText.set(textHash, [...(byText.get(textHash) ?? []), url]);
  }
  const before = [...known.values()].filter(wasPage).length;
  const isTooMany = (count: number): boolean => count >= MIN_ALIKE || (count >= MIN_KNOWN_ALIKE && count * 2 > before);
  return new Set([...byText.values()].filter((urls) => isTooMany(urls.length)).flat());
}

/** Whether an address was a document of this source when it was last read. */
function wasPage(page: KnownPage | undefined): boolean {
  return page !== undefined && page.revision !== null && page.alias === null && !page.isNoindex;
}

interface Remark {
  readonly isFailure: boolean;
  readonly failure: ItemFailure;
}

function remarkOn(findings: Findings, url: string, fate: Fate, replaced: ReadonlySet<string>): readonly Remark[] {
  const failed = (problem: PageProblem): Remark[] => [{ isFailure: true, failure: { externalId: url, ...problem } }];
  const passedOver = (code: string, message: string): Remark[] => [
    { isFailure: false, failure: { externalId: url, code, message } },
  ];
  const before = findings.known.get(url);
  const isExpected = (before?.revision ?? null) !== null || findings.listed?.has(url) === true;
  switch (fate.kind) {
    case "page":
      if (replaced.has(url)) return failed(SAME_TEXT);
      // One that was read before is removed, and that is said by the removal.
      if (fate.page.isNoindex && (before === undefined || before.isNoindex)) return passedOver("noindex", NOINDEX);
      return [];
    case "elsewhere":
      return [];
    case "failed":
      return failed(fate.problem);
    case "gone":
      return isKeptOnce(findings, url, fate.isForGood) ? passedOver("not-found", STILL_LISTED) : [];
    case "no-page":
      return passedOver("unsupported-kind", `Pages of the kind ${fate.contentType.slice(0, 80)} are not read.`);
    case "closed":
      return isExpected ? passedOver("robots", CLOSED) : [];
  }
}

/** What the sitemap lists and the site says is not there is believed when it is so in a second run. */
function isKeptOnce({ listed, known }: Findings, url: string, isForGood: boolean): boolean {
  return !isForGood && listed?.has(url) === true && (known.get(url)?.misses ?? 0) === 0;
}

const SAME_TEXT: PageProblem = {
  code: "same-text",
  message: "Several pages now have one and the same text in place of their own. What was read before is kept.",
};
const STILL_LISTED =
  "The sitemap lists this page and the site has none there. It is kept for now, and gone if the next sync finds the same.";
const NOINDEX = "The page says noindex. Take that out, or leave the page out of the sitemap.";
const CLOSED =
  "robots.txt does not let Deskhand read this page. What was read before is kept. Allow it, or exclude it.";

/** Of a page that failed or was not asked for, what was known of it stays, so that it is compared with that again. */
function remember(
  { crawl, known }: Findings,
  fates: ReadonlyMap<string, Fate>,
  replaced: ReadonlySet<string>,
): readonly KnownPage[] {
  const asked = [...crawl.visits].flatMap(([url, { depth, visit }]) => {
    const [page] = pageOf(visit);
    const before = known.get(url) ?? knownAddress(url, depth, 0);
    if (page !== undefined) return [replaced.has(url) ? before : page];
    const fate = fates.get(url)?.kind;
    if (fate === "failed" || fate === "closed") return [before];
    if (fate === "no-page") return [knownAddress(url, depth, 0)];
    return before.misses + 1 > MAX_MISSES ? [] : [knownAddress(url, depth, before.misses + 1)];
  });
  return [...asked, ...unasked(crawl, known)];
}

/** What was known and was not asked for, as there was too much. */
export function unasked({ visits, left }: Crawl, known: ReadonlyMap<string, KnownPage>): readonly KnownPage[] {
  return left === 0 ? [] : [...known.values()].filter(({ url }) => !visits.has(url));
}
