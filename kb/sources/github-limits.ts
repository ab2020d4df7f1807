import { setTimeout as pause } from "node:timers/promises";
import { retryAfterMs } from "./http/retry-table.js";
import type { FetchResponse, SafeFetch } from "./safe-fetch.js";

const MAX_WAIT_MS = 60_000;
const MAX_ATTEMPTS = 3;

export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

const waitInTime: Wait = (ms, signal) => pause(ms, undefined, { signal });

/**
 * GitHub says with 403 what others say with 429: a pause is asked for. A short one is made here, a longer one is told as the
 * 429 that it is.
 */
export function withGithubLimits(
  fetch: SafeFetch,
  wait: Wait = waitInTime,
  now: () => Date = () => new Date(),
): SafeFetch {
  return async (url, options, signal) => {
    for (let attempt = 1; ; attempt += 1) {
      const response = await fetch(url, options, signal);
      const waitMs = askedPauseMs(response, now());
      if (waitMs === null) return response;
      if (waitMs > MAX_WAIT_MS || attempt === MAX_ATTEMPTS) return asTooMany(response, waitMs);
      await wait(waitMs, signal);
    }
  };
}

/** Null where no pause is asked for. */
function askedPauseMs(response: FetchResponse, now: Date): number | null {
  if (response.status !== 403) return null;
  const asked = retryAfterMs(response, now);
  if (asked !== null) return asked;
  if (response.headers["x-ratelimit-remaining"] === "0") {
    const reset = Number(response.headers["x-ratelimit-reset"] ?? Number.NaN) * 1_000;
    return Number.isNaN(reset) ? MAX_WAIT_MS : Math.max(1_000, reset - now.getTime());
  }
  // Without a header a minute is asked for in the documentation.
  return /secondary rate limit/iu.test(Buffer.from(response.bytes).toString("utf8")) ? MAX_WAIT_MS : null;
}

function asTooMany(response: FetchResponse, waitMs: number): FetchResponse {
  return {
    ...response,
    status: 429,
    headers: { ...response.headers, "retry-after": String(Math.ceil(waitMs / 1_000)) },
  };
}
