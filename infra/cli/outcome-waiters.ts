import type { FinishedEvent } from "../../src/commands/operations.js";

/** Brings together who waits for an outcome and whoever learns of it, in whichever order they come. */
export interface OutcomeWaiters {
  settle(event: FinishedEvent): void;
  /** No more outcomes will come: everybody who waits, now or later, is rejected with `error`. */
  fail(error: unknown): void;
  /** Null when `signal` aborts first. */
  wait(inboxId: string, signal: AbortSignal): Promise<FinishedEvent | null>;
  throwIfFailed(): void;
}

export function createOutcomeWaiters(): OutcomeWaiters {
  const settled = new Map<string, FinishedEvent>();
  const listeners = new Set<() => void>();
  let failure: { readonly error: unknown } | null = null;
  const tell = () => {
    for (const listener of [...listeners]) listener();
  };
  const throwIfFailed = () => {
    if (failure !== null) throw failure.error;
  };
  return {
    settle: (event) => {
      settled.set(event.inboxId, event);
      tell();
    },
    fail: (error) => {
      failure = { error };
      tell();
    },
    wait: async (inboxId, signal) => {
      for (;;) {
        const event = settled.get(inboxId);
        settled.delete(inboxId);
        if (event !== undefined) return event;
        if (signal.aborted) return null;
        throwIfFailed();
        await nextTelling(listeners, signal);
      }
    },
    throwIfFailed,
  };
}

function nextTelling(listeners: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const listener = () => {
      listeners.delete(listener);
      signal.removeEventListener("abort", listener);
      resolve();
    };
    listeners.add(listener);
    signal.addEventListener("abort", listener, { once: true });
  });
}
