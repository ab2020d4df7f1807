import type { IncomingMessage } from "node:http";
import { createSafeFetch, type SafeFetch } from "../../kb/sources/safe-fetch.js";
import { localWeb, type LocalWeb } from "./local-web.js";

/** What a vendor's API answers to one request. */
export interface VendorAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, a string as a web page. */
  readonly body: unknown;
}

export interface VendorRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  /** Of a POST, as JSON. */
  readonly body: unknown;
}

/** What can be made to go wrong at a vendor, from the next request on. */
export type VendorFault = "none" | "unauthorized" | "login-page" | "repeating-cursor";

/** A vendor's API on this machine. Its address on the internet leads to it, and to nowhere else. */
export interface VendorServer extends AsyncDisposable {
  /** For sources: the real one, to the vendor's address. */
  readonly fetch: SafeFetch;
  /** Path and query of every request, in order. */
  readonly requests: readonly string[];
  /** How long was waited before requests were sent again. */
  readonly waitsMs: readonly number[];
  fault: VendorFault;
  /** The next request is answered 429 with this Retry-After. */
  limitOnce(retryAfterSeconds: number): void;
}

const LOGIN_PAGE = "<!doctype html><title>Sign in</title><h1>Sign in</h1><p>Enter your password to go on.</p>";

/** @param origin the vendor's address on the internet, for example https://acme.zendesk.com */
export async function vendorServer(
  origin: string,
  answer: (request: VendorRequest) => VendorAnswer,
): Promise<VendorServer> {
  const requests: string[] = [];
  const waitsMs: number[] = [];
  let retryAfter: number | null = null;
  let fault: VendorFault = "none";
  const decide = (request: VendorRequest): VendorAnswer => {
    if (retryAfter !== null) {
      const headers = { "retry-after": String(retryAfter) };
      retryAfter = null;
      return { status: 429, headers, body: { error: "rate_limited" } };
    }
    if (fault === "unauthorized") return { status: 401, body: { error: "Couldn't authenticate you" } };
    return fault === "login-page" ? { body: LOGIN_PAGE } : answer(request);
  };
  const web = await localWeb((message, response) => {
    void readJson(message).then((body) => {
      const url = new URL(message.url ?? "/", origin);
      requests.push(`${url.pathname}${url.search}`);
      const {
        status = 200,
        headers,
        body: sent,
      } = decide({ method: message.method ?? "", url, headers: message.headers, body });
      const type = typeof sent === "string" ? "text/html; charset=utf-8" : "application/json; charset=utf-8";
      response.writeHead(status, { "content-type": type, ...headers });
      response.end(typeof sent === "string" ? sent : JSON.stringify(sent));
    });
  });
  return {
    fetch: fetchThrough(web, origin, waitsMs),
    requests,
    waitsMs,
    get fault() {
      return fault;
    },
    set fault(next) {
      fault = next;
    },
    limitOnce: (seconds) => void (retryAfter = seconds),
    [Symbol.asyncDispose]: () => web[Symbol.asyncDispose](),
  };
}

async function readJson(message: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const piece of message) text += String(piece);
  return text === "" ? null : JSON.parse(text);
}

/** The product's own fetch with its table of retries; the vendor's address is this machine, and nobody waits or keeps a distance. */
function fetchThrough(web: LocalWeb, origin: string, waitsMs: number[]): SafeFetch {
  const local = `http://127.0.0.1:${web.port}`;
  const fetch = createSafeFetch({
    version: "test",
    allowedPrivateHosts: ["127.0.0.1"],
    wait: (ms) => {
      waitsMs.push(ms);
      return Promise.resolve();
    },
  });
  return async (url, given, signal) => {
    const options = { ...given, minGapMs: 0 };
    if (new URL(url).origin !== origin) throw new Error(`${new URL(url).origin} was asked, and not ${origin}`);
    const { mayFollow } = options;
    const back = (to: URL): URL => new URL(to.href.replace(local, origin));
    const mapped = mayFollow === undefined ? options : { ...options, mayFollow: (to: URL) => mayFollow(back(to)) };
    const response = await fetch(url.replace(origin, local), mapped, signal);
    return { ...response, url: response.url.replace(local, origin) };
  };
}

/** Answers a request with parameters that are not documented as the strictest of servers would. */
export function refuseUnknownParameters(url: URL, known: readonly string[]): VendorAnswer | null {
  const unknown = [...url.searchParams.keys()].filter((name) => !known.includes(name));
  return unknown.length === 0 ? null : { status: 400, body: { error: `unknown parameters: ${unknown.join(", ")}` } };
}
