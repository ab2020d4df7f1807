import { randomBytes } from "node:crypto";
import type { TenantId } from "../../src/ports/ids.js";
import type { HttpRequest, HttpRequestHead, HttpResponse, HttpRoute } from "../../src/ports/http.js";
import { MIN_PUSH_SECRET_LENGTH, type PushedDocuments } from "../../src/ports/pushed-documents.js";
import { bringsToken } from "./bearer-token.js";
import { jsonResponse, UNAUTHORIZED } from "./json-response.js";
import { pushedId, PUSH_LIMITS, readPush, type BodyProblem } from "./push-body.js";

export interface PushRoutesDependencies {
  readonly tenantId: TenantId;
  readonly documents: PushedDocuments;
  /** The secret of the source of that name; null where there is none. */
  secretOf(name: string): string | null;
}

const PATH = "/api/kb/documents";

/** Takes documents from programs that have a push source's secret. */
export function createPushRoutes(deps: PushRoutesDependencies): readonly HttpRoute[] {
  return [
    {
      method: "PUT",
      path: PATH,
      bodyLimit: PUSH_LIMITS.bodyBytes,
      admit: async (head) => ((await sourcesOpenedBy(deps, head)).length === 0 ? UNAUTHORIZED : null),
      handle: (request) => withSources(deps, request, (names) => put(deps, request, names)),
    },
    {
      method: "GET",
      path: `${PATH}/:id`,
      handle: (request) => withSources(deps, request, (names) => readOne(deps, request, names)),
    },
    {
      method: "DELETE",
      path: `${PATH}/:id`,
      handle: (request) => withSources(deps, request, (names) => deleteOne(deps, request, names)),
    },
  ];
}

/** Goes on with the names of the sources whose secret was sent. */
async function withSources(
  deps: PushRoutesDependencies,
  request: HttpRequest,
  work: (names: readonly string[]) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const names = await sourcesOpenedBy(deps, request);
  return names.length === 0 ? UNAUTHORIZED : work(names);
}

async function sourcesOpenedBy(deps: PushRoutesDependencies, { headers }: HttpRequestHead): Promise<readonly string[]> {
  const sent = headers["authorization"];
  // Each is compared, so that the time tells neither which one it was nor how many there are of use.
  return (await deps.documents.sourceNames(deps.tenantId)).filter((name) => bringsToken(sent, tokenOf(deps, name)));
}

/** One that nobody has, where the source has none that is long enough. */
function tokenOf({ secretOf }: PushRoutesDependencies, name: string): string {
  const secret = secretOf(name);
  return secret === null || secret.length < MIN_PUSH_SECRET_LENGTH ? randomBytes(32).toString("hex") : secret;
}

async function put(
  { documents, tenantId }: PushRoutesDependencies,
  { body, query }: HttpRequest,
  names: readonly string[],
): Promise<HttpResponse> {
  const read = readPush(body);
  if (!read.ok) return badRequest(read.problems);
  const told = query.get("source");
  if (told !== null && read.source !== null && told !== read.source) {
    return badRequest([{ path: "source", message: "is not the one of the address; give it once" }]);
  }
  const source = chooseSource(told ?? read.source, names);
  if (typeof source !== "string") return source;
  const receipt = await documents.store(tenantId, source, read.push);
  return receipt === null ? UNAUTHORIZED : jsonResponse(202, receipt);
}

/** With one source that the secret opens, it need not be named. */
function chooseSource(told: string | null, names: readonly string[]): string | HttpResponse {
  if (told !== null) return names.includes(told) ? told : UNAUTHORIZED;
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0) return only;
  return badRequest([{ path: "source", message: "say which source is meant: source in the body, or ?source=" }]);
}

async function readOne(
  { documents, tenantId }: PushRoutesDependencies,
  { params, query }: HttpRequest,
  names: readonly string[],
): Promise<HttpResponse> {
  const source = chooseSource(query.get("source"), names);
  if (typeof source !== "string") return source;
  const id = pushedId.safeParse(params["id"]);
  const state = id.success ? await documents.stateOf(tenantId, source, id.data) : null;
  return state === null ? NOT_FOUND : jsonResponse(200, { id: id.data, source, ...state });
}

async function deleteOne(
  { documents, tenantId }: PushRoutesDependencies,
  { params, query }: HttpRequest,
  names: readonly string[],
): Promise<HttpResponse> {
  const source = chooseSource(query.get("source"), names);
  if (typeof source !== "string") return source;
  const id = pushedId.safeParse(params["id"]);
  if (!id.success) return NOT_FOUND;
  const receipt = await documents.store(tenantId, source, { documents: [], deleted: [id.data] });
  if (receipt === null) return UNAUTHORIZED;
  return receipt.deleted === 0 ? NOT_FOUND : jsonResponse(202, receipt);
}

function badRequest(problems: readonly BodyProblem[]): HttpResponse {
  return jsonResponse(400, { error: "bad-request", problems });
}

const NOT_FOUND = jsonResponse(404, { error: "not-found" });
