import { shortDigest } from "./short-digest.js";
import type { ZendeskApi, ZendeskArticle } from "./zendesk-api.js";
import { isWanted, revisionOf } from "./zendesk-article.js";
import type { ZendeskStructure } from "./zendesk-article.js";
import { writeZendeskCursor } from "./zendesk-cursor.js";
import type { KnownArticles, ZendeskCursor } from "./zendesk-cursor.js";
import type { ZendeskOptions } from "./zendesk-options.js";
import type { ItemFailure, SourceListing } from "./source.js";

/**
 * Every so many listings one is whole, for what the vendor does not report as a change. Articles that are gone are no part
 * of this: they show at once, as fewer articles than are known.
 */
const CHANGES_BETWEEN_WHOLE = 12;
/** More changes than this are read faster by listing everything, a hundred on a page. */
const MAX_CHANGES = 200;
/** Changes of the last moments may become visible late; what was seen before is passed over by its revision. */
const OVERLAP_SECONDS = 120;

/** Keeps what a listing brought along, so that it need not be asked for once more. */
export type KeepArticle = (externalId: string, article: ZendeskArticle, author: string | null) => void;

export interface ZendeskWork {
  readonly api: ZendeskApi;
  readonly options: ZendeskOptions;
  readonly settings: string;
  readonly structures: ReadonlyMap<string, ZendeskStructure>;
  readonly keep: KeepArticle;
  readonly signal: AbortSignal;
}

export function externalIdOf(locale: string, articleId: string): string {
  return `${locale}/${articleId}`;
}

export async function listArticles(work: ZendeskWork, cursor: ZendeskCursor | null): Promise<SourceListing> {
  const isComparable =
    cursor !== null &&
    cursor.settings === work.settings &&
    cursor.structure === digestOf(work.structures) &&
    cursor.changesListed < CHANGES_BETWEEN_WHOLE;
  const changes = isComparable ? await listChanges(work, cursor) : null;
  return changes ?? listWhole(work, cursor);
}

function digestOf(structures: ZendeskWork["structures"]): string {
  const entries = [...structures].map(([locale, { categories, sections }]) => [locale, [...categories], [...sections]]);
  return shortDigest(entries);
}

async function listWhole(work: ZendeskWork, cursor: ZendeskCursor | null): Promise<SourceListing> {
  const known = new Map<string, KnownArticles>();
  const failures: ItemFailure[] = [];
  let startTime = 0;
  for (const [locale, structure] of work.structures) {
    const found = new Map<string, string | null>();
    for await (const { articles, authors } of work.api.articles(locale, work.signal)) {
      for (const article of articles) {
        startTime = Math.max(startTime, secondsOf(article.updated_at));
        const before = cursor?.known.get(locale)?.get(article.id) ?? null;
        const author = authors.get(article.author_id ?? "") ?? null;
        found.set(article.id, look(work, { locale, structure, article, before, author }));
      }
    }
    const count = await work.api.countArticles(locale, work.signal);
    if (count !== found.size) failures.push(otherCount(locale, found.size, count));
    known.set(locale, found);
  }
  const items = [...known].flatMap(([locale, articles]) =>
    [...articles].flatMap(([id, revision]) =>
      revision === null ? [] : [{ externalId: externalIdOf(locale, id), revision }],
    ),
  );
  return toListing(work, { scope: "whole", items, removed: [], failures }, { startTime, changesListed: 0, known });
}

/** Which articles were left out is not known, so that none may be taken for removed. */
function otherCount(locale: string, found: number, count: number): ItemFailure {
  const message = `Zendesk lists ${found} articles in ${locale} and counts ${count}, so none was removed. Sync again.`;
  // No id of an article begins like this.
  return { externalId: `count:${locale}`, code: "other-count", message };
}

interface Found {
  readonly locale: string;
  readonly structure: ZendeskStructure;
  readonly article: ZendeskArticle;
  /** Its revision as it was known before. */
  readonly before: string | null;
  readonly author: string | null;
}

/** The revision of an article that is read; null for one that is not. */
function look({ options, keep }: ZendeskWork, { locale, structure, article, before, author }: Found): string | null {
  if (!isWanted(article, structure, options)) return null;
  const revision = revisionOf(article, structure);
  if (revision !== before) keep(externalIdOf(locale, article.id), article, author);
  return revision;
}

/** Null when changes alone do not tell what is there now. */
async function listChanges(work: ZendeskWork, cursor: ZendeskCursor): Promise<SourceListing | null> {
  const { api, signal, structures } = work;
  const from = Math.max(0, cursor.startTime - OVERLAP_SECONDS);
  const { articles, authors, endTime, isWhole } = await api.changesSince(from, signal);
  if (!isWhole || articles.length > MAX_CHANGES) return null;
  const known = new Map<string, KnownArticles>();
  const items = [];
  const removed = [];
  for (const [locale, structure] of structures) {
    const before = cursor.known.get(locale) ?? new Map<string, string | null>();
    const after = new Map(before);
    for (const changed of articles) {
      const article = changed.locale === locale ? changed : await api.article(locale, changed.id, signal);
      const last = before.get(changed.id) ?? null;
      const author = authors.get(changed.author_id ?? "") ?? null;
      const revision = article === null ? null : look(work, { locale, structure, article, before: last, author });
      if (article === null) after.delete(changed.id);
      else after.set(changed.id, revision);
      const externalId = externalIdOf(locale, changed.id);
      if (revision !== null) items.push({ externalId, revision });
      else if (last !== null) removed.push(externalId);
    }
    // New and changed articles are all in: when the vendor counts another number, some are gone.
    if ((await api.countArticles(locale, signal)) !== after.size) return null;
    known.set(locale, after);
  }
  const { changesListed } = cursor;
  const startTime = Math.max(cursor.startTime, endTime);
  return toListing(
    work,
    { scope: "changes", items, removed, failures: [] },
    { startTime, changesListed: changesListed + 1, known },
  );
}

function toListing(
  work: ZendeskWork,
  found: Pick<SourceListing, "scope" | "items" | "removed" | "failures">,
  next: Pick<ZendeskCursor, "startTime" | "changesListed" | "known">,
): SourceListing {
  const cursor = writeZendeskCursor({ ...next, settings: work.settings, structure: digestOf(work.structures) });
  return { ...found, skipped: [], isComplete: found.failures.length === 0, cursor };
}

function secondsOf(time: string): number {
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? 0 : Math.floor(ms / 1_000);
}
