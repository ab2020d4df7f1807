import { CsvError, parse as parseCsv } from "csv-parse/sync";
import { cleanText } from "./decode-text.js";
import { readMetadata } from "./front-matter.js";
import type { DocumentMetadata } from "./front-matter.js";
import { ParseError } from "./parse-error.js";
import { readYaml } from "./read-yaml.js";

export interface FaqEntry {
  /** Counted from 1 in its file. */
  readonly number: number;
  readonly question: string;
  /** Markdown. */
  readonly answer: string;
  readonly variants: readonly string[];
  readonly metadata: DocumentMetadata;
}

const SHAPE = "An FAQ is a list of entries with question and answer, optionally variants, audience, updated and url.";

/** @throws {ParseError} naming the entry or the line. */
export function parseJsonFaq(text: string): readonly FaqEntry[] {
  try {
    return readEntries(JSON.parse(text), () => null);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ParseError("bad-syntax", `The file is not JSON. ${SHAPE}`, { cause: error });
  }
}

/** @throws {ParseError} naming the line. */
export function parseYamlFaq(text: string): readonly FaqEntry[] {
  const options = { what: "The file", code: "bad-syntax", linesBefore: 0, maxAliasCount: 100 };
  const { value, entryLines } = readYaml(text, options);
  return readEntries(value, (name, index) => entryLines(name)[index] ?? null);
}

/** One entry for each line of a file in JSON lines. @throws {ParseError} naming the line. */
export function parseJsonLines(text: string): readonly unknown[] {
  return text.split("\n").flatMap((line, index): unknown[] => {
    if (line.trim() === "") return [];
    try {
      return [JSON.parse(line)];
    } catch (error) {
      throw new ParseError("bad-syntax", `Line ${index + 1} is not JSON. Write one object on each line.`, {
        cause: error,
      });
    }
  });
}

/** @param lineOf the line on which an entry of the list of that name begins, where it is known */
function readEntries(
  value: unknown,
  lineOf: (name: string | null, index: number) => number | null,
): readonly FaqEntry[] {
  const { name, entries } = entryList(value);
  return entries.map((entry, index) => {
    try {
      return readFaqEntry(entry, index + 1);
    } catch (error) {
      const line = error instanceof ParseError ? lineOf(name, index) : null;
      if (!(error instanceof ParseError) || line === null) throw error;
      throw new ParseError(error.code, `Line ${line}: ${error.message}`, { cause: error });
    }
  });
}

const LIST_NAMES = ["faq", "faqs", "questions", "items", "entries"];

/** The list itself, or an object that holds it under a usual name. */
function entryList(value: unknown): { readonly name: string | null; readonly entries: readonly unknown[] } {
  if (Array.isArray(value)) return { name: null, entries: value };
  const fields =
    typeof value === "object" && value !== null
      ? new Map<string, unknown>(Object.entries(value))
      : new Map<string, unknown>();
  for (const name of LIST_NAMES) {
    const entries = fields.get(name);
    if (Array.isArray(entries)) return { name, entries };
  }
  throw new ParseError("not-an-faq", `The file holds no list of questions. ${SHAPE}`);
}

/** @throws {ParseError} when the entry has no question or no answer. */
export function readFaqEntry(value: unknown, number: number): FaqEntry {
  const fields = new Map<string, unknown>(
    typeof value === "object" && value !== null
      ? Object.entries(value).map(([name, field]) => [name.toLowerCase(), field])
      : [],
  );
  const question = textOf(fields.get("question")).replace(/\s+/gu, " ");
  const answer = textOf(fields.get("answer"));
  if (question === "" || answer === "") {
    const missing = question === "" ? "question" : "answer";
    throw new ParseError("incomplete-entry", `Entry ${number} has no ${missing}. ${SHAPE}`);
  }
  return { number, question, answer, variants: readVariants(fields.get("variants")), metadata: readMetadata(value) };
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? cleanText(String(value)).trim()
    : "";
}

/** Other wordings of a question: a list, or one text with `|` or a line end between them. Empty for anything else. */
export function readVariants(value: unknown): readonly string[] {
  const parts: unknown[] = Array.isArray(value) ? value : typeof value === "string" ? value.split(/[|\n]/u) : [];
  return parts.map((part) => textOf(part).replace(/\s+/gu, " ")).filter((part) => part !== "");
}

const COLUMN_ALIASES: Readonly<Record<string, string>> = { q: "question", a: "answer", alternatives: "variants" };

/** @throws {ParseError} with the line for bad quoting or a wrong number of columns. */
export function parseCsvFaq(text: string): readonly FaqEntry[] {
  const rows = readCsv(text);
  const [names, ...entries] = rows;
  const columns = (names ?? []).map((name) => columnName(name));
  if (!columns.includes("question") || !columns.includes("answer")) {
    throw new ParseError("not-an-faq", "The first line does not name the columns question and answer. Add them there.");
  }
  return entries.map((row, index) => {
    const fields = columns.flatMap((column, position): [string, string][] => {
      const value = row[position] ?? "";
      return value === "" ? [] : [[column, value]];
    });
    return readFaqEntry(Object.fromEntries(fields), index + 1);
  });
}

function columnName(name: string): string {
  const column = name.trim().toLowerCase();
  return Object.hasOwn(COLUMN_ALIASES, column) ? (COLUMN_ALIASES[column] ?? column) : column;
}

function readCsv(text: string): string[][] {
  try {
    return parseCsv(text, {
      delimiter: delimiterOf(text),
      skip_empty_lines: true,
      trim: true,
      max_record_size: 1_000_000,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = "lines" in error && typeof error.lines === "number" ? ` near line ${error.lines}` : "";
    const message = `The CSV is broken${line} (${csvProblem(error.code)}). Export the file again with quoted texts.`;
    throw new ParseError("bad-syntax", message, { cause: error });
  }
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
