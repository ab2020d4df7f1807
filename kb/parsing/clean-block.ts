import { assertNever } from "../../src/ports/errors.js";
import { cleanText } from "./decode-text.js";
import type { ContentBlock } from "./parsed-document.js";

/** Cleans every text of a block, see `cleanText`. */
export function cleanBlock(block: ContentBlock): ContentBlock {
  switch (block.kind) {
    case "heading":
    case "paragraph":
    case "code":
      return { ...block, text: cleanText(block.text) };
    case "list":
      return { ...block, items: block.items.map((item) => item.map(cleanBlock)) };
    case "table":
      return { ...block, header: block.header.map(cleanText), rows: block.rows.map((row) => row.map(cleanText)) };
    case "quote":
      return { ...block, blocks: block.blocks.map(cleanBlock) };
    default:
      return assertNever(block);
  }
}
