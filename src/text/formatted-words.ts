import type { Block, Inline } from "../ports/reply.js";

/** More makes a message larger than it is worth: its words are kept without their formatting. */
export const MOST_FORMATTED_PARTS = 2_000;

/** Whether blocks hold any formatting: anything but paragraphs of text. */
export function isFormatted(blocks: readonly Block[]): boolean {
  return blocks.some(
    (block) => block.kind !== "paragraph" || block.children.some(({ kind }) => kind !== "text" && kind !== "break"),
  );
}

/** How many blocks and inline nodes there are, at every depth. */
export function countParts(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + 1 + partsIn(block), 0);
}

function partsIn(block: Block): number {
  switch (block.kind) {
    case "paragraph":
    case "heading":
      return countInlines(block.children);
    case "list":
      return block.items.reduce((sum, item) => sum + countParts(item), 0);
    case "quote":
      return countParts(block.blocks);
    case "table":
      return [block.header, ...block.rows].flat().reduce((sum, cell) => sum + countInlines(cell), 0);
    case "code":
    case "file":
      return 0;
  }
}

function countInlines(inlines: readonly Inline[]): number {
  return inlines.reduce((sum, inline) => sum + 1 + ("children" in inline ? countInlines(inline.children) : 0), 0);
}

/** The same blocks with other words: `rewrite` gets each text and each code. */
export function withWords(blocks: readonly Block[], rewrite: (words: string) => string): readonly Block[] {
  const inlines = (nodes: readonly Inline[]): readonly Inline[] =>
    nodes.map((node): Inline => {
      if (node.kind === "text" || node.kind === "code") return { ...node, text: rewrite(node.text) };
      return "children" in node ? { ...node, children: inlines(node.children) } : node;
    });
  return blocks.map((block): Block => {
    switch (block.kind) {
      case "paragraph":
      case "heading":
        return { ...block, children: inlines(block.children) };
      case "list":
        return { ...block, items: block.items.map((item) => withWords(item, rewrite)) };
      case "quote":
        return { ...block, blocks: withWords(block.blocks, rewrite) };
      case "code":
        return { ...block, text: rewrite(block.text) };
      case "table":
        return { ...block, header: block.header.map(inlines), rows: block.rows.map((row) => row.map(inlines)) };
      case "file":
        return block;
    }
  });
}
