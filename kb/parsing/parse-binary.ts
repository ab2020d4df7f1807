import { assertNever } from "../../src/ports/errors.js";
import { NO_METADATA, toDate } from "./front-matter.js";
import { openOffice, readProperties } from "./office/office-package.js";
import { parseDocx } from "./office/parse-docx.js";
import { parsePptx } from "./office/parse-pptx.js";
import { parseXlsx } from "./office/parse-xlsx.js";
import { pageOf } from "./page-document.js";
import type { ParsedDocument } from "./parsed-document.js";
import { parsePdf } from "./pdf/parse-pdf.js";
import { sheetDocuments } from "./sheet-documents.js";

/** How far from its start a PDF may begin: some programs write a line before it. */
const PDF_START = 1_024;

/** Reads a PDF or an office file. Which it is, its content tells: a wrong ending does no harm. */
export async function parseBinary(externalId: string, bytes: Uint8Array): Promise<readonly ParsedDocument[]> {
  const start = String.fromCharCode(...bytes.subarray(0, PDF_START));
  if (bytes.length === 0) return [];
  return start.includes("%PDF-") ? [await readPdf(externalId, bytes)] : readOffice(externalId, bytes);
}

async function readPdf(externalId: string, bytes: Uint8Array): Promise<ParsedDocument> {
  const { title, updatedAt, ...content } = await parsePdf(bytes);
  return pageOf(externalId, { ...NO_METADATA, updatedAt }, title, content);
}

function readOffice(externalId: string, bytes: Uint8Array): readonly ParsedDocument[] {
  const file = openOffice(bytes);
  const { title, changed } = readProperties(file);
  const metadata = { ...NO_METADATA, updatedAt: toDate(changed) };
  switch (file.kind) {
    case "docx":
      return [pageOf(externalId, metadata, title, parseDocx(file))];
    case "pptx":
      return [pageOf(externalId, metadata, title, parsePptx(file))];
    case "xlsx": {
      const { sheets, remarks } = parseXlsx(file);
      return sheetDocuments(externalId, sheets, { ...metadata, title }, remarks);
    }
    default:
      return assertNever(file.kind);
  }
}
