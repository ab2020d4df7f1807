import http from "node:http";
import https from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import { rootCertificates } from "node:tls";
import { systemClock } from "../../src/ports/clock.js";
import type { Clock } from "../../src/ports/clock.js";
import { createAddressPolicy } from "./http/address-policy.js";
import { FetchError, codeOf, shownUrl } from "./http/fetch-error.js";
import { hostOf, readFetchUrl } from "./http/fetch-url.js";
import { createHostPacer } from "./http/host-pacer.js";
import type { HostPacer, Pacing } from "./http/host-pacer.js";
import { ACCEPTED_ENCODINGS } from "./http/read-body.js";
import { DEFAULT_RETRIES, waitAfterFailure, waitAfterResponse } from "./http/retry-table.js";
import type { RetryTable } from "./http/retry-table.js";
import { createCheckedLookup, refusePrivateHost, resolveBySystem } from "./http/safe-connection.js";
import type { ResolveHost } from "./http/safe-connection.js";
import { sendRequest } from "./http/send-request.js";
import type { Connections, OutgoingRequest, RawResponse, ResponseHead, TimeLimits } from "./http/send-request.js";

const DEFAULT_MAX_BYTES = 20_000_000;
const MAX_REDIRECTS = 5;
const DEFAULT_TIMES: TimeLimits = { connectMs: 10_000, idleMs: 20_000, totalMs: 120_000 };
const KEPT = { keepAlive: true, timeout: 30_000 };
const DEFAULT_PACING: Pacing = { maxConcurrent: 4, minGapMs: 0 };

/**
 * Fetches from the public internet, and from what the operator allows besides. Every hop's host is checked by its name, by
 * all its addresses and by the address that is connected to. Any status is a response, also an error's after the last
 * attempt. No cookie is kept, and no proxy is asked.
 * @throws {FetchError} when there is no response; the signal's reason when it is aborted
 */
export type SafeFetch = (url: string, options: FetchOptions, signal: AbortSignal) => Promise<FetchResponse>;

export interface FetchOptions {
  /** GET unless told. */
  readonly method?: "GET" | "HEAD" | "POST";
  /** Sent to the origin of the URL alone: of a redirect to another one only `accept` and `accept-language` are kept. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Whether a request may be sent again after it failed. All but POST may, unless told. */
  readonly isRepeatable?: boolean;
  /** Of the body, unpacked. 20 MB unless told. */
  readonly maxBytes?: number;
  /** The least gap between two requests to this host; the larger one of this and the general gap holds. */
  readonly minGapMs?: number;
  /** Whether a redirect to this address may be followed. Every one that may be connected to, unless told. */
  readonly mayFollow?: (to: URL) => boolean;
  /** Asked when the head of a response is there: when false the body is not read, and the bytes are empty. */
  readonly wantsBody?: (head: ResponseHead) => boolean;
}

export interface FetchResponse extends ResponseHead {
  /** Where the response came from, after redirects; without a fragment. */
  readonly url: string;
  /** Unpacked. */
  readonly bytes: Uint8Array;
}

export interface SafeFetchSettings {
  /** Of Deskhand, for the User-Agent. */
  readonly version: string;
  /** Host names, addresses and ranges that need not be public. See {@link createAddressPolicy}. */
  readonly allowedPrivateHosts?: readonly string[];
  readonly resolve?: ResolveHost;
  readonly times?: Partial<TimeLimits>;
  readonly pacing?: Partial<Pacing>;
  readonly retries?: Partial<RetryTable>;
  /** Certificates of issuers that are trusted besides those of the system, in PEM. */
  readonly trusted?: readonly string[];
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly clock?: Clock;
}

