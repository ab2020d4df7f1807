import { citationOf } from "../answering/citations.js";
import { parseReply } from "../answering/parse-reply.js";
import { replyText } from "../answering/reply-text.js";
import { paragraph, strong, text } from "../commands/reply-blocks.js";
import type { Passage } from "../ports/knowledge.js";
import { plainReply, type Block, type Reply } from "../ports/reply.js";
import { placeOf } from "../text/place-of.js";
import { helpTexts } from "./help-texts.js";

const EXCERPT = 160;
const NO_CITATIONS: ReadonlySet<number> = new Set();

/** What a search of an agent's found: each passage with its place, a line of it, when it was changed, and its source. */
export function foundReply(words: string, passages: readonly Passage[]): Reply {
  if (passages.length === 0) return plainReply(helpTexts.foundNothing(words));
  const items = passages.map((passage, index) => [found(passage, index + 1)]);
  return {
    blocks: [paragraph(text(helpTexts.found(words))), { kind: "list", ordered: true, start: 1, items }],
    citations: passages.map((passage, index) => citationOf(index + 1, passage)),
    actions: [],
  };
}

function found(passage: Passage, number: number): Block {
  const changed = passage.updatedAt === null ? "" : ` (updated ${passage.updatedAt.slice(0, 10)})`;
  return paragraph(
    strong(placeOf(passage)),
    text(`${changed} `),
    { kind: "citation", number },
    { kind: "break" },
    text(excerptOf(passage)),
  );
}

function excerptOf({ text: body }: Passage): string {
  const line = replyText({ blocks: parseReply(body, NO_CITATIONS) })
    .replaceAll(/\s+/gu, " ")
    .trim();
  return line.length > EXCERPT ? `${line.slice(0, EXCERPT).trimEnd()}…` : line;
}
