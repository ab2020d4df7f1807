import { setTimeout as delay } from "node:timers/promises";
import type { EventOutcome, InboundSink, Interactions } from "../ports/chat.js";

export interface InteractionDependencies {
  readonly sink: InboundSink;
  /** The outcome of a stored event, or null while it has none. */
  readonly outcomeOf: (installationId: string, inboxId: string) => Promise<EventOutcome | null>;
}

/** Platforms give up after three seconds; storing takes a part of them. */
const WAIT_MS = 1_500;
const LOOK_EVERY_MS = 50;

/** The second door into the core: the event goes through the inbox like any other, and its outcome is looked for. */
export function createInteractions({ sink, outcomeOf }: InteractionDependencies): Interactions {
  return {
    async interact(event, signal) {
      const accepted = await sink.accept(event, signal);
      const giveUpAt = performance.now() + WAIT_MS;
      for (;;) {
        const outcome = await outcomeOf(event.conversation.installationId, accepted.inboxId);
        if (outcome !== null || performance.now() >= giveUpAt || signal?.aborted === true)
          return { ...accepted, outcome };
        await delay(LOOK_EVERY_MS);
      }
    },
  };
}
