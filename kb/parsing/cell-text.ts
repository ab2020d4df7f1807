import type { ContentBlock } from "./parsed-document.js";

/** What a table's cell holds, on one line: lists and tables inside of it as their entries, with semicolons between. */
export function cellText(blocks: readonly ContentBlock[]): string {
  return blocks.map(blockWords).join(" ").replace(/\s+/gu, " ").trim();
}

function blockWords(block: ContentBlock): string {
  if (block.kind === "list") return block.items.map((item) => item.map(blockWords).join(" ")).join("; ");
  if (block.kind === "table") return [block.header, ...block.rows].map((row) => row.join(" ")).join("; ");
  return block.kind === "quote" ? block.blocks.map(blockWords).join(" ") : block.text;
}
