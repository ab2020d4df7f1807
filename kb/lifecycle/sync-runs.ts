import type { Database, Queryable } from "../../src/ports/database.js";
import { NotFoundError } from "../../src/ports/errors.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { SyncDiff } from "../../src/ports/knowledge.js";
import type { LastChange, NumberedRun, RunSummary, SyncRuns } from "../../src/ports/sync-runs.js";
import { readRun } from "../sync/run-store.js";
import { noSourceNamed } from "../sync/source-names.js";
import { readSource } from "../sync/source-store.js";
import { namesIn, shownDiff } from "./shown-diff.js";

/** See {@link SyncRuns}. */
export function createSyncRuns(database: Database): SyncRuns {
  const within = <T>(tenantId: TenantId, source: string, work: (of: SourceRuns) => Promise<T>) =>
    database.withTenant(tenantId, async (transaction) => {
      const found = await readSource(transaction, tenantId, source);
      if (found === null) throw await noSourceNamed(transaction, tenantId, source);
      return work({ transaction, tenantId, sourceId: found.sourceId });
    });
  return {
    newest: (tenantId, source, limit) => within(tenantId, source, (of) => newest(of, limit)),
    run: (tenantId, source, number) =>
      within(tenantId, source, async (of) => (await runOfNumber(of, number)) ?? noSuchRun(of, source, number)),
    lastChange: (tenantId, source) => within(tenantId, source, lastChange),
    // Of most runs, in which nothing changed, there is nothing to be looked up.
    shownTo: (reader, diff) =>
      namesIn(diff).size === 0
        ? Promise.resolve(diff)
        : database.withTenant(reader.tenantId, (transaction) => shownDiff(transaction, reader, diff)),
  };
}

interface SourceRuns {
  readonly transaction: Queryable;
  readonly tenantId: TenantId;
  readonly sourceId: string;
}

// Runs are never deleted while their source is there, so a number stays what it is.
const NUMBER = `
  (select count(*)::int from sync_run as other
    where other.tenant_id = $1 and other.source_id = $2::uuid
      and (other.started_at, other.id) <= (run.started_at, run.id)) as number`;

interface SummaryRow {
  readonly number: number;
  readonly state: SyncDiff["state"];
  readonly started_at: Date;
  readonly finished_at: Date | null;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly skipped: number;
  readonly held: number;
}

// Counted for the newest alone: it takes a look at every run before it.
const NEWEST = `
  with listed as materialized (
    select * from sync_run
     where tenant_id = $1 and source_id = $2::uuid and state <> 'running'
     order by started_at desc, id desc
     limit $3::int
  )
  select (select ${NUMBER} from listed as run order by started_at desc, id desc limit 1)
           - (row_number() over (order by started_at desc, id desc))::int + 1 as number,
         state, started_at, finished_at, cardinality(added) as added, cardinality(changed) as changed,
         cardinality(removed) as removed, unchanged, jsonb_array_length(failures) as failed,
         jsonb_array_length(skipped) as skipped, cardinality(held_removals) as held
    from listed
   order by started_at desc, id desc`;

async function newest({ transaction, tenantId, sourceId }: SourceRuns, limit: number): Promise<readonly RunSummary[]> {
  const { rows } = await transaction.query<SummaryRow>(NEWEST, [tenantId, sourceId, limit]);
  return rows.map(({ started_at: startedAt, finished_at: finishedAt, ...counts }) => ({
    ...counts,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  }));
}

const RUN_OF_NUMBER = `
  select id from sync_run where tenant_id = $1 and source_id = $2::uuid order by started_at, id limit 1 offset $3::int - 1`;

async function runOfNumber(
  { transaction, tenantId, sourceId }: SourceRuns,
  number: number,
): Promise<NumberedRun | null> {
  const { rows } = await transaction.query<{ id: string }>(RUN_OF_NUMBER, [tenantId, sourceId, number]);
  const [row] = rows;
  return row === undefined ? null : { number, diff: await readRun(transaction, tenantId, row.id) };
}

/** @throws {NotFoundError} always */
async function noSuchRun(of: SourceRuns, source: string, number: number): Promise<never> {
  const [last] = await newest(of, 1);
  const there = last === undefined ? `${source} was never synced.` : `The newest is ${last.number}.`;
  throw new NotFoundError(`${source} has no run ${number}. ${there} See them: kb diff ${source} --runs`);
}

interface RunRow {
  readonly id: string;
  readonly number: number;
}

const HAS_CHANGED = `cardinality(added) + cardinality(changed) + cardinality(removed) > 0`;

const ENDED_RUN = `
  select id, ${NUMBER} from sync_run as run
   where tenant_id = $1 and source_id = $2::uuid and state <> 'running' and (not $3::boolean or ${HAS_CHANGED})
   order by started_at desc, id desc
   limit 1`;

const ENDED_SINCE = `
  select count(*)::int as later from sync_run
   where tenant_id = $1 and source_id = $2::uuid and state <> 'running'
     and ($3::uuid is null
          or (started_at, id) > (select started_at, id from sync_run where tenant_id = $1 and id = $3::uuid))`;

async function lastChange({ transaction, tenantId, sourceId }: SourceRuns): Promise<LastChange | null> {
  const ended = async (hasChanged: boolean) =>
    (await transaction.query<RunRow>(ENDED_RUN, [tenantId, sourceId, hasChanged])).rows[0] ?? null;
  const last = await ended(false);
  if (last === null) return null;
  const changed = await ended(true);
  const since = [tenantId, sourceId, changed?.id ?? null];
  const { rows } = await transaction.query<{ later: number }>(ENDED_SINCE, since);
  const open = async ({ id, number }: RunRow) => ({ number, diff: await readRun(transaction, tenantId, id) });
  return {
    changed: changed === null ? null : await open(changed),
    newest: await open(last),
    later: rows[0]?.later ?? 0,
  };
}
