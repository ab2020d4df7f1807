import { setImmediate as nextTurn } from "node:timers/promises";

/** How long the process is kept from its other work at a stretch, besides what one piece takes. */
const MAX_STRETCH_MS = 5;

/**
 * Gives one piece after another and lets the process do its other work in between, whatever the pieces cost.
 * @throws the signal's reason when it is aborted
 */
export async function* inTurns<T>(pieces: Iterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  let since = performance.now();
  for (const piece of pieces) {
    yield piece;
    if (performance.now() - since < MAX_STRETCH_MS) continue;
    await nextTurn();
    signal.throwIfAborted();
    since = performance.now();
  }
}
