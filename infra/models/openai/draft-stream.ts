import type { GenerationEvent } from "../../../src/ports/models.js";
import type { Deadline } from "./deadline.js";
import type { TokenCounts } from "./prices.js";

/** What both APIs come to: pieces of text and one end, if there was one. */
export type DraftEvent =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "end";
      readonly finish: Extract<GenerationEvent, { kind: "end" }>["finish"];
      readonly tokens: TokenCounts;
    };

/** The request as either API takes it. */
export interface DraftRequest {
  readonly model: string;
  readonly instruction: string;
  readonly input: string;
  readonly maxOutputTokens: number;
}

/** What a model that thinks first may spend on it, beside the answer itself. */
export const THINKING_TOKENS = 1000;

export const NO_TOKENS: TokenCounts = { input: 0, cachedInput: 0, output: 0 };

/** The events of a stream, each awaited no longer than the deadline allows. The stream is cut when nobody reads on. */
export async function* eventsWithin(stream: AsyncIterable<unknown>, deadline: Deadline): AsyncGenerator {
  const iterator = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await deadline.within(iterator.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    deadline.stop();
    // A stalled stream would never answer to being closed, so nobody waits for it.
    iterator.return?.().catch(() => undefined);
  }
}
