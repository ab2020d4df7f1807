import { cleanText } from "./decode-text.js";
import { UPDATED_FIELDS, fieldOfName, labelOf } from "./field-names.js";
import { readMetadata } from "./front-matter.js";
import type { DocumentMetadata } from "./front-matter.js";
import { FieldError, ParseError } from "./parse-error.js";
import { readYaml } from "./read-yaml.js";
import { toDay } from "./to-day.js";

export interface FaqEntry {
  /** Counted from 1 in its file. */
  readonly number: number;
  readonly question: string;
  /** Markdown. */
  readonly answer: string;
  readonly variants: readonly string[];
  readonly metadata: DocumentMetadata;
}

const SHAPE =
  "An FAQ is a list of entries with question and answer, and optionally variants, audience, language, valid_from, valid_until, category, url and updated.";

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

/** @throws {ParseError} when the entry has no question or no answer, or a date that is none. */
export function readFaqEntry(value: unknown, number: number): FaqEntry {
  const fields = namedFields(value);
  const question = textOf(fields.get("question")).replace(/\s+/gu, " ");
  const answer = textOf(fields.get("answer"));
  if (question === "" || answer === "") {
    const missing = question === "" ? "question" : "answer";
    throw new ParseError("incomplete-entry", `Entry ${number} has no ${missing}. ${SHAPE}`);
  }
  const metadata = entryMetadata(fields, number);
  return { number, question, answer, variants: readVariants(fields.get("variants")), metadata };
}

/** Under the names that are known; what is given under its own name comes before a translation of it. */
function namedFields(value: unknown): ReadonlyMap<string, unknown> {
  if (typeof value !== "object" || value === null) return new Map();
  const given = Object.entries(value).map(([name, field]): [string, unknown] => [name.toLowerCase(), field]);
  const translated = given.map(([name, field]): [string, unknown] => [fieldOfName(name), field]);
  return new Map([...translated, ...given]);
}

function entryMetadata(fields: ReadonlyMap<string, unknown>, number: number): DocumentMetadata {
  const value = Object.fromEntries(fields);
  try {
    const updated = UPDATED_FIELDS.map((name) => fields.get(name)).find((field) => field != null);
    const day = toDay(updated, UPDATED_FIELDS);
    const metadata = readMetadata(value);
    return metadata.updatedAt === null && day !== null ? { ...metadata, updatedAt: `${day}T00:00:00.000Z` } : metadata;
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    throw new ParseError(error.code, `Entry ${number}, ${labelOf(error.fields[0] ?? "")}: ${error.problem}`, {
      cause: error,
    });
  }
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
