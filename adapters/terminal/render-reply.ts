import type { Block, Citation, Inline, Reply, TableCell } from "../../src/ports/reply.js";
import { cleanText } from "../../src/answering/text/clean-text.js";
import { fileSizeText } from "../../src/text/file-size.js";
import { placeOf } from "../../src/text/place-of.js";
import { displayWidth, padTo, wrapText } from "./text-width.js";

export interface TerminalStyle {
  /** Columns; lines are wrapped to them, code and addresses are not. */
  readonly width: number;
  /** Whether bold, italics and dim may be written as ANSI sequences. */
  readonly color: boolean;
}

const MIN_WIDTH = 20;
const TAB = "    ";

/**
 * A reply as lines for a terminal, with its sources below. Whatever a text holds, nothing reaches the terminal but
 * printable characters and, with `color`, our own ANSI sequences.
 */
export function renderReply(reply: Reply, style: TerminalStyle): string {
  const renderer = new Renderer({ ...style, width: Math.max(MIN_WIDTH, style.width) });
  const parts = [renderer.blocks(reply.blocks)];
  if (reply.citations.length > 0) parts.push(renderer.sources(reply.citations));
  return parts.filter((part) => part !== "").join("\n\n");
}

class Renderer {
  readonly #width: number;
  readonly #color: boolean;

  constructor({ width, color }: TerminalStyle) {
    this.#width = width;
    this.#color = color;
  }

  blocks(blocks: readonly Block[]): string {
    return blocks.map((block) => this.#block(block)).join("\n\n");
  }

  sources(citations: readonly Citation[]): string {
    const lines = citations.flatMap((citation) => {
      const place = printable(placeOf(citation));
      const address = citation.url === null ? [] : [`    ${printable(citation.url)}`];
      return [hang(wrapText(place, this.#width - 4), `[${citation.number}] `), ...address];
    });
    return this.#dim(lines.join("\n"));
  }

  #block(block: Block): string {
    switch (block.kind) {
      case "paragraph":
        return wrapText(this.#inlines(block.children), this.#width);
      case "heading":
        return this.#strong(wrapText(this.#inlines(block.children), this.#width));
      case "code":
        return indent(codeLines(block.text), TAB);
      case "file":
        return `${printable(`${block.name} (${fileSizeText(block.sizeBytes)})`)}\n${printable(block.url)}`;
      case "quote":
        return indent(this.#narrower(2).blocks(block.blocks), "│ ");
      case "list":
        return block.items.map((item, index) => this.#item(item, marker(block, index))).join("\n");
      case "table":
        return this.#table(block.header, block.rows);
    }
  }

  #item(item: readonly Block[], mark: string): string {
    const inner = this.#narrower(mark.length);
    return hang(item.map((block) => inner.#block(block)).join("\n"), mark);
  }

  /** Columns side by side where they fit, otherwise one line for each cell. */
  #table(header: readonly TableCell[], rows: readonly (readonly TableCell[])[]): string {
    const plain = new Renderer({ width: this.#width, color: false });
    const names = header.map((cell) => plain.#inlines(cell));
    const cells = rows.map((row) => row.map((cell) => plain.#inlines(cell)));
    const widths = names.map((name, column) =>
      Math.max(...[name, ...cells.map((row) => row[column] ?? "")].map(displayWidth)),
    );
    const total = widths.reduce((sum, width) => sum + width + 2, -2);
    if (total > this.#width) return cells.map((row) => this.#record(names, row)).join("\n\n");
    const line = (row: readonly string[]): string =>
      row
        .map((cell, column) => padTo(cell, widths[column] ?? 0))
        .join("  ")
        .trimEnd();
    return [this.#strong(line(names)), widths.map((width) => "─".repeat(width)).join("  "), ...cells.map(line)].join(
      "\n",
    );
  }

  #record(names: readonly string[], row: readonly string[]): string {
    const lines = row.flatMap((cell, column) => {
      const name = names[column] ?? "";
      if (cell === "") return [];
      return [wrapText(name === "" ? cell : `${name}: ${cell}`, this.#width)];
    });
    return lines.join("\n");
  }

  #inlines(inlines: readonly Inline[]): string {
    return inlines.map((inline) => this.#inline(inline)).join("");
  }

  #inline(inline: Inline): string {
    switch (inline.kind) {
      case "text":
        return printable(inline.text);
      case "code":
        return this.#color ? `\u001b[36m${printable(inline.text)}\u001b[39m` : printable(inline.text);
      case "strong":
        return this.#strong(this.#inlines(inline.children));
      case "emphasis":
        return this.#color ? `\u001b[3m${this.#inlines(inline.children)}\u001b[23m` : this.#inlines(inline.children);
      case "strike":
        return this.#color ? `\u001b[9m${this.#inlines(inline.children)}\u001b[29m` : this.#inlines(inline.children);
      case "break":
        return "\n";
      case "mention":
        return printable(inline.name);
      case "citation":
        return this.#dim(`[${inline.number}]`);
    }
  }

  #strong(text: string): string {
    return this.#color ? `\u001b[1m${text}\u001b[22m` : text;
  }

  #dim(text: string): string {
    return this.#color ? `\u001b[2m${text}\u001b[22m` : text;
  }

  #narrower(columns: number): Renderer {
    return new Renderer({ width: Math.max(MIN_WIDTH, this.#width - columns), color: this.#color });
  }
}

function marker(list: Extract<Block, { kind: "list" }>, index: number): string {
  if (!list.ordered) return "• ";
  const widest = `${list.start + list.items.length - 1}. `.length;
  return `${list.start + index}. `.padStart(widest);
}

/** Text nodes are one line; whatever could move a cursor is gone. */
function printable(text: string): string {
  return cleanText(text).replaceAll(/[\n\t]+/gu, " ");
}

function codeLines(text: string): string {
  return cleanText(text).replaceAll("\t", TAB);
}

function indent(text: string, prefix: string): string {
  return text
    .split("\n")
    .map((line) => `${prefix}${line}`.trimEnd())
    .join("\n");
}

/** The first line after the mark, the others below its text. */
function hang(text: string, mark: string): string {
  return mark + text.replaceAll("\n", `\n${" ".repeat(mark.length)}`).replaceAll(/^[ ]+$/gmu, "");
}
