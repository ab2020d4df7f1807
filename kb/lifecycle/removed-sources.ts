import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import { REMOVED_KEPT_DAYS, type RemovedSource } from "../../src/ports/source-lifecycle.js";
import { endRun } from "../sync/run-store.js";

const LOCK = `
  select id from source where tenant_id = $1 and name = $2 and stepped_aside_at is null and removed_at is null for update`;

/** The id of the source of that name, which nobody changes or syncs until the transaction ends; null when there is none. */
export async function lockSource(transaction: Queryable, tenantId: TenantId, name: string): Promise<string | null> {
  const { rows } = await transaction.query<{ id: string }>(LOCK, [tenantId, name]);
  return rows[0]?.id ?? null;
}

const FIND = `
  select id from source where tenant_id = $1 and name = $2 and stepped_aside_at is null and removed_at is null`;

/**
 * As {@link lockSource}, and ends the run that is going on: it can write nothing more. A run that writes in this moment
 * holds its own row and needs the source next, so it is waited for before the source is locked. One that began since is
 * ended once no further one can begin.
 */
export async function lockIdleSource(transaction: Queryable, tenantId: TenantId, name: string): Promise<string | null> {
  const { rows } = await transaction.query<{ id: string }>(FIND, [tenantId, name]);
  for (const { id } of rows) await endRun(transaction, tenantId, id);
  const sourceId = await lockSource(transaction, tenantId, name);
  if (sourceId !== null) await endRun(transaction, tenantId, sourceId);
  return sourceId;
}

const MARK_REMOVED = `
  update source set removed_at = clock_timestamp(), cursor = null where tenant_id = $1 and id = $2::uuid`;

/** From the commit on nothing of it is found, listed or synced. The source must be locked and idle. */
export async function markRemoved(transaction: Queryable, tenantId: TenantId, sourceId: string): Promise<void> {
  await transaction.query(MARK_REMOVED, [tenantId, sourceId]);
}

const REMOVED = `
  select name, max(removed_at) as removed_at, max(removed_at) + make_interval(days => $2::int) as kept_until
    from source
   where tenant_id = $1 and removed_at > clock_timestamp() - make_interval(days => $2::int)
   group by name
   order by max(removed_at) desc, name`;

interface RemovedRow {
  readonly name: string;
  readonly removed_at: Date;
  readonly kept_until: Date;
}

export async function readRemoved(transaction: Queryable, tenantId: TenantId): Promise<readonly RemovedSource[]> {
  const { rows } = await transaction.query<RemovedRow>(REMOVED, [tenantId, REMOVED_KEPT_DAYS]);
  return rows.map(({ name, removed_at: removedAt, kept_until: keptUntil }) => ({
    name,
    removedAt: removedAt.toISOString(),
    keptUntil: keptUntil.toISOString(),
  }));
}

const LOCK_REMOVED = `
  select id from source
   where tenant_id = $1 and name = $2 and removed_at is not null
   order by removed_at desc
   limit 1
     for update`;

/** The source of that name that was removed last; null when there is none. */
export async function lockRemoved(transaction: Queryable, tenantId: TenantId, name: string): Promise<string | null> {
  const { rows } = await transaction.query<{ id: string }>(LOCK_REMOVED, [tenantId, name]);
  return rows[0]?.id ?? null;
}

// A fingerprint from before would let the next sync pass over what must become current again.
const READ_ALL_AGAIN = `
  update source_item set fingerprint = '', revision = null where tenant_id = $1 and source_id = $2::uuid`;

const RESTORE = `
  update source set removed_at = null, paused_at = null, cursor = null where tenant_id = $1 and id = $2::uuid`;

export async function markRestored(transaction: Queryable, tenantId: TenantId, sourceId: string): Promise<void> {
  await transaction.query(READ_ALL_AGAIN, [tenantId, sourceId]);
  await transaction.query(RESTORE, [tenantId, sourceId]);
}

const EXPIRED = `
  select id from source
   where tenant_id = $1 and removed_at < clock_timestamp() - make_interval(days => $2::int)
   order by removed_at, id`;

/** Sources that were removed for longer than they are kept. */
export async function readExpired(transaction: Queryable, tenantId: TenantId): Promise<readonly string[]> {
  const { rows } = await transaction.query<{ id: string }>(EXPIRED, [tenantId, REMOVED_KEPT_DAYS]);
  return rows.map((row) => row.id);
}

// Who restored it meanwhile keeps it.
const DELETE_EXPIRED = `
  delete from source
   where tenant_id = $1 and id = $2::uuid and removed_at < clock_timestamp() - make_interval(days => $3::int)
  returning name`;

/** The name of the source, which must have no documents left; null when it is no longer there, or no longer removed. */
export async function deleteExpired(
  transaction: Queryable,
  tenantId: TenantId,
  sourceId: string,
): Promise<string | null> {
  const values = [tenantId, sourceId, REMOVED_KEPT_DAYS];
  const { rows } = await transaction.query<{ name: string }>(DELETE_EXPIRED, values);
  return rows[0]?.name ?? null;
}
