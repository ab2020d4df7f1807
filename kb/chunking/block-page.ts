import type { ContentBlock } from "../parsing/parsed-document.js";

/** The page of its file on which a row of blocks begins; null for what has no pages. */
export function firstPage(blocks: readonly ContentBlock[]): number | null {
  for (const block of blocks) {
    if ("page" in block && typeof block.page === "number") return block.page;
  }
  return null;
}
