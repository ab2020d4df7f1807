import type { SafeFetch } from "./safe-fetch.js";
import { ItemError } from "./source.js";
import type { FetchedItem, FetchRequest, Source, SourceListing } from "./source.js";
import { toItemError } from "./vendor-record.js";
import { createZendeskApi } from "./zendesk-api.js";
import type { ZendeskApi, ZendeskArticle } from "./zendesk-api.js";
import { toItem } from "./zendesk-article.js";
import type { ZendeskStructure } from "./zendesk-article.js";
import { readZendeskCursor } from "./zendesk-cursor.js";
import { listArticles } from "./zendesk-listing.js";
import { settingsOf } from "./zendesk-options.js";
import type { ZendeskOptions } from "./zendesk-options.js";

/** Articles that a listing brought along are kept in memory up to this; the others are asked for one by one. */
const MAX_KEPT_CHARACTERS = 50_000_000;

export interface ZendeskPlace {
  /** https://SUBDOMAIN.zendesk.com */
  readonly location: string;
  readonly options: ZendeskOptions;
  readonly secret: string;
  readonly fetch: SafeFetch;
}

interface Kept {
  readonly article: ZendeskArticle;
  readonly author: string | null;
}

/** The published articles of a help center, each locale of one as an item of its own. */
export function createZendeskSource({ location, options, secret, fetch }: ZendeskPlace): Source {
  const api = createZendeskApi(location, secret, fetch);
  const settings = settingsOf(location, options);
  const kept = new Map<string, Kept>();
  let structures: ReadonlyMap<string, ZendeskStructure> = new Map();
  return {
    async list(cursor, signal): Promise<SourceListing> {
      kept.clear();
      let characters = 0;
      structures = await readStructures(api, options, signal);
      const keep = (externalId: string, article: ZendeskArticle, author: string | null): void => {
        characters += article.body?.length ?? 0;
        if (characters <= MAX_KEPT_CHARACTERS) kept.set(externalId, { article, author });
      };
      return listArticles({ api, options, settings, structures, keep, signal }, readZendeskCursor(cursor));
    },
    async fetch(request, signal): Promise<FetchedItem> {
      const found = kept.get(request.externalId);
      kept.delete(request.externalId);
      return fetchArticle(api, structures, request, found, signal);
    },
  };
}

async function readStructures(
  api: ZendeskApi,
  { locales }: ZendeskOptions,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ZendeskStructure>> {
  const wanted = locales.length > 0 ? locales : [await api.defaultLocale(signal)];
  const structures = new Map<string, ZendeskStructure>();
  for (const locale of wanted) {
    const categories = await api.categories(locale, signal);
    structures.set(locale, { categories, sections: await api.sections(locale, signal) });
  }
  return structures;
}

async function fetchArticle(
  api: ZendeskApi,
  structures: ReadonlyMap<string, ZendeskStructure>,
  { externalId }: FetchRequest,
  found: Kept | undefined,
  signal: AbortSignal,
): Promise<FetchedItem> {
  const [locale = "", articleId = ""] = externalId.split("/");
  const structure = structures.get(locale);
  if (structure === undefined) throw new ItemError("not-listed", "This article was not in the listing.");
  if (found !== undefined) return toItem(externalId, found.article, structure, found.author);
  try {
    const article = await api.article(locale, articleId, signal);
    if (article === null || article.draft === true) throw goneMeanwhile();
    return toItem(externalId, article, structure, null);
  } catch (error) {
    throw toItemError(error);
  }
}

function goneMeanwhile(): ItemError {
  return new ItemError(
    "gone-meanwhile",
    "The article was taken back while articles were read. The next sync sees that.",
  );
}
