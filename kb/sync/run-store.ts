import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { SyncDiff, SyncReach, SyncRemark } from "../../src/ports/knowledge.js";
import { SyncTakenOverError } from "../../src/ports/sync-requests.js";

/** A run whose holder has not been heard of for this long is dead and may be taken over. By the database's clock. */
const RUN_DEAD_AFTER_SECONDS = 60;

const END_DEAD_RUN = `
  update sync_run
     set state = 'failed', finished_at = clock_timestamp(),
         failures = failures || '[{"externalId":"","code":"interrupted","message":"The run stopped without an end. The next sync takes up where it was."}]'::jsonb
   where tenant_id = $1 and source_id = $2::uuid and state = 'running'
     and heartbeat_at < clock_timestamp() - make_interval(secs => $3::int)`;

const BEGIN_RUN = `
  insert into sync_run (id, tenant_id, source_id, state, started_at, heartbeat_at)
    values ($3::uuid, $1, $2::uuid, 'running', clock_timestamp(), clock_timestamp())
    on conflict do nothing
  returning id`;

/** False when another run of the source is going on. */
export async function beginRun(
  transaction: Queryable,
  tenantId: TenantId,
  sourceId: string,
  runId: string,
): Promise<boolean> {
  await transaction.query(END_DEAD_RUN, [tenantId, sourceId, RUN_DEAD_AFTER_SECONDS]);
  const { rows } = await transaction.query(BEGIN_RUN, [tenantId, sourceId, runId]);
  return rows.length === 1;
}

const END_RUN = `
  update sync_run
     set state = 'failed', finished_at = clock_timestamp(),
         failures = failures || '[{"externalId":"","code":"interrupted","message":"The source was changed while it was synced. The next sync reads it anew."}]'::jsonb
   where tenant_id = $1 and source_id = $2::uuid and state = 'running'`;

/** Ends the run that is going on, if there is one: it can write nothing more. */
export async function endRun(transaction: Queryable, tenantId: TenantId, sourceId: string): Promise<void> {
  await transaction.query(END_RUN, [tenantId, sourceId]);
}

const BEAT = `
  update sync_run set heartbeat_at = clock_timestamp()
   where tenant_id = $1 and id = $2::uuid and state = 'running'
  returning id`;

/**
 * Shows that the run is alive and, as the row stays locked until the transaction ends, that nobody takes it over within.
 * Every transaction of a run begins with it. @throws {SyncTakenOverError}
 */
export async function holdRun(transaction: Queryable, tenantId: TenantId, runId: string): Promise<void> {
  const { rows } = await transaction.query(BEAT, [tenantId, runId]);
  if (rows.length !== 1) throw new SyncTakenOverError(runId);
}

const TELL_REACH = `
  update sync_run set heartbeat_at = clock_timestamp(), items_done = $3::int, items_listed = $4::int
   where tenant_id = $1 and id = $2::uuid and state = 'running'
  returning id`;

/** Says how far the run is, and that it is alive. @throws {SyncTakenOverError} */
export async function tellReach(
  transaction: Queryable,
  tenantId: TenantId,
  runId: string,
  { done, total }: SyncReach,
): Promise<void> {
  const { rows } = await transaction.query(TELL_REACH, [tenantId, runId, done, total]);
  if (rows.length !== 1) throw new SyncTakenOverError(runId);
}

const FINISH_RUN = `
  update sync_run
     set state = $3, finished_at = clock_timestamp(), added = $4::text[], changed = $5::text[], removed = $6::text[],
         unchanged = $7::int, held_removals = $8::text[], failures = $9::jsonb,
         skipped = $10::jsonb, remarks = $11::jsonb, demo = $12
   where tenant_id = $1 and id = $2::uuid and state = 'running'
  returning id`;

export type RunResult = Omit<SyncDiff, "runId" | "startedAt" | "finishedAt" | "progress">;

/** @throws {SyncTakenOverError} */
export async function finishRun(
  transaction: Queryable,
  tenantId: TenantId,
  runId: string,
  result: RunResult,
): Promise<void> {
  const { rows } = await transaction.query(FINISH_RUN, [
    tenantId,
    runId,
    result.state,
    result.added,
    result.changed,
    result.removed,
    result.unchanged,
    result.heldRemovals,
    JSON.stringify(result.failed),
    JSON.stringify(result.skipped),
    JSON.stringify(result.remarks),
    result.demo,
  ]);
  if (rows.length !== 1) throw new SyncTakenOverError(runId);
}

const NOTIFY = `
  select pg_notify('deskhand_live', json_build_object('tenantId', $1::text, 'topic', 'sync', 'id', $2::text)::text)`;

/** Tells whoever watches the run to read again, when the transaction commits. */
export async function notifyProgress(transaction: Queryable, tenantId: TenantId, runId: string): Promise<void> {
  await transaction.query(NOTIFY, [tenantId, runId]);
}

interface RunRow {
  readonly id: string;
  readonly source_id: string;
  readonly state: SyncDiff["state"];
  readonly started_at: Date;
  readonly finished_at: Date | null;
  readonly added: string[];
  readonly changed: string[];
  readonly removed: string[];
  readonly unchanged: number;
  readonly held_removals: string[];
  readonly failures: SyncRemark[];
  readonly skipped: SyncRemark[];
  readonly remarks: SyncRemark[];
  readonly demo: SyncDiff["demo"];
  readonly items_done: number;
  readonly items_listed: number | null;
}

const NEWEST_RUNS = `
  select distinct on (source_id) id, source_id, state, started_at, finished_at, added, changed, removed, unchanged,
         held_removals, failures, skipped, remarks, demo, items_done, items_listed
    from sync_run
   where tenant_id = $1 and source_id = any($2::uuid[]) and (state <> 'running' or $3::boolean)
   order by source_id, started_at desc, id desc`;

/** The newest run of each source by the source's id. */
export async function newestRuns(
  transaction: Queryable,
  tenantId: TenantId,
  sourceIds: readonly string[],
  options: { readonly withRunning: boolean },
): Promise<ReadonlyMap<string, SyncDiff>> {
  const { rows } = await transaction.query<RunRow>(NEWEST_RUNS, [tenantId, sourceIds, options.withRunning]);
  return new Map(rows.map((row) => [row.source_id, toDiff(row)]));
}

function toDiff(row: RunRow): SyncDiff {
  return {
    runId: row.id,
    state: row.state,
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    added: row.added,
    changed: row.changed,
    removed: row.removed,
    unchanged: row.unchanged,
    failed: row.failures,
    skipped: row.skipped,
    remarks: row.remarks,
    heldRemovals: row.held_removals,
    demo: row.demo,
    ...(row.state === "running" ? { progress: { done: row.items_done, total: row.items_listed } } : {}),
  };
}

const READ_RUN = `
  select id, source_id, state, started_at, finished_at, added, changed, removed, unchanged, held_removals, failures,
         skipped, remarks, demo, items_done, items_listed
    from sync_run where tenant_id = $1 and id = $2::uuid`;

export async function readRun(transaction: Queryable, tenantId: TenantId, runId: string): Promise<SyncDiff> {
  const { rows } = await transaction.query<RunRow>(READ_RUN, [tenantId, runId]);
  const [row] = rows;
  if (row === undefined) throw new SyncTakenOverError(runId);
  return toDiff(row);
}
