import type { Clock } from "../../src/ports/clock.js";
import type { Logger } from "../../src/ports/logger.js";
import { createNotionApi } from "./notion-api.js";
import type { NotionApi } from "./notion-api.js";
import { listPages } from "./notion-listing.js";
import type { ListedPage } from "./notion-listing.js";
import { blocksToMarkdown, headToMarkdown, textsToMarkdown } from "./notion-markdown.js";
import type { NotionOptions } from "./notion-options.js";
import { faqProperties, shownProperties, textOfProperty, titleOf } from "./notion-properties.js";
import { plainText } from "./notion-text.js";
import type { SafeFetch } from "./safe-fetch.js";
import { ItemError } from "./source.js";
import type { FetchedItem, ItemFacts, Source } from "./source.js";
import { toItemError } from "./vendor-record.js";

export interface NotionServices {
  readonly options: NotionOptions;
  readonly secret: string;
  readonly fetch: SafeFetch;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** The pages that are shared with an integration, rows of databases among them. The API tells nothing about who may read them. */
export function createNotionSource({ options, secret, fetch, logger, clock }: NotionServices): Source {
  const api = createNotionApi(secret, fetch);
  let pages: ReadonlyMap<string, ListedPage> = new Map();
  return {
    async list(cursor, signal) {
      const found = await listPages(api, options, cursor, clock.now(), signal);
      pages = found.pages;
      return found.listing;
    },
    async fetch({ externalId, revision }, signal) {
      const listed = pages.get(externalId);
      if (listed === undefined) throw new ItemError("not-listed", "This page was not in the listing.");
      try {
        return { ...(await readPage(api, logger, listed, signal)), revision };
      } catch (error) {
        throw toItemError(error);
      }
    },
  };
}

async function readPage(api: NotionApi, logger: Logger, listed: ListedPage, signal: AbortSignal): Promise<FetchedItem> {
  const { page, place } = listed;
  const title = titleOf(page);
  const facts: ItemFacts = { title, url: page.url, updatedAt: page.last_edited_time, editedBy: null, acl: null };
  const blocks = await api.blocks(page.id, signal);
  const read = blocksToMarkdown(blocks);
  if (read.dropped.length > 0) {
    logger.info("notion blocks left out", { address: page.url ?? page.id, code: read.dropped.join(" ") });
  }
  const entry = await faqEntry(api, listed, read.markdown, signal);
  if (entry !== null) {
    return {
      externalId: page.id,
      mediaType: "application/json",
      bytes: Buffer.from(JSON.stringify([entry]), "utf8"),
      facts,
    };
  }
  // Two headings of the first level: the one with the title is no text, and the other stands above all that follows.
  const headings = [title, place.titles.join(" › ")].filter((text) => text !== "");
  const markdown = `${headToMarkdown(headings, shownProperties(page))}\n${read.markdown}`;
  return { externalId: page.id, mediaType: "text/markdown", bytes: Buffer.from(markdown, "utf8"), facts };
}

interface FaqEntry {
  readonly question: string;
  readonly answer: string;
  readonly variants: readonly string[];
}

/** A row with a question and an answer; what its page says besides belongs to the answer. Null for all other pages. */
async function faqEntry(
  api: NotionApi,
  { page }: ListedPage,
  markdown: string,
  signal: AbortSignal,
): Promise<FaqEntry | null> {
  const found = faqProperties(page);
  if (found === null) return null;
  const text = (property: typeof found.question) => textOfProperty(api, page.id, property, signal);
  const question = plainText(await text(found.question)).trim();
  const short = textsToMarkdown(await text(found.answer));
  const answer = [short, markdown].filter((part) => part.trim() !== "").join("\n");
  if (question === "" || answer === "") return null;
  const variants = found.variants === null ? "" : plainText(await text(found.variants));
  return {
    question,
    answer,
    variants: variants
      .split(/[|\n]/u)
      .map((variant) => variant.trim())
      .filter((variant) => variant !== ""),
  };
}
