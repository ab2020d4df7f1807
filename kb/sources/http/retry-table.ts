import type { FetchError, FetchFailure } from "./fetch-error.js";
import type { ResponseHead } from "./send-request.js";

/** What a request is tried again after. Everything else is told to the caller at once. */
const RETRIED_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const RETRIED_FAILURES: ReadonlySet<FetchFailure> = new Set(["unreachable", "unknown-host"]);
/** Of a host that is not there or does not listen, asking again at once says nothing new. */
const NOT_RETRIED_CODES: ReadonlySet<string> = new Set(["ECONNREFUSED", "ENOTFOUND", "ENODATA"]);

export interface RetryTable {
  /** Before the second, third … attempt. */
  readonly waitsMs: readonly number[];
  /** A longer Retry-After is not waited for; the caller gets the response. */
  readonly maxRetryAfterMs: number;
}

export const DEFAULT_RETRIES: RetryTable = { waitsMs: [1_000, 4_000, 15_000], maxRetryAfterMs: 60_000 };

/** How long to wait before the request is sent again; null: this is the end of it. */
export function waitAfterResponse(table: RetryTable, attempt: number, head: ResponseHead, now: Date): number | null {
  const planned = table.waitsMs[attempt];
  if (planned === undefined || !RETRIED_STATUSES.has(head.status)) return null;
  const asked = retryAfterMs(head, now);
  if (asked === null) return planned;
  return asked > table.maxRetryAfterMs ? null : Math.max(asked, planned);
}

export function waitAfterFailure(table: RetryTable, attempt: number, error: FetchError, code: string): number | null {
  const planned = table.waitsMs[attempt];
  if (planned === undefined || !RETRIED_FAILURES.has(error.failure) || NOT_RETRIED_CODES.has(code)) return null;
  return planned;
}

/** Seconds, or a date. */
export function retryAfterMs({ headers }: ResponseHead, now: Date): number | null {
  const value = headers["retry-after"]?.trim() ?? "";
  if (/^\d{1,9}$/u.test(value)) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - now.getTime());
}
