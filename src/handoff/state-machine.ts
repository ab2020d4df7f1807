import { assertNever } from "../ports/errors.js";
import type { Handoff, HandoffActor, HandoffState } from "../ports/stores.js";

/** What may happen to a handoff: what a person does, and `unreachable` when its card could not be posted. */
export type HandoffEvent = "claim" | "reply" | "note" | "resolve" | "unreachable";

export type HandoffTransition =
  | { readonly kind: "moved"; readonly to: HandoffState; readonly claimedBy: HandoffActor | null }
  /** Allowed, and the state stays as it is. */
  | { readonly kind: "stayed" }
  | { readonly kind: "refused"; readonly reason: "closed" | "claimed-by-other" | "already-yours" | "not-claimed" };

type Holder = Handoff["claimedBy"];

/**
 * The handoff's state machine, pure: from what it is and what somebody does to what it becomes.
 * A reply to a handoff that nobody holds claims it; a reply by somebody else than its holder is refused, so that two
 * people never talk to one customer at once.
 */
export function nextHandoffState(
  handoff: { readonly state: HandoffState; readonly claimedBy: Holder },
  event: HandoffEvent,
  actor: HandoffActor,
): HandoffTransition {
  if (event === "note") return { kind: "stayed" };
  if (event === "unreachable") return whenUnreachable(handoff.state);
  switch (handoff.state) {
    case "resolved":
    case "returned":
    case "expired":
      return { kind: "refused", reason: "closed" };
    case "waiting":
    case "reopened":
    case "snoozed":
      return whenFree(event, actor);
    case "claimed":
      return whenClaimed(event, actor, handoff.claimedBy);
    default:
      return assertNever(handoff.state);
  }
}

/** The states in which a person, not the bot, answers the customer. */
export function isOpen(state: HandoffState): boolean {
  return state === "waiting" || state === "claimed" || state === "snoozed" || state === "reopened";
}

function whenUnreachable(state: HandoffState): HandoffTransition {
  return state === "waiting" ? { kind: "moved", to: "expired", claimedBy: null } : { kind: "stayed" };
}

function whenFree(event: "claim" | "reply" | "resolve", actor: HandoffActor): HandoffTransition {
  return event === "resolve"
    ? { kind: "refused", reason: "not-claimed" }
    : { kind: "moved", to: "claimed", claimedBy: actor };
}

function whenClaimed(event: "claim" | "reply" | "resolve", actor: HandoffActor, holder: Holder): HandoffTransition {
  const isHolder = holder?.id === actor.id;
  if (!isHolder) return { kind: "refused", reason: "claimed-by-other" };
  switch (event) {
    case "claim":
      return { kind: "refused", reason: "already-yours" };
    case "reply":
      return { kind: "stayed" };
    case "resolve":
      return { kind: "moved", to: "resolved", claimedBy: actor };
    default:
      return assertNever(event);
  }
}
