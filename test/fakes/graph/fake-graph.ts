import type { SafeFetch } from "../../../kb/sources/safe-fetch.js";
import {
  refuseUnknownParameters,
  type VendorAnswer,
  type VendorRequest,
  type VendorServer,
  vendorServer,
} from "../../support/vendor-server.js";

export interface FakeFile {
  readonly id: string;
  name: string;
  text: string;
  size: number | null;
  version: number;
  folder: boolean;
  permissions: readonly object[];
  /** The number of the change in which it was changed last. */
  changedAt: number;
  isDeleted: boolean;
  /** Whether nothing is told of it once it is deleted, not even whether it was a file. */
  isBare: boolean;
}

/** A site with a document library at Microsoft 365: sign-in, Graph and SharePoint's contents. */
export interface FakeGraph extends Omit<VendorServer, "fetch"> {
  readonly fetch: SafeFetch;
  readonly location: string;
  readonly secret: string;
  readonly files: Map<string, FakeFile>;
  /** What the library itself grants. */
  libraryPermissions: readonly object[];
  /** For what the app asked for sharing changes, and headers that were sent for contents. */
  readonly seen: { prefer: Set<string>; contentHeaders: Readonly<Record<string, unknown>>[]; tokens: number };
  /** Where contents lie; another host to test with. */
  contentHost: string;
  contentType: string;
  /** The address of the second library, which is listed first. */
  otherLibrary: string;
  /** Tokens of deltas before this change are not known any more. */
  forgetBefore(): void;
  put(id: string, name: string, text: string, changes?: Partial<FakeFile>): FakeFile;
  touch(id: string, changes: Partial<FakeFile>): void;
  share(id: string, permissions: readonly object[]): void;
  remove(id: string): void;
}

const TENANT = "11111111-2222-3333-4444-555555555555";
const CLIENT = "66666666-7777-8888-9999-000000000000";
const CLIENT_SECRET = "secret:with~colon";
const GRAPH = "https://graph.microsoft.com";
const HOST = "contoso.sharepoint.com";
const DRIVE = "b!drive";
const PAGE = 2;
const DELTA = `/v1.0/drives/${DRIVE}/root/delta`;

export const EVERYBODY_LINK = { id: "l", roles: ["read"], link: { scope: "organization", type: "view" } };
export const MEMBERS = { id: "m", roles: ["write"], grantedToV2: { siteGroup: { id: "5", displayName: "Members" } } };

export function forUser(id: string): object {
  return {
    id: `u${id}`,
    roles: ["read"],
    grantedToV2: { user: { id }, siteUser: { id: "9", loginName: `i:0#.f|membership|${id}` } },
  };
}

