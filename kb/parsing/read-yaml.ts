import { LineCounter, isMap, isSeq, parseDocument, visit } from "yaml";
import type { Alias, Document } from "yaml";
import { ParseError } from "./parse-error.js";

export interface YamlOptions {
  /** What is read, to begin the message with: `The file`. */
  readonly what: string;
  readonly code: string;
  /** Lines of the file above the text. */
  readonly linesBefore: number;
  /** How often a text may be referred to: a few references to references would fill the memory. */
  readonly maxAliasCount: number;
}

/** A YAML text as values, and where in the file they stand. */
export interface YamlText {
  readonly value: unknown;
  /** The lines on which the entries of the list begin that is the text itself or that it holds under a name. */
  entryLines(name: string | null): readonly number[];
  /** The line of a field of the outermost mapping. */
  fieldLine(isField: (name: string) => boolean): number | null;
}

/** @throws {ParseError} that tells the line, what is wrong there and what to do. */
export function readYaml(text: string, options: YamlOptions): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: "error" });
  const lineAt = (offset: number): number => lines.linePos(offset).line + options.linesBefore;
  const [error] = document.errors;
  if (error !== undefined) {
    const line = lines.linePos(error.pos[0]).line;
    const hasTab = /^ *\t/u.test(text.split("\n")[line - 1] ?? "");
    const problem = problemOf(hasTab ? "TAB_AS_INDENT" : error.code, error.message);
    throw broken(options, line + options.linesBefore, problem, error);
  }
  return {
    value: toValue(document, options, lineAt),
    entryLines: (name) => {
      const { contents } = document;
      const list = name === null ? contents : isMap(contents) ? contents.get(name, true) : null;
      return isSeq(list) ? list.items.map((item) => lineAt(startOf(item))) : [];
    },
    fieldLine: (isField) => {
      const { contents } = document;
      const keys = isMap(contents) ? contents.items.map((pair) => pair.key) : [];
      const key = keys.find((candidate) => isField(String(candidate)));
      return key === undefined ? null : lineAt(startOf(key));
    },
  };
}

/** YAML has no value for a reference to nothing or for too many of them. */
function toValue(document: Document, options: YamlOptions, lineAt: (offset: number) => number): unknown {
  try {
    return document.toJS({ maxAliasCount: options.maxAliasCount }) as unknown;
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const missing = aliasToNothing(document);
    const line = missing === null ? null : lineAt(startOf(missing));
    const problem = missing === null ? "it refers to its own parts too often. Write them out." : ASTERISK;
    throw broken(options, line, problem, error);
  }
}

function aliasToNothing(document: Document): Alias | null {
  const found: Alias[] = [];
  const note = (alias: Alias): void => {
    if (alias.resolve(document) === undefined) found.push(alias);
  };
  visit(document, { Alias: (_, alias) => note(alias) });
  return found[0] ?? null;
}

function startOf(node: unknown): number {
  const hasRange = typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range);
  const start: unknown = hasRange ? (node.range as readonly unknown[])[0] : 0;
  return typeof start === "number" ? start : 0;
}

function broken({ what, code }: YamlOptions, line: number | null, problem: string, cause: unknown): ParseError {
  const place = line === null ? "" : ` (line ${line})`;
  return new ParseError(code, `${what} is not YAML${place}: ${problem}`, { cause });
}

const ASTERISK = "a text begins with an asterisk. Put the text in quotes.";

/** The library's own messages may quote the file, and tell what a parser met, not what to do. */
function problemOf(code: string, message: string): string {
  switch (code) {
    case "DUPLICATE_KEY":
      return "the same field stands there twice. Keep one of the two.";
    case "TAB_AS_INDENT":
      return "a tab at the beginning of the line. Indent with spaces.";
    case "MULTIPLE_DOCS":
      return "a line of three hyphens begins another list. Take it out.";
    case "BAD_SCALAR_START":
      return "a text begins with a sign that YAML keeps for itself. Put the text in quotes.";
    case "BLOCK_AS_IMPLICIT_KEY":
      return "a text holds a colon, or the next line is indented too far. Put the text in quotes, or align the line.";
    case "MULTILINE_IMPLICIT_KEY":
      return "a field has no colon after its name. Add it, or put a text of several lines in quotes.";
    case "BAD_INDENT":
      return "a line that is not aligned, or a bracket that is not closed. Align it, or close it.";
    case "UNEXPECTED_TOKEN":
      return "a text goes on after its end, or a line is not aligned. Put the whole text in quotes, or align the line.";
    case "MISSING_CHAR":
      return message.startsWith("Missing closing")
        ? "a quote above is never closed. Close it."
        : "a line is neither a field with a colon nor an entry with a hyphen. Align it, or put its text in quotes.";
    default:
      return "it cannot be read. Put texts with a colon or a hash sign in quotes.";
  }
}
