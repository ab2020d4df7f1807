import type { z } from "zod";
import { FetchError } from "./http/fetch-error.js";
import type { FetchOptions, FetchResponse, SafeFetch } from "./safe-fetch.js";
import { SourceError } from "./source.js";

const MAX_RESPONSE_BYTES = 50_000_000;
const MAX_PAGES = 10_000;

/** What is needed to ask one vendor's API. */
export interface JsonApiSettings {
  /** As it is named in messages. */
  readonly vendor: string;
  /** All that is asked for lies below it, and what is secret is sent nowhere else. */
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: SafeFetch;
  /** What to do when the vendor refuses: the secret is wrong (401), or may not do this (403). */
  readonly advice: { readonly unauthorized: string; readonly forbidden: string };
}

export interface JsonRequest {
  /** Below the origin, or an address of the same origin as an earlier answer gave it. */
  readonly path: string;
  /** Sent as JSON by POST; a request that only reads, so it may be sent again. */
  readonly body?: unknown;
}

/** Reads JSON of one vendor. Whatever else comes back is a failure, and never content. */
export interface JsonApi {
  /** @throws {SourceError} also when there is nothing at that address */
  get<T>(request: JsonRequest, schema: z.ZodType<T>, signal: AbortSignal): Promise<T>;
  /** Null when the vendor says that there is no such thing (404). @throws {SourceError} */
  find<T>(request: JsonRequest, schema: z.ZodType<T>, signal: AbortSignal): Promise<T | null>;
}

export function createJsonApi(settings: JsonApiSettings): JsonApi {
  const find: JsonApi["find"] = async (request, schema, signal) => {
    const url = addressOf(settings, request.path);
    const response = await send(settings, url, request, signal);
    if (response.status === 404) return null;
    return readJson(settings, url, response, schema);
  };
  return {
    find,
    async get(request, schema, signal) {
      const found = await find(request, schema, signal);
      if (found !== null) return found;
      const place = addressOf(settings, request.path).pathname;
      throw failure(settings, `has nothing at ${place} (404)`, "Check the location and the options of the source.");
    },
  };
}

/** @throws {SourceError} for an address of another origin: the secret would be sent there. */
function addressOf({ vendor, origin }: JsonApiSettings, path: string): URL {
  const url = URL.canParse(path, origin) ? new URL(path, origin) : null;
  if (url !== null && url.origin === new URL(origin).origin && url.username === "") return url;
  throw new SourceError(`${vendor} names a next page outside of ${origin}, which was not asked for. Sync again later.`);
}

async function send(
  { origin, headers, fetch }: JsonApiSettings,
  url: URL,
  { body }: JsonRequest,
  signal: AbortSignal,
): Promise<FetchResponse> {
  const options: FetchOptions = {
    headers: { accept: "application/json", ...headers },
    maxBytes: MAX_RESPONSE_BYTES,
    mayFollow: (to) => to.origin === new URL(origin).origin,
  };
  const posted: FetchOptions = {
    ...options,
    method: "POST",
    headers: { ...options.headers, "content-type": "application/json" },
    body: JSON.stringify(body),
    isRepeatable: true,
  };
  try {
    return await fetch(url.href, body === undefined ? options : posted, signal);
  } catch (error) {
    throw error instanceof FetchError ? new SourceError(error.message, error) : error;
  }
}

function readJson<T>(settings: JsonApiSettings, url: URL, response: FetchResponse, schema: z.ZodType<T>): T {
  refuseStatus(settings, url, response);
  if (!/^application\/(?:[\w.+-]+\+)?json\b/iu.test(response.headers["content-type"] ?? "")) {
    const advice = "It is usually a page to sign in at. Check the location, and that the secret is still valid.";
    throw failure(settings, `answers ${url.pathname} with something that is no data`, advice);
  }
  const read = schema.safeParse(parsed(settings, url, response.bytes));
  if (read.success) return read.data;
  const fields = read.error.issues
    .slice(0, 5)
    .map((issue) => (issue.path.length === 0 ? "the whole" : issue.path.join(".")));
  throw failure(settings, `answers ${url.pathname} in another form than documented (${fields.join(", ")})`, REPORT);
}

const REPORT = "Sync again; when it stays, a report with this message helps us mend it.";

function parsed(settings: JsonApiSettings, url: URL, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw failure(settings, `answers ${url.pathname} with JSON that cannot be read`, "Sync again later.", error);
  }
}

function refuseStatus(settings: JsonApiSettings, url: URL, { status, headers }: FetchResponse): void {
  if (status === 200) return;
  const { advice } = settings;
  if (status === 401) throw failure(settings, "does not accept the secret (401)", advice.unauthorized);
  if (status === 403) throw failure(settings, `does not allow reading ${url.pathname} (403)`, advice.forbidden);
  if (status === 429) {
    const asked = /^\d{1,6}$/u.test(headers["retry-after"] ?? "") ? ` for ${headers["retry-after"] ?? ""} s` : "";
    throw failure(settings, `asks for a pause${asked} (429)`, "Sync again after it, or less often.");
  }
  if (status >= 500) throw failure(settings, `has a fault (${status})`, "The next sync tries again.");
  throw failure(settings, `refuses ${url.pathname} (${status})`, "Check the location and the options of the source.");
}

function failure({ vendor }: JsonApiSettings, fact: string, advice: string, cause?: unknown): SourceError {
  return new SourceError(`${vendor} ${fact}, so nothing was changed. ${advice}`, cause);
}

/**
 * Reads pages until there is no next one.
 * @param read gives a page and what the next one is asked for with, null after the last
 * @throws {SourceError} when a next page was read already: it would go on without end
 */
export async function* readPages<Page>(
  vendor: string,
  first: string,
  read: (at: string) => Promise<{ readonly page: Page; readonly next: string | null }>,
): AsyncGenerator<Page> {
  const seen = new Set<string>();
  for (let at: string | null = first; at !== null;) {
    if (seen.has(at)) {
      throw new SourceError(`${vendor} gives the same page again and again, so nothing was changed. Sync again later.`);
    }
    if (seen.size === MAX_PAGES) {
      throw new SourceError(
        `${vendor} lists more than ${MAX_PAGES} pages, so nothing was changed. Narrow the options.`,
      );
    }
    seen.add(at);
    const { page, next } = await read(at);
    yield page;
    at = next;
  }
}
