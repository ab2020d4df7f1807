import type { Database, Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import { SYNC_REQUEST_SIGNAL } from "../../src/ports/sync-requests.js";
import type { ClaimRules, DueSync, DueSyncEnd, SyncRequests } from "../../src/ports/sync-requests.js";
import type { StoredSource } from "./source-store.js";

/** See {@link SyncRequests}. */
export function createSyncRequests(database: Database): SyncRequests {
  return {
    request: (tenantId, sourceName) =>
      database.withTenant(tenantId, async (transaction) => {
        const { rows } = await transaction.query<{ id: string }>(FIND_SOURCE, [tenantId, sourceName]);
        for (const { id } of rows) await requestSync(transaction, tenantId, id);
        return rows.length > 0;
      }),
    claimDue: (tenantId, rules) =>
      database.withTenant(tenantId, (transaction) => claimDue(transaction, tenantId, rules)),
    settle: (tenantId, due, end) =>
      database.withTenant(tenantId, (transaction) => settle(transaction, tenantId, due, end)),
  };
}

const FIND_SOURCE = `
  select id from source
   where tenant_id = $1 and name = $2 and removed_at is null and stepped_aside_at is null`;

const REQUEST = `
  update source set sync_requests = sync_requests + 1 where tenant_id = $1 and id = $2::uuid`;

const RING = `
  select pg_notify('deskhand_live', json_build_object('tenantId', $1::text, 'topic', 'sync', 'id', $2::text)::text)`;

/** Asks for a sync within a transaction: workers hear of it when that commits. */
export async function requestSync(transaction: Queryable, tenantId: TenantId, sourceId: string): Promise<void> {
  await transaction.query(REQUEST, [tenantId, sourceId]);
  await transaction.query(RING, [tenantId, SYNC_REQUEST_SIGNAL + sourceId]);
}

const SERVE = `
  update source set sync_requests_served = greatest(sync_requests_served, $3::bigint), sync_failures = 0
   where tenant_id = $1 and id = $2::uuid and sync_requests_served < $3::bigint`;

/** Said at the end of a run that ended well: whoever had asked before it began is answered. */
export async function serveRequests(
  transaction: Queryable,
  tenantId: TenantId,
  { sourceId, requests }: Pick<StoredSource, "sourceId" | "requests">,
): Promise<void> {
  await transaction.query(SERVE, [tenantId, sourceId, requests]);
}

interface DueRow {
  readonly id: string;
  readonly name: string;
  readonly sync_requests: string;
  readonly is_requested: boolean;
}

// As for `beginRun`, a run that has not been heard of for a minute is dead. A claim lasts for as long as it takes to begin.
// After failures a request waits for half a minute, twice as long each time, for an hour at most.
const CLAIM_DUE = `
  with due as (
    select source.id, asked.is_requested
      from source
      left join lateral (
             select state, started_at, finished_at, heartbeat_at from sync_run
              where sync_run.tenant_id = $1 and sync_run.source_id = source.id
              order by started_at desc, sync_run.id desc limit 1) as newest on true
     cross join lateral (
             select source.sync_requests > source.sync_requests_served
                and (source.sync_failures = 0 or coalesce(newest.finished_at
                     <= clock_timestamp() - make_interval(secs => least(3600, 30 * 2 ^ (source.sync_failures - 1))), true))
                    as is_requested) as asked
     where source.tenant_id = $1 and source.removed_at is null and source.stepped_aside_at is null
       and source.paused_at is null
       and coalesce(source.sync_claimed_until < clock_timestamp(), true)
       and (newest.state is distinct from 'running'
            or newest.heartbeat_at < clock_timestamp() - make_interval(secs => 60))
       and coalesce(newest.started_at <= clock_timestamp() - make_interval(secs => $2::float8), true)
       and (asked.is_requested
            or not $3::boolean and coalesce(newest.started_at
                   <= clock_timestamp() - make_interval(mins => source.sync_every_minutes),
                        source.sync_every_minutes is not null))
     order by newest.started_at nulls first, source.id
     limit 1
       for update of source skip locked
  )
  update source set sync_claimed_until = clock_timestamp() + make_interval(secs => 30)
    from due
   where source.tenant_id = $1 and source.id = due.id
  returning source.id, source.name, source.sync_requests::text as sync_requests, due.is_requested`;

async function claimDue(
  transaction: Queryable,
  tenantId: TenantId,
  { minGapSeconds, isRequestedOnly }: ClaimRules,
): Promise<DueSync | null> {
  const { rows } = await transaction.query<DueRow>(CLAIM_DUE, [tenantId, minGapSeconds, isRequestedOnly]);
  const [row] = rows;
  if (row === undefined) return null;
  const { id: sourceId, name, sync_requests, is_requested: isRequested } = row;
  return { sourceId, name, requests: BigInt(sync_requests), isRequested };
}

// What did not end well rests for some seconds, also where no run has begun.
const SETTLE = `
  update source
     set sync_claimed_until = case when $4 = 'served' then null else clock_timestamp() + make_interval(secs => 5) end,
         sync_requests_served = case when $4 = 'served' then greatest(sync_requests_served, $3::bigint)
                                     else sync_requests_served end,
         sync_failures = case $4 when 'served' then 0 when 'failed' then least(sync_failures + 1, 20)
                                 else sync_failures end
   where tenant_id = $1 and id = $2::uuid`;

async function settle(transaction: Queryable, tenantId: TenantId, due: DueSync, end: DueSyncEnd): Promise<void> {
  await transaction.query(SETTLE, [tenantId, due.sourceId, due.requests.toString(), end]);
}
