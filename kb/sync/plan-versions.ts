import { CHUNKER } from "../chunking/chunk-document.js";
import { blocksToMarkdown } from "../parsing/blocks-to-markdown.js";
import type { ParsedDocument } from "../parsing/parsed-document.js";
import type { IndexableChunk } from "../search/chunk-indexer-port.js";
import { documentHash } from "./document-hash.js";
import type { KnownDocument, NewVersion } from "./document-store.js";
import type { SyncContext } from "./sync-context.js";
import { versionFacts } from "./version-facts.js";

/** A version to be swapped in, and what it takes the place of. */
export interface PlannedVersion {
  readonly next: NewVersion;
  readonly previousVersionId: string | null;
}

/** Of its source and of the place itself. */
export interface DocumentOrigin {
  readonly acl: readonly string[];
  readonly editedBy: string | null;
  readonly bytesHash: string | null;
}

/** Null when the document is the same as what is known of it. */
export function planVersion(
  document: ParsedDocument,
  origin: DocumentOrigin,
  known: KnownDocument | undefined,
  { newId, chunker = CHUNKER }: Pick<SyncContext, "newId" | "chunker">,
): PlannedVersion | null {
  const { editedBy } = origin;
  const acl = document.acl ?? origin.acl;
  const hash = documentHash(document, acl, origin, chunker);
  if (known?.currentVersionId != null && known.hash === hash) return null;
  const { externalId, kind, title, url, updatedAt } = document;
  const next: NewVersion = {
    documentId: known?.documentId ?? newId(),
    isNewDocument: known === undefined,
    versionId: newId(),
    number: (known?.lastNumber ?? 0) + 1,
    hash,
    ...{ externalId, kind, title, url, updatedAt, editedBy, acl },
    ...versionFacts(document),
    body: blocksToMarkdown(document.blocks),
    chunks: chunker.cut(document).map((chunk) => ({ ...chunk, chunkId: newId() })),
  };
  return { next, previousVersionId: known?.currentVersionId ?? null };
}

/** The new chunks as the index takes them. */
export function toIndexable(plans: readonly PlannedVersion[]): readonly IndexableChunk[] {
  return plans.flatMap(({ next: { documentId, title, kind, chunks } }) =>
    chunks.map(({ chunkId, headingPath, variants, body }) => ({
      ...{ chunkId, documentId, title, kind, headingPath, variants, body },
    })),
  );
}
