import { refuseUnknownParameters, vendorServer } from "../../support/vendor-server.js";
import type { VendorAnswer, VendorRequest, VendorServer } from "../../support/vendor-server.js";

export interface FakePage {
  readonly id: string;
  title: string;
  status: "current" | "archived" | "trashed";
  spaceId: string;
  parentId: string | null;
  parentType: "page" | "folder" | null;
  version: { number: number; createdAt: string; message: string; minorEdit: boolean; authorId: string };
  storage: string;
  labels: string[];
  /** Who may read it; both empty for everybody. */
  readers: { users: string[]; groups: string[] };
  /** False while the search index does not know it yet. */
  isIndexed: boolean;
}

export interface FakeConfluence extends VendorServer {
  readonly origin: string;
  readonly secret: string;
  readonly pages: FakePage[];
  readonly spaces: { id: string; key: string; name: string; type: string; status: string }[];
  readonly folders: { id: string; title: string; parentId: string | null; parentType: string | null }[];
  /** Folders whose restrictions are told, by their id. */
  readonly folderReaders: Map<string, FakePage["readers"]>;
  add(id: number, fields?: Partial<FakePage>): FakePage;
  page(id: string): FakePage;
  /** A new version with this text. */
  edit(id: string, storage: string): void;
}

const ORIGIN = "https://acme.atlassian.net";
const SECRET = "mia@acme.example:ATATT3xFfGF0T0k3n";

/** A site with the space DOCS. Pages of a listing hold two entries, whatever is asked for. */
export async function fakeConfluence(): Promise<FakeConfluence> {
  const site: Site = {
    pages: [],
    spaces: [
      { id: "1", key: "DOCS", name: "Documentation", type: "global", status: "current" },
      { id: "9", key: "~mia", name: "Mia", type: "personal", status: "current" },
    ],
    folders: [],
    folderReaders: new Map<string, FakePage["readers"]>(),
    server: null,
  };
  const server = await vendorServer(ORIGIN, (request) => answer(site, request));
  site.server = server;
  const page = (id: string): FakePage => {
    const found = site.pages.find((entry) => entry.id === id);
    if (found === undefined) throw new Error(`there is no page ${id}`);
    return found;
  };
  return Object.assign(server, {
    ...site,
    origin: ORIGIN,
    secret: SECRET,
    page,
    add(id: number, fields: Partial<FakePage> = {}): FakePage {
      const added = newPage(String(id), fields);
      site.pages.push(added);
      return added;
    },
    edit(id: string, storage: string): void {
      const { version } = page(id);
      const next = { ...version, number: version.number + 1, createdAt: "2026-03-02T08:00:00.000Z" };
      Object.assign(page(id), { storage, version: next });
    },
  });
}

type Site = Pick<FakeConfluence, "pages" | "spaces" | "folders" | "folderReaders"> & { server: VendorServer | null };

function newPage(id: string, fields: Partial<FakePage>): FakePage {
  return {
    id,
    title: `Page ${id}`,
    status: "current",
    spaceId: "1",
    parentId: null,
    parentType: null,
    version: { number: 1, createdAt: "2026-03-01T08:00:00.000Z", message: "", minorEdit: false, authorId: "5b10-mia" },
    storage: `<p>Text of page ${id}.</p>`,
    labels: [],
    readers: { users: [], groups: [] },
    isIndexed: true,
    ...fields,
  };
}

const NOT_FOUND: VendorAnswer = {
  status: 404,
  body: { errors: [{ status: 404, code: "NOT_FOUND", title: "Not Found", detail: null }] },
};

function answer(site: Site, { url, headers, method }: VendorRequest): VendorAnswer {
  if (headers.authorization !== `Basic ${Buffer.from(SECRET).toString("base64")}`) {
    return { status: 401, body: { message: "Unauthorized" } };
  }
  if (method !== "GET") return { status: 405, body: { message: "method" } };
  for (const [form, parameters, respond] of ROUTES) {
    const match = form.exec(url.pathname);
    if (match !== null) return refuseUnknownParameters(url, parameters) ?? respond(site, url, match[1] ?? "");
  }
  return NOT_FOUND;
}

const LIST = ["limit", "cursor"];
type Respond = (site: Site, url: URL, id: string) => VendorAnswer;
const ROUTES: readonly (readonly [RegExp, readonly string[], Respond])[] = [
  [/^\/wiki\/api\/v2\/spaces$/u, [...LIST, "status", "keys"], spaces],
  [/^\/wiki\/api\/v2\/spaces\/(\d+)\/pages$/u, [...LIST, "status", "body-format"], pagesOf],
  [/^\/wiki\/api\/v2\/pages\/(\d+)$/u, ["body-format"], onePage],
  [/^\/wiki\/api\/v2\/pages\/(\d+)\/labels$/u, LIST, labelsOf],
  [/^\/wiki\/api\/v2\/folders\/(\d+)$/u, [], oneFolder],
  [/^\/wiki\/rest\/api\/content\/search$/u, [...LIST, "cql", "expand"], search],
  [/^\/wiki\/rest\/api\/content\/(\d+)\/restriction\/byOperation\/read$/u, ["expand"], restriction],
];

