import type { Queryable } from "../../src/ports/database.js";
import type { NewId, TenantId } from "../../src/ports/ids.js";
import type { NewSource } from "../../src/ports/knowledge.js";
import { endRun } from "./run-store.js";
import { noSourceNamed } from "./source-names.js";
import { requestSync } from "./sync-requests.js";

const READ_SOURCE = `
  select id, acl, kind = $3 and location = $4 and options = $5::jsonb and is_demo = $6::boolean as is_same_place
    from source
   where tenant_id = $1 and name = $2 and stepped_aside_at is null and removed_at is null`;

// Waits for a sync that begins in this moment, whose row refers to the source, and makes later ones wait for the change.
const LOCK_SOURCE = `${READ_SOURCE} for update`;

const CHANGE_CARE = `
  update source set sync_every_minutes = $3::int, owner = $4 where tenant_id = $1 and id = $2::uuid`;

const CHANGE_SOURCE = `
  update source set kind = $3, location = $4, options = $5::jsonb, acl = $6::text[], is_demo = $7::boolean, cursor = null
   where tenant_id = $1 and id = $2::uuid`;

const READ_ALL_AGAIN = `
  update source_item set fingerprint = '', revision = null where tenant_id = $1 and source_id = $2::uuid`;

// Which chunks have their source's audience is told by that audience alone. One whose document names the same readers
// itself is closed too, until the next sync has read it; therefore no hash may make that sync pass over it.
const CLOSE_CHUNKS = `
  with closed as (
    update chunk set acl = $4::text[]
      from document
     where chunk.tenant_id = $1 and document.tenant_id = $1 and document.id = chunk.document_id
       and document.source_id = $2::uuid and chunk.acl @> $3::text[] and chunk.acl <@ $3::text[]
    returning chunk.version_id
  )
  update document_version set hash = ''
   where tenant_id = $1 and id in (select version_id from closed)`;

/**
 * Changes a source where it differs, and closes its chunks of all versions to those who may not read it any more, in one transaction.
 * @throws {NotFoundError}
 */
export async function changeSource(
  transaction: Queryable,
  tenantId: TenantId,
  source: NewSource,
  newId: NewId,
): Promise<void> {
  const { kind, location, acl, isDemo = false } = source;
  const options = JSON.stringify(source.options ?? {});
  const seen = await readSource(transaction, tenantId, source, READ_SOURCE);
  // A run that writes in this moment holds its own row and needs the source next: it is waited for before the source is
  // locked. One that began since is ended once no further one can begin.
  if (isOther(seen, acl)) await endRun(transaction, tenantId, seen.id);
  const before = await readSource(transaction, tenantId, source, LOCK_SOURCE);
  await transaction.query(CHANGE_CARE, [tenantId, before.id, source.everyMinutes ?? null, source.owner ?? null]);
  if (!isOther(before, acl)) return;
  await endRun(transaction, tenantId, before.id);
  await transaction.query(CHANGE_SOURCE, [tenantId, before.id, kind, location, options, acl, isDemo]);
  await transaction.query(READ_ALL_AGAIN, [tenantId, before.id]);
  // What is asked for here outlives this process: until a run has ended well, the source answers from its old place.
  await requestSync(transaction, tenantId, before.id);
  const readers = readersOfBoth(before.acl, acl);
  if (readers.length === before.acl.length && readers.every((reader) => before.acl.includes(reader))) return;
  const closedTo = readers.length > 0 ? readers : [`nobody:${newId()}`];
  await transaction.query(CLOSE_CHUNKS, [tenantId, before.id, before.acl, closedTo]);
}

interface SourceRow {
  readonly id: string;
  readonly acl: string[];
  readonly is_same_place: boolean;
}

async function readSource(
  transaction: Queryable,
  tenantId: TenantId,
  { name, kind, location, options = {}, isDemo = false }: NewSource,
  query: string,
): Promise<SourceRow> {
  const values = [tenantId, name, kind, location, JSON.stringify(options), isDemo];
  const { rows } = await transaction.query<SourceRow>(query, values);
  const [row] = rows;
  if (row === undefined) throw await noSourceNamed(transaction, tenantId, name);
  return row;
}

function isOther(before: SourceRow, acl: readonly string[]): boolean {
  return !before.is_same_place || !isSameAudience(before.acl, acl);
}

function isSameAudience(before: readonly string[], after: readonly string[]): boolean {
  return before.every((reader) => after.includes(reader)) && after.every((reader) => before.includes(reader));
}

/** Who may read under the old and the new audience alike. The audience `public` is everybody. */
function readersOfBoth(before: readonly string[], after: readonly string[]): readonly string[] {
  if (before.includes("public")) return after;
  if (after.includes("public")) return before;
  return before.filter((reader) => after.includes(reader));
}
