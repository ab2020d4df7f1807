import { blocksToMarkdown } from "../../kb/parsing/blocks-to-markdown.js";
import { parseDocument } from "../../kb/parsing/parse-document.js";
import type { ParsedDocument } from "../../kb/parsing/parsed-document.js";
import type { MediaType } from "../../kb/sources/source.js";

export const PDF: MediaType = "application/pdf";
export const DOCX: MediaType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
export const PPTX: MediaType = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
export const XLSX: MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** The documents of a file that can be read. */
export async function documentsIn(
  bytes: Uint8Array,
  mediaType: MediaType,
  externalId = "manual/file.x",
): Promise<readonly ParsedDocument[]> {
  const outcome = await parseDocument({ externalId, mediaType, bytes });
  if (!outcome.ok) throw new Error(`${outcome.failure.code}: ${outcome.failure.message}`);
  return outcome.documents;
}

/** Titles and texts of all documents of a file. */
export async function textIn(bytes: Uint8Array, mediaType: MediaType): Promise<string> {
  const documents = await documentsIn(bytes, mediaType);
  return documents.map(({ title, blocks }) => `${title}\n${blocksToMarkdown(blocks)}`).join("\n");
}

/** The code and message of a file that cannot be read. */
export async function failureOf(bytes: Uint8Array, mediaType: MediaType): Promise<{ code: string; message: string }> {
  const outcome = await parseDocument({ externalId: "manual/file.x", mediaType, bytes });
  if (outcome.ok) throw new Error("it was read");
  return outcome.failure;
}
