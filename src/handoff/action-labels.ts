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

/** Under a suggested reply. */
export const SEND_LABEL = "Send it";

/** Under a rating: what opens a field for words. */
export const SAY_WHY_LABEL = "Say why";
