import type { Fault } from "../ports/answer-cases.js";
import type { HandoffActionName } from "../ports/reply.js";

/** What the buttons about a handoff say, on every surface. */
export const HANDOFF_LABELS: Readonly<Record<HandoffActionName, string>> = {
  claim: "Claim",
  suggest: "Suggest a reply",
  resolve: "Resolve",
  release: "Let go",
  return: "Hand back to the bot",
  snooze: "Snooze for an hour",
  reopen: "Open again",
  solved: "Yes, it's solved",
  "not-solved": "No, not yet",
};

/** What may be wrong with an answer. */
export const FAULT_LABELS: Readonly<Record<Fault, string>> = {
  wrong: "It is wrong",
  outdated: "It is out of date",
  incomplete: "Something is missing",
  tone: "The tone",
  "not-my-question": "Not my question",
};

export const FAULT_WORDS_LABEL = "In your own words";

/** Under what handoffs taught. */
export const REVIEW_LABELS = { approve: "Approve", edit: "Edit the answer", reject: "Reject" } as const;

/** Under a suggested reply. */
export const SEND_LABEL = "Send it";

/** Under a rating: what opens a field for words. */
export const SAY_WHY_LABEL = "Say why";
