import { blockToMarkdown } from "../parsing/blocks-to-markdown.js";
import type { TableBlock } from "../parsing/parsed-document.js";
import { cutAroundSplits, cutByContent, evenLimits } from "./cut-by-content.js";
import type { Cuttable } from "./cut-by-content.js";
import { splitText } from "./split-text.js";
import { countTokens } from "./token-count.js";

/** A header, or the first cell of a row, is repeated when it takes at most this share of a part. */
const REPEATED_SHARE = 1 / 3;

/** What the marks around one cell and below its header take. */
const CELL_MARKS = 8;

/** Between rows, each part with the header; a row that is too large alone is split between its cells. */
export function splitTable(table: TableBlock, max: number): readonly TableBlock[] {
  const headerSize = countTokens(blockToMarkdown({ ...table, rows: [] }));
  if (headerSize > max * REPEATED_SHARE) return splitTable(withoutHeader(table), max);
  const room = max - headerSize;
  const parts: TableBlock[] = [];
  let rows: Row[] = [];
  const close = (): void => {
    for (const part of cutByContent(rows, evenLimits(room)))
      parts.push({ ...table, rows: part.map(({ cells }) => cells) });
    rows = [];
  };
  for (const cells of table.rows) {
    const text = cells.join(" | ");
    const size = countTokens(blockToMarkdown({ ...table, header: cells, rows: [] })) - 2 * cells.length;
    if (size <= room) rows.push({ cells, text, size });
    else {
      close();
      parts.push(...splitRow(table, cells, max));
    }
  }
  close();
  return parts;
}

interface Row extends Cuttable {
  readonly cells: readonly string[];
}

/** A header that leaves no room becomes the first row. */
function withoutHeader(table: TableBlock): TableBlock {
  return { ...table, header: [""], rows: [table.header, ...table.rows] };
}

interface Cell extends Cuttable {
  readonly column: number;
}

/** Tables of some of its columns, each with its labels; a short first cell says in each which row it is. */
function splitRow(table: TableBlock, row: readonly string[], max: number): readonly TableBlock[] {
  const labelOf = (column: number): string => table.header[column] ?? "";
  const sizeOf = (column: number, text: string): number =>
    countTokens(labelOf(column)) + countTokens(text) + CELL_MARKS;
  const [name = "", ...others] = row;
  const isNamed = others.length > 0 && sizeOf(0, name) <= max * REPEATED_SHARE;
  const room = isNamed ? max - sizeOf(0, name) : max;
  const cells = row.map((text, column): readonly Cell[] => {
    const pieces = sizeOf(column, text) <= room ? [text] : splitText(text, room - sizeOf(column, ""));
    return pieces.map((piece) => ({ column, text: piece, size: sizeOf(column, piece) }));
  });
  return cutAroundSplits(isNamed ? cells.slice(1) : cells, evenLimits(room)).map((part) => {
    const columns = isNamed ? [{ column: 0, text: name }, ...part] : part;
    return {
      ...table,
      header: columns.map(({ column }) => labelOf(column)),
      rows: [columns.map(({ text }) => text)],
    };
  });
}
