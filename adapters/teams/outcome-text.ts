import type { EventOutcome } from "../../src/ports/chat.js";

const TEXTS: Readonly<Record<string, string>> = {
  "commanded/command": "See the reply here.",
  "handed-off/user-asked": "A person on the team will answer you here.",
  "ignored/already-handed-off": "Your question is with a person already.",
  "ignored/not-an-agent": "Only the support team can do that.",
  "ignored/not-the-customer": "Only who asked here can say that.",
  "ignored/not-found": "That is no longer there.",
  "recorded/claimed": "You have claimed this.",
  "recorded/fault": "Thank you. The team will look at it.",
  "recorded/helpful": "Thanks, noted as helpful.",
  "recorded/not-helpful": "Thanks, noted as not helpful.",
  "recorded/refused-already-yours": "You have already claimed this.",
  "recorded/refused-claimed-by-other": "Somebody else has claimed this.",
  "recorded/refused-closed": "This handoff is closed.",
  "recorded/refused-not-claimed": "Claim this first.",
  "ignored/over": "This is over already. If there is anything else, just ask.",
  "recorded/confirmed": "Good to hear.",
  "recorded/not-solved": "A person will answer you here.",
  "recorded/refused-another-open": "The customer has another handoff that is open.",
  "recorded/refused-still-open": "This handoff is open already.",
  "recorded/released": "It waits for somebody else to claim it.",
  "recorded/reopened": "This is yours now, and open again.",
  "recorded/resolved": "Resolved. The customer is asked whether it is solved.",
  "recorded/returned": "The bot has the conversation again.",
  "recorded/no-suggestion": "There is nothing to suggest. See the handoff's thread.",
  "recorded/rated": "Thank you for telling us.",
  "recorded/suggested": "See the suggestion in the handoff's thread.",
  "recorded/suggestion-answered": "Somebody has answered since. Nothing was sent.",
  "recorded/suggestion-outdated": "The customer's question is another one by now. Nothing was sent.",
  "relayed/to-customer": "Sent to the customer as your reply.",
  "recorded/snoozed": "It comes back in an hour, or when the customer writes.",
};

/** What became of a button's press, in a fixed sentence for whoever pressed it. */
export function outcomeText(outcome: EventOutcome | null): string {
  if (outcome === null) return "Got it. This will take a moment.";
  const text = TEXTS[`${outcome.kind}/${outcome.reason}`];
  if (text !== undefined) return text;
  if (outcome.kind === "failed") return "That didn't work because of a fault on our side. Please try once more.";
  return outcome.kind === "ignored" ? "Nothing was changed." : "Done.";
}