interface Fetcher {
  readonly connections: Connections;
  readonly pacer: HostPacer;
  readonly retries: RetryTable;
  readonly userAgent: string;
  readonly clock: Clock;
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** @throws {UsageError} when an allowed private host is none. */
export function createSafeFetch(settings: SafeFetchSettings): SafeFetch {
  const { allowedPrivateHosts = [], resolve = resolveBySystem, clock = systemClock, trusted } = settings;
  const wait = settings.wait ?? ((ms, signal) => pause(ms, undefined, { signal }));
  const policy = createAddressPolicy(allowedPrivateHosts);
  const trust = trusted === undefined ? {} : { ca: [...rootCertificates, ...trusted] };
  const fetcher: Fetcher = {
    connections: {
      policy,
      lookup: createCheckedLookup(policy, resolve),
      kept: { http: new http.Agent(KEPT), https: new https.Agent({ ...KEPT, ...trust }) },
      fresh: { http: new http.Agent(), https: new https.Agent(trust) },
      limits: { ...DEFAULT_TIMES, ...settings.times },
    },
    pacer: createHostPacer({ ...DEFAULT_PACING, ...settings.pacing }, wait, () => clock.now().getTime()),
    retries: { ...DEFAULT_RETRIES, ...settings.retries },
    userAgent: `Deskhand/${settings.version}`,
    clock,
    wait,
  };
  return async (url, options, signal) => fetchWithRetries(fetcher, readFetchUrl(url), options, signal);
}

async function fetchWithRetries(
  fetcher: Fetcher,
  url: URL,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<FetchResponse> {
  const { retries, clock } = fetcher;
  const isRepeatable = options.isRepeatable ?? options.method !== "POST";
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await attemptFetch(fetcher, url, options, signal);
    const waitMs =
      outcome instanceof FetchError
        ? waitAfterFailure(retries, attempt, outcome, codeOf(outcome.cause))
        : waitAfterResponse(retries, attempt, outcome, clock.now());
    if (isRepeatable && waitMs !== null) await fetcher.wait(waitMs, signal);
    else if (outcome instanceof FetchError) throw outcome;
    else return outcome;
  }
}

async function attemptFetch(
  fetcher: Fetcher,
  url: URL,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<FetchResponse | FetchError> {
  try {
    return await followRedirects(fetcher, url, options, signal);
  } catch (error) {
    if (error instanceof FetchError) return error;
    throw error;
  }
}

async function followRedirects(
  fetcher: Fetcher,
  start: URL,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<FetchResponse> {
  let hop = firstRequest(fetcher, start, options);
  for (let redirects = 0; ; redirects += 1) {
    const response = await sendPaced(fetcher, hop, options.minGapMs ?? 0, signal);
    const target = redirectTarget(response, hop.url);
    if (target === null) return { ...response, url: hop.url.href };
    if (redirects === MAX_REDIRECTS) throw tooManyRedirects(start);
    if (options.mayFollow?.(target) === false) throw refusedRedirect(hop.url, target);
    hop = nextRequest(fetcher, hop, response.status, target);
  }
}

async function sendPaced(
  { connections, pacer }: Fetcher,
  hop: OutgoingRequest,
  minGapMs: number,
  signal: AbortSignal,
): Promise<RawResponse> {
  refusePrivateHost(connections.policy, hostOf(hop.url));
  return pacer.run(hop.url.host, minGapMs, () => sendRequest(connections, hop, signal), signal);
}

function firstRequest(fetcher: Fetcher, url: URL, options: FetchOptions): OutgoingRequest {
  const { method = "GET", maxBytes = DEFAULT_MAX_BYTES, wantsBody = () => true } = options;
  const headers: Record<string, string> = { accept: "*/*" };
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[checkedName(name, value)] = value;
  return {
    url,
    method,
    headers: { ...headers, "accept-encoding": ACCEPTED_ENCODINGS, "user-agent": fetcher.userAgent },
    body: options.body ?? null,
    maxBytes,
    mayReuseConnection: options.isRepeatable ?? method !== "POST",
    wantsBody: (head) => !isRedirect(head) && wantsBody(head),
  };
}

function checkedName(name: string, value: string): string {
  try {
    http.validateHeaderValue(name, value);
  } catch {
    const message = `The header ${name} would hold a line break or a character that headers cannot have. Check the secret.`;
    throw new FetchError("bad-header", message);
  }
  return name.toLowerCase();
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const KEPT_ACROSS_ORIGINS = ["accept", "accept-language", "accept-encoding", "user-agent"];
const ABOUT_THE_BODY = ["content-type", "content-length", "content-encoding"];

function isRedirect({ status, headers }: ResponseHead): boolean {
  return REDIRECTS.has(status) && headers["location"] !== undefined;
}

function redirectTarget(response: ResponseHead, from: URL): URL | null {
  return isRedirect(response) ? readFetchUrl(response.headers["location"] ?? "", from.href) : null;
}

/** What was meant for one origin is not told to another. */
function nextRequest(fetcher: Fetcher, hop: OutgoingRequest, status: number, url: URL): OutgoingRequest {
  const isSameOrigin = url.origin === hop.url.origin;
  const keepsBody = hop.method !== "POST" || status === 307 || status === 308;
  if (!isSameOrigin && hop.body !== null && keepsBody) {
    const advice = "Give the address that it leads to.";
    throw new FetchError("bad-redirect", `${shownUrl(hop.url)} sends what it is given on to ${url.host}. ${advice}`);
  }
  const headers = Object.entries(hop.headers).filter(
    ([name]) => (isSameOrigin || KEPT_ACROSS_ORIGINS.includes(name)) && (keepsBody || !ABOUT_THE_BODY.includes(name)),
  );
  return {
    ...hop,
    url,
    headers: Object.fromEntries(headers),
    method: keepsBody ? hop.method : "GET",
    body: keepsBody ? hop.body : null,
  };
}

function tooManyRedirects(start: URL): FetchError {
  const message = `${shownUrl(start)} leads on more than ${MAX_REDIRECTS} times. Give the address that it ends at.`;
  return new FetchError("too-many-redirects", message);
}

function refusedRedirect(from: URL, to: URL): FetchError {
  const message = `${shownUrl(from)} leads to ${shownUrl(to)}, which is outside of what may be read.`;
  return new FetchError("refused-redirect", message, { redirectedTo: to.href });
}
