import type { Queryable } from "../../src/ports/database.js";
import type { HandoffTimerRow } from "../../src/ports/handoffs.js";

interface TimerRow {
  id: string;
  kind: HandoffTimerRow["kind"];
  due_at: Date;
  round: number;
}

const TIMERS = `
  select id, kind, due_at, round from handoff_timer
   where handoff_id = $1::uuid and tenant_id = current_tenant() order by due_at, id`;

const END_TIMERS = `
  delete from handoff_timer
   where handoff_id = $1::uuid and tenant_id = current_tenant() and id <> all ($2::uuid[])`;

const START_TIMERS = `
  insert into handoff_timer (id, tenant_id, handoff_id, kind, due_at, round)
  select timer.id, current_tenant(), $1::uuid, timer.kind, timer.due_at, timer.round
    from unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::int[]) as timer (id, kind, due_at, round)
  on conflict (id) do nothing`;

export async function readTimers(db: Queryable, handoffId: string): Promise<readonly HandoffTimerRow[]> {
  const { rows } = await db.query<TimerRow>(TIMERS, [handoffId]);
  return rows.map(({ id, kind, due_at: dueAt, round }) => ({ timerId: id, kind, dueAt, round }));
}

/** Those of the same id run on, all others end. */
export async function writeTimers(db: Queryable, handoffId: string, timers: readonly HandoffTimerRow[]): Promise<void> {
  const ids = timers.map(({ timerId }) => timerId);
  const columns = [timers.map(({ kind }) => kind), timers.map(({ dueAt }) => dueAt), timers.map(({ round }) => round)];
  await Promise.all([
    db.query(END_TIMERS, [handoffId, ids]),
    ...(timers.length === 0 ? [] : [db.query(START_TIMERS, [handoffId, ids, ...columns])]),
  ]);
}
