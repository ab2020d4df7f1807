import type { Logger } from "../../src/ports/logger.js";
import { createConfluenceApi } from "./confluence-api.js";
import type { ConfluenceApi, ConfluenceDetails, ConfluencePage, ConfluenceSpace } from "./confluence-api.js";
import { storageToHtml } from "./confluence-html.js";
import type { ConfluenceOptions } from "./confluence-options.js";
import { createPermissionReader, NOBODY } from "./confluence-permissions.js";
import { escapeText } from "./confluence-storage.js";
import type { SafeFetch } from "./safe-fetch.js";
import { shortDigest } from "./short-digest.js";
import { ItemError, SourceError } from "./source.js";
import type { FetchedItem, FetchRequest, ItemFacts, ItemFailure, Source, SourceItem, SourceListing } from "./source.js";
import { toItemError } from "./vendor-record.js";

export interface ConfluencePlace {
  /** https://SITE.atlassian.net */
  readonly origin: string;
  readonly options: ConfluenceOptions;
  readonly secret: string;
  readonly fetch: SafeFetch;
  readonly logger: Logger;
}

interface ListedPage {
  readonly facts: ItemFacts;
  /** Of the version whose restrictions the facts tell. */
  readonly version: number;
  /** Titles of the pages above it, the outermost first. */
  readonly above: readonly string[];
}

/**
 * The current pages of a site. Every listing is a whole one, without texts: restrictions change without a new version, and
 * pages are moved and taken away without a trace, so nothing less tells what is there and who may read it.
 */
export function createConfluenceSource(place: ConfluencePlace): Source {
  const api = createConfluenceApi(place.origin, place.secret, place.fetch);
  const listed = new Map<string, ListedPage>();
  return {
    async list(_cursor, signal): Promise<SourceListing> {
      listed.clear();
      const items: SourceItem[] = [];
      const skipped: ItemFailure[] = [];
      for (const space of await spacesOf(api, place.options, signal)) {
        for (const [page, about] of await listSpace(api, place, space, signal)) {
          listed.set(page.id, about);
          items.push({ externalId: page.id, revision: revisionOf(page, about) });
          if (about.facts.acl?.includes(NOBODY) === true) skipped.push(closedToAll(page));
        }
      }
      return { scope: "whole", items, removed: [], failures: [], skipped, isComplete: true, cursor: null };
    },
    fetch: (request, signal) => fetchPage(api, place.logger, request, listed.get(request.externalId), signal),
  };
}

/** The page is read all the same: when its restrictions become such that they can be told, it is open again. */
function closedToAll({ id, title }: ConfluencePage): ItemFailure {
  const fact = `“${title ?? id}” and what it lies in are restricted to different people, or their restrictions cannot be seen`;
  const advice = "It is answered from for nobody. Restrict it and what it lies in to one and the same group.";
  return { externalId: `${id}#restrictions`, code: "closed-to-all", message: `${fact}. ${advice}` };
}

/** @throws {SourceError} when a space that is asked for is not there: its pages would be taken for removed. */
async function spacesOf(
  api: ConfluenceApi,
  { spaces: keys }: ConfluenceOptions,
  signal: AbortSignal,
): Promise<readonly ConfluenceSpace[]> {
  const found = await api.spaces(keys, signal);
  const missing = keys.filter((key) => found.every((space) => space.key !== key));
  if (missing.length > 0) {
    const advice = "Correct the option spaces, or let the account of the secret into them.";
    throw new SourceError(`Confluence shows no space ${missing.join(", ")}, so nothing was changed. ${advice}`);
  }
  return keys.length > 0 ? found : found.filter(({ type }) => type !== "personal");
}

