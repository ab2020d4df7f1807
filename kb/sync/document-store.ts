import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { DocumentKind } from "../../src/ports/models.js";
import type { Chunk } from "../chunking/chunk-document.js";
import type { VersionFacts } from "./version-facts.js";

/** What is stored of a document before a run looks at it. */
export interface KnownDocument {
  readonly documentId: string;
  readonly externalId: string;
  /** Null when it is gone at its source. */
  readonly currentVersionId: string | null;
  readonly hash: string | null;
  readonly lastNumber: number;
  /** Who could read its current version when that was written; null when that is not known. */
  readonly acl: readonly string[] | null;
  /** A person wants it kept, also when it is gone at its source. */
  readonly isKept: boolean;
  /** The text that a person restored, also while its source is away; null where nobody did. */
  readonly restored: RestoredVersion | null;
}

interface RestoredVersion {
  readonly versionId: string;
  /** Which text the source had then. */
  readonly sourceTextHash: string;
}

interface KnownRow {
  readonly id: string;
  readonly external_id: string;
  readonly current_version_id: string | null;
  readonly hash: string | null;
  readonly last_number: number;
  readonly acl: string[] | null;
  readonly is_kept: boolean;
  readonly restored_id: string | null;
  readonly source_text_hash: string | null;
}

const KNOWN_DOCUMENTS = `
  select document.id, document.external_id, document.current_version_id, version.hash, version.acl,
         document.kept_at is not null as is_kept,
         restored.id as restored_id, restored.source_text_hash,
         (select coalesce(max(number), 0) from document_version as any_version
           where any_version.document_id = document.id and any_version.tenant_id = $1)::int as last_number
    from document
    left join document_version as version on version.id = document.current_version_id and version.tenant_id = $1
    left join lateral (select id, source_text_hash from document_version as newest
                        where document.kept_at is not null and newest.tenant_id = $1
                          and newest.document_id = document.id
                        order by newest.number desc limit 1) as restored on true
   where document.tenant_id = $1 and document.source_id = $2::uuid`;

export async function readKnownDocuments(
  transaction: Queryable,
  tenantId: TenantId,
  sourceId: string,
): Promise<ReadonlyMap<string, KnownDocument>> {
  const { rows } = await transaction.query<KnownRow>(KNOWN_DOCUMENTS, [tenantId, sourceId]);
  return new Map(
    rows.map((row) => [
      row.external_id,
      {
        documentId: row.id,
        externalId: row.external_id,
        currentVersionId: row.current_version_id,
        hash: row.hash,
        lastNumber: row.last_number,
        acl: row.acl,
        isKept: row.is_kept,
        restored: toRestored(row),
      },
    ]),
  );
}

function toRestored({ restored_id: versionId, source_text_hash: sourceTextHash }: KnownRow): RestoredVersion | null {
  return versionId === null || sourceTextHash === null ? null : { versionId, sourceTextHash };
}

/** A chunk with the id under which it will be stored. */
interface NewChunk extends Chunk {
  readonly chunkId: string;
}

/** A new version of a document, ready to be swapped in. */
export interface NewVersion extends VersionFacts {
  readonly documentId: string;
  readonly externalId: string;
  readonly isNewDocument: boolean;
  readonly versionId: string;
  readonly number: number;
  readonly hash: string;
  readonly kind: DocumentKind;
  readonly title: string;
  readonly url: string | null;
  readonly updatedAt: string | null;
  readonly editedBy: string | null;
  readonly body: string;
  readonly acl: readonly string[];
  /** Of a text that a person restored, which stays; else null. */
  readonly sourceTextHash: string | null;
  readonly chunks: readonly NewChunk[];
}

const INSERT_DOCUMENTS = `
  insert into document (id, tenant_id, source_id, external_id)
    select new.id, $1, $2::uuid, new.external_id
      from unnest($3::uuid[], $4::text[]) as new (id, external_id)`;

const INSERT_VERSIONS = `
  insert into document_version
      (id, tenant_id, document_id, number, hash, kind, title, body, url, updated_at, lang, edited_by, valid_from,
       valid_until, acl, source_text_hash)
    select new.id, $1, new.document_id, new.number, new.hash, new.kind, new.title, new.body, new.url, new.updated_at,
           new.lang, new.edited_by, new.valid_from, new.valid_until,
           array(select jsonb_array_elements_text(new.acl)), new.source_text_hash
      from unnest($2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                  $10::timestamptz[], $11::text[], $12::text[], $13::timestamptz[], $14::timestamptz[], $15::jsonb[],
                  $16::text[])
           as new (id, document_id, number, hash, kind, title, body, url, updated_at, lang, edited_by, valid_from,
                   valid_until, acl, source_text_hash)`;

