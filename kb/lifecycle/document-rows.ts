import type { Queryable } from "../../src/ports/database.js";
import { NotFoundError } from "../../src/ports/errors.js";
import type { TenantId } from "../../src/ports/ids.js";
import { DOCUMENTS_LISTED, type DocumentSummary, type LibraryReader } from "../../src/ports/document-library.js";

interface DocumentRow {
  readonly id: string;
  readonly external_id: string;
  readonly title: string;
  readonly number: number;
  readonly created_at: Date;
  readonly updated_at: Date | null;
  readonly edited_by: string | null;
  readonly valid_until: Date | null;
  readonly is_expired: boolean;
  readonly is_current: boolean;
  readonly is_kept: boolean;
}

// The version that is current, or the last one. What nobody but its own readers may know is left out here.
const VISIBLE = `
    from document
    join lateral (select * from document_version as version
                   where version.tenant_id = $1 and version.document_id = document.id
                   order by (version.id is not distinct from document.current_version_id) desc, version.number desc
                   limit 1) as shown on true
   where document.tenant_id = $1 and document.source_id = $2::uuid
     and ($3::text[] is null or exists (select from chunk where chunk.tenant_id = $1 and chunk.version_id = shown.id
                                                            and chunk.acl && $3::text[]))`;

const COLUMNS = `document.id, document.external_id, shown.title, shown.number, shown.created_at, shown.updated_at,
         shown.edited_by, shown.valid_until, document.current_version_id is not null as is_current,
         document.kept_at is not null as is_kept,
         coalesce(shown.valid_until <= clock_timestamp(), false) as is_expired`;

// Of a file of which every row is a document, those that it became when it was last read.
const OF_FILE = `
     and ($4::text is null
          or document.external_id = any(select unnest(item.documents) from source_item as item
                                         where item.tenant_id = $1 and item.source_id = $2::uuid
                                           and item.external_id = $4))`;

const LIST = `
  select ${COLUMNS} ${VISIBLE} ${OF_FILE}
   order by document.external_id
   limit ${DOCUMENTS_LISTED}`;

const COUNT = `select count(*)::int as total ${VISIBLE} ${OF_FILE}`;

const ONE = `
  select ${COLUMNS}, shown.url, shown.body ${VISIBLE}
     and document.external_id = $4`;

type Listed = Omit<DocumentSummary, "lastError">;

/** @param file lists only the documents of this file; null: all */
export async function listDocuments(
  transaction: Queryable,
  { tenantId, audience }: LibraryReader,
  sourceId: string,
  file: string | null,
): Promise<{ readonly documents: readonly Listed[]; readonly total: number }> {
  const { rows } = await transaction.query<DocumentRow>(LIST, [tenantId, sourceId, audience, file]);
  const { rows: counted } = await transaction.query<{ total: number }>(COUNT, [tenantId, sourceId, audience, file]);
  return { documents: rows.map(toSummary), total: counted[0]?.total ?? 0 };
}

export interface FoundDocument extends Listed {
  readonly documentId: string;
  readonly url: string | null;
  readonly body: string;
}

/** Null when there is none, or the reader may not know of it. */
export async function findDocument(
  transaction: Queryable,
  { tenantId, audience }: LibraryReader,
  sourceId: string,
  externalId: string,
): Promise<FoundDocument | null> {
  const { rows } = await transaction.query<DocumentRow & { readonly url: string | null; readonly body: string }>(ONE, [
    tenantId,
    sourceId,
    audience,
    externalId,
  ]);
  const [row] = rows;
  return row === undefined ? null : { ...toSummary(row), documentId: row.id, url: row.url, body: row.body };
}

/** It is answered from before the instant that is stored; the last day on which it holds is the one before that. */
export function lastMoment(validUntil: Date): Date {
  return new Date(validUntil.getTime() - 1);
}

function stateOf({ is_current: isCurrent, is_expired: isExpired, is_kept: isKept }: DocumentRow): Listed["state"] {
  if (!isCurrent) return "removed";
  if (isExpired) return "expired";
  return isKept ? "kept" : "current";
}

function toSummary(row: DocumentRow): Listed {
  return {
    externalId: row.external_id,
    title: row.title,
    state: stateOf(row),
    version: row.number,
    changedAt: row.created_at.toISOString(),
    updatedAt: row.updated_at?.toISOString() ?? null,
    editedBy: row.edited_by,
    validUntil: row.valid_until === null ? null : lastMoment(row.valid_until).toISOString(),
  };
}

export interface StoredVersion {
  readonly versionId: string;
  readonly number: number;
  readonly title: string;
  readonly createdAt: string;
  readonly editedBy: string | null;
  readonly isCurrent: boolean;
}

interface VersionRow {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly created_at: Date;
  readonly edited_by: string | null;
  readonly is_current: boolean;
}

// A text of before may have been open to others than the one of today: each is shown to its own readers.
const VERSIONS = `
  select version.id, version.number, version.title, version.created_at, version.edited_by,
         version.id is not distinct from document.current_version_id as is_current
    from document_version as version
    join document on document.id = version.document_id and document.tenant_id = $1
   where version.tenant_id = $1 and version.document_id = $2::uuid
     and ($3::text[] is null or exists (select from chunk where chunk.tenant_id = $1 and chunk.version_id = version.id
                                                            and chunk.acl && $3::text[]))
   order by version.number desc`;

/** The newest first. */
export async function readVersions(
  transaction: Queryable,
  { tenantId, audience }: LibraryReader,
  documentId: string,
): Promise<readonly StoredVersion[]> {
  const { rows } = await transaction.query<VersionRow>(VERSIONS, [tenantId, documentId, audience]);
  return rows.map((row) => ({
    versionId: row.id,
    number: row.number,
    title: row.title,
    createdAt: row.created_at.toISOString(),
    editedBy: row.edited_by,
    isCurrent: row.is_current,
  }));
}

const BODY = `
  select body from document_version where tenant_id = $1 and id = $2::uuid`;

/** @throws {NotFoundError} when it went with its document meanwhile */
export async function readBody(transaction: Queryable, tenantId: TenantId, versionId: string): Promise<string> {
  const { rows } = await transaction.query<{ body: string }>(BODY, [tenantId, versionId]);
  const [row] = rows;
  if (row === undefined) throw new NotFoundError("That version is no longer there.");
  return row.body;
}
