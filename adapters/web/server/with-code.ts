import type { Block, Inline, Reply } from "../../../src/ports/reply.js";

const CODE = /`([^`\n]+)`/u;

/** What the bot says with backticks, as in `!help`, is code here. Nothing else in its text is read as markup. */
export function withCode(reply: Reply): Reply {
  return { ...reply, blocks: reply.blocks.map(inBlock) };
}

/** Notices are paragraphs: what is quoted or listed in a reply is somebody else's words. */
function inBlock(block: Block): Block {
  return block.kind === "paragraph" ? { ...block, children: block.children.flatMap(inInline) } : block;
}

function inInline(inline: Inline): readonly Inline[] {
  if (inline.kind !== "text") return [inline];
  // What stands between backticks comes at every second place.
  return inline.text
    .split(CODE)
    .map((text, index): Inline => ({ kind: index % 2 === 1 ? "code" : "text", text }))
    .filter((part) => part.kind !== "text" || part.text !== "");
}
