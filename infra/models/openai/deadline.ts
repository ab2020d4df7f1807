import { ModelError } from "../../../src/ports/models.js";
import { orAbort } from "../../../src/ports/or-abort.js";

export interface TimeLimits {
  /** Longest wait for the next sign of life, in milliseconds; the first one too. */
  readonly idleMs: number;
  /** For everything, retries included, in milliseconds. */
  readonly totalMs: number;
}

/** Ends a call that takes too long, whatever the library underneath is waiting for. */
export interface Deadline {
  /** Aborts when the caller aborts, when time is up, and when the work is over. */
  readonly signal: AbortSignal;
  /**
   * What `promise` resolves with, unless there is no sign of life for too long.
   * @throws {ModelError} `timeout`; the caller's own reason when the caller aborts.
   */
  within<T>(promise: Promise<T>): Promise<T>;
  /** Frees the timers and cuts what is still open. Must be called in the end. */
  stop(): void;
}

export function startDeadline(caller: AbortSignal, limits: TimeLimits, operation: string): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  const onCallerAbort = () => {
    controller.abort(caller.reason);
  };
  const onTimeout = () => {
    controller.abort(new ModelError("timeout", operation));
  };
  const total = setTimeout(onTimeout, limits.totalMs);
  if (caller.aborted) onCallerAbort();
  else caller.addEventListener("abort", onCallerAbort, { once: true });
  return {
    signal,
    async within(promise) {
      const idle = setTimeout(onTimeout, limits.idleMs);
      try {
        // The library's own answer to an abort is sometimes silence and sometimes an error of its own.
        return await orAbort(promise, signal);
      } finally {
        clearTimeout(idle);
      }
    },
    stop() {
      clearTimeout(total);
      caller.removeEventListener("abort", onCallerAbort);
      controller.abort();
    },
  };
}