async function listSpace(
  api: ConfluenceApi,
  { origin, options }: ConfluencePlace,
  space: ConfluenceSpace,
  signal: AbortSignal,
): Promise<readonly (readonly [ConfluencePage, ListedPage])[]> {
  const pages = new Map((await api.pages(space.id, signal)).map((page) => [page.id, page]));
  const details = pages.size === 0 ? new Map<string, ConfluenceDetails>() : await api.details(space.key, signal);
  const permissions = createPermissionReader(api, pages, details);
  const found: (readonly [ConfluencePage, ListedPage])[] = [];
  for (const page of pages.values()) {
    const about = details.get(page.id);
    if (page.status !== "current" || !(await hasLabel(api, options, page, about, signal))) continue;
    const acl = await permissions.aclOf(page, signal);
    const facts: ItemFacts = {
      title: page.title,
      url: page._links?.webui === undefined || page._links.webui === null ? null : `${origin}/wiki${page._links.webui}`,
      updatedAt: page.version.createdAt,
      editedBy: about?.editor ?? null,
      acl,
    };
    found.push([page, { facts, version: page.version.number, above: titlesAbove(page, pages) }]);
  }
  return found;
}

async function hasLabel(
  api: ConfluenceApi,
  { labels: wanted }: ConfluenceOptions,
  page: ConfluencePage,
  about: ConfluenceDetails | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (wanted.length === 0) return true;
  const labels = about?.labels ?? (await api.labels(page.id, signal));
  return labels.some((label) => wanted.includes(label.toLowerCase()));
}

const MAX_TITLES = 20;

function titlesAbove(page: ConfluencePage, pages: ReadonlyMap<string, ConfluencePage>): readonly string[] {
  const titles: string[] = [];
  let at = page.parentId === null ? undefined : pages.get(page.parentId);
  while (at !== undefined && titles.length < MAX_TITLES) {
    if (at.title !== null) titles.unshift(at.title);
    at = at.parentId === null ? undefined : pages.get(at.parentId);
  }
  return titles;
}

/** The editor's name comes by the search index, sometimes late, and is no reason to read a page anew. */
function revisionOf({ version }: ConfluencePage, { facts, above }: ListedPage): string {
  return `${version.number}-${shortDigest([facts.title, facts.url, facts.acl, above])}`;
}

async function fetchPage(
  api: ConfluenceApi,
  logger: Logger,
  { externalId }: FetchRequest,
  about: ListedPage | undefined,
  signal: AbortSignal,
): Promise<FetchedItem> {
  if (about === undefined) throw new ItemError("not-listed", "This page was not in the listing.");
  const page = await api.page(externalId, signal).catch((error: unknown) => {
    throw toItemError(error);
  });
  if (page?.status !== "current") {
    throw new ItemError("gone-meanwhile", "The page was taken away while pages were read. The next sync sees that.");
  }
  const { html, dropped } = storageToHtml(page.body?.storage?.value ?? "");
  if (dropped.length > 0) {
    // Names of macros, as the vendor has them.
    logger.info("confluence parts left out", { address: about.facts.url ?? externalId, code: dropped.join(" ") });
  }
  const acl = await aclOf(api, page, about, signal);
  const facts = { ...about.facts, title: page.title, updatedAt: page.version.createdAt, acl };
  // Two headings of the first level: the one with the title is no text, and the other stands above all that follows.
  const lines = [page.title ?? "", about.above.join(" › ")].filter((text) => text !== "");
  const headings = lines.map((text) => `<h1>${escapeText(text)}</h1>`).join("\n");
  return {
    externalId,
    mediaType: "text/html",
    bytes: Buffer.from(`<!doctype html><html><body>${headings}\n${html}</body></html>`, "utf8"),
    facts,
    revision: revisionOf(page, { ...about, facts }),
  };
}

/** What was written since the listing may be meant for fewer: restrictions that are older than the text do not count. */
async function aclOf(
  api: ConfluenceApi,
  page: ConfluencePage,
  { facts, version }: ListedPage,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  if (page.version.number === version) return facts.acl;
  return createPermissionReader(api, new Map(), new Map())
    .aclOf(page, signal)
    .catch((error: unknown) => {
      throw toItemError(error);
    });
}
