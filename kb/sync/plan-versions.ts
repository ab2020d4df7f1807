import { CHUNKER } from "../chunking/chunk-document.js";
import type { Chunk, Chunker } from "../chunking/chunk-document.js";
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

/** What a version says, and how that is cut: the source's own text, or one that a person restored. */
export interface VersionText extends Pick<
  NewVersion,
  "kind" | "title" | "url" | "updatedAt" | "editedBy" | "lang" | "body" | "sourceTextHash"
> {
  readonly chunks: readonly Chunk[];
}

/**
 * Resolves with null when the document is the same as what is known of it.
 * @param readKept what stays in the place of the document's own text; null where nothing does
 */
export async function planVersion(
  document: ParsedDocument,
  origin: DocumentOrigin,
  known: KnownDocument | undefined,
  readKept: () => Promise<VersionText | null>,
  { newId, chunker = CHUNKER }: Pick<SyncContext, "newId" | "chunker">,
): Promise<PlannedVersion | null> {
  const acl = document.acl ?? origin.acl;
  const hash = documentHash(document, acl, origin, chunker);
  if (known?.currentVersionId != null && known.hash === hash) return null;
  const { externalId } = document;
  const { validFrom, validUntil } = versionFacts(document);
  const { chunks, ...text } = (await readKept()) ?? textOf(document, origin, chunker);
  const next: NewVersion = {
    documentId: known?.documentId ?? newId(),
    isNewDocument: known === undefined,
    versionId: newId(),
    number: (known?.lastNumber ?? 0) + 1,
    hash,
    ...{ externalId, acl, validFrom, validUntil },
    ...text,
    chunks: chunks.map((chunk) => ({ ...chunk, chunkId: newId() })),
  };
  return { next, previousVersionId: known?.currentVersionId ?? null };
}

function textOf(document: ParsedDocument, { editedBy }: DocumentOrigin, chunker: Chunker): VersionText {
  const { kind, title, url, updatedAt, blocks } = document;
  const { lang } = versionFacts(document);
  const body = blocksToMarkdown(blocks);
  return { kind, title, url, updatedAt, editedBy, lang, body, sourceTextHash: null, chunks: chunker.cut(document) };
}

/** The new chunks as the index takes them. */
export function toIndexable(plans: readonly PlannedVersion[]): readonly IndexableChunk[] {
  return plans.flatMap(({ next: { documentId, title, kind, chunks } }) =>
    chunks.map(({ chunkId, headingPath, variants, body }) => ({
      ...{ chunkId, documentId, title, kind, headingPath, variants, body },
    })),
  );
}
