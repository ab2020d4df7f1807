import { z } from "zod";
import { createJsonApi, readPages } from "./json-api.js";
import type { JsonApi } from "./json-api.js";
import type { SafeFetch } from "./safe-fetch.js";
import { authorizationOf } from "./vendor-record.js";

const V2 = "/wiki/api/v2";
const V1 = "/wiki/rest/api";
const PAGE = 250;
/** The vendor gives fewer of them on a page when it has to look up restrictions, and says where it goes on. */
const SEARCH_PAGE = 100;

const orNull = <T>(schema: z.ZodType<T>) => schema.nullish().transform((value) => value ?? null);
const text = orNull(z.string());
const links = z.object({ next: z.string().nullish() }).nullish();

const spaceSchema = z.object({ id: z.string(), key: z.string(), name: z.string(), type: text });
export type ConfluenceSpace = z.infer<typeof spaceSchema>;

const placeSchema = z.object({ id: z.string(), title: text, parentId: text, parentType: text });
/** Something that pages lie in: a page, a folder, a whiteboard, a database. */
export type ConfluenceParent = z.infer<typeof placeSchema>;

const pageSchema = placeSchema.extend({
  status: z.string(),
  version: z.object({ number: z.int(), createdAt: text }),
  body: orNull(z.object({ storage: orNull(z.object({ value: z.string() })) })),
  _links: orNull(z.object({ webui: text })),
});
export type ConfluencePage = z.infer<typeof pageSchema>;

const readersSchema = z.object({
  user: z.object({ results: z.array(z.object({ accountId: text })) }),
  group: z.object({ results: z.array(z.object({ id: text, name: text })) }),
});
type Readers = z.infer<typeof readersSchema>;

const foundSchema = z.object({
  id: z.string(),
  version: orNull(z.object({ by: orNull(z.object({ displayName: text })) })),
  metadata: orNull(z.object({ labels: orNull(z.object({ results: z.array(z.object({ name: z.string() })) })) })),
  restrictions: orNull(z.object({ read: orNull(z.object({ restrictions: orNull(readersSchema) })) })),
});

/** Access tokens of which one is enough at this level; null where everybody may read who reaches it. */
export type ReadRestriction = readonly string[] | null;

/** What is known of a page besides its place. */
export interface ConfluenceDetails {
  readonly editor: string | null;
  /** Null when it was not told and has to be asked for. */
  readonly labels: readonly string[] | null;
  /** Undefined when it was not told and has to be asked for. */
  readonly restriction: ReadRestriction | undefined;
}

