import type { EventOutcome } from "../../src/ports/chat.js";

const TEXTS: Readonly<Record<string, string>> = {
  "commanded/command": "See the reply here.",
  "handed-off/user-asked": "A person on the team will answer you here.",
  "ignored/already-handed-off": "Your question is with a person already.",
  "ignored/not-an-agent": "Only the support team can do that.",
  "ignored/not-found": "That is no longer there.",
  "recorded/claimed": "You have claimed this.",
  "recorded/helpful": "Thanks, noted as helpful.",
  "recorded/not-helpful": "Thanks, noted as not helpful.",
  "recorded/refused-already-yours": "You have already claimed this.",
  "recorded/refused-claimed-by-other": "Somebody else has claimed this.",
  "recorded/refused-closed": "This handoff is closed.",
  "recorded/refused-not-claimed": "Claim this first.",
  "recorded/resolved": "Marked as resolved.",
};

/** What became of a button's press, in a fixed sentence for whoever pressed it. */
export function outcomeText(outcome: EventOutcome | null): string {
  if (outcome === null) return "Got it. This will take a moment.";
  const text = TEXTS[`${outcome.kind}/${outcome.reason}`];
  if (text !== undefined) return text;
  if (outcome.kind === "failed") return "That didn't work because of a fault on our side. Please try once more.";
  return outcome.kind === "ignored" ? "Nothing was changed." : "Done.";
}
