import type { Queryable } from "../../src/ports/database.js";
import { NotFoundError, UsageError } from "../../src/ports/errors.js";
import type {
  AgentLoad,
  HandoffReports,
  HandoffTranscript,
  ListedHandoff,
  TargetShare,
  TeamLoad,
  TranscriptLine,
  TranscriptOptions,
} from "../../src/ports/handoff-reports.js";
import type { HandoffReason, HandoffState, TargetKind } from "../../src/ports/handoffs.js";
import type { Rating } from "../../src/ports/ratings.js";

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

interface ListedRow {
  id: string;
  conversation_id: string;
  state: HandoffState;
  reason: HandoffReason;
  team: string | null;
  customer_name: string;
  claimed_by_name: string | null;
  rating: Rating | null;
  rating_words: string | null;
  question: string;
  created_at: Date;
}

const LISTED = `
  select handoff.id, handoff.conversation_id, handoff.state, handoff.reason, handoff.team, handoff.customer_name,
         handoff.claimed_by_name, rated.rating, rated.words as rating_words, handoff.created_at, handoff.question
    from handoff
    left join handoff_rating as rated on rated.handoff_id = handoff.id and rated.tenant_id = current_tenant()
   where handoff.tenant_id = current_tenant()`;

const NEWEST = `${LISTED} order by handoff.created_at desc, handoff.id desc limit $1::int`;

const NAMED = `
  ${LISTED} and (handoff.id::text = $1 or right(handoff.id::text, length($1)) = $1)
   order by handoff.created_at desc limit 2`;

interface EntryRow {
  speaker: TranscriptLine["speaker"];
  name: string;
  body: string;
  at: Date;
}

const ENTRIES = `
  select speaker, name, body, at from transcript_entry
   where conversation_id = $1::uuid and tenant_id = current_tenant() and ($2::boolean is false or speaker <> 'note')
   order by at desc, seq desc limit $3::int`;

async function readTranscript(
  db: Queryable,
  code: string,
  { limit, isForCustomer }: TranscriptOptions,
): Promise<HandoffTranscript> {
  const { rows: named } = await db.query<ListedRow>(NAMED, [code.toLowerCase()]);
  const [row, other] = named;
  if (row === undefined) throw new NotFoundError(`There is no handoff ${code}. See them: handoffs list`);
  if (other !== undefined) throw new UsageError("Two handoffs end like that. Give more of the id.");
  const { rows } = await db.query<EntryRow>(ENTRIES, [row.conversation_id, isForCustomer, limit + 1]);
  const entries = rows
    .slice(0, limit)
    .reverse()
    .map(({ speaker, name, body, at }): TranscriptLine => ({ speaker, name, text: body, at: at.toISOString() }));
  return { handoff: toListed(row), entries, isCut: rows.length > limit };
}

function toListed(row: ListedRow): ListedHandoff {
  return {
    handoffId: row.id,
    state: row.state,
    reason: row.reason,
    team: row.team,
    customer: row.customer_name,
    claimedBy: row.claimed_by_name,
    rating: row.rating,
    ratingWords: row.rating_words,
    openedAt: row.created_at.toISOString(),
  };
}

export function createHandoffReports(db: Queryable): HandoffReports {
  return {
    load: (since) => readLoad(db, since),
    transcript: (code, options) => readTranscript(db, code, options),
    async list(limit) {
      const { rows } = await db.query<ListedRow>(NEWEST, [limit]);
      return rows.map((row) => ({ ...toListed(row), question: row.question }));
    },
  };
}
