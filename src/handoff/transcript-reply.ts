import type { Block, Reply } from "../ports/reply.js";
import type { TranscriptEntry } from "../ports/stores.js";

/** So much of each message is repeated. */
const MOST_CHARACTERS = 400;

/** What was said so far, for a team that a handoff comes to. What people wrote is text, whatever it looks like. */
export function transcriptReply(entries: readonly TranscriptEntry[], mayBeMore: boolean): Reply {
  const title = mayBeMore ? `The last ${entries.length} messages so far` : "So far";
  return {
    blocks: [
      { kind: "paragraph", children: [{ kind: "strong", children: [{ kind: "text", text: title }] }] },
      ...entries.map(line),
    ],
    citations: [],
    actions: [],
  };
}

function line({ speaker, name, text }: TranscriptEntry): Block {
  const words = text.trim();
  const short = words.length > MOST_CHARACTERS ? `${words.slice(0, MOST_CHARACTERS).trimEnd()}…` : words;
  const who = speaker === "note" ? `${name} (internal note)` : name;
  return {
    kind: "paragraph",
    children: [
      { kind: "strong", children: [{ kind: "text", text: `${who}: ` }] },
      { kind: "text", text: short },
    ],
  };
}
