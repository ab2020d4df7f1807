import type { FetchError } from "./http/fetch-error.js";
import { SourceError } from "./source.js";

/** Why a page, or a site, was not read. Stable: callers branch on it. */
export type WebFailure =
  | "forbidden"
  | "unavailable"
  | "not-found"
  | "login-page"
  | "same-text"
  | "out-of-scope"
  | "redirect-loop"
  | "robots"
  | "robots-unavailable"
  | "sitemap-unavailable"
  | "sitemap-empty"
  | "sitemap-invalid"
  | "sitemap-loop"
  | "sitemap-too-large"
  | "no-pages"
  | "no-space"
  | "fetch";

/** The site as a whole cannot be read, so nothing of it may be taken for removed. */
export class WebSourceError extends SourceError {
  readonly failure: WebFailure;

  constructor(failure: WebFailure, message: string, cause?: unknown) {
    super(message, cause);
    this.failure = failure;
  }
}

export interface PageProblem {
  readonly code: WebFailure | FetchError["failure"];
  readonly message: string;
}

/** What an answer that is no page means; null for one that is. */
export function problemOfStatus(status: number): PageProblem | null {
  if (status === 200) return null;
  if (status === 401 || status === 403 || status === 407) {
    return {
      code: "forbidden",
      message: `The site refuses this page (${status}). Open it to everybody, or let in the User-Agent Deskhand.`,
    };
  }
  if (status === 429) {
    return { code: "unavailable", message: "The site asks for fewer requests (429). Raise delayMs of this source." };
  }
  if (status >= 500) {
    return { code: "unavailable", message: `The site has a fault (${status}). The next sync tries again.` };
  }
  return {
    code: "unavailable",
    message: `The site answers ${status}, which is no page. Check the address in a browser.`,
  };
}

export function problemOfFetch(error: FetchError): PageProblem {
  return error.failure === "refused-redirect"
    ? { code: "out-of-scope", message: `${error.message} ${OUT_OF_SCOPE_ADVICE}` }
    : { code: error.failure, message: error.message };
}

export const OUT_OF_SCOPE_ADVICE = "If that is right, add it as a source, or widen hosts or include of this one.";

export const LOGIN_PAGE: PageProblem = {
  code: "login-page",
  message: "In place of the page a sign-in is shown. What was read before is kept. Open the page to everybody.",
};
