import { replyText } from "../answering/reply-text.js";
import type { EditEvent, InboundEvent, MessageEvent } from "../ports/chat.js";
import { plainReply, type Block, type Reply } from "../ports/reply.js";
import { findSecrets } from "../text/find-secrets.js";

/** Somebody's words on their way to the other side. */
export interface RelayedWords {
  /** For the transcript, and whoever reads only text. */
  readonly text: string;
  /** As the other side is shown them. */
  readonly shown: Reply;
}

/**
 * What an event says, with its formatting where it has any.
 *
 * @param text what of it is passed on; where that is not all of it, it goes as plain text
 */
export function relayedWords(event: InboundEvent, text: string): RelayedWords {
  const blocks = formattingOf(event);
  if (blocks === null || !("text" in event) || event.text.trim() !== text) return { text, shown: plainReply(text) };
  return { text: replyText({ blocks }), shown: replyOf(blocks) };
}

/** What somebody says, in words alone: without the marks that their platform's text has for formatting. */
export function wordsOf(event: MessageEvent | EditEvent): string {
  const blocks = formattingOf(event);
  return blocks === null ? event.text : replyText({ blocks });
}

/** Which kinds of credentials would be passed on: formatting hides none. */
export function secretsIn(event: InboundEvent, text: string): readonly string[] {
  const blocks = formattingOf(event);
  const found = blocks === null ? [] : findSecrets(replyText({ blocks }));
  return [...new Set([...findSecrets(text), ...found])];
}

/** Null where there is none. */
export function formattingOf(event: InboundEvent): readonly Block[] | null {
  const blocks = event.kind === "message" || event.kind === "edit" ? (event.blocks ?? []) : [];
  return blocks.length === 0 ? null : blocks;
}

function replyOf(blocks: readonly Block[]): Reply {
  return { blocks, citations: [], actions: [] };
}

/** Below a line of the bot's own; in one paragraph with it where it begins with one. */
export function withLineAbove(line: string, reply: Reply): Reply {
  const [first, ...rest] = reply.blocks;
  const above: Block = { kind: "paragraph", children: [{ kind: "text", text: line }] };
  if (first?.kind !== "paragraph") return { ...reply, blocks: [above, ...reply.blocks] };
  const joined: Block = { ...first, children: [...above.children, { kind: "break" }, ...first.children] };
  return { ...reply, blocks: [joined, ...rest] };
}

/** The same with lines below. */
export function withLinesBelow({ text, shown }: RelayedWords, lines: readonly string[]): RelayedWords {
  if (lines.length === 0) return { text, shown };
  const below = lines.join("\n");
  if (text === "") return { text: below, shown: plainReply(below) };
  return { text: `${text}\n${below}`, shown: { ...shown, blocks: [...shown.blocks, ...plainReply(below).blocks] } };
}
