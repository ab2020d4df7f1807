import { vendorServer } from "../../support/vendor-server.js";
import type { VendorAnswer, VendorRequest, VendorServer } from "../../support/vendor-server.js";

export interface FakeBlock {
  readonly id: string;
  readonly type: string;
  /** What stands under the name of the type. */
  readonly content: object;
  readonly children: readonly FakeBlock[];
}

export interface FakeEntry {
  readonly object: "page" | "data_source";
  readonly id: string;
  last_edited_time: string;
  in_trash: boolean;
  parent: Readonly<Record<string, unknown>>;
  database_parent?: Readonly<Record<string, unknown>>;
  /** Of a data source. */
  title?: readonly object[];
  properties: Record<string, Record<string, unknown>>;
  blocks: readonly FakeBlock[];
  /** False: not in the search, which is no complete register. */
  isFound: boolean;
}

export interface FakeNotion extends VendorServer {
  readonly secret: string;
  readonly entries: FakeEntry[];
  /** What blocks and databases lie in, by path such as `blocks/ID`. */
  readonly parents: Map<string, object>;
  /** The search ends before everything was listed, and says so. */
  isSearchCutOff: boolean;
  addPage(number: number, title: string, fields?: Partial<FakeEntry>): FakeEntry;
  entry(id: string): FakeEntry;
  /** Other blocks, at a later time. */
  edit(id: string, blocks: readonly FakeBlock[]): void;
}

const SECRET = "ntn_0123456789abcdefghijklmnopqrstuvwxyz";
const VERSION = "2025-09-03";
const USER = { object: "user", id: "b0000000-0000-4000-8000-000000000000" };

/** An id as the vendor writes it. */
export function notionId(number: number): string {
  return `a0000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

export function richText(text: string, marks: object = {}, href: string | null = null) {
  const annotations = {
    bold: false,
    italic: false,
    strikethrough: false,
    underline: false,
    code: false,
    color: "default",
  };
  return {
    type: "text",
    text: { content: text, link: null },
    plain_text: text,
    href,
    annotations: { ...annotations, ...marks },
  };
}

let blocks = 0;
/** @param content the text, or all that stands under the name of the type */
export function fakeBlock(type: string, content: string | object = {}, children: readonly FakeBlock[] = []): FakeBlock {
  blocks += 1;
  const id = `c0000000-0000-4000-8000-${String(blocks).padStart(12, "0")}`;
  return {
    id,
    type,
    content: typeof content === "string" ? { rich_text: [richText(content)], color: "default" } : content,
    children,
  };
}

/** A workspace. Pages of a list hold two entries, whatever is asked for. */
export async function fakeNotion(): Promise<FakeNotion> {
  const workspace: Workspace = { entries: [], parents: new Map<string, object>(), cutOff: false, server: null };
  const server = await vendorServer("https://api.notion.com", (request) => answer(workspace, request));
  workspace.server = server;
  const entry = (id: string): FakeEntry => {
    const found = workspace.entries.find((candidate) => candidate.id === id);
    if (found === undefined) throw new Error(`there is no ${id}`);
    return found;
  };
  const handle = {
    secret: SECRET,
    entries: workspace.entries,
    parents: workspace.parents,
    entry,
    addPage(number: number, title: string, fields: Partial<FakeEntry> = {}): FakeEntry {
      const added: FakeEntry = {
        object: "page",
        id: notionId(number),
        last_edited_time: "2026-03-01T08:00:00.000Z",
        in_trash: false,
        parent: { type: "workspace", workspace: true },
        blocks: [fakeBlock("paragraph", `Text of page ${number}.`)],
        isFound: true,
        ...fields,
        properties: { Name: { id: "title", type: "title", title: [richText(title)] }, ...fields.properties },
      };
      workspace.entries.push(added);
      return added;
    },
    edit: (id: string, edited: readonly FakeBlock[]) =>
      void Object.assign(entry(id), { blocks: edited, last_edited_time: "2026-03-02T08:00:00.000Z" }),
  };
  Object.assign(server, handle);
  return Object.defineProperty(server, "isSearchCutOff", {
    set: (is: boolean) => (workspace.cutOff = is),
  }) as FakeNotion;
}

interface Workspace {
  readonly entries: FakeEntry[];
  readonly parents: Map<string, object>;
  cutOff: boolean;
  server: VendorServer | null;
}

function problem(status: number, code: string): VendorAnswer {
  return { status, body: { object: "error", status, code, message: code, request_id: "r" } };
}

function answer(workspace: Workspace, request: VendorRequest): VendorAnswer {
  const { url, headers, method } = request;
  if (headers.authorization !== `Bearer ${SECRET}`) return problem(401, "unauthorized");
  if (headers["notion-version"] !== VERSION) return problem(400, "missing_version");
  if (url.pathname === "/v1/search")
    return method === "POST" ? search(workspace, request.body) : problem(404, "invalid_request_url");
  if (method !== "GET") return problem(400, "invalid_request");
  const [, kind = "", id = "", part = "", propertyId = ""] =
    /^\/v1\/(pages|blocks|databases|data_sources)\/([0-9a-f-]{36})(?:\/(children|properties)(?:\/([^/]+))?)?$/u.exec(
      url.pathname,
    ) ?? [];
  const unknown = [...url.searchParams.keys()].filter(
    (name) => part === "" || !["page_size", "start_cursor"].includes(name),
  );
  if (kind === "") return problem(400, "invalid_request_url");
  if (unknown.length > 0) return problem(400, "validation_error");
  const from = Number(url.searchParams.get("start_cursor") ?? "0");
  if (kind === "blocks" && part === "children") return childrenOf(workspace, id, from);
  const page = workspace.entries.find((entry) => entry.id === id && (entry.object === "page") === (kind === "pages"));
  if (kind === "pages" && part === "properties") return propertyItems(page, propertyId, from);
  const other = workspace.parents.get(`${kind}/${id}`);
  if (other !== undefined) return { body: { object: kind.replace(/s$/u, ""), id, parent: other } };
  return page === undefined ? problem(404, "object_not_found") : { body: shown(page) };
}

function shown({ object, id, last_edited_time, in_trash, parent, database_parent, title, properties }: FakeEntry) {
  return {
    object,
    id,
    created_time: "2026-01-01T08:00:00.000Z",
    last_edited_time,
    created_by: USER,
    last_edited_by: USER,
    in_trash,
    archived: in_trash,
    parent,
    ...(object === "data_source" ? { database_parent, title } : {}),
    properties,
    url: `https://www.notion.so/${id.replaceAll("-", "")}`,
    public_url: null,
    icon: null,
    cover: null,
  };
}

