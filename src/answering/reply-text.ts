import { isStyled, type Block, type Inline, type Reply, type TableCell } from "../ports/reply.js";

/**
 * A reply as plain text, for transcripts, traces and programs: citation marks stay as `[1]`, lists keep their numbers,
 * table rows become lines. Nothing is wrapped.
 */
export function replyText(reply: Pick<Reply, "blocks">): string {
  return blocksText(reply.blocks);
}

/** A reply without its citation marks: what it says. */
export function replyWords(reply: Pick<Reply, "blocks">): string {
  return blocksText(withoutCitations(reply.blocks));
}

export function inlineText(inlines: readonly Inline[]): string {
  return inlines
    .map((inline) => {
      switch (inline.kind) {
        case "text":
        case "code":
          return inline.text;
        case "strong":
        case "emphasis":
        case "strike":
          return inlineText(inline.children);
        case "break":
          return "\n";
        case "mention":
          return inline.name;
        case "citation":
          return `[${inline.number}]`;
      }
    })
    .join("");
}

function blocksText(blocks: readonly Block[]): string {
  return blocks.map(blockText).join("\n\n");
}

function blockText(block: Block): string {
  switch (block.kind) {
    case "paragraph":
    case "heading":
      return inlineText(block.children);
    case "code":
      return block.text;
    case "file":
      return block.name;
    case "quote":
      return blocksText(block.blocks);
    case "list":
      return block.items
        .map((item, index) => `${block.ordered ? `${block.start + index}.` : "-"} ${indented(blocksText(item))}`)
        .join("\n");
    case "table":
      return [block.header, ...block.rows].map(rowText).join("\n");
  }
}

function rowText(row: readonly TableCell[]): string {
  return row.map(inlineText).join(" | ");
}

function indented(text: string): string {
  return text.replaceAll(/\n+/gu, "\n  ");
}

/** Drops every citation mark, with the space before it. */
function withoutCitations(blocks: readonly Block[]): readonly Block[] {
  return blocks.map((block): Block => {
    switch (block.kind) {
      case "paragraph":
      case "heading":
        return { ...block, children: inlinesWithoutCitations(block.children) };
      case "quote":
        return { ...block, blocks: withoutCitations(block.blocks) };
      case "list":
        return { ...block, items: block.items.map(withoutCitations) };
      case "table":
        return {
          ...block,
          header: block.header.map(inlinesWithoutCitations),
          rows: block.rows.map((row) => row.map(inlinesWithoutCitations)),
        };
      case "code":
      case "file":
        return block;
    }
  });
}

function inlinesWithoutCitations(inlines: readonly Inline[]): readonly Inline[] {
  return inlines.flatMap((inline, index): readonly Inline[] => {
    if (inline.kind === "citation") return [];
    if (isStyled(inline)) {
      return [{ ...inline, children: inlinesWithoutCitations(inline.children) }];
    }
    if (inline.kind === "text" && inlines[index + 1]?.kind === "citation") {
      return [{ kind: "text", text: inline.text.trimEnd() }];
    }
    return [inline];
  });
}
