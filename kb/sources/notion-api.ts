import { z } from "zod";
import { createJsonApi, readPages } from "./json-api.js";
import type { JsonApi } from "./json-api.js";
import type { SafeFetch } from "./safe-fetch.js";
import { ItemError } from "./source.js";

export const NOTION_ORIGIN = "https://api.notion.com";
/** The form of requests and answers that is asked for. */
const NOTION_VERSION = "2025-09-03";
const PAGE = 100;
/** The vendor allows three requests a second on average. */
const GAP_MS = 340;
const MAX_DEPTH = 15;
const MAX_BLOCKS = 5_000;

const orNull = <T>(schema: z.ZodType<T>) => schema.nullish().transform((value) => value ?? null);
const text = orNull(z.string());

const richTextSchema = z.object({
  type: text,
  plain_text: z.string(),
  href: text,
  annotations: orNull(
    z.object({
      bold: orNull(z.boolean()),
      italic: orNull(z.boolean()),
      code: orNull(z.boolean()),
      strikethrough: orNull(z.boolean()),
    }),
  ),
});
export type NotionText = z.infer<typeof richTextSchema>;

const parentSchema = z.object({
  type: z.string(),
  page_id: text,
  block_id: text,
  database_id: text,
  data_source_id: text,
});
export type NotionParent = z.infer<typeof parentSchema>;

const entrySchema = z.object({
  object: z.string(),
  id: z.string(),
  last_edited_time: text,
  in_trash: orNull(z.boolean()),
  archived: orNull(z.boolean()),
  url: text,
  parent: orNull(parentSchema),
  database_parent: orNull(parentSchema),
  title: z.unknown().optional(),
  properties: orNull(z.record(z.string(), z.looseObject({ id: z.string(), type: z.string() }))),
});
/** A page or a data source. Of a data source, properties are columns and not values. */
export type NotionEntry = z.infer<typeof entrySchema>;
export type NotionProperty = NonNullable<NotionEntry["properties"]>[string];

const blockSchema = z.looseObject({
  id: z.string(),
  type: z.string(),
  has_children: orNull(z.boolean()),
  in_trash: orNull(z.boolean()),
  parent: orNull(parentSchema),
});
/** What a block says is under the name of its type. */
export interface NotionBlock {
  readonly block: z.infer<typeof blockSchema>;
  readonly children: readonly NotionBlock[];
}

export interface NotionApi {
  /** Pages and data sources that are shared with the integration. It may leave some out, and says so at the last page. */
  search(
    signal: AbortSignal,
  ): AsyncGenerator<{ readonly results: readonly NotionEntry[]; readonly isIncomplete: boolean }>;
  /** Null when there is none, or none that is shared. */
  page(id: string, signal: AbortSignal): Promise<NotionEntry | null>;
  /** What something lies in; null when that is not told. */
  parentOf(
    kind: "pages" | "blocks" | "databases" | "data_sources",
    id: string,
    signal: AbortSignal,
  ): Promise<NotionParent | null>;
  /** With all that lies below them, but not what is a page of its own. @throws {ItemError} when there is too much of it */
  blocks(pageId: string, signal: AbortSignal): Promise<readonly NotionBlock[]>;
  /** The whole of a property's text; a page brings only its first 25 parts along. */
  propertyText(pageId: string, propertyId: string, signal: AbortSignal): Promise<readonly NotionText[]>;
}

const ADVICE = {
  unauthorized: "Set the secret of the source to the internal integration secret of the integration.",
  forbidden: "Give the integration the capability to read content.",
};

