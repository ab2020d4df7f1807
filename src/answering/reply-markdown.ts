import type {
  BlockContent,
  DefinitionContent,
  ListItem,
  Node,
  PhrasingContent,
  TableCell as MarkdownCell,
} from "mdast";
import { gfmToMarkdown } from "mdast-util-gfm";
import { toMarkdown } from "mdast-util-to-markdown";
import type { Block, Inline, TableCell } from "../ports/reply.js";

interface CitationNode extends Node {
  readonly type: "citation";
  readonly number: number;
}

declare module "mdast" {
  interface PhrasingContentMap {
    citation: CitationNode;
  }
  interface RootContentMap {
    citation: CitationNode;
  }
}

/**
 * Writes blocks back as Markdown, escaped so that `parseReply` reads the same tree again. What is streamed is this text,
 * never the model's own.
 */
export function replyMarkdown(blocks: readonly Block[]): string {
  const root = { type: "root" as const, children: blocks.flatMap(blockNode) };
  return toMarkdown(root, {
    extensions: [gfmToMarkdown()],
    bullet: "-",
    rule: "-",
    emphasis: "*",
    fences: true,
    // Written raw: escaped it would be text. Not as HTML, before which a line break would become a space.
    handlers: { citation: ({ number }: CitationNode) => `[${number}]` },
  }).trimEnd();
}

function blockNode(block: Block): readonly (BlockContent | DefinitionContent)[] {
  switch (block.kind) {
    case "paragraph":
      return [{ type: "paragraph", children: phrasing(block.children) }];
    case "heading":
      return [{ type: "heading", depth: 3, children: phrasing(block.children) }];
    case "code":
      return [{ type: "code", lang: block.language, value: block.text }];
    case "file":
      return [{ type: "paragraph", children: [{ type: "text", value: block.name }] }];
    case "quote":
      return [{ type: "blockquote", children: block.blocks.flatMap(blockNode) }];
    case "list":
      return [
        {
          type: "list",
          ordered: block.ordered,
          start: block.start,
          spread: false,
          children: block.items.map(itemNode),
        },
      ];
    case "table":
      return [
        {
          type: "table",
          children: [block.header, ...block.rows].map((row) => ({ type: "tableRow", children: row.map(cellNode) })),
        },
      ];
  }
}

function itemNode(item: readonly Block[]): ListItem {
  return { type: "listItem", spread: false, children: item.flatMap(blockNode) };
}

function cellNode(cell: TableCell): MarkdownCell {
  return { type: "tableCell", children: phrasing(cell) };
}

function phrasing(inlines: readonly Inline[]): PhrasingContent[] {
  return inlines.map((inline): PhrasingContent => {
    switch (inline.kind) {
      case "text":
        return { type: "text", value: inline.text };
      case "code":
        return { type: "inlineCode", value: inline.text };
      case "strong":
      case "emphasis":
        return { type: inline.kind, children: phrasing(inline.children) };
      case "strike":
        return { type: "delete", children: phrasing(inline.children) };
      case "break":
        return { type: "break" };
      case "mention":
        return { type: "text", value: inline.name };
      case "citation":
        return { type: "citation", number: inline.number };
    }
  });
}
