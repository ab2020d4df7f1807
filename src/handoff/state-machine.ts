import { assertNever } from "../ports/errors.js";
import type { HandoffActor, HandoffHolder, HandoffStanding, HandoffState } from "../ports/handoffs.js";
import type { CustomerTextName } from "./customer-texts.js";

/** What may happen to a handoff: what its agents and its customer do, and what time or a platform does. */
export type HandoffEvent =
  | { readonly kind: "claim" | "reply" | "note" | "resolve" | "release" | "return" | "reopen" }
  | { readonly kind: "snooze"; readonly until: Date }
  /** Given to a colleague, by whoever of the team. */
  | { readonly kind: "assign"; readonly to: HandoffHolder }
  /** Passed on to another team, whose agents see it from now on. */
  | { readonly kind: "move"; readonly team: string }
  | { readonly kind: "customer-wrote" | "solved" | "not-solved" }
  | { readonly kind: HandoffTimerKind }
  /** Its card could not be posted, so that no agent will ever see it. */
  | { readonly kind: "unreachable" };

/**
 * What runs out: `remind` the team of one that nobody has claimed, `idle` reminds its holder that the customer waits,
 * `wake` ends a snooze, `expire` gives up one that nobody claims, `settle` takes a customer's silence for a yes, `reassign` passes on
 * to the fallback team what nobody of its team claims; `first-reply-due` and `resolution-due` say that a target was missed;
 * `ask-next` names somebody of the team whom it is for.
 */
export type HandoffTimerKind =
  "remind" | "idle" | "wake" | "expire" | "settle" | "reassign" | "first-reply-due" | "resolution-due" | "ask-next";

/** What is said about a change, by name: to the agents in their thread, or to the customer. */
export type HandoffSaying =
  | { readonly to: "agents"; readonly text: AgentsTextName }
  | { readonly to: "customer"; readonly text: CustomerTextName };

export type AgentsTextName =
  | "claimed"
  | "released"
  | "assigned"
  | "moved"
  | "reassigned"
  | "snoozed"
  | "woken"
  | "woken-by-customer"
  | "resolved"
  | "returned"
  | "reopened"
  | "not-solved"
  | "confirmed"
  | "reminder"
  | "idle"
  | "expired"
  | "first-reply-overdue"
  | "resolution-overdue";

export type HandoffRefusal =
  "closed" | "claimed-by-other" | "already-yours" | "not-claimed" | "still-open" | "in-the-past";

export type HandoffTransition =
  | { readonly kind: "moved"; readonly to: HandoffStanding; readonly says: readonly HandoffSaying[] }
  /** Allowed, and nothing about it changes. */
  | { readonly kind: "stayed"; readonly says: readonly HandoffSaying[] }
  | { readonly kind: "refused"; readonly reason: HandoffRefusal };

/** The states in which a person, not the bot, answers the customer. */
export function isOpen(state: HandoffState): boolean {
  return state === "waiting" || state === "claimed" || state === "snoozed" || state === "reopened";
}

/** Whether it waits for somebody to claim it. */
export function isFree(state: HandoffState): boolean {
  return state === "waiting" || state === "reopened";
}

const FREE: HandoffStanding = {
  state: "waiting",
  claimedBy: null,
  snoozedUntil: null,
  customerWaits: true,
  isSettled: false,
};

/** How a handoff begins. */
export const WAITING: HandoffStanding = FREE;

/**
 * The handoff's state machine, pure: from how it stands and what happens to how it stands then and what is said about it.
 * A reply to a handoff that nobody holds claims it; a reply by somebody else than its holder is refused, so that two
 * people never talk to one customer at once.
 */
export function nextHandoffState(
  handoff: HandoffStanding,
  event: HandoffEvent,
  actor: HandoffActor,
  now: Date,
): HandoffTransition {
  if (event.kind === "note") return stayed();
  if (event.kind === "first-reply-due")
    return isOpen(handoff.state) ? stayed(toAgents("first-reply-overdue")) : stayed();
  if (event.kind === "resolution-due") return isOpen(handoff.state) ? stayed(toAgents("resolution-overdue")) : stayed();
  switch (handoff.state) {
    case "waiting":
    case "reopened":
      return whenFree(handoff, event, actor);
    case "claimed":
      return whenHeld(handoff, event, actor, now);
    case "snoozed":
      return whenSnoozed(handoff, event, actor, now);
    case "resolved":
      return whenResolved(handoff, event, actor);
    case "returned":
    case "expired":
      return whenOver(event, actor);
    default:
      return assertNever(handoff.state);
  }
}

function whenFree(handoff: HandoffStanding, event: HandoffEvent, actor: HandoffActor): HandoffTransition {
  switch (event.kind) {
    case "claim":
      return claimed(handoff, actor);
    case "reply":
      return claimed({ ...handoff, customerWaits: false }, actor);
    case "assign":
      return moved({ ...handoff, state: "claimed", claimedBy: event.to }, toAgents("assigned"), toCustomer("joined"));
    case "move":
      return moved({ ...FREE }, toAgents("moved"));
    case "reassign":
      return moved({ ...FREE }, toAgents("reassigned"));
    case "return":
      return returned();
    case "resolve":
    case "snooze":
    case "release":
      return refused("not-claimed");
    case "reopen":
      return refused("still-open");
    case "customer-wrote":
      return waits(handoff);
    case "remind":
      return stayed(toAgents("reminder"));
    case "expire":
      return moved({ ...FREE, state: "expired" }, toAgents("expired"), toCustomer("nobodyCame"));
    case "unreachable":
      return handoff.state === "waiting" ? moved({ ...FREE, state: "expired" }, toCustomer("unreachable")) : stayed();
    default:
      return stayed();
  }
}

