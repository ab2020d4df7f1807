import { inlineText } from "../../../src/answering/reply-text.js";
import type { Block } from "../../../src/ports/reply.js";

type Table = Extract<Block, { kind: "table" }>;

export interface TableLine {
  readonly kind: "code" | "bullet";
  readonly text: string;
}

/** What fits on a phone's screen in a fixed-width font without being folded. */
const WIDEST = 58;

/** A table as text: in columns where they fit, else one entry per row that names its columns. */
export function tableLines({ header, rows }: Table): readonly TableLine[] {
  const columns = Math.max(header.length, ...rows.map((row) => row.length));
  const even = (row: Table["header"]): string[] => Array.from({ length: columns }, (_, at) => cellText(row[at] ?? []));
  const head = even(header);
  const body = rows.map(even);
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((row) => widthOf(row[column] ?? ""))));
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  if (total <= WIDEST || body.length === 0) return [{ kind: "code", text: inColumns(head, body, widths) }];
  return body.map((row) => ({ kind: "bullet", text: entry(head, row) }));
}

function inColumns(head: readonly string[], body: readonly (readonly string[])[], widths: readonly number[]): string {
  const line = (row: readonly string[]): string =>
    widths
      .map((width, column) => {
        const text = row[column] ?? "";
        return text + " ".repeat(width - widthOf(text));
      })
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [line(head), rule, ...body.map(line)].join("\n");
}

function entry(head: readonly string[], row: readonly string[]): string {
  return head
    .map((name, column) => {
      const text = row[column] ?? "";
      return name === "" || text === "" ? name + text : `${name}: ${text}`;
    })
    .filter((text) => text !== "")
    .join("\n");
}

function cellText(cell: Table["header"][number]): string {
  return inlineText(cell).replaceAll(/\s+/gu, " ").trim();
}

function widthOf(text: string): number {
  return Array.from(text).length;
}
