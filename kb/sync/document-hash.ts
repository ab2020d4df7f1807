import { createHash } from "node:crypto";
import type { Chunker } from "../chunking/chunk-document.js";
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
