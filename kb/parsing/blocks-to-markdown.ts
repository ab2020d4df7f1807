import { assertNever } from "../../src/ports/errors.js";
import type { ContentBlock, ListBlock, TableBlock } from "./parsed-document.js";

/** Writes blocks as clean Markdown, with an empty line between two. */
export function blocksToMarkdown(blocks: readonly ContentBlock[]): string {
  return blocks.map(blockToMarkdown).join("\n\n");
}

export function blockToMarkdown(block: ContentBlock): string {
  switch (block.kind) {
    case "heading":
      return `${"#".repeat(block.depth)} ${block.text}`;
    case "paragraph":
      return block.text;
    case "list":
      return listToMarkdown(block);
    case "table":
      return tableToMarkdown(block);
    case "code":
      return codeToMarkdown(block.language, block.text);
    case "quote":
      return quoteToMarkdown(block.label, block.blocks);
    default:
      return assertNever(block);
  }
}

function listToMarkdown(list: ListBlock): string {
  return list.items
    .map((item, index) => {
      const mark = list.ordered ? `${list.start + index}. ` : "- ";
      return mark + indent(itemToMarkdown(item), mark.length);
    })
    .join("\n");
}

/** A list directly below its item's first line reads better without an empty line before it. */
function itemToMarkdown(blocks: readonly ContentBlock[]): string {
  return blocks.reduce((text, block, index) => {
    if (index === 0) return blockToMarkdown(block);
    return text + (block.kind === "list" ? "\n" : "\n\n") + blockToMarkdown(block);
  }, "");
}

function indent(text: string, width: number): string {
  const space = " ".repeat(width);
  return text
    .split("\n")
    .map((line, index) => (index === 0 || line === "" ? line : space + line))
    .join("\n");
}

function tableToMarkdown(table: TableBlock): string {
  const row = (cells: readonly string[]): string => `| ${cells.map(tableCell).join(" | ")} |`;
  return [row(table.header), row(table.header.map(() => "---")), ...table.rows.map(row)].join("\n");
}

function tableCell(text: string): string {
  return text.replaceAll("\n", " ").replaceAll("|", "\\|");
}

function codeToMarkdown(language: string | null, text: string): string {
  const longestRun = (text.match(/`{3,}/gu) ?? []).reduce((longest, run) => Math.max(longest, run.length), 2);
  const fence = "`".repeat(longestRun + 1);
  return `${fence}${language ?? ""}\n${text}\n${fence}`;
}

function quoteToMarkdown(label: string | null, blocks: readonly ContentBlock[]): string {
  const text = blocksToMarkdown(blocks);
  if (label !== null) return text === "" ? `**${label}**` : `**${label}:** ${text}`;
  return text
    .split("\n")
    .map((line) => (line === "" ? ">" : `> ${line}`))
    .join("\n");
}
