import type { Database } from "../../src/ports/database.js";
import { NotFoundError } from "../../src/ports/errors.js";
import type { KnowledgeReader, OpenedPassage } from "../../src/ports/knowledge.js";
import type { DocumentKind } from "../../src/ports/models.js";

interface PassageRow {
  readonly chunk_id: string;
  readonly heading_path: string[];
  readonly body: string;
  readonly is_cited: boolean;
  readonly title: string;
  readonly kind: DocumentKind;
  readonly url: string | null;
  readonly updated_at: Date | null;
  readonly external_id: string;
  readonly is_current: boolean;
}

// Permissions are those of today: both the version that was cited and the document's current version must be open to the
// asker, so that a document that was closed does not stay open through old citations. Of a document that is gone, its
// newest version says who could read it last.
const OPEN_PASSAGE = `
  select chunk.id as chunk_id, chunk.heading_path, chunk.body, chunk.id = cited.id as is_cited, version.title,
         version.kind, version.url, version.updated_at, document.external_id,
         document.current_version_id is not distinct from version.id as is_current
    from chunk as cited
    join document_version as version on version.id = cited.version_id and version.tenant_id = $1
    join document on document.id = version.document_id and document.tenant_id = $1
    join chunk on chunk.version_id = version.id and chunk.tenant_id = $1
   where cited.tenant_id = $1 and cited.id = $2::uuid and cited.acl && $3::text[] and chunk.acl && $3::text[]
     and exists (select from chunk as today
                  where today.tenant_id = $1 and today.acl && $3::text[]
                    and today.version_id = coalesce(document.current_version_id,
                          (select newest.id from document_version as newest
                            where newest.tenant_id = $1 and newest.document_id = document.id
                            order by newest.number desc
                            limit 1)))
   order by chunk.ord`;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

/** Opens cited passages, also of versions that are no longer current. See {@link KnowledgeReader}. */
export function createKnowledgeReader(database: Database): KnowledgeReader {
  return {
    async openPassage(tenantId, audience, chunkId) {
      if (!UUID.test(chunkId)) throw notFound(chunkId);
      const { rows } = await database.withTenant(tenantId, (transaction) =>
        transaction.query<PassageRow>(OPEN_PASSAGE, [tenantId, chunkId, audience]),
      );
      return toPassage(chunkId, rows);
    },
  };
}

function toPassage(chunkId: string, rows: readonly PassageRow[]): OpenedPassage {
  const cited = rows.find((row) => row.is_cited);
  if (cited === undefined) throw notFound(chunkId);
  return {
    chunkId: cited.chunk_id,
    title: cited.title,
    headingPath: cited.heading_path,
    kind: cited.kind,
    url: cited.url,
    externalId: cited.external_id,
    updatedAt: cited.updated_at?.toISOString() ?? null,
    isCurrent: cited.is_current,
    chunks: rows.map((row) => ({
      chunkId: row.chunk_id,
      headingPath: row.heading_path,
      text: row.body,
      isCited: row.is_cited,
    })),
  };
}

function notFound(chunkId: string): NotFoundError {
  return new NotFoundError(`passage ${chunkId.slice(0, 64)}`);
}
