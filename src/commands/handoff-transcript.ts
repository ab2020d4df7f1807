import type { HandoffTranscript, TranscriptLine } from "../ports/handoff-reports.js";
import { RATINGS } from "../ports/ratings.js";

const WHO: Readonly<Record<TranscriptLine["speaker"], string>> = {
  customer: "customer",
  bot: "bot",
  agent: "support team",
  note: "internal note, not sent to the customer",
};

/** A transcript as Markdown. What people wrote stands in quotes, and begins no HTML. */
export function transcriptMarkdown({ handoff, entries, isCut }: HandoffTranscript): string {
  const { handoffId, state, reason, team, customer, claimedBy, rating, ratingWords, openedAt } = handoff;
  const facts = [
    `- Handoff: ${handoffId}`,
    `- Customer: ${plain(customer)}`,
    `- Opened: ${openedAt} (${reason})`,
    `- State: ${state}${claimedBy === null ? "" : `, ${plain(claimedBy)}`}`,
    ...(team === null ? [] : [`- Team: ${plain(team)}`]),
    ...(rating === null ? [] : [`- Rating: ${rating} of ${RATINGS.length}`]),
  ];
  const said = entries.length === 0 ? ["Nothing is kept of what was said."] : entries.map(entryMarkdown);
  const cut = isCut ? [`The newest ${entries.length} messages; there are more before these.`] : [];
  const why = ratingWords === null ? [] : [`Of the rating:\n\n${quoted(ratingWords)}`];
  return ["# Transcript", facts.join("\n"), ...cut, ...said, ...why].join("\n\n");
}

function entryMarkdown({ speaker, name, text, at }: TranscriptLine): string {
  return `**${plain(name)}** (${WHO[speaker]}), ${at}\n\n${quoted(text)}`;
}

function quoted(text: string): string {
  return text
    .replaceAll("<", "\\<")
    .split(/\r\n|\r|\n/u)
    .map((line) => (line === "" ? ">" : `> ${line}`))
    .join("\n");
}

/** On one line, and without a meaning in Markdown. */
function plain(name: string): string {
  return name.replaceAll(/\s+/gu, " ").replaceAll(/[\\`*_{}[\]<>#|]/gu, (mark) => `\\${mark}`);
}
