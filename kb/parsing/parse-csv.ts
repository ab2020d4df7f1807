import { CsvError, parse } from "csv-parse/sync";
import { ParseError } from "./parse-error.js";
import type { SheetRow } from "./sheet.js";

/** @throws {ParseError} with the line for bad quoting or a wrong number of columns. */
export function parseCsv(text: string): readonly SheetRow[] {
  try {
    const delimiter = delimiterOf(text);
    const records = parse(text, {
      delimiter,
      skip_empty_lines: true,
      trim: true,
      max_record_size: 1_000_000,
      info: true,
    });
    return (records as unknown as readonly CsvRecord[]).map(({ record, info }) => ({
      number: info.records + info.empty_lines,
      cells: record,
    }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = "lines" in error && typeof error.lines === "number" ? ` near line ${error.lines}` : "";
    const message = `The CSV is broken${line} (${csvProblem(error.code)}). Export the file again with quoted texts.`;
    throw new ParseError("bad-syntax", message, { cause: error });
  }
}

/** What the library gives with `info`; its types leave that out. */
interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly records: number; readonly empty_lines: number };
}
/** The library's own messages quote the text of the file; ours do not. */
function csvProblem(code: string): string {
  switch (code) {
    case "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH":
    case "CSV_RECORD_INCONSISTENT_COLUMNS":
      return "another number of columns than in the first line";
    case "CSV_QUOTE_NOT_CLOSED":
      return "a quote that is never closed";
    case "CSV_MAX_RECORD_SIZE":
      return "a row that never ends, probably a quote that is not closed";
    default:
      return "a quote in a wrong place; write a quote inside a text twice";
  }
}

/** Spreadsheets write a comma, a semicolon or a tab, depending on their language: the first line tells. */
function delimiterOf(text: string): string {
  const header = text.slice(0, text.indexOf("\n") === -1 ? text.length : text.indexOf("\n"));
  const counts = [",", ";", "\t"].map((mark) => ({ mark, count: header.split(mark).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).mark;
}
