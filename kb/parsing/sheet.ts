import { cleanText } from "./decode-text.js";
import { fieldOfName, labelOf } from "./field-names.js";
import { ParseError } from "./parse-error.js";
import { readFaqEntry } from "./parse-faq.js";
import type { FaqEntry } from "./parse-faq.js";
import type { ParseRemark } from "./parsed-document.js";

/** A row as a spreadsheet counts it, the first being 1. */
export interface SheetRow {
  readonly number: number;
  readonly cells: readonly string[];
}

export type SheetContent =
  | { readonly kind: "faq"; readonly entries: readonly FaqEntry[]; readonly remarks: readonly ParseRemark[] }
  | {
      readonly kind: "table";
      readonly header: readonly string[];
      readonly rows: readonly (readonly string[])[];
      readonly remarks: readonly ParseRemark[];
    };

/** A title and a note may stand above the names of the columns. */
const HEADER_SEARCH = 10;

/**
 * A sheet whose columns are named question and answer, in one of the languages we know, is an FAQ; every other one is a
 * table with its first row as header.
 * @throws {ParseError} naming the row, and for a wrong date its column
 */
export function readSheet(all: readonly SheetRow[]): SheetContent {
  const rows = all.filter((row) => row.cells.some((cell) => cell.trim() !== ""));
  const at = rows.slice(0, HEADER_SEARCH).findIndex(isFaqHeader);
  if (at === -1) return toTable(rows);
  const columns = (rows[at]?.cells ?? []).map(fieldOfName);
  const entries = rows.slice(at + 1).map((row, index) => entryOf(row, columns, index + 1));
  const message = `What stands above the names of the columns (rows: ${at}) is left out. Put what matters into an answer.`;
  return { kind: "faq", entries, remarks: at === 0 ? [] : [{ code: "rows-above-header", message }] };
}

function isFaqHeader({ cells }: SheetRow): boolean {
  const fields = cells.map(fieldOfName);
  return fields.includes("question") && fields.includes("answer");
}

function entryOf({ number, cells }: SheetRow, columns: readonly string[], count: number): FaqEntry {
  const fields = columns.flatMap((column, position): [string, string][] => {
    const value = cells[position] ?? "";
    return value === "" || column === "" ? [] : [[column, value]];
  });
  try {
    return readFaqEntry(Object.fromEntries(fields), count);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new ParseError(error.code, inRow(error.message, number, count, columns), { cause: error });
  }
}

/** `Entry 3, valid until: …` becomes `Row 4, column C (valid until): …`: what a spreadsheet shows. */
function inRow(message: string, row: number, count: number, columns: readonly string[]): string {
  const match = new RegExp(`^Entry ${count}, ([^:]+): `, "u").exec(message);
  if (match === null) return `Row ${row}: ${message}`;
  const label = match[1] ?? "";
  const position = columns.findIndex((column) => labelOf(column) === label);
  const place = position === -1 ? label : `column ${columnName(position)} (${label})`;
  return `Row ${row}, ${place}: ${message.slice(match[0].length)}`;
}

/** A, B … Z, AA. */
export function columnName(position: number): string {
  const rest = Math.floor(position / 26);
  return (rest === 0 ? "" : columnName(rest - 1)) + String.fromCharCode(65 + (position % 26));
}

function toTable(rows: readonly SheetRow[]): SheetContent {
  const texts = rows.map((row) => row.cells.map((cell) => cleanText(cell).replace(/\s+/gu, " ").trim()));
  const used = texts.reduce<boolean[]>((seen, cells) => {
    cells.forEach((cell, position) => (seen[position] = (seen[position] ?? false) || cell !== ""));
    return seen;
  }, []);
  const kept = texts.map((cells) => used.flatMap((isUsed, position) => (isUsed ? [cells[position] ?? ""] : [])));
  const [header = [], ...body] = kept;
  // A column that is called A is no answer by that alone.
  const fields = header.filter((name) => name.length > 1).map(fieldOfName);
  const hasOne = fields.includes("question") || fields.includes("answer");
  const message = "One of the columns question and answer is missing: it is read as a table. Name both for an FAQ.";
  return { kind: "table", header, rows: body, remarks: hasOne ? [{ code: "not-an-faq", message }] : [] };
}