export interface ConfluenceApi {
  spaces(keys: readonly string[], signal: AbortSignal): Promise<readonly ConfluenceSpace[]>;
  /** The current pages of a space, without their text. */
  pages(spaceId: string, signal: AbortSignal): Promise<readonly ConfluencePage[]>;
  /** By the search index, which may not know all pages yet. */
  details(spaceKey: string, signal: AbortSignal): Promise<ReadonlyMap<string, ConfluenceDetails>>;
  labels(pageId: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Undefined when the vendor does not tell. */
  restriction(contentId: string, signal: AbortSignal): Promise<ReadRestriction | undefined>;
  /** Null when the vendor does not tell. */
  parent(type: string, id: string, signal: AbortSignal): Promise<ConfluenceParent | null>;
  /** With its text; null when it is gone. */
  page(pageId: string, signal: AbortSignal): Promise<ConfluencePage | null>;
}

const ADVICE = {
  unauthorized: "Set the secret of the source to EMAIL:API_TOKEN; a token may have run out.",
  forbidden: "Let the account of the secret into Confluence and its spaces.",
};

/** How what pages lie in is asked for, by its type. */
const PARENTS: Readonly<Record<string, string>> = {
  page: "pages",
  folder: "folders",
  whiteboard: "whiteboards",
  database: "databases",
  embed: "embeds",
};

export function createConfluenceApi(origin: string, secret: string, fetch: SafeFetch): ConfluenceApi {
  const headers = { authorization: authorizationOf(secret) };
  const api = createJsonApi({ vendor: "Confluence", origin, headers, fetch, advice: ADVICE });
  return {
    spaces: (keys, signal) => {
      const named = keys.length === 0 ? "" : `&keys=${keys.map(encodeURIComponent).join(",")}`;
      return collect(api, `${V2}/spaces?limit=${PAGE}&status=current${named}`, spaceSchema, signal);
    },
    pages: (spaceId, signal) =>
      collect(
        api,
        `${V2}/spaces/${encodeURIComponent(spaceId)}/pages?limit=${PAGE}&status=current`,
        pageSchema,
        signal,
      ),
    async details(spaceKey, signal) {
      const cql = encodeURIComponent(`space="${spaceKey}" and type=page`);
      const expand = "version,metadata.labels,restrictions.read.restrictions.user,restrictions.read.restrictions.group";
      const path = `${V1}/content/search?cql=${cql}&limit=${SEARCH_PAGE}&expand=${expand}`;
      const found = await collect(api, path, foundSchema, signal);
      return new Map(found.map((entry) => [entry.id, toDetails(entry)]));
    },
    async labels(pageId, signal) {
      const path = `${V2}/pages/${encodeURIComponent(pageId)}/labels?limit=${PAGE}`;
      return (await collect(api, path, z.object({ name: z.string() }), signal)).map(({ name }) => name);
    },
    async restriction(contentId, signal) {
      const expand = "restrictions.user,restrictions.group";
      const path = `${V1}/content/${encodeURIComponent(contentId)}/restriction/byOperation/read?expand=${expand}`;
      const found = await api.find({ path }, z.object({ restrictions: readersSchema }), signal);
      return found === null ? undefined : toRestriction(found.restrictions);
    },
    async parent(type, id, signal) {
      const kind = Object.hasOwn(PARENTS, type) ? PARENTS[type] : undefined;
      return kind === undefined
        ? null
        : api.find({ path: `${V2}/${kind}/${encodeURIComponent(id)}` }, placeSchema, signal);
    },
    page: (pageId, signal) =>
      api.find({ path: `${V2}/pages/${encodeURIComponent(pageId)}?body-format=storage` }, pageSchema, signal),
  };
}

async function collect<T>(
  api: JsonApi,
  first: string,
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<readonly T[]> {
  const found: T[] = [];
  const pages = readPages("Confluence", first, async (at) => {
    const page = await api.get({ path: at }, z.object({ results: z.array(schema), _links: links }), signal);
    return { page, next: belowSite(page._links?.next ?? null) };
  });
  for await (const { results } of pages) for (const result of results) found.push(result);
  return found;
}

/** The older API names the next page below /wiki, the newer one below the site. */
function belowSite(next: string | null): string | null {
  return next?.startsWith("/rest/") === true ? `/wiki${next}` : next;
}

function toDetails({ version, metadata, restrictions }: z.infer<typeof foundSchema>): ConfluenceDetails {
  const readers = restrictions?.read?.restrictions ?? null;
  return {
    editor: version?.by?.displayName ?? null,
    labels: metadata?.labels?.results.map(({ name }) => name) ?? null,
    restriction: readers === null ? undefined : toRestriction(readers),
  };
}

/** Of a reader without an id nothing is known, so they do not count; the page is restricted all the same. */
function toRestriction({ user, group }: Readers): ReadRestriction {
  if (user.results.length === 0 && group.results.length === 0) return null;
  const users = user.results.flatMap(({ accountId }) => (accountId === null ? [] : [`confluence:user:${accountId}`]));
  const groups = group.results.flatMap(({ id, name }) => {
    const known = id ?? name;
    return known === null ? [] : [`confluence:group:${known}`];
  });
  return [...users, ...groups];
}
