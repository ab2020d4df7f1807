import type { DocumentMetadata } from "./front-matter.js";
import { pageOf, questionOf } from "./page-document.js";
import { ParseError } from "./parse-error.js";
import type { ContentBlock, ParseRemark, ParsedDocument } from "./parsed-document.js";
import { readSheet } from "./sheet.js";
import type { SheetContent, SheetRow } from "./sheet.js";

interface NamedRows {
  /** Empty for a file that is one sheet. */
  readonly name: string;
  readonly rows: readonly SheetRow[];
}

/** One document for each question of the sheets that are FAQs, and one page with all other sheets as tables. */
export function sheetDocuments(
  externalId: string,
  sheets: readonly NamedRows[],
  metadata: DocumentMetadata,
  remarks: readonly ParseRemark[],
): readonly ParsedDocument[] {
  const read = sheets.map(({ name, rows }) => ({ name, content: readNamed(name, rows) }));
  const all = [...remarks, ...read.flatMap(({ content }) => content.remarks)];
  const questions = read.flatMap(({ name, content }) =>
    content.kind === "faq"
      ? content.entries.map((entry) =>
          questionOf(`${externalId}#${name === "" ? "" : `${name}!`}${entry.number}`, entry),
        )
      : [],
  );
  const blocks = read.flatMap(({ name, content }) => tableBlocks(name, content, read.length > 1));
  const pages = blocks.length === 0 ? [] : [pageOf(externalId, metadata, null, { blocks, links: [], remarks: all })];
  // What is to be said of the file is said once, with its first document.
  const [first, ...rest] = questions;
  const told = first === undefined || pages.length > 0 ? questions : [{ ...first, remarks: all }, ...rest];
  return [...pages, ...told];
}

/** @throws {ParseError} that also names the sheet, where there are several */
function readNamed(name: string, rows: readonly SheetRow[]): SheetContent {
  try {
    return readSheet(rows);
  } catch (error) {
    if (!(error instanceof ParseError) || name === "") throw error;
    throw new ParseError(error.code, `Sheet ${name}: ${error.message}`, { cause: error });
  }
}

function tableBlocks(name: string, content: SheetContent, isOneOfSeveral: boolean): readonly ContentBlock[] {
  if (content.kind === "faq" || content.header.length === 0) return [];
  const { header, rows } = content;
  const heading: readonly ContentBlock[] =
    isOneOfSeveral && name !== "" ? [{ kind: "heading", depth: 2, text: name }] : [];
  // A single column is a list of texts.
  const table: readonly ContentBlock[] =
    header.length > 1
      ? [{ kind: "table", header, rows }]
      : [header, ...rows].map((row) => ({ kind: "paragraph", text: row[0] ?? "" }));
  return [
    ...heading,
    ...table.filter((block) => block.kind === "table" || (block.kind === "paragraph" && block.text !== "")),
  ];
}
