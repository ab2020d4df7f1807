import type { Platform } from "../../src/ports/chat.js";
import type { AskedRating, HandoffBoard, HandoffSummary } from "../../src/ports/console.js";
import type { Database } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { Rating } from "../../src/ports/ratings.js";
import type { HandoffReason, HandoffState, TargetKind } from "../../src/ports/handoffs.js";

interface SummaryRow {
  id: string;
  state: HandoffState;
  reason: HandoffReason;
  question: string;
  customer_name: string;
  claimed_by_id: string | null;
  claimed_by_name: string | null;
  snoozed_until: Date | null;
  is_settled: boolean;
  customer_installation_id: string;
  customer_key: string;
  agents_installation_id: string;
  agents_platform: Platform;
  thread_key: string | null;
  created_at: Date;
  updated_at: Date;
  confidence: number | null;
  answer_id: string | null;
  team: string | null;
  assigned_to: string | null;
  due_kind: TargetKind | null;
  due_at: Date | null;
}

const SUMMARIES = `
  select handoff.id, handoff.state, handoff.reason, handoff.question, handoff.customer_name, handoff.claimed_by_id,
         handoff.claimed_by_name, handoff.snoozed_until, handoff.is_settled,
         customer.installation_id as customer_installation_id, customer.key as customer_key,
         agents.installation_id as agents_installation_id, place.platform as agents_platform, handoff.team,
         case when agents.awaits_delivery_id is null then agents.key end as thread_key,
         handoff.created_at, handoff.updated_at, answer.confidence, answer.id as answer_id,
         case when handoff.state in ('waiting', 'reopened') then handoff.assigned_to_name end as assigned_to,
         due.kind as due_kind, due.due_at
    from handoff
    join conversation as agents
      on agents.id = handoff.agent_conversation_id and agents.tenant_id = current_tenant()
    join installation as place on place.id = agents.installation_id and place.tenant_id = current_tenant()
    join conversation as customer
      on customer.id = handoff.conversation_id and customer.tenant_id = current_tenant()
    left join answer on answer.id = handoff.answer_id and answer.tenant_id = current_tenant()
    left join lateral (
      select target.kind, target.due_at from handoff_target as target
       where target.handoff_id = handoff.id and target.tenant_id = current_tenant() and target.ended_at is null
         and target.due_at is not null
       order by target.due_at limit 1
    ) as due on true
   where handoff.tenant_id = current_tenant()`;

// Open ones wait longest first; behind them those that ended, the newest first.
const LIST = `${SUMMARIES}
   order by handoff.state not in ('waiting', 'claimed', 'snoozed', 'reopened'),
            case when handoff.state in ('waiting', 'claimed', 'snoozed', 'reopened') then handoff.created_at end,
            handoff.updated_at desc
   limit $1::int`;

const FIND = `${SUMMARIES} and handoff.id = $1::uuid`;

const NEWEST_OF = `${SUMMARIES} and customer.installation_id = $1::uuid and customer.key = $2
   order by handoff.state not in ('waiting', 'claimed', 'snoozed', 'reopened'),
            handoff.state <> 'resolved' or handoff.is_settled, handoff.created_at desc, handoff.id desc
   limit 1`;

const RATINGS_OF = `
  select asked.handoff_id, asked.asked_at, asked.rating, asked.words is not null as has_words
    from handoff_rating as asked
    join handoff on handoff.id = asked.handoff_id and handoff.tenant_id = current_tenant()
    join conversation as customer on customer.id = handoff.conversation_id and customer.tenant_id = current_tenant()
   where asked.tenant_id = current_tenant() and customer.installation_id = $1::uuid and customer.key = $2`;

interface AskedRow {
  handoff_id: string;
  asked_at: Date;
  rating: Rating | null;
  has_words: boolean;
}

export function createHandoffBoard(database: Database): HandoffBoard {
  const read = async (tenantId: TenantId, text: string, values: readonly unknown[]): Promise<HandoffSummary[]> => {
    const { rows } = await database.withTenant(tenantId, (db) => db.query<SummaryRow>(text, values));
    return rows.map(toSummary);
  };
  return {
    list: (tenantId, limit) => read(tenantId, LIST, [limit]),
    find: async (tenantId, handoffId) => (await read(tenantId, FIND, [handoffId]))[0] ?? null,
    newestOf: async (tenantId, { installationId, key }) =>
      (await read(tenantId, NEWEST_OF, [installationId, key]))[0] ?? null,
    async ratingsOf(tenantId, { installationId, key }) {
      const { rows } = await database.withTenant(tenantId, (db) =>
        db.query<AskedRow>(RATINGS_OF, [installationId, key]),
      );
      return rows.map(toAskedRating);
    },
  };
}

function toAskedRating({ handoff_id, asked_at, rating, has_words }: AskedRow): AskedRating {
  return { handoffId: handoff_id, askedAt: asked_at, rating, hasWords: has_words };
}

function toSummary(row: SummaryRow): HandoffSummary {
  return {
    handoffId: row.id,
    state: row.state,
    reason: row.reason,
    question: row.question,
    customerName: row.customer_name,
    claimedBy: row.claimed_by_name,
    claimedById: row.claimed_by_id,
    snoozedUntil: row.snoozed_until,
    isSettled: row.is_settled,
    conversation: { installationId: row.customer_installation_id, key: row.customer_key },
    agentThread: row.thread_key === null ? null : { installationId: row.agents_installation_id, key: row.thread_key },
    agentsPlatform: row.agents_platform,
    team: row.team,
    assignedTo: row.assigned_to,
    due: row.due_kind === null || row.due_at === null ? null : { kind: row.due_kind, at: row.due_at },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    confidence: row.confidence,
    answerId: row.answer_id,
  };
}
