import type { Database, Queryable } from "../../src/ports/database.js";
import { NotFoundError, UsageError } from "../../src/ports/errors.js";
import type { NewId, TenantId } from "../../src/ports/ids.js";
import type { DocumentKind } from "../../src/ports/models.js";
import type { ChunkIndexer, IndexableChunk, PreparedChunks } from "../search/chunk-indexer-port.js";
import { STORED_TEXT_HASH } from "../sync/document-hash.js";
import { hideChunks } from "../sync/document-store.js";
import { writeIndexed } from "../sync/prepared-write.js";
import type { IndexedPlace } from "../sync/prepared-write.js";
import { endRun } from "../sync/run-store.js";
import { recordChange } from "./audit-store.js";
import { lockSource } from "./removed-sources.js";

export interface RestoreDependencies {
  readonly database: Database;
  readonly indexer: ChunkIndexer;
  readonly newId: NewId;
}

/** A version whose text becomes current again. */
export interface RestoredText {
  readonly source: string;
  readonly externalId: string;
  readonly documentId: string;
  readonly versionId: string;
  readonly version: number;
}

const CHUNKS = `
  select version.title, version.kind, chunk.id, chunk.ord, chunk.heading_path, chunk.body, chunk.variants, chunk.page
    from chunk
    join document_version as version on version.id = chunk.version_id and version.tenant_id = $1
   where chunk.tenant_id = $1 and chunk.version_id = $2::uuid
   order by chunk.ord`;

interface ChunkRow {
  readonly title: string;
  readonly kind: DocumentKind;
  readonly id: string;
  readonly heading_path: string[];
  readonly body: string;
  readonly variants: string[];
}

/**
 * Makes a version's text current as a new version, in one transaction with its index rows. The number of that version.
 * @throws {UsageError} while a sync runs: it has counted the versions already.
 */
export async function restoreDocument(
  { database, indexer, newId }: RestoreDependencies,
  tenantId: TenantId,
  restored: RestoredText,
  actor: string,
  signal: AbortSignal,
): Promise<number> {
  const copies = await database.withTenant(tenantId, async (transaction) => {
    const { rows } = await transaction.query<ChunkRow>(CHUNKS, [tenantId, restored.versionId]);
    return rows.map((row) => ({ from: row.id, chunk: toIndexable(row, restored.documentId, newId()) }));
  });
  const place = { database, indexer, tenantId };
  const chunks = copies.map(({ chunk }) => chunk);
  const preparing = indexer.prepare(place, chunks, signal);
  const newVersionId = newId();
  const work = async (transaction: Queryable, prepared: PreparedChunks): Promise<number> => {
    const { source, externalId, version } = restored;
    await holdSource(transaction, tenantId, source);
    const number = await swapIn(transaction, place, { ...restored, newVersionId, actor, copies, prepared });
    const detail = { document: externalId, version, newVersion: number };
    await recordChange(transaction, tenantId, newId, { actor, action: "restore-document", sourceName: source, detail });
    return number;
  };
  return writeIndexed(place, chunks, preparing, work, signal);
}

interface SwappedText extends NewVersion {
  readonly copies: readonly { readonly from: string; readonly chunk: IndexableChunk }[];
  readonly prepared: PreparedChunks;
}

// What it takes the place of is retired after it is indexed: embeddings of chunks that both have are copied from there.
async function swapIn(
  transaction: Queryable,
  { indexer, tenantId }: IndexedPlace,
  { copies, prepared, ...version }: SwappedText,
): Promise<number> {
  const { documentId, newVersionId } = version;
  const before = await currentChunksOfDocument(transaction, tenantId, documentId);
  const number = await insertVersion(transaction, tenantId, version);
  const ids = [copies.map(({ from }) => from), copies.map(({ chunk }) => chunk.chunkId)];
  await transaction.query(COPY_CHUNKS, [tenantId, documentId, newVersionId, ...ids]);
  await indexer.write(transaction, tenantId, prepared);
  await indexer.retire(transaction, tenantId, before);
  await hideChunks(transaction, tenantId, before);
  await transaction.query(MAKE_CURRENT, [tenantId, documentId, newVersionId]);
  return number;
}

