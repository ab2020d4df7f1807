import { errorCode } from "../ports/errors.js";
import type { Logger } from "../ports/logger.js";

/**
 * Does something at once, then again at an interval, between the end of one time and the start of the next, until the
 * signal aborts. What fails is logged under `what` and tried the next time. Never rejects.
 */
export async function repeat(
  what: string,
  work: () => Promise<void>,
  { intervalMs, logger }: { readonly intervalMs: number; readonly logger: Logger },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await work();
    } catch (error) {
      logger.error(`${what} failed`, { code: errorCode(error) });
    }
    await pause(intervalMs, signal);
  }
}

/** Resolves after the time or when the signal aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}
