import type { Queryable, StatementOptions } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { Passage } from "../../src/ports/knowledge.js";
import type { DocumentKind } from "../../src/ports/models.js";
import { IN_FORCE } from "./in-force.js";

interface PassageRow {
  chunk_id: string;
  document_id: string;
  version_id: string;
  source_id: string;
  external_id: string;
  kind: DocumentKind;
  title: string;
  heading_path: string[];
  page: number | null;
  body: string;
  variants: string[];
  url: string | null;
  updated_at: Date | null;
}

/** A passage before it has a score. */
export type PassageText = Omit<Passage, "scores">;

// Asks again who may read what is current and in force, now of the chunk and its version themselves, and leaves out what is
// being taken out of the index. `lateral` and `offset 0` make it a look-up of each chunk's document, source and version,
// planned so with and without statistics.
const READ_PASSAGES = `
  select chunk.id::text as chunk_id, chunk.document_id::text as document_id, chunk.version_id::text as version_id,
         document.source_id::text as source_id, document.external_id, version.kind, version.title,
         chunk.heading_path, chunk.page, chunk.body, chunk.variants, version.url, version.updated_at
    from chunk
    cross join lateral (
      select source_id, external_id from document where id = chunk.document_id and tenant_id = $1 offset 0
    ) as document
    cross join lateral (
      select from source
       where id = document.source_id and tenant_id = $1 and removed_at is null and stepped_aside_at is null
      offset 0
    ) as present
    cross join lateral (
      select kind, title, url, updated_at
        from document_version where id = chunk.version_id and tenant_id = $1 and ${IN_FORCE} offset 0
    ) as version
   where chunk.tenant_id = $1 and chunk.id = any($3::uuid[]) and chunk.is_current and chunk.acl && $2::text[]`;

/**
 * Reads passages by chunk. One that may not be read, or is no longer current, is left out.
 * @param options whether it is prepared: in a transaction that looks up
 */
export async function readPassages(
  transaction: Queryable,
  tenantId: TenantId,
  audience: readonly string[],
  chunkIds: readonly string[],
  options: StatementOptions = {},
): Promise<ReadonlyMap<string, PassageText>> {
  if (chunkIds.length === 0) return new Map();
  const { rows } = await transaction.query<PassageRow>(READ_PASSAGES, [tenantId, audience, chunkIds], options);
  return new Map(rows.map((row) => [row.chunk_id, toPassage(row)]));
}

function toPassage(row: PassageRow): PassageText {
  return {
    chunkId: row.chunk_id,
    documentId: row.document_id,
    versionId: row.version_id,
    sourceId: row.source_id,
    externalId: row.external_id,
    kind: row.kind,
    title: row.title,
    headingPath: row.heading_path,
    ...(row.page === null ? {} : { page: row.page }),
    text: row.body,
    variants: row.variants,
    url: row.url,
    updatedAt: row.updated_at?.toISOString() ?? null,
  };
}