function toIndexable(row: ChunkRow, documentId: string, chunkId: string): IndexableChunk {
  const { title, kind, heading_path: headingPath, body, variants } = row;
  return { chunkId, documentId, title, kind, headingPath, body, variants };
}

const IS_SYNCING = `
  select from sync_run
   where tenant_id = $1 and source_id = $2::uuid and state = 'running'
     and heartbeat_at > clock_timestamp() - make_interval(secs => 60)`;

async function holdSource(transaction: Queryable, tenantId: TenantId, source: string): Promise<void> {
  const sourceId = await lockSource(transaction, tenantId, source);
  if (sourceId === null) throw new NotFoundError(`There is no source "${source}".`);
  const { rows } = await transaction.query(IS_SYNCING, [tenantId, sourceId]);
  if (rows.length > 0) throw new UsageError(`A sync of ${source} is running. Wait for its end and try again.`);
  await endRun(transaction, tenantId, sourceId);
}

// Its hashes are those of the newest text of the source: a sync sees no change as long as the source still has that text,
// and where only its readers or its cut are others, the restored text gets those.
const INSERT_VERSION = `
  insert into document_version (id, tenant_id, document_id, number, hash, kind, title, body, url, updated_at, lang,
                                edited_by, valid_from, valid_until, acl, source_text_hash)
    select $4::uuid, $1, $2::uuid, newest.number + 1, newest.hash, old.kind, old.title, old.body, old.url,
           old.updated_at, old.lang, $5, newest.valid_from, newest.valid_until, newest.acl,
           coalesce(newest.source_text_hash, ${STORED_TEXT_HASH})
      from document_version as old,
           (select * from document_version where tenant_id = $1 and document_id = $2::uuid
             order by number desc limit 1) as newest
     where old.tenant_id = $1 and old.id = $3::uuid
  returning number`;

interface NewVersion {
  readonly documentId: string;
  readonly versionId: string;
  readonly newVersionId: string;
  readonly actor: string;
}

async function insertVersion(transaction: Queryable, tenantId: TenantId, version: NewVersion): Promise<number> {
  const { documentId, versionId, newVersionId, actor } = version;
  const values = [tenantId, documentId, versionId, newVersionId, actor];
  const { rows } = await transaction.query<{ number: number }>(INSERT_VERSION, values);
  const [row] = rows;
  if (row === undefined) throw new NotFoundError("That version is no longer there.");
  return row.number;
}

const CURRENT_CHUNKS = `
  select id from chunk where tenant_id = $1 and document_id = $2::uuid and is_current`;

async function currentChunksOfDocument(
  transaction: Queryable,
  tenantId: TenantId,
  documentId: string,
): Promise<readonly string[]> {
  const { rows } = await transaction.query<{ id: string }>(CURRENT_CHUNKS, [tenantId, documentId]);
  return rows.map((row) => row.id);
}

// Who may read it is what the newest text with a passage says: a text of before may have been open to more people.
const COPY_CHUNKS = `
  insert into chunk (id, tenant_id, document_id, version_id, ord, heading_path, body, variants, page, acl, is_current)
    select copies.to_id, $1, $2::uuid, $3::uuid, chunk.ord, chunk.heading_path, chunk.body, chunk.variants, chunk.page,
           (select other.acl from chunk as other
              join document_version as version on version.id = other.version_id and version.tenant_id = $1
             where other.tenant_id = $1 and other.document_id = $2::uuid and other.version_id <> $3::uuid
             order by version.number desc, other.ord limit 1),
           true
      from unnest($4::uuid[], $5::uuid[]) as copies (from_id, to_id)
      join chunk on chunk.id = copies.from_id and chunk.tenant_id = $1`;

const MAKE_CURRENT = `
  update document set current_version_id = $3::uuid, removed_at = null, kept_at = clock_timestamp()
   where tenant_id = $1 and id = $2::uuid`;
