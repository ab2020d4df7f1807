import type { SafeFetch } from "./safe-fetch.js";
import type { RobotsRules } from "./robots.js";
import { fetchRobots } from "./robots.js";
import type { KnownPage } from "./web-cursor.js";
import { WebSourceError } from "./web-failures.js";
import { isNoPage } from "./web-media-type.js";
import type { WebOptions } from "./web-options.js";
import { isInScope } from "./web-url.js";
import { visitPage } from "./web-visit.js";
import type { PageContent, Visit } from "./web-visit.js";

const CONCURRENT_VISITS = 4;
/** With so many failures, and more than half of all, the site is down: asking for the rest would only burden it. */
const MANY_FAILURES = 20;

/** Of addresses beyond maxPages so many are told apart: a site may make up others without end. */
export const MAX_LEFT = 10_000;

export interface CrawlPlan {
  readonly options: WebOptions;
  /** False: only what is listed is asked for, and what that says it is a copy of. */
  readonly followsLinks: boolean;
  /** Asked for in this order, before anything that is found on the way. */
  readonly seeds: readonly { readonly url: string; readonly depth: number }[];
  readonly known: ReadonlyMap<string, KnownPage>;
  readonly fetch: SafeFetch;
  readonly robots: RobotsBook;
  /** Keeps the content of a page. */
  keep(page: KnownPage, content: PageContent): Promise<void>;
  /** Called with how many addresses were asked for so far. */
  readonly found?: (count: number) => void;
}

/** The outcome of an address, without its content. */
export type CrawlVisit =
  | { readonly kind: "page"; readonly page: KnownPage }
  | { readonly kind: "unchanged"; readonly page: KnownPage }
  | Exclude<Visit, { readonly kind: "page" | "unchanged" }>
  | { readonly kind: "closed" };

export interface Crawl {
  /** In the order in which the addresses were found. */
  readonly visits: ReadonlyMap<string, { readonly depth: number; readonly visit: CrawlVisit }>;
  /** Addresses that were found and not asked for, as there were too many; at most {@link MAX_LEFT}. */
  readonly left: number;
  /** Of addresses that links led to, the first page with such a link; of pages that were downloaded. */
  readonly linkedFrom: ReadonlyMap<string, string>;
}

export async function crawl(plan: CrawlPlan, signal: AbortSignal): Promise<Crawl> {
  const walk = new Walk(plan, signal);
  return walk.run();
}

class Walk {
  readonly #plan: CrawlPlan;
  readonly #signal: AbortSignal;
  readonly #stop = new AbortController();
  readonly #queue: { readonly url: string; readonly depth: number }[] = [];
  readonly #seen = new Set<string>();
  readonly #left = new Set<string>();
  readonly #visits = new Map<string, { depth: number; visit: CrawlVisit }>();
  readonly #linkedFrom = new Map<string, string>();
  #next = 0;
  #failed = 0;

  constructor(plan: CrawlPlan, signal: AbortSignal) {
    this.#plan = plan;
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
    for (const { url, depth } of plan.seeds) this.#add(url, depth);
  }

  async run(): Promise<Crawl> {
    const active = new Set<Promise<void>>();
    try {
      for (;;) {
        while (active.size < CONCURRENT_VISITS && this.#hasNext()) {
          const task = this.#visitNext().finally(() => active.delete(task));
          active.add(task);
        }
        if (active.size === 0) break;
        await Promise.race(active);
      }
    } finally {
      this.#stop.abort();
      await Promise.allSettled(active);
    }
    return { visits: this.#inOrderFound(), left: this.#left.size, linkedFrom: this.#linkedFrom };
  }

  /** Not as they ended: the next run asks in this order, and a limit of pages shall keep the same ones. */
  #inOrderFound(): Crawl["visits"] {
    const found = this.#queue.flatMap(({ url }) => {
      const visit = this.#visits.get(url);
      return visit === undefined ? [] : [[url, visit] as const];
    });
    return new Map(found);
  }

  #hasNext(): boolean {
    return this.#next < this.#queue.length;
  }

  #add(url: string, depth: number): void {
    const { options } = this.#plan;
    if (this.#left.size === MAX_LEFT || this.#seen.has(url)) return;
    if (!isInScope(options.scope, url) || (isNoPage(url) && url !== options.start)) return;
    if (this.#queue.length === options.maxPages) {
      this.#left.add(url);
      return;
    }
    this.#seen.add(url);
    this.#queue.push({ url, depth });
  }

  async #visitNext(): Promise<void> {
    const entry = this.#queue[this.#next];
    this.#next += 1;
    if (entry === undefined) return;
    const visit = await this.#visit(entry.url, entry.depth);
    this.#visits.set(entry.url, { depth: entry.depth, visit });
    this.#plan.found?.(this.#visits.size);
    if (visit.kind === "failed") this.#countFailure(visit.problem.message);
  }

  async #visit(url: string, depth: number): Promise<CrawlVisit> {
    const { options, known, fetch, robots, keep } = this.#plan;
    const rules = await robots.rulesFor(url, this.#signal);
    if (!rules.isAllowed(url)) return { kind: "closed" };
    const minGapMs = Math.max(options.delayMs, rules.crawlDelayMs);
    const request = { url, depth, known: known.get(url) ?? null, minGapMs };
    const visit = await visitPage(fetch, options.scope, request, this.#signal);
    if (visit.kind === "moved") this.#add(visit.to, depth);
    if (visit.kind === "page" || visit.kind === "unchanged") {
      if (visit.page.alias !== null) this.#add(visit.page.alias.to, depth);
    }
    if (visit.kind !== "page") return visit;
    if (this.#plan.followsLinks && depth < options.maxDepth) this.#follow(visit.links, url, depth + 1);
    await keep(visit.page, visit.content);
    return { kind: "page", page: visit.page };
  }

  #follow(links: readonly string[], from: string, depth: number): void {
    for (const link of links) {
      this.#add(link, depth);
      if (this.#seen.has(link) && !this.#linkedFrom.has(link)) this.#linkedFrom.set(link, from);
    }
  }

  #countFailure(lastMessage: string): void {
    this.#failed += 1;
    if (this.#failed < MANY_FAILURES || this.#failed * 2 <= this.#visits.size) return;
    throw new WebSourceError(
      "unavailable",
      `${this.#failed} of ${this.#visits.size} pages failed, the last: ${lastMessage}`,
    );
  }
}

/** The robots.txt of each host, read once in a run. */
export interface RobotsBook {
  /** @throws {WebSourceError} `robots-unavailable` */
  rulesFor(pageUrl: string, signal: AbortSignal): Promise<RobotsRules>;
}

export function createRobotsBook(fetch: SafeFetch): RobotsBook {
  const byOrigin = new Map<string, Promise<RobotsRules>>();
  return {
    rulesFor(pageUrl, signal) {
      const { origin } = new URL(pageUrl);
      const rules = byOrigin.get(origin) ?? fetchRobots(fetch, origin, signal);
      byOrigin.set(origin, rules);
      return rules;
    },
  };
}
