import type { Passage } from "../../src/ports/knowledge.js";
import type { DocumentKind } from "../../src/ports/models.js";

/** What every search statement returns of a passage. */
export interface PassageRow {
  chunk_id: string;
  document_id: string;
  version_id: string;
  source_id: string;
  external_id: string;
  kind: DocumentKind;
  title: string;
  heading_path: string[];
  body: string;
  url: string | null;
  updated_at: Date | null;
}

/** The columns of {@link PassageRow}, from {@link PASSAGE_TABLES}. */
export const PASSAGE_COLUMNS = `
  chunk.id::text as chunk_id, chunk.document_id::text as document_id, chunk.version_id::text as version_id,
  document.source_id::text as source_id, document.external_id, version.kind, version.title,
  chunk.heading_path, chunk.body, version.url, version.updated_at`;

/** Joins onto a relation called `found`; `$1` is the tenant and `$2` the audience. Checks again who may read what is current. */
export const PASSAGE_TABLES = `
  join chunk on chunk.id = found.chunk_id and chunk.tenant_id = $1 and chunk.is_current and chunk.acl && $2::text[]
  join document on document.id = chunk.document_id and document.tenant_id = $1
  join document_version as version on version.id = chunk.version_id and version.tenant_id = $1`;

/** A passage before it has a score. */
export function toPassage(row: PassageRow): Omit<Passage, "scores"> {
  return {
    chunkId: row.chunk_id,
    documentId: row.document_id,
    versionId: row.version_id,
    sourceId: row.source_id,
    externalId: row.external_id,
    kind: row.kind,
    title: row.title,
    headingPath: row.heading_path,
    text: row.body,
    url: row.url,
    updatedAt: row.updated_at?.toISOString() ?? null,
  };
}
