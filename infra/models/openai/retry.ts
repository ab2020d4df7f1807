import { setTimeout as sleep } from "node:timers/promises";
import { toModelError } from "./model-errors.js";

export interface RetryPolicy {
  readonly attempts: number;
  /** All waits of one request together, in milliseconds. A `Retry-After` beyond it ends the attempts at once. */
  readonly waitMs: number;
}

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 20_000;

/**
 * Tries again what may pass, after the time that the endpoint asks for.
 * @throws {ModelError} the last one, or the signal's reason when it aborts.
 */
export async function withRetries<T>(
  work: () => Promise<T>,
  policy: RetryPolicy,
  operation: string,
  signal: AbortSignal,
): Promise<T> {
  let waitedMs = 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      const failure = toModelError(error, operation);
      const delay = failure.retryAfterMs ?? backoff(attempt);
      waitedMs += delay;
      if (!failure.isRetryable || attempt >= policy.attempts || waitedMs > policy.waitMs) throw failure;
      await sleep(delay, undefined, { signal }).catch(() => undefined);
      signal.throwIfAborted();
    }
  }
}

/** Doubles; the random part keeps many workers from coming back at the same moment. */
function backoff(attempt: number): number {
  const delay = Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS);
  return delay * (0.5 + Math.random() / 2);
}
