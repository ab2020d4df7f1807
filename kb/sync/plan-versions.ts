import type { NewId } from "../../src/ports/ids.js";
import { chunkDocument } from "../chunking/chunk-document.js";
import { blocksToMarkdown } from "../parsing/blocks-to-markdown.js";
import type { ParsedDocument } from "../parsing/parsed-document.js";
import type { IndexableChunk } from "../search/chunk-indexer-port.js";
import type { StoredChunk } from "./chunk-store.js";
import { documentHash } from "./document-hash.js";
import type { KnownDocument, NewVersion } from "./document-store.js";

/** A version to be swapped in, and what it takes the place of. */
export interface PlannedVersion {
  readonly next: NewVersion;
  readonly previousVersionId: string | null;
}

/** Null when the document is the same as what is known of it. */
export function planVersion(
  document: ParsedDocument,
  sourceAcl: readonly string[],
  known: KnownDocument | undefined,
  newId: NewId,
): PlannedVersion | null {
  const acl = document.acl ?? sourceAcl;
  const hash = documentHash(document, acl);
  if (known?.currentVersionId != null && known.hash === hash) return null;
  const next: NewVersion = {
    documentId: known?.documentId ?? newId(),
    isNewDocument: known === undefined,
    versionId: newId(),
    number: (known?.lastNumber ?? 0) + 1,
    hash,
    document,
    body: blocksToMarkdown(document.blocks),
    acl,
    chunks: chunkDocument(document).map((chunk) => ({ ...chunk, chunkId: newId() })),
  };
  return { next, previousVersionId: known?.currentVersionId ?? null };
}

/** The new chunks as the index takes them; one that says the same as an embedded one of before points to that. */
export function toIndexable(
  plans: readonly PlannedVersion[],
  previous: readonly StoredChunk[],
): readonly IndexableChunk[] {
  const embedded = previous.filter((chunk) => chunk.isEmbedded);
  const byContent = new Map(embedded.map((chunk) => [contentKey(chunk.versionId, chunk), chunk.chunkId]));
  return plans.flatMap(({ next, previousVersionId }) =>
    next.chunks.map((chunk): IndexableChunk => {
      const { title, kind } = next.document;
      const { chunkId, headingPath, variants, body } = chunk;
      const content = { title, kind, headingPath, variants, body };
      const sameAs =
        previousVersionId === null ? null : (byContent.get(contentKey(previousVersionId, content)) ?? null);
      return { chunkId, ...content, sameAs };
    }),
  );
}

function contentKey(versionId: string, content: Omit<IndexableChunk, "chunkId" | "sameAs">): string {
  const { title, kind, headingPath, variants, body } = content;
  return JSON.stringify([versionId, title, kind, headingPath, variants, body]);
}
