import type { Line, Segment } from "./page-lines.js";

/** A table that was recognised by its columns. */
export interface FoundTable {
  readonly rows: readonly (readonly string[])[];
  /** Where its columns begin, to know it again on the next page. */
  readonly lefts: readonly number[];
  /** How many lines it takes. */
  readonly length: number;
}

interface Column {
  left: number;
  right: number;
}

const BARE_MARKER = /^(?:[•●○◦▪▫■□‣⁃∙·\-–—*]|\d{1,3}[.)]|[a-z][.)])$/u;

/** In parts of the size: lines that stand further apart are not of one table. */
const MAX_ROW_GAP = 3.5;

/** The table that begins with the first of these lines, or null. */
export function tableAt(lines: readonly Line[], from: number): FoundTable | null {
  const first = lines[from];
  if (first === undefined || !hasCells(first)) return null;
  const found: Line[] = [];
  let columns: Column[] = [];
  for (let index = from; index < lines.length; index += 1) {
    const line = lines[index];
    const above = found.at(-1);
    if (line === undefined || (above !== undefined && !standsBelow(line, above))) break;
    const next = hasCells(line) ? withCells(columns, line.segments) : isCellOf(columns, line) ? columns : null;
    if (next === null) break;
    columns = next;
    found.push(line);
  }
  while (found.length > 0 && !hasCells(found.at(-1) ?? first) && !isCloseBelow(found)) found.pop();
  const full = found.filter(hasCells).length;
  if (columns.length < 2 || full < (columns.length === 2 ? 3 : 2)) return null;
  const rows = toRows(found, columns);
  return rows.length < 2 ? null : { rows, lefts: columns.map((column) => column.left), length: found.length };
}

/** A bullet or a number with its text behind a gap is an entry of a list. */
function hasCells(line: Line): boolean {
  return line.segments.length >= 2 && !line.segments.some((segment) => BARE_MARKER.test(segment.text));
}

function standsBelow(line: Line, above: Line): boolean {
  const gap = line.baseline - above.baseline;
  return line.page === above.page && line.region === above.region && gap > 0 && gap < MAX_ROW_GAP * above.size;
}

function isCloseBelow(found: readonly Line[]): boolean {
  const [above, last] = found.slice(-2);
  return above !== undefined && last !== undefined && last.baseline - above.baseline < 1.6 * last.size;
}

/** The columns with this line's cells in them; null when they would run together. */
function withCells(columns: readonly Column[], segments: readonly Segment[]): Column[] | null {
  const all = [...columns, ...segments.map(({ left, right }) => ({ left, right }))];
  const merged: Column[] = [];
  for (const column of all.sort((one, other) => one.left - other.left)) {
    const last = merged.at(-1);
    if (last !== undefined && column.left < last.right) last.right = Math.max(last.right, column.right);
    else merged.push({ ...column });
  }
  return merged.length < 2 || merged.length < columns.length ? null : merged;
}

function isCellOf(columns: readonly Column[], line: Line): boolean {
  const touched = columns.filter((column) => line.left < column.right && line.right > column.left);
  return touched.length === 1 && line.left >= (touched[0]?.left ?? 0) - 3;
}

/** Lines that stand closer than rows do are the second line of a cell. */
function toRows(lines: readonly Line[], columns: readonly Column[]): string[][] {
  const gaps = lines.slice(1).map((line, index) => line.baseline - (lines[index]?.baseline ?? 0));
  const smallest = Math.min(...gaps);
  const largest = Math.max(...gaps);
  const limit = largest > smallest * 1.25 ? (smallest + largest) / 2 : 0;
  const rows: string[][] = [];
  for (const [index, line] of lines.entries()) {
    const cells = columns.map((column) => textIn(column, line.segments));
    const last = rows.at(-1);
    const isMore =
      index > 0 &&
      ((gaps[index - 1] ?? 0) < limit || (cells[0] === "" && cells.some((cell) => cell === "") && !hasCells(line)));
    if (last !== undefined && isMore) {
      cells.forEach((cell, position) => (last[position] = `${last[position] ?? ""} ${cell}`.trim()));
    } else rows.push(cells);
  }
  return rows;
}

function textIn(column: Column, segments: readonly Segment[]): string {
  return segments
    .filter((segment) => segment.left < column.right && segment.right > column.left)
    .map((segment) => segment.text)
    .join(" ");
}
