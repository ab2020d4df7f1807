import http from "node:http";
import https from "node:https";
import type { ClientRequest, IncomingMessage } from "node:http";
import type { LookupFunction, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { AddressPolicy } from "./address-policy.js";
import { FetchError, shownUrl, toFetchError } from "./fetch-error.js";
import { hostOf } from "./fetch-url.js";
import { readBody } from "./read-body.js";
import { refusePrivatePeer } from "./safe-connection.js";

const MAX_HEADER_BYTES = 32_768;

/** How long each part of a request may take. */
export interface TimeLimits {
  readonly connectMs: number;
  /** Without a byte. */
  readonly idleMs: number;
  /** One request with its body; each redirect is a request of its own. */
  readonly totalMs: number;
}

export interface Agents {
  readonly http: http.Agent;
  readonly https: https.Agent;
}

export interface Connections {
  readonly policy: AddressPolicy;
  readonly lookup: LookupFunction;
  /** Connections that are kept for the next request. */
  readonly kept: Agents;
  /** Each connection for one request. */
  readonly fresh: Agents;
  readonly limits: TimeLimits;
}

/** One request to one address; no redirect is followed. */
export interface OutgoingRequest {
  readonly url: URL;
  readonly method: "GET" | "HEAD" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
  readonly maxBytes: number;
  /** False: not over a connection that was used before, which the other side may be closing. */
  readonly mayReuseConnection: boolean;
  /** Asked once the head is there; when false the body is not read, and the bytes are empty. */
  wantsBody(head: ResponseHead): boolean;
}

export interface ResponseHead {
  readonly status: number;
  /** Names in lower case. A header that came several times is joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface RawResponse extends ResponseHead {
  readonly bytes: Uint8Array;
}

/** @throws {FetchError} for all that is no response; the signal's reason when it is aborted. */
export async function sendRequest(
  connections: Connections,
  outgoing: OutgoingRequest,
  signal: AbortSignal,
): Promise<RawResponse> {
  signal.throwIfAborted();
  const overdue = new AbortController();
  const request = openRequest(connections, outgoing, AbortSignal.any([signal, overdue.signal]));
  watchTimes(request, connections, outgoing.url, overdue);
  try {
    const response = await headOf(request, outgoing.body);
    const head = { status: response.statusCode ?? 0, headers: flatHeaders(response) };
    const bytes = hasBody(outgoing, head)
      ? await readBody(response, outgoing.maxBytes, shownUrl(outgoing.url))
      : new Uint8Array();
    // What was cut off by one of both may look like a body that came to its end.
    signal.throwIfAborted();
    overdue.signal.throwIfAborted();
    if (response.complete) response.resume();
    else request.destroy();
    return { ...head, bytes };
  } catch (error) {
    request.destroy();
    signal.throwIfAborted();
    throw toFetchError(overdue.signal.aborted ? overdue.signal.reason : error, outgoing.url);
  }
}

function openRequest(connections: Connections, outgoing: OutgoingRequest, signal: AbortSignal): ClientRequest {
  const { url, method, headers } = outgoing;
  const isSecure = url.protocol === "https:";
  const agents = outgoing.mayReuseConnection ? connections.kept : connections.fresh;
  const options = {
    method,
    headers,
    signal,
    lookup: connections.lookup,
    maxHeaderSize: MAX_HEADER_BYTES,
  };
  const request = isSecure
    ? https.request(url, { ...options, agent: agents.https })
    : http.request(url, { ...options, agent: agents.http });
  request.on("socket", (socket) => {
    if (socket.connecting) {
      socket.once("connect", () => refusePrivatePeer(connections.policy, hostOf(url), socket));
    }
  });
  return request;
}

function watchTimes(request: ClientRequest, { limits }: Connections, url: URL, overdue: AbortController): void {
  const place = shownUrl(url);
  const end = (what: string): void =>
    overdue.abort(new FetchError("timeout", `${place} ${what}. Check that it is up, and try again later.`));
  const connecting = setTimeout(() => end(`gave no connection within ${limits.connectMs} ms`), limits.connectMs);
  request.on("socket", (socket) => {
    if (isConnected(socket)) clearTimeout(connecting);
    else socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => clearTimeout(connecting));
  });
  const total = setTimeout(() => end(`took longer than ${limits.totalMs} ms`), limits.totalMs);
  request.setTimeout(limits.idleMs, () => end(`sent nothing for ${limits.idleMs} ms`));
  request.once("close", () => {
    clearTimeout(connecting);
    clearTimeout(total);
  });
}

function isConnected(socket: Socket | TLSSocket): boolean {
  return !socket.connecting && (!("authorized" in socket) || socket.getProtocol() !== null);
}

function headOf(request: ClientRequest, body: string | Uint8Array | null): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once("response", resolve);
    request.on("error", reject);
    request.end(body ?? undefined);
  });
}

const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

function hasBody({ method, wantsBody }: OutgoingRequest, head: ResponseHead): boolean {
  return method !== "HEAD" && !WITHOUT_BODY.has(head.status) && wantsBody(head);
}

function flatHeaders({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const flat: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return flat;
}
