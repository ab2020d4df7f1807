import type { Queryable } from "../../src/ports/database.js";
import type { AgentLoad, HandoffReports, TargetShare, TeamLoad } from "../../src/ports/handoff-reports.js";
import type { TargetKind } from "../../src/ports/handoffs.js";

interface OpenRow {
  team: string | null;
  open: number;
  waiting: number;
  waiting_since: Date | null;
  overdue: number;
}

const OPEN = `
  select handoff.team,
         count(*) filter (where handoff.state in ('waiting', 'claimed', 'snoozed', 'reopened'))::int as open,
         count(*) filter (where handoff.state in ('waiting', 'reopened'))::int as waiting,
         min(handoff.created_at) filter (where handoff.state in ('waiting', 'reopened')) as waiting_since,
         count(*) filter (where exists (
           select from handoff_target as target
            where target.handoff_id = handoff.id and target.tenant_id = current_tenant() and target.ended_at is null
              and target.missed_at is not null))::int as overdue
    from handoff where handoff.tenant_id = current_tenant()
   group by handoff.team order by handoff.team nulls first`;

interface ShareRow {
  team: string | null;
  kind: TargetKind;
  count: number;
  median_ms: number | null;
  promised: number;
  kept: number;
}

// What was passed on is the former team's where it missed its time before that.
const SHARES = `
  select team, kind, count(*) filter (where outcome = 'met')::int as count,
         percentile_cont(0.5) within group (order by open_ms) filter (where outcome = 'met') as median_ms,
         count(*) filter (where due_at is not null and (outcome <> 'dropped' or missed_at is not null))::int as promised,
         count(*) filter (where due_at is not null and outcome = 'met' and missed_at is null)::int as kept
    from handoff_target
   where tenant_id = current_tenant() and ended_at >= $1::timestamptz
   group by team, kind`;

interface AgentRow {
  team: string | null;
  name: string;
  holds: number;
}

const AGENTS = `
  select team, max(claimed_by_name) as name, count(*)::int as holds
    from handoff
   where tenant_id = current_tenant() and state in ('claimed', 'snoozed') and claimed_by_id is not null
   group by team, claimed_by_id order by holds desc, name`;

async function readLoad(db: Queryable, since: Date): Promise<readonly TeamLoad[]> {
  const { rows: open } = await db.query<OpenRow>(OPEN, []);
  const { rows: shares } = await db.query<ShareRow>(SHARES, [since]);
  const { rows: agents } = await db.query<AgentRow>(AGENTS, []);
  const known = new Set(open.map(({ team }) => team));
  const gone = [...new Set(shares.map(({ team }) => team))].filter((team) => !known.has(team));
  const nothing = { open: 0, waiting: 0, waiting_since: null, overdue: 0 };
  return [...open, ...gone.map((team) => ({ team, ...nothing }))].map((row) => ({
    team: row.team,
    open: row.open,
    waiting: row.waiting,
    waitingSince: row.waiting_since,
    overdue: row.overdue,
    firstReplies: shareOf(shares, row.team, "first-reply"),
    resolutions: shareOf(shares, row.team, "resolution"),
    agents: agents.filter(({ team }) => team === row.team).map(({ name, holds }): AgentLoad => ({ name, holds })),
  }));
}

function shareOf(rows: readonly ShareRow[], team: string | null, kind: TargetKind): TargetShare {
  const row = rows.find((one) => one.team === team && one.kind === kind);
  return {
    count: row?.count ?? 0,
    medianMs: row?.median_ms ?? null,
    promised: row?.promised ?? 0,
    kept: row?.kept ?? 0,
  };
}

export function createHandoffReports(db: Queryable): HandoffReports {
  return { load: (since) => readLoad(db, since) };
}
