import { createHash } from "node:crypto";
import { FetchError } from "./http/fetch-error.js";
import type { FetchResponse, SafeFetch } from "./safe-fetch.js";
import type { ItemFacts, MediaType } from "./source.js";
import type { KnownPage } from "./web-cursor.js";
import { LOGIN_PAGE, problemOfFetch, problemOfStatus } from "./web-failures.js";
import type { PageProblem } from "./web-failures.js";
import { asUtf8, decodePage, mediaTypeOfPage } from "./web-media-type.js";
import { readPage } from "./web-page.js";
import type { PageFacts } from "./web-page.js";
import { isInScope, normalPageUrl } from "./web-url.js";
import type { WebScope } from "./web-url.js";

const MAX_PAGE_BYTES = 20_000_000;
/** A page that was changed when it was asked for was made for this request: its date says nothing. */
const MADE_NOW_MS = 60_000;
const SIGN_IN_PATH = /\/(?:log-?in|sign-?in|sso|oauth2?|auth|saml2?|anmelden|connexion|acceso)(?:[/._-]|$)/iu;
const ACCEPT = "text/html,text/markdown,text/plain;q=0.9,*/*;q=0.5";

export interface PageContent {
  readonly mediaType: MediaType;
  readonly bytes: Uint8Array;
  readonly facts: ItemFacts;
}

/** What came of asking for one address. */
export type Visit =
  | {
      readonly kind: "page";
      readonly page: KnownPage;
      readonly content: PageContent;
      readonly links: PageFacts["links"];
    }
  | { readonly kind: "unchanged"; readonly page: KnownPage }
  | { readonly kind: "gone"; readonly isForGood: boolean }
  | { readonly kind: "moved"; readonly to: string }
  | { readonly kind: "no-page"; readonly contentType: string }
  | { readonly kind: "failed"; readonly problem: PageProblem };

export interface VisitRequest {
  readonly url: string;
  readonly depth: number;
  /** Null: its content is wanted in any case. */
  readonly known: KnownPage | null;
  readonly minGapMs: number;
}

/**
 * Asks for one page, with what was known of it as the condition. A redirect is not followed: where it leads to is asked for
 * as itself, once, whoever leads there, and only when it is in the scope.
 */
export async function visitPage(
  fetch: SafeFetch,
  scope: WebScope,
  request: VisitRequest,
  signal: AbortSignal,
): Promise<Visit> {
  try {
    const response = await fetch(
      request.url,
      {
        headers: { accept: ACCEPT, ...conditionsOf(request.known) },
        maxBytes: MAX_PAGE_BYTES,
        minGapMs: request.minGapMs,
        mayFollow: (to) => normalPageUrl(to.href) === request.url,
        wantsBody: ({ status, headers }) => status === 200 && isRead(headers["content-type"], request.url),
      },
      signal,
    );
    return await judge(request, response, signal);
  } catch (error) {
    if (error instanceof FetchError) return judgeFailure(scope, request.url, error);
    throw error;
  }
}

function judgeFailure(scope: WebScope, from: string, error: FetchError): Visit {
  const to = error.redirectedTo === null ? null : normalPageUrl(error.redirectedTo);
  if (to === null || !isInScope(scope, to)) return { kind: "failed", problem: problemOfFetch(error) };
  return leadsToSignIn(from, to) ? { kind: "failed", problem: LOGIN_PAGE } : { kind: "moved", to };
}

function isRead(contentType: string | undefined, url: string): boolean {
  return mediaTypeOfPage(contentType, url) !== null;
}

function conditionsOf(known: KnownPage | null): Readonly<Record<string, string>> {
  return {
    ...(known?.etag == null ? {} : { "if-none-match": known.etag }),
    ...(known?.lastModified == null ? {} : { "if-modified-since": known.lastModified }),
  };
}

async function judge(request: VisitRequest, response: FetchResponse, signal: AbortSignal): Promise<Visit> {
  const { status, headers } = response;
  if (status === 304 && request.known !== null) return { kind: "unchanged", page: { ...request.known, misses: 0 } };
  if (status === 404 || status === 410) return { kind: "gone", isForGood: status === 410 };
  const problem = problemOfStatus(status);
  if (problem !== null) return { kind: "failed", problem };
  const contentType = headers["content-type"];
  const mediaType = mediaTypeOfPage(contentType, request.url);
  if (mediaType === null) return { kind: "no-page", contentType: contentType ?? "none" };
  return judgePage(request, response, mediaType, signal);
}

async function judgePage(
  { url, depth }: VisitRequest,
  { headers, bytes }: FetchResponse,
  mediaType: MediaType,
  signal: AbortSignal,
): Promise<Visit> {
  const contentType = headers["content-type"];
  const isHtml = mediaType === "text/html";
  const robots = headers["x-robots-tag"] ?? "";
  const facts = isHtml ? await readPage(decodePage(bytes, contentType), url, robots, signal) : null;
  if (facts?.isLogin === true) return { kind: "failed", problem: LOGIN_PAGE };
  const lastModified = headers["last-modified"] ?? null;
  const page: KnownPage = {
    url,
    depth,
    etag: headers["etag"] ?? null,
    lastModified,
    revision: revisionOf(bytes),
    textHash: facts?.textHash ?? null,
    alias: facts === null ? null : aliasOf(facts, url),
    isNoindex: facts?.isNoindex ?? /\b(?:noindex|none)\b/iu.test(robots),
    misses: 0,
  };
  const updatedAt = changedAt(lastModified, headers["date"]);
  const itemFacts: ItemFacts = { title: null, url, updatedAt, editedBy: null, acl: null };
  const content: PageContent = {
    mediaType,
    bytes: await asUtf8(bytes, mediaType, contentType, signal),
    facts: itemFacts,
  };
  return { kind: "page", page, content, links: facts?.links ?? [] };
}

function leadsToSignIn(from: string, to: string): boolean {
  return SIGN_IN_PATH.test(new URL(to).pathname) && !SIGN_IN_PATH.test(new URL(from).pathname);
}

function aliasOf({ canonical, refresh }: PageFacts, own: string): KnownPage["alias"] {
  if (refresh !== null && refresh !== own) return { kind: "refresh", to: refresh };
  return canonical !== null && canonical !== own ? { kind: "canonical", to: canonical } : null;
}

export function revisionOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64url").slice(0, 22);
}

function changedAt(lastModified: string | null, date: string | undefined): string | null {
  const changed = Date.parse(lastModified ?? "");
  if (Number.isNaN(changed)) return null;
  const answered = Date.parse(date ?? "");
  const isMadeNow = !Number.isNaN(answered) && answered - changed < MADE_NOW_MS;
  return isMadeNow ? null : new Date(changed).toISOString();
}
