import type { TakenFiles } from "../handoff/files/take-files.js";
import type { InboundEvent } from "../ports/chat.js";
import type { CoreStores, DeliveryCause, Lease, Outcome } from "../ports/stores.js";

/** One event being worked on, under its conversation's lease. */
export interface EventContext<Event extends InboundEvent = InboundEvent> {
  readonly lease: Lease;
  readonly inboxId: string;
  readonly event: Event;
  readonly cause: DeliveryCause;
  /** The files that came with it, once they were received. */
  readonly files?: TakenFiles | undefined;
}

/** What a handler did inside the commit. */
export interface Effects {
  readonly outcome: Outcome;
  /** Conversations that have something to be posted now. */
  readonly wake: readonly string[];
  /** The turn that the event belongs to, where it began none of its own. */
  readonly turnId?: string | undefined;
  /** How many other events ended with it: their words are in the same question. */
  readonly joined?: number | undefined;
}

/**
 * A handler does its slow work first and returns what to write. The worker runs it in the one transaction that also
 * records the outcome, so it may run more than once and must touch nothing but the stores.
 */
export type Commit = (stores: CoreStores) => Promise<Effects>;

export function ignored(reason: string): Commit {
  return () => Promise.resolve({ outcome: { kind: "ignored", reason }, wake: [] });
}
