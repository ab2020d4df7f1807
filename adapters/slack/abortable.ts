import { ChatPlatformError } from "../../src/ports/chat.js";

/** Settles with the work, or rejects with the signal's reason as soon as it aborts; the work itself then runs on unseen. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(toError(signal.reason));
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** What was begun may still be carried out: a reason that is no error leaves just that to say. */
function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new ChatPlatformError("unreachable", "aborted call", { cause: reason });
}
