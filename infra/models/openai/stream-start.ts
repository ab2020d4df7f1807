import { ModelError } from "../../../src/ports/models.js";
import type { Deadline } from "./deadline.js";
import { MAYBE_NOT_THIS_API, type Dialect, type Refusal } from "./dialects.js";
import { errorEvent, refusalInStream, toStreamError } from "./model-errors.js";

/** How a stream begins: with an event of the API that was asked, or with nothing of the kind. */
export type StreamStart =
  { readonly events: AsyncIterable<unknown> } | { readonly refusal: Refusal; readonly error: ModelError };

/**
 * Reads on to the first event that only this API sends, and hands back the stream from there on. Before it, status 200
 * says nothing: the stream may be empty, a page of some proxy, or an error of an endpoint that has no such API.
 * @throws {ModelError} for what would be the same in another API: a quota, a broken connection, silence.
 */
export async function readStart(
  api: Dialect["api"],
  stream: AsyncIterable<unknown>,
  deadline: Deadline,
  operation: string,
): Promise<StreamStart> {
  const iterator = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await deadline.within(iterator.next());
      if (next.done === true) return { refusal: MAYBE_NOT_THIS_API, error: new ModelError("incomplete", operation) };
      if (isEventOf(api, next.value)) return { events: startingWith(next.value, iterator) };
      const reported = errorEvent(next.value);
      if (reported !== null) throw reported;
    }
  } catch (error) {
    // A stream that has not come to its end would stay open; a stalled one never answers to being closed.
    iterator.return?.().catch(() => undefined);
    const failure = toStreamError(error, operation);
    const refusal = deadline.signal.aborted ? null : refusalInStream(failure);
    if (refusal === null) throw failure;
    return { refusal, error: failure };
  }
}

/** Progress, keep-alives and whatever else an endpoint may send first say nothing about the API. */
function isEventOf(api: Dialect["api"], event: unknown): boolean {
  if (typeof event !== "object" || event === null) return false;
  if (api === "chat") return "choices" in event && Array.isArray(event.choices);
  return "type" in event && typeof event.type === "string" && event.type.startsWith("response.");
}

async function* startingWith(first: unknown, rest: AsyncIterator<unknown>): AsyncGenerator {
  yield first;
  yield* { [Symbol.asyncIterator]: () => rest };
}
