import { DeskhandError } from "../src/ports/errors.js";
import type { InboundSink, Interactions } from "../src/ports/chat.js";

/** The core is not there yet, or no longer. */
class NotOpenError extends DeskhandError {
  override readonly name = "NotOpenError";
  readonly code = "not-open";
  readonly isRetryable = true;
}

interface Doors {
  readonly sink: InboundSink;
  readonly interactions: Interactions;
}

/** Doors that adapters can be given before the core exists, which itself needs the adapters. Shut until `open`. */
export interface LateDoors extends Doors {
  open(doors: Doors): void;
}

export function createLateDoors(): LateDoors {
  let behind: Doors | null = null;
  const reach = (): Doors => {
    if (behind === null) throw new NotOpenError("Deskhand is starting");
    return behind;
  };
  return {
    sink: { accept: async (event, signal) => reach().sink.accept(event, signal) },
    interactions: { interact: async (event, signal) => reach().interactions.interact(event, signal) },
    open(doors) {
      behind = doors;
    },
  };
}