// Lists inside of a row travel as JSON: arrays of arrays would have to be of one length.
const INSERT_CHUNKS = `
  insert into chunk (id, tenant_id, document_id, version_id, ord, heading_path, body, variants, acl, is_current, page)
    select new.id, $1, new.document_id, new.version_id, new.ord,
           array(select jsonb_array_elements_text(new.heading_path)), new.body,
           array(select jsonb_array_elements_text(new.variants)),
           array(select jsonb_array_elements_text(new.acl)), true, new.page
      from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::jsonb[], $7::text[], $8::jsonb[], $9::jsonb[],
                  $10::int[])
           as new (id, document_id, version_id, ord, heading_path, body, variants, acl, page)`;

/** Writes the rows of new versions; their chunks are current from the commit on. */
export async function insertVersions(
  transaction: Queryable,
  tenantId: TenantId,
  sourceId: string,
  versions: readonly NewVersion[],
): Promise<void> {
  const added = versions.filter((version) => version.isNewDocument);
  if (added.length > 0) {
    const ids = added.map((version) => version.documentId);
    const externalIds = added.map((version) => version.externalId);
    await transaction.query(INSERT_DOCUMENTS, [tenantId, sourceId, ids, externalIds]);
  }
  await transaction.query(INSERT_VERSIONS, [
    tenantId,
    versions.map((version) => version.versionId),
    versions.map((version) => version.documentId),
    versions.map((version) => version.number),
    versions.map((version) => version.hash),
    versions.map((version) => version.kind),
    versions.map((version) => version.title),
    versions.map((version) => version.body),
    versions.map((version) => version.url),
    versions.map((version) => version.updatedAt),
    versions.map((version) => version.lang),
    versions.map((version) => version.editedBy),
    versions.map((version) => version.validFrom),
    versions.map((version) => version.validUntil),
    versions.map((version) => JSON.stringify(version.acl)),
    versions.map((version) => version.sourceTextHash),
  ]);
  await insertChunks(transaction, tenantId, versions);
}

async function insertChunks(
  transaction: Queryable,
  tenantId: TenantId,
  versions: readonly NewVersion[],
): Promise<void> {
  const rows = versions.flatMap((version) => version.chunks.map((chunk, ord) => ({ version, chunk, ord })));
  await transaction.query(INSERT_CHUNKS, [
    tenantId,
    rows.map(({ chunk }) => chunk.chunkId),
    rows.map(({ version }) => version.documentId),
    rows.map(({ version }) => version.versionId),
    rows.map(({ ord }) => ord),
    rows.map(({ chunk }) => JSON.stringify(chunk.headingPath)),
    rows.map(({ chunk }) => chunk.body),
    rows.map(({ chunk }) => JSON.stringify(chunk.variants)),
    rows.map(({ version }) => JSON.stringify(version.acl)),
    rows.map(({ chunk }) => pageOf(chunk)),
  ]);
}

/** Null where a document has no pages. */
function pageOf(chunk: Chunk): number | null {
  return "page" in chunk && typeof chunk.page === "number" ? chunk.page : null;
}

const HIDE_CHUNKS = `
  update chunk set is_current = false where tenant_id = $1 and id = any($2::uuid[])`;

/** The chunks stay, so that what was cited can still be opened. */
export async function hideChunks(
  transaction: Queryable,
  tenantId: TenantId,
  chunkIds: readonly string[],
): Promise<void> {
  if (chunkIds.length > 0) await transaction.query(HIDE_CHUNKS, [tenantId, chunkIds]);
}

const POINT_TO_VERSIONS = `
  update document
     set current_version_id = new.version_id, kept_at = case when new.is_kept then document.kept_at end,
         removed_at = case when new.version_id is null then clock_timestamp() end
    from unnest($2::uuid[], $3::uuid[], $4::boolean[]) as new (document_id, version_id, is_kept)
   where document.tenant_id = $1 and document.id = new.document_id`;

/** Makes versions the current ones; a document without one is gone at its source. */
export async function pointToVersions(
  transaction: Queryable,
  tenantId: TenantId,
  pairs: readonly {
    readonly documentId: string;
    readonly versionId: string | null;
    readonly sourceTextHash: string | null;
  }[],
): Promise<void> {
  await transaction.query(POINT_TO_VERSIONS, [
    tenantId,
    pairs.map((pair) => pair.documentId),
    pairs.map((pair) => pair.versionId),
    pairs.map((pair) => pair.sourceTextHash !== null),
  ]);
}
