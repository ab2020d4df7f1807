import type { Block } from "../../ports/reply.js";
import { rewriteInlines } from "../citations.js";
import { inlineText } from "../reply-text.js";
import { splitSentences } from "../text/sentences.js";

/** Something a reply says that must be proved on its own. */
export interface Statement {
  readonly kind: "sentence" | "code" | "row";
  readonly text: string;
}

/** Everything some blocks state, in order, without citation marks. */
export function statementsOf(blocks: readonly Block[]): readonly Statement[] {
  return rewriteInlines(blocks, (inline) => (inline.kind === "citation" ? [] : [inline])).flatMap(ofBlock);
}

function ofBlock(block: Block): readonly Statement[] {
  switch (block.kind) {
    case "paragraph":
    case "heading":
      return splitSentences(inlineText(block.children)).map((text) => ({ kind: "sentence", text }));
    case "list":
      return block.items.flatMap((item) => item.flatMap(ofBlock));
    case "quote":
      return block.blocks.flatMap(ofBlock);
    case "code":
      return [{ kind: "code", text: block.text }];
    case "file":
      return [];
    case "table":
      return [block.header, ...block.rows].map((row) => ({ kind: "row", text: row.map(inlineText).join(" | ") }));
  }
}
