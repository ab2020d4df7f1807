/**
 * Settles with the work, or rejects with the signal's reason as soon as it aborts; the work itself then runs on unseen.
 * For work that answers an abort too late, or never.
 */
export async function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const aborted = new Promise<void>((resolve) => (stop = resolve));
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    // Nobody waits for a second promise here: when the work is first, this one never settles.
    return await Promise.race([work, aborted.then(() => rejection(signal))]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function rejection(signal: AbortSignal): never {
  throw signal.reason;
}
