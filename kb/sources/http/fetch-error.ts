import { DeskhandError } from "../../../src/ports/errors.js";

export type FetchFailure =
  | "bad-url"
  | "bad-scheme"
  | "bad-header"
  | "credentials-in-url"
  | "blocked-address"
  | "unknown-host"
  | "unreachable"
  | "bad-certificate"
  | "timeout"
  | "too-large"
  | "too-many-redirects"
  | "bad-redirect"
  | "refused-redirect"
  | "bad-encoding";

const RETRYABLE: ReadonlySet<FetchFailure> = new Set(["unknown-host", "unreachable", "timeout"]);

/** There is no response. The message tells the operator what to do, and holds nothing that a server sent as its content. */
export class FetchError extends DeskhandError {
  override readonly name = "FetchError";
  readonly code = "fetch";
  readonly failure: FetchFailure;
  /** Of a redirect that was not followed: where it leads to. */
  readonly redirectedTo: string | null;

  constructor(
    failure: FetchFailure,
    message: string,
    options: { readonly redirectedTo?: string; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.failure = failure;
    this.redirectedTo = options.redirectedTo ?? null;
  }

  get isRetryable(): boolean {
    return RETRYABLE.has(this.failure);
  }
}

/** How an address is named in messages: without its query, which may hold a token. */
export function shownUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname.slice(0, 200)}`;
}

export function unknownHost(host: string, cause?: unknown): FetchError {
  const message = `${host} does not resolve: no name server knows an address of it. Check the name, and this machine's network.`;
  return new FetchError("unknown-host", message, { cause });
}

const UNKNOWN_HOST: ReadonlySet<string> = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_NONAME", "ENODATA"]);
const TIMED_OUT: ReadonlySet<string> = new Set(["ETIMEDOUT", "ESOCKETTIMEDOUT"]);
const HEADERS_TOO_LARGE = "HPE_HEADER_OVERFLOW";

/** The only place that knows what the errors of Node's sockets, TLS and HTTP parser look like. */
export function toFetchError(error: unknown, url: URL): FetchError {
  if (error instanceof FetchError) return error;
  const code = codeOf(error);
  const place = shownUrl(url);
  const fail = (failure: FetchFailure, message: string): FetchError =>
    new FetchError(failure, message, { cause: error });
  if (UNKNOWN_HOST.has(code)) return unknownHost(url.hostname, error);
  if (TIMED_OUT.has(code)) return fail("timeout", `${place} did not answer in time. Try again later.`);
  if (code === HEADERS_TOO_LARGE) return fail("too-large", `The answer of ${place} has too large headers.`);
  if (isCertificateError(code)) {
    const advice = "Renew it, or have this machine trust its issuer (NODE_EXTRA_CA_CERTS).";
    return fail("bad-certificate", `The certificate of ${url.host} is not trusted (${code}). ${advice}`);
  }
  const detail = code === "" ? "" : ` (${code})`;
  return fail("unreachable", `${place} cannot be reached${detail}. Check the address and the network.`);
}

function isCertificateError(code: string): boolean {
  return /CERT|SIGNED|ALTNAME|UNABLE_TO_VERIFY|_ISSUER_/u.test(code);
}

export function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
    ? error.code
    : "";
}