const SEARCH = ["query", "sort", "filter", "start_cursor", "page_size"];

function search({ entries, cutOff, server }: Workspace, body: unknown): VendorAnswer {
  const asked = typeof body === "object" && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  if (Object.keys(asked).some((name) => !SEARCH.includes(name))) return problem(400, "validation_error");
  const found = entries.filter((entry) => entry.isFound && !entry.in_trash);
  found.sort((left, right) => left.last_edited_time.localeCompare(right.last_edited_time));
  const from = Number(asked["start_cursor"] ?? "0");
  const isStuck = server?.fault === "repeating-cursor";
  const hasMore = isStuck || (from + 2 < found.length && !cutOff);
  return {
    body: {
      object: "list",
      type: "page_or_data_source",
      page_or_data_source: {},
      results: found.slice(from, from + 2).map(shown),
      has_more: hasMore,
      next_cursor: hasMore ? String(isStuck ? 2 : from + 2) : null,
      request_status: cutOff
        ? { type: "incomplete", incomplete_reason: "query_result_limit_reached" }
        : { type: "complete" },
    },
  };
}

function childrenOf({ entries }: Workspace, id: string, from: number): VendorAnswer {
  const inside = (all: readonly FakeBlock[]): readonly FakeBlock[] | undefined => {
    for (const block of all) {
      const found = block.id === id ? block.children : inside(block.children);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const children = entries.find((entry) => entry.id === id)?.blocks ?? inside(entries.flatMap((entry) => entry.blocks));
  if (children === undefined) return problem(404, "object_not_found");
  const results = children.slice(from, from + 2).map((block) => ({
    object: "block",
    id: block.id,
    type: block.type,
    [block.type]: block.content,
    has_children: block.children.length > 0 || block.type === "child_page",
    in_trash: false,
    last_edited_time: "2026-03-01T08:00:00.000Z",
  }));
  const hasMore = from + 2 < children.length;
  return {
    body: {
      object: "list",
      type: "block",
      block: {},
      results,
      has_more: hasMore,
      next_cursor: hasMore ? String(from + 2) : null,
    },
  };
}

function propertyItems(page: FakeEntry | undefined, propertyId: string, from: number): VendorAnswer {
  const property = Object.values(page?.properties ?? {}).find(({ id }) => id === propertyId);
  const type = property?.["type"] === "title" ? "title" : "rich_text";
  const all = property?.["all"] ?? property?.[type];
  if (!Array.isArray(all)) return problem(404, "object_not_found");
  const results = all
    .slice(from, from + 20)
    .map((part: unknown) => ({ object: "property_item", id: propertyId, type, [type]: part }));
  const hasMore = from + 20 < all.length;
  return {
    body: {
      object: "list",
      type: "property_item",
      results,
      has_more: hasMore,
      next_cursor: hasMore ? String(from + 20) : null,
    },
  };
}