/** @param prefix what the next page's address leaves out */
function listOf(site: Site, url: URL, entries: readonly unknown[], prefix = ""): VendorAnswer {
  const from = Number(url.searchParams.get("cursor") ?? "0");
  const isStuck = site.server?.fault === "repeating-cursor";
  const next = new URL(url);
  next.searchParams.set("cursor", String(isStuck ? 0 : from + 2));
  const hasMore = isStuck || from + 2 < entries.length;
  const links = {
    base: `${ORIGIN}/wiki`,
    ...(hasMore ? { next: `${next.pathname.slice(prefix.length)}${next.search}` } : {}),
  };
  return { body: { results: entries.slice(from, from + 2), _links: links } };
}

function spaces(site: Site, url: URL): VendorAnswer {
  const keys = url.searchParams.get("keys")?.split(",");
  const found = site.spaces.filter(({ key }) => keys === undefined || keys.includes(key));
  return listOf(
    site,
    url,
    found.map((space) => ({ ...space, homepageId: null, _links: { webui: `/spaces/${space.key}` } })),
  );
}

function pagesOf(site: Site, url: URL, spaceId: string): VendorAnswer {
  const pages = site.pages.filter((page) => page.spaceId === spaceId && page.status === url.searchParams.get("status"));
  return listOf(
    site,
    url,
    pages.map((page) => bulkOf(site, page)),
  );
}

function bulkOf({ spaces: all }: Site, page: FakePage) {
  const { id, title, status, spaceId, parentId, parentType, version } = page;
  const key = all.find((space) => space.id === spaceId)?.key ?? "";
  const links = { webui: `/spaces/${key}/pages/${id}/${title.replaceAll(" ", "+")}`, tinyui: `/x/${id}` };
  const place = { spaceId, parentId, parentType, position: 0 };
  return {
    id,
    title,
    status,
    ...place,
    authorId: "5b10-mia",
    createdAt: version.createdAt,
    version,
    body: {},
    _links: links,
  };
}

function onePage(site: Site, url: URL, id: string): VendorAnswer {
  const page = site.pages.find((entry) => entry.id === id && entry.status !== "trashed");
  if (page === undefined) return NOT_FOUND;
  const isWanted = url.searchParams.get("body-format") === "storage";
  const body = isWanted ? { storage: { representation: "storage", value: page.storage } } : {};
  return { body: { ...bulkOf(site, page), body } };
}

function labelsOf(site: Site, url: URL, id: string): VendorAnswer {
  const labels = site.pages.find((entry) => entry.id === id)?.labels ?? [];
  return listOf(
    site,
    url,
    labels.map((name, index) => ({ id: String(index), name, prefix: "global" })),
  );
}

function oneFolder({ folders }: Site, _url: URL, id: string): VendorAnswer {
  const folder = folders.find((entry) => entry.id === id);
  return folder === undefined ? NOT_FOUND : { body: { ...folder, type: "folder", status: "current" } };
}

function search(site: Site, url: URL): VendorAnswer {
  const key = /^space="([^"]+)" and type=page$/u.exec(url.searchParams.get("cql") ?? "")?.[1];
  const space = site.spaces.find((entry) => entry.key === key);
  if (space === undefined) return { status: 400, body: { statusCode: 400, message: "Could not parse cql" } };
  const expand = url.searchParams.get("expand")?.split(",") ?? [];
  const pages = site.pages.filter((page) => page.spaceId === space.id && page.status === "current" && page.isIndexed);
  return listOf(
    site,
    url,
    pages.map((page) => foundOf(page, expand)),
    "/wiki",
  );
}

function foundOf({ id, title, version, labels, readers }: FakePage, expand: readonly string[]) {
  const isTold =
    expand.includes("restrictions.read.restrictions.user") && expand.includes("restrictions.read.restrictions.group");
  return {
    id,
    type: "page",
    status: "current",
    title,
    ...(expand.includes("version")
      ? { version: { ...version, by: { type: "known", accountId: "5b10-mia", displayName: "Mia Meyer" } } }
      : {}),
    metadata: expand.includes("metadata.labels")
      ? { labels: { results: labels.map((name) => ({ prefix: "global", name })) } }
      : {},
    restrictions: isTold ? { read: { operation: "read", restrictions: readersOf(readers) } } : {},
  };
}

function readersOf({ users, groups }: FakePage["readers"]) {
  return {
    user: {
      results: users.map((accountId) => ({ type: "known", accountId })),
      start: 0,
      limit: 200,
      size: users.length,
    },
    group: {
      results: groups.map((id) => ({ type: "group", name: `name of ${id}`, id })),
      start: 0,
      limit: 200,
      size: groups.length,
    },
  };
}

function restriction({ pages, folderReaders }: Site, _url: URL, id: string): VendorAnswer {
  const readers = pages.find((page) => page.id === id)?.readers ?? folderReaders.get(id);
  return readers === undefined ? NOT_FOUND : { body: { operation: "read", restrictions: readersOf(readers) } };
}
