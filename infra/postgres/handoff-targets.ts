import type { Queryable } from "../../src/ports/database.js";
import type { FirstReplyWindow, ServiceTarget, TargetEnd, TargetKind } from "../../src/ports/handoffs.js";

interface TargetRow {
  id: string;
  kind: TargetKind;
  team: string | null;
  started_at: Date;
  due_at: Date | null;
  missed_at: Date | null;
}

const RUNNING = `
  select id, kind, team, started_at, due_at, missed_at from handoff_target
   where handoff_id = $1::uuid and tenant_id = current_tenant() and ended_at is null order by kind`;

const END = `
  update handoff_target
     set missed_at = change.missed_at, ended_at = change.ended_at, outcome = change.outcome, open_ms = change.open_ms
    from unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::double precision[])
         as change (id, missed_at, ended_at, outcome, open_ms)
   where handoff_target.id = change.id and handoff_target.handoff_id = $1::uuid
     and handoff_target.tenant_id = current_tenant()`;

const ADD = `
  insert into handoff_target (id, tenant_id, handoff_id, kind, team, started_at, due_at)
  select target.id, current_tenant(), $1::uuid, target.kind, target.team, target.started_at, target.due_at
    from unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[])
         as target (id, kind, team, started_at, due_at)
  on conflict (id) do nothing`;

const FIRST_REPLIES = `
  select open_ms from handoff_target
   where tenant_id = current_tenant() and kind = 'first-reply' and outcome in ('met', 'expired')
     and ended_at >= $2::timestamptz and team is not distinct from $1
   order by ended_at desc limit $3::int`;

export async function readTargets(db: Queryable, handoffId: string): Promise<readonly ServiceTarget[]> {
  const { rows } = await db.query<TargetRow>(RUNNING, [handoffId]);
  return rows.map((row) => ({
    targetId: row.id,
    kind: row.kind,
    team: row.team,
    startedAt: row.started_at,
    dueAt: row.due_at,
    missedAt: row.missed_at,
    end: null,
  }));
}

/** What is there already gets what became of it; then the others are added. */
export async function writeTargets(db: Queryable, handoffId: string, targets: readonly ServiceTarget[]): Promise<void> {
  if (targets.length === 0) return;
  const column = <Value>(value: (target: ServiceTarget) => Value) => targets.map(value);
  const ends = <Value>(value: (end: TargetEnd) => Value) =>
    targets.map(({ end }) => (end === null ? null : value(end)));
  const ids = column(({ targetId }) => targetId);
  const became = [
    handoffId,
    ids,
    column(({ missedAt }) => missedAt),
    ends(({ at }) => at),
    ends(({ how }) => how),
    ends(({ openMs }) => openMs),
  ];
  const began = [
    handoffId,
    ids,
    column(({ kind }) => kind),
    column(({ team }) => team),
    column(({ startedAt }) => startedAt),
    column(({ dueAt }) => dueAt),
  ];
  await Promise.all([db.query(END, became), db.query(ADD, began)]);
}

export async function readFirstReplies(
  db: Queryable,
  { team, since, limit }: FirstReplyWindow,
): Promise<readonly (number | null)[]> {
  const { rows } = await db.query<{ open_ms: number | null }>(FIRST_REPLIES, [team, since, limit]);
  return rows.map(({ open_ms: openMs }) => openMs);
}
