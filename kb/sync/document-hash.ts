import { createHash } from "node:crypto";
import type { Chunker } from "../chunking/chunk-document.js";
import { blocksToMarkdown } from "../parsing/blocks-to-markdown.js";
import { PARSER_VERSION } from "../parsing/parse-document.js";
import type { ParsedDocument } from "../parsing/parsed-document.js";
import type { FetchedItem } from "../sources/source.js";
import { versionFacts } from "./version-facts.js";

/** Same hash, same version: covers all that is shown or searched, who may read it, and how it is cut. */
export function documentHash(
  document: ParsedDocument,
  acl: readonly string[],
  { editedBy, bytesHash }: { readonly editedBy: string | null; readonly bytesHash: string | null },
  chunker: Chunker,
): string {
  const { kind, title, url, updatedAt, variants, isQuestionAndAnswer, blocks, links } = document;
  const { lang, validFrom, validUntil } = versionFacts(document);
  return sha256(
    JSON.stringify([
      chunker.version,
      kind,
      title,
      url,
      updatedAt,
      variants,
      isQuestionAndAnswer,
      [...acl].sort(),
      blocks,
      links,
      lang,
      validFrom,
      validUntil,
      editedBy,
      bytesHash,
    ]),
  );
}

/**
 * Same hash, same text: covers neither who may read it, nor how it is cut, nor what else is said about it. The database
 * computes the same of stored versions: {@link STORED_TEXT_HASH}.
 */
export function sourceTextHash({ title, variants, isQuestionAndAnswer, blocks }: ParsedDocument): string {
  const questions = isQuestionAndAnswer ? variants : [];
  return sha256([title, questions.join("\n"), blocksToMarkdown(blocks)].join("\n"));
}

/** The hash of the text of a row of `document_version` that is named `newest`. */
export const STORED_TEXT_HASH = `encode(sha256(convert_to(concat_ws(E'\\n', newest.title,
           coalesce((select array_to_string(chunk.variants, E'\\n') from chunk
                      where chunk.tenant_id = newest.tenant_id and chunk.version_id = newest.id
                      order by chunk.ord limit 1), ''),
           newest.body), 'UTF8')), 'hex')`;

/** Null for what is not a line of a corpus: a page may change in ways that are no change of its document. */
export function bytesHashOf({ mediaType, bytes }: FetchedItem): string | null {
  return mediaType === "application/vnd.deskhand.corpus-line+json" ? sha256(bytes) : null;
}

/** Same fingerprint: would be parsed into the same documents as before. */
export function itemFingerprint(item: FetchedItem, acl: readonly string[], chunker: Chunker): string {
  const { mediaType, facts = null } = item;
  return sha256(JSON.stringify([PARSER_VERSION, chunker.version, mediaType, facts, [...acl].sort()]), item.bytes);
}

/** All that decides, besides an item itself, what becomes of it. */
export function readingBasis(acl: readonly string[], chunker: Chunker): string {
  return sha256(JSON.stringify([PARSER_VERSION, chunker.version, [...acl].sort()])).slice(0, 16);
}

/** A revision is worth something only as long as all else is the same: it is stored with that. */
export function toStoredRevision(revision: string | null, basis: string): string | null {
  return revision === null ? null : `${basis} ${revision}`;
}

/** Null for a revision that was read on another basis. */
export function fromStoredRevision(stored: string | null, basis: string): string | null {
  return stored?.startsWith(`${basis} `) === true ? stored.slice(basis.length + 1) : null;
}

function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}
