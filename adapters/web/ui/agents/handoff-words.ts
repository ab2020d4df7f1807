import type { HandoffView } from "../../api.js";
import { dayAndTime } from "../state/times.js";

const REASONS: Readonly<Record<HandoffView["reason"], string>> = {
  "low-confidence": "Not sure enough",
  "nothing-found": "Not in the documents",
  "documents-do-not-say": "Not in the documents",
  "still-unclear": "Still unclear",
  "user-asked": "Asked for a person",
  "policy-topic": "Topic for people",
  "topic-unsure": "Not sure enough for its topic",
  "account-action": "Wants something done",
  frustrated: "Had enough of the bot",
  "asked-again": "Asks the same again",
  "not-grounded": "Answer not supported",
  "model-down": "Model not reachable",
  "budget-spent": "Budget spent",
  fault: "Something failed",
};

const STATES: Readonly<Record<HandoffView["state"], string>> = {
  waiting: "Waiting",
  claimed: "Claimed",
  snoozed: "Snoozed",
  resolved: "Solved",
  reopened: "Reopened",
  returned: "Back with the bot",
  expired: "Expired",
};

const PLACES: Readonly<Record<Exclude<HandoffView["answeredIn"], "console">, string>> = {
  slack: "in Slack",
  teams: "in Microsoft Teams",
  elsewhere: "on another platform",
};

/** Where agents answer, when that is not this console; null when it is. */
export function otherPlace({ answeredIn }: HandoffView): string | null {
  return answeredIn === "console" ? null : PLACES[answeredIn];
}

export function reasonWords(handoff: HandoffView): string {
  return REASONS[handoff.reason];
}

export function stateWords(handoff: HandoffView): string {
  if (handoff.state === "snoozed") return snoozeWords(handoff);
  if (handoff.state === "resolved" && !handoff.isSettled) return "Waiting for confirmation";
  return handoff.state === "claimed" && handoff.claimedBy !== null
    ? `With ${handoff.claimedBy}`
    : STATES[handoff.state];
}

function snoozeWords({ claimedBy, snoozedUntil }: HandoffView): string {
  const whose = claimedBy === null ? "" : ` by ${claimedBy}`;
  return snoozedUntil === null
    ? `${STATES.snoozed}${whose}`
    : `${STATES.snoozed}${whose} until ${dayAndTime(snoozedUntil)}`;
}

export function dueWords({ kind, at }: NonNullable<HandoffView["due"]>, isOverdue: boolean): string {
  const what = kind === "first-reply" ? "First reply" : "Resolution";
  return isOverdue ? `${what} overdue since ${dayAndTime(at)}` : `${what} due ${dayAndTime(at)}`;
}
