/** A signal with an end. Disposing it stops the clock; the signal then aborts only with the one it follows. */
export interface TimeLimit extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * Follows a signal and aborts, with a `TimeoutError`, after a time at the latest. Its clock is held by the limit itself:
 * `AbortSignal.timeout` joined to another by `AbortSignal.any` may be collected before it fires (Node 20).
 */
export function startTimeLimit(followed: AbortSignal, milliseconds: number): TimeLimit {
  const overdue = new AbortController();
  const clock = setTimeout(() => {
    overdue.abort(new DOMException("The time for this is over.", "TimeoutError"));
  }, milliseconds);
  return {
    signal: AbortSignal.any([followed, overdue.signal]),
    [Symbol.dispose]: () => {
      clearTimeout(clock);
    },
  };
}
