import type { EventOutcome } from "../../../src/ports/chat.js";
import { assertNever } from "../../../src/ports/errors.js";
import type { ReplyAction } from "../../../src/ports/reply.js";

export const COULD_NOT_OPEN = "The form could not be opened just now. Please press the button again.";

const REASONS: ReadonlyMap<string, string> = new Map([
  ["not-an-agent", "Only the support team can do this."],
  ["not-the-customer", "Only who asked here can say that."],
  ["already-handed-off", "A person has your question already and will answer you here."],
  ["refused-closed", "This handoff is closed."],
  ["refused-claimed-by-other", "Somebody else has claimed this."],
  ["refused-already-yours", "You have already claimed this."],
  ["refused-not-claimed", "Claim this first."],
  ["refused-still-open", "This handoff is open already."],
  ["refused-another-open", "The customer has another handoff that is open."],
  ["no-suggestion", "There is nothing to suggest. See the handoff's thread."],
  ["suggestion-answered", "Somebody has answered since. Nothing was sent."],
  ["suggestion-outdated", "The customer's question is another one by now. Nothing was sent."],
  ["over", "This is over already. If there is anything else, just ask."],
]);

/** What became of a press, in one fixed sentence for the person who pressed. */
export function outcomeText(action: ReplyAction, outcome: EventOutcome | null): string {
  if (outcome === null) return "Got it. This takes a moment.";
  if (outcome.kind === "failed") return "That didn't work because of a fault on our side. Please try once more.";
  return REASONS.get(outcome.reason) ?? (outcome.kind === "ignored" ? "Nothing was changed." : doneText(action));
}

function doneText(action: ReplyAction): string {
  switch (action.name) {
    case "human":
      return "Your question is with a person now. They will answer you here.";
    case "rate":
    case "say-why":
    case "fault":
    case "fault-words":
    case "helpful":
    case "not-helpful":
      return "Thank you for telling us.";
    case "claim":
      return "This is yours now. What you write in this thread goes to the customer; begin with // for a note to the team.";
    case "resolve":
      return "This is resolved. The customer is asked whether it is solved.";
    case "suggest":
      return "See the suggestion in the handoff's thread.";
    case "send-suggestion":
      return "Sent to the customer as your reply.";
    case "release":
      return "It waits for somebody else to claim it.";
    case "return":
      return "The bot has the conversation again.";
    case "snooze":
      return "It comes back in an hour, or when the customer writes.";
    case "reopen":
      return "This is yours now, and open again.";
    case "solved":
      return "Good to hear.";
    case "not-solved":
      return "A person will answer you here.";
    case "confirm-command":
    case "review":
    case "review-edit":
      return "See the reply in this thread.";
    default:
      return assertNever(action);
  }
}