function whenHeld(handoff: HandoffStanding, event: HandoffEvent, actor: HandoffActor, now: Date): HandoffTransition {
  const isHolder = handoff.claimedBy?.id === actor.id;
  switch (event.kind) {
    case "claim":
      return refused(isHolder ? "already-yours" : "claimed-by-other");
    case "reply":
      if (!isHolder) return refused("claimed-by-other");
      return handoff.customerWaits ? moved({ ...handoff, customerWaits: false }) : stayed();
    case "resolve":
      return isHolder ? resolved(handoff) : refused("claimed-by-other");
    case "return":
      return isHolder ? returned() : refused("claimed-by-other");
    case "release":
      return isHolder ? moved({ ...FREE }, toAgents("released")) : refused("claimed-by-other");
    case "move":
      return isHolder ? moved({ ...FREE }, toAgents("moved"), toCustomer("moved")) : refused("claimed-by-other");
    case "snooze":
      return isHolder ? snoozed(handoff, event.until, now) : refused("claimed-by-other");
    case "assign":
      if (event.to.id === handoff.claimedBy?.id) return refused(isHolder ? "already-yours" : "claimed-by-other");
      return moved({ ...handoff, claimedBy: event.to }, toAgents("assigned"), toCustomer("joined"));
    case "reopen":
      return refused("still-open");
    case "customer-wrote":
      return waits(handoff);
    case "idle":
      return stayed(toAgents("idle"));
    default:
      return stayed();
  }
}

function whenSnoozed(handoff: HandoffStanding, event: HandoffEvent, actor: HandoffActor, now: Date): HandoffTransition {
  const awake: HandoffStanding = { ...handoff, state: "claimed", snoozedUntil: null };
  switch (event.kind) {
    case "wake":
      return moved(awake, toAgents("woken"));
    case "customer-wrote":
      return moved({ ...awake, customerWaits: true }, toAgents("woken-by-customer"));
    case "claim":
      return handoff.claimedBy?.id === actor.id ? moved(awake, toAgents("woken")) : refused("claimed-by-other");
    case "reply":
    case "resolve":
    case "return":
    case "release":
    case "snooze":
    case "assign":
    case "move":
    case "reopen":
      // Whoever does something with it has woken it; what is refused leaves it asleep.
      return awaken(awake, whenHeld(awake, event, actor, now));
    default:
      return stayed();
  }
}

function awaken(awake: HandoffStanding, next: HandoffTransition): HandoffTransition {
  return next.kind === "stayed" ? { kind: "moved", to: awake, says: next.says } : next;
}

function whenResolved(handoff: HandoffStanding, event: HandoffEvent, actor: HandoffActor): HandoffTransition {
  switch (event.kind) {
    case "solved":
      return handoff.isSettled
        ? stayed()
        : moved({ ...handoff, isSettled: true }, toAgents("confirmed"), toCustomer("confirmed"));
    case "settle":
      return handoff.isSettled ? stayed() : moved({ ...handoff, isSettled: true });
    case "not-solved":
    case "customer-wrote":
      // What was settled is over: whatever they write now is a new question.
      if (handoff.isSettled) return stayed();
      return moved({ ...FREE, state: "reopened" }, toAgents("not-solved"), toCustomer("reopened"));
    default:
      return whenOver(event, actor);
  }
}

/** It is over, and only an agent opens it again, for themselves. */
function whenOver(event: HandoffEvent, actor: HandoffActor): HandoffTransition {
  switch (event.kind) {
    case "reopen":
      return moved(
        { ...FREE, state: "claimed", claimedBy: holderOf(actor) },
        toAgents("reopened"),
        toCustomer("joined"),
      );
    case "claim":
    case "reply":
    case "resolve":
    case "release":
    case "return":
    case "snooze":
    case "assign":
    case "move":
      return refused("closed");
    default:
      return stayed();
  }
}

function claimed(handoff: HandoffStanding, actor: HandoffActor): HandoffTransition {
  const to: HandoffStanding = { ...handoff, state: "claimed", claimedBy: holderOf(actor) };
  return moved(to, toAgents("claimed"), toCustomer("joined"));
}

function resolved(handoff: HandoffStanding): HandoffTransition {
  const to: HandoffStanding = { ...handoff, state: "resolved", snoozedUntil: null, customerWaits: false };
  return moved(to, toAgents("resolved"), toCustomer("solved"));
}

function returned(): HandoffTransition {
  const to: HandoffStanding = { ...FREE, state: "returned", customerWaits: false };
  return moved(to, toAgents("returned"), toCustomer("returned"));
}

function snoozed(handoff: HandoffStanding, until: Date, now: Date): HandoffTransition {
  if (until.getTime() <= now.getTime()) return refused("in-the-past");
  return moved({ ...handoff, state: "snoozed", snoozedUntil: until }, toAgents("snoozed"));
}

function waits(handoff: HandoffStanding): HandoffTransition {
  return handoff.customerWaits ? stayed() : moved({ ...handoff, customerWaits: true });
}

function holderOf({ id, displayName }: HandoffActor): HandoffHolder {
  return { id, displayName };
}

function moved(to: HandoffStanding, ...says: readonly HandoffSaying[]): HandoffTransition {
  return { kind: "moved", to, says };
}

function stayed(...says: readonly HandoffSaying[]): HandoffTransition {
  return { kind: "stayed", says };
}

function refused(reason: HandoffRefusal): HandoffTransition {
  return { kind: "refused", reason };
}

function toAgents(text: AgentsTextName): HandoffSaying {
  return { to: "agents", text };
}

function toCustomer(text: CustomerTextName): HandoffSaying {
  return { to: "customer", text };
}