export async function fakeGraph(): Promise<FakeGraph> {
  const state = { change: 1, forgotten: 0 };
  const server = await vendorServer(GRAPH, (request) => answer(graph, state, request));
  const graph: FakeGraph = Object.assign(Object.create(server) as VendorServer, {
    location: `https://${HOST}/sites/support`,
    secret: `${TENANT}:${CLIENT}:${CLIENT_SECRET}`,
    fetch: fetchOfMicrosoft(server),
    files: new Map<string, FakeFile>(),
    libraryPermissions: [MEMBERS] as readonly object[],
    seen: { prefer: new Set<string>(), contentHeaders: [] as Readonly<Record<string, unknown>>[], tokens: 0 },
    contentHost: HOST,
    contentType: "application/octet-stream",
    otherLibrary: `https://${HOST}/sites/support/Manuals`,
    forgetBefore: () => void (state.forgotten = state.change),
    put(id: string, name: string, text: string, changes: Partial<FakeFile> = {}) {
      const fresh = { size: null, version: 1, folder: false, permissions: [MEMBERS], isDeleted: false, isBare: false };
      const file: FakeFile = { id, name, text, ...fresh, changedAt: (state.change += 1), ...changes };
      graph.files.set(id, file);
      return file;
    },
    touch(id: string, changes: Partial<FakeFile>) {
      const file = graph.files.get(id)!;
      Object.assign(file, { version: file.version + 1, ...changes, changedAt: (state.change += 1) });
    },
    // A change of sharing leaves the tags of a file as they are.
    share: (id: string, permissions: readonly object[]) =>
      void Object.assign(graph.files.get(id)!, { permissions, changedAt: (state.change += 1) }),
    remove: (id: string) =>
      void Object.assign(graph.files.get(id)!, { isDeleted: true, changedAt: (state.change += 1) }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  });
  Object.defineProperty(graph, "fault", {
    get: () => server.fault,
    set: (fault: VendorServer["fault"]) => (server.fault = fault),
  });
  return graph;
}

/** All of Microsoft's hosts are one server here, which sees at which of them it was asked. */
function fetchOfMicrosoft(server: VendorServer): SafeFetch {
  return (url, options, signal) => {
    const { host, pathname, search } = new URL(url);
    const { body } = options;
    // The server below reads JSON: a form goes there as that, under its own content type.
    const isForm =
      typeof body === "string" && options.headers?.["content-type"] === "application/x-www-form-urlencoded";
    const sent = isForm ? { ...options, body: JSON.stringify(Object.fromEntries(new URLSearchParams(body))) } : options;
    return server.fetch(`${GRAPH}/${host}${pathname}${search}`, sent, signal);
  };
}

function answer(graph: FakeGraph, state: { change: number; forgotten: number }, request: VendorRequest): VendorAnswer {
  const [, host = "", ...parts] = request.url.pathname.split("/");
  const path = `/${parts.join("/")}`;
  if (host === "login.microsoftonline.com") return signIn(graph, path, request);
  if (host === graph.contentHost) return contentOf(graph, path, request);
  if (host !== "graph.microsoft.com") return { status: 404, body: { error: { code: "itemNotFound" } } };
  if (request.headers.authorization !== `Bearer token-${graph.seen.tokens}`) {
    return { status: 401, body: { error: { code: "InvalidAuthenticationToken", message: "Access token is empty." } } };
  }
  const unknown = refuseUnknownParameters(request.url, ["$select", "$top", "token", "skip"]);
  return unknown ?? graphAnswer(graph, state, path, request);
}

function signIn(graph: FakeGraph, path: string, { method, headers, body }: VendorRequest): VendorAnswer {
  const form = body as Readonly<Record<string, string>>;
  const isForm = headers["content-type"] === "application/x-www-form-urlencoded";
  if (method !== "POST" || path !== `/${TENANT}/oauth2/v2.0/token` || !isForm)
    return { status: 400, body: { error: "invalid_request" } };
  const expected = {
    grant_type: "client_credentials",
    client_id: CLIENT,
    client_secret: CLIENT_SECRET,
    scope: `${GRAPH}/.default`,
  };
  if (JSON.stringify(form) !== JSON.stringify(expected))
    return { status: 400, body: { error: "invalid_client", error_description: "AADSTS7000215" } };
  graph.seen.tokens += 1;
  return { body: { token_type: "Bearer", expires_in: 3599, access_token: `token-${graph.seen.tokens}` } };
}

function contentOf(graph: FakeGraph, path: string, { url, headers }: VendorRequest): VendorAnswer {
  graph.seen.contentHeaders.push(headers);
  const file = graph.files.get(path.replace("/_layouts/15/download/", ""));
  if (file === undefined || url.searchParams.get("tempauth") !== `v${file.version}`) return { status: 401, body: "" };
  return { headers: { "content-type": graph.contentType }, body: file.text };
}

function graphAnswer(
  graph: FakeGraph,
  state: { change: number; forgotten: number },
  path: string,
  { url, headers }: VendorRequest,
): VendorAnswer {
  const drive = { id: DRIVE, name: "Documents", webUrl: `https://${HOST}/sites/support/Shared%20Documents` };
  if (path === `/v1.0/sites/${HOST}:/sites/support`) return { body: { id: "site,1" } };
  if (path === "/v1.0/sites/site,1/drive") return { body: drive };
  if (path === "/v1.0/sites/site,1/drives")
    return {
      body: { value: [{ id: "b!other", name: "Manuals", webUrl: graph.otherLibrary }, drive] },
    };
  if (path === DELTA) {
    String(headers["prefer"] ?? "")
      .split(", ")
      .forEach((preference) => graph.seen.prefer.add(preference));
    return deltaOf(graph, state, url);
  }
  if (path === `/v1.0/drives/${DRIVE}/root/permissions`) return { body: { value: graph.libraryPermissions } };
  const [, id = "", rest = ""] =
    new RegExp(`^/v1\\.0/drives/${DRIVE}/items/([^/]+)(/permissions)?$`, "u").exec(decodeURIComponent(path)) ?? [];
  const file = graph.files.get(id);
  if (file === undefined || file.isDeleted) return { status: 404, body: { error: { code: "itemNotFound" } } };
  if (rest !== "") return { body: { value: file.permissions } };
  const download = `https://${graph.contentHost}/_layouts/15/download/${id}?tempauth=v${file.version}`;
  return { body: { ...itemOf(file), "@microsoft.graph.downloadUrl": download } };
}

function itemOf(file: FakeFile): object {
  const facet = file.folder ? { folder: { childCount: 1 } } : { file: { mimeType: "text/plain" } };
  if (file.isDeleted) return { id: file.id, ...(file.isBare ? {} : facet), deleted: { state: "deleted" } };
  return {
    id: file.id,
    name: file.name,
    size: file.size ?? file.text.length,
    eTag: `"{${file.id}},${file.version}"`,
    cTag: `"c:{${file.id}},${file.version}"`,
    webUrl: `https://${HOST}/sites/support/Shared%20Documents/${file.name}`,
    lastModifiedDateTime: "2026-05-01T12:00:00Z",
    lastModifiedBy: { user: { displayName: "Mia" } },
    ...facet,
  };
}

/** A token is the change that it was given after, and how far a listing from there has come. */
function deltaOf(graph: FakeGraph, state: { change: number; forgotten: number }, url: URL): VendorAnswer {
  const [since = 0, skip = 0] = (url.searchParams.get("token") ?? "0.0").split(".").map(Number);
  if (since > 0 && since < state.forgotten) {
    return {
      status: 410,
      headers: { location: `${GRAPH}${DELTA}` },
      body: { error: { code: "resyncChangesApplyDifferences" } },
    };
  }
  const root = { id: "root", name: "root", root: {}, folder: { childCount: 1 } };
  const changed = [...graph.files.values()].filter((file) => file.changedAt > since && (since > 0 || !file.isDeleted));
  const all = [root, ...changed.map(itemOf)];
  const end = skip + PAGE;
  const link = (token: string): string => `${GRAPH}${DELTA}?token=${token}`;
  const isLast = end >= all.length && graph.fault !== "repeating-cursor";
  const next = graph.fault === "repeating-cursor" ? `${since}.0` : `${since}.${end}`;
  const links = isLast ? { "@odata.deltaLink": link(`${state.change}.0`) } : { "@odata.nextLink": link(next) };
  return {
    body: { "@odata.context": `${GRAPH}/v1.0/$metadata#Collection(driveItem)`, value: all.slice(skip, end), ...links },
  };
}
