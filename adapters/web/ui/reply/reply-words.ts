import type { Block, Inline, Reply } from "../../../../src/ports/reply.js";

/** A reply as one line of plain words, for announcements. */
export function replyWords(reply: Reply): string {
  return reply.blocks.map(blockWords).join(" ");
}

/** One block as one line of plain words. */
export function blockWords(block: Block): string {
  switch (block.kind) {
    case "paragraph":
    case "heading":
      return inlineWords(block.children);
    case "list":
      return block.items.map((item) => item.map(blockWords).join(" ")).join(", ");
    case "code":
      return block.text;
    case "file":
      return block.name;
    case "quote":
      return block.blocks.map(blockWords).join(" ");
    case "table":
      return [block.header, ...block.rows].map((row) => row.map(inlineWords).join(", ")).join(". ");
  }
}

function inlineWords(nodes: readonly Inline[]): string {
  return nodes.map(inlineWord).join("");
}

function inlineWord(node: Inline): string {
  switch (node.kind) {
    case "text":
    case "code":
      return node.text;
    case "strong":
    case "emphasis":
    case "strike":
      return inlineWords(node.children);
    case "break":
      return " ";
    case "mention":
      return node.name;
    case "citation":
      return "";
  }
}