export function createNotionApi(secret: string, fetch: SafeFetch): NotionApi {
  const headers = { authorization: `Bearer ${secret}`, "notion-version": NOTION_VERSION };
  const paced: SafeFetch = (url, options, signal) => fetch(url, { ...options, minGapMs: GAP_MS }, signal);
  const api = createJsonApi({ vendor: "Notion", origin: NOTION_ORIGIN, headers, fetch: paced, advice: ADVICE });
  return {
    search: (signal) => searchAll(api, signal),
    page: (id, signal) => api.find({ path: `/v1/pages/${encodeURIComponent(id)}` }, entrySchema, signal),
    async parentOf(kind, id, signal) {
      const schema = z.object({ parent: orNull(parentSchema), database_parent: orNull(parentSchema) });
      const found = await api.find({ path: `/v1/${kind}/${encodeURIComponent(id)}` }, schema, signal);
      return found?.database_parent ?? found?.parent ?? null;
    },
    blocks: (pageId, signal) => readBlocks(api, pageId, { left: MAX_BLOCKS }, 0, signal),
    async propertyText(pageId, propertyId, signal) {
      const path = `/v1/pages/${encodeURIComponent(pageId)}/properties/${propertyId}`;
      const item = z.object({ title: orNull(richTextSchema), rich_text: orNull(richTextSchema) });
      const items = await list(api, path, item, signal);
      return items.flatMap(({ title, rich_text: rich }) => [title ?? rich].filter((part) => part !== null));
    },
  };
}

const nextSchema = z.object({ has_more: z.boolean(), next_cursor: text });

async function* searchAll(api: JsonApi, signal: AbortSignal): ReturnType<NotionApi["search"]> {
  const schema = nextSchema.extend({
    results: z.array(entrySchema),
    request_status: orNull(z.object({ type: z.string() })),
  });
  const pages = readPages("Notion", "", async (at) => {
    // What is edited meanwhile moves to the end, and is met a second time rather than not at all.
    const sort = { timestamp: "last_edited_time", direction: "ascending" };
    const body = { page_size: PAGE, sort, ...(at === "" ? {} : { start_cursor: at }) };
    const page = await api.get({ path: "/v1/search", body }, schema, signal);
    return { page, next: page.has_more ? page.next_cursor : null };
  });
  for await (const { results, request_status: status } of pages) {
    yield { results, isIncomplete: status?.type === "incomplete" };
  }
}

async function list<T>(api: JsonApi, path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<readonly T[]> {
  const found: T[] = [];
  const pages = readPages("Notion", "", async (at) => {
    const cursor = at === "" ? "" : `&start_cursor=${encodeURIComponent(at)}`;
    const listed = nextSchema.extend({ results: z.array(schema) });
    const page = await api.get({ path: `${path}?page_size=${PAGE}${cursor}` }, listed, signal);
    return { page, next: page.has_more ? page.next_cursor : null };
  });
  for await (const { results } of pages) for (const result of results) found.push(result);
  return found;
}

/** Pages and databases inside of a page are documents of their own. */
const OWN_DOCUMENTS: ReadonlySet<string> = new Set(["child_page", "child_database"]);

async function readBlocks(
  api: JsonApi,
  parentId: string,
  budget: { left: number },
  depth: number,
  signal: AbortSignal,
): Promise<readonly NotionBlock[]> {
  if (depth > MAX_DEPTH) {
    throw new ItemError("too-deep", `The page nests more than ${MAX_DEPTH} blocks. Lift what lies deeper.`);
  }
  const blocks = await list(api, `/v1/blocks/${encodeURIComponent(parentId)}/children`, blockSchema, signal);
  budget.left -= blocks.length;
  if (budget.left < 0) throw new ItemError("too-large", `The page has more than ${MAX_BLOCKS} blocks. Split it.`);
  const read: NotionBlock[] = [];
  for (const block of blocks) {
    if (block.in_trash === true) continue;
    const hasChildren = block.has_children === true && !OWN_DOCUMENTS.has(block.type);
    const children = hasChildren ? await readBlocks(api, block.id, budget, depth + 1, signal) : [];
    read.push({ block, children });
  }
  return read;
}

/** Texts out of JSON of which only that much is known. */
export function textsOf(value: unknown): readonly NotionText[] {
  const read = z.array(richTextSchema).safeParse(value);
  return read.success ? read.data : [];
}
