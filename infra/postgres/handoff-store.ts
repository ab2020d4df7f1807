import type { Queryable } from "../../src/ports/database.js";
import { NotFoundError } from "../../src/ports/errors.js";
import type { NewId } from "../../src/ports/ids.js";
import type {
  Handoff,
  HandoffChange,
  HandoffReason,
  HandoffStanding,
  HandoffState,
  HandoffStore,
} from "../../src/ports/handoffs.js";
import { cleanText } from "./clean-json.js";
import { readFirstReplies, readTargets, writeTargets } from "./handoff-targets.js";
import { createTurns } from "./handoff-turns.js";
import { readTimers, writeTimers } from "./handoff-timers.js";
import { SIGNAL_HANDOFF } from "./live-signals.js";

export interface HandoffRow {
  id: string;
  conversation_id: string;
  agent_conversation_id: string;
  state: HandoffState;
  reason: HandoffReason;
  question: string;
  customer_name: string;
  claimed_by_id: string | null;
  claimed_by_name: string | null;
  snoozed_until: Date | null;
  customer_waits: boolean;
  is_settled: boolean;
  card_delivery_id: string | null;
  answer_id: string | null;
  team: string | null;
  created_at: Date;
  assigned_to_id: string | null;
  assigned_to_name: string | null;
  asked: string[];
}

export const HANDOFF_COLUMNS = `
  id, conversation_id, agent_conversation_id, state, reason, question, customer_name, claimed_by_id, claimed_by_name,
  snoozed_until, customer_waits, is_settled, card_delivery_id, answer_id, team, created_at,
  assigned_to_id, assigned_to_name, asked`;

// What was resolved before is settled by that: the customer talks of something new.
const OPEN = `
  with settled as (
    update handoff set is_settled = true
     where conversation_id = $2::uuid and tenant_id = current_tenant() and state = 'resolved' and not is_settled
  ), added as (
    insert into handoff (id, tenant_id, conversation_id, agent_conversation_id, state, reason, question, customer_name,
                         answer_id, card_delivery_id, team, customer_ids)
    select $1::uuid, customer.tenant_id, customer.id, agents.id, 'waiting', $4, $5, $6, $7::uuid, $12::uuid, $13,
           array_remove(array[$15::text], null)
      from conversation as customer join conversation as agents on agents.tenant_id = customer.tenant_id
     where customer.id = $2::uuid and agents.id = $3::uuid and customer.tenant_id = current_tenant()
    returning *
  ), audited as (
    insert into handoff_event (id, tenant_id, handoff_id, from_state, to_state, event, actor_id, actor_name, actor_role,
                               detail)
    select $8::uuid, tenant_id, id, null, state, 'open', $9, $10, $11, $14 from added
  )
  select ${HANDOFF_COLUMNS}, ${SIGNAL_HANDOFF} from added`;

const LOCK = `
  select ${HANDOFF_COLUMNS} from handoff where id = $1::uuid and tenant_id = current_tenant() for no key update`;

const NEWEST_OF = `
  select ${HANDOFF_COLUMNS} from handoff
   where conversation_id = $1::uuid and tenant_id = current_tenant()
   order by created_at desc limit 1`;

const OF_CARD = `
  select ${HANDOFF_COLUMNS.split(",")
    .map((column) => `handoff.${column.trim()}`)
    .join(", ")}
    from handoff
    join conversation as agents on agents.id = handoff.agent_conversation_id
   where agents.awaits_delivery_id = $1::uuid and agents.tenant_id = current_tenant()
     and handoff.tenant_id = current_tenant()
     for no key update of handoff`;

const TRANSITION = `
  with before as (
    select id, state as from_state, claimed_by_id as former_id,
           $2 in ('waiting', 'reopened') and state not in ('waiting', 'reopened') as becomes_free
      from handoff
     where id = $1::uuid and tenant_id = current_tenant() for no key update
  ), changed as (
    update handoff
       set state = $2, claimed_by_id = $3, claimed_by_name = $4, snoozed_until = $5::timestamptz, customer_waits = $6,
           is_settled = $7, updated_at = clock_timestamp(),
           learned = case when $2 = 'resolved' then learned end,
           assigned_to_id = case when not becomes_free then assigned_to_id end,
           assigned_to_name = case when not becomes_free then assigned_to_name end,
           asked = case when not becomes_free then asked
                        when from_state in ('claimed', 'snoozed') then array_remove(array[former_id], null)
                        else '{}' end
      from before
     where handoff.id = before.id and handoff.tenant_id = current_tenant()
    returning handoff.id, handoff.tenant_id, handoff.conversation_id, before.from_state
  ), audited as (
    insert into handoff_event (id, tenant_id, handoff_id, from_state, to_state, event, actor_id, actor_name, actor_role,
                               detail)
    select $8::uuid, tenant_id, id, from_state, $2, $9, $10, $11, $12, $13 from changed where $9::text is not null
  )
  select ${SIGNAL_HANDOFF} from changed`;

// Who writes in the former thread is told where it went.
const MOVE = `
  with former as (
    select id, agent_conversation_id from handoff
     where id = $1::uuid and tenant_id = current_tenant() for no key update
  ), left_thread as (
    update conversation set left_by_handoff_id = former.id
      from former where conversation.id = former.agent_conversation_id and conversation.tenant_id = current_tenant()
  ), changed as (
    update handoff
       set team = $2, assigned_to_id = null, assigned_to_name = null, asked = '{}', agent_conversation_id = $3::uuid, card_delivery_id = $4::uuid, updated_at = clock_timestamp()
      from former where handoff.id = former.id and handoff.tenant_id = current_tenant()
    returning handoff.id, handoff.tenant_id
  )
  select ${SIGNAL_HANDOFF} from changed`;

const REWORD = `
  with changed as (
    update handoff set question = $2 where id = $1::uuid and tenant_id = current_tenant() returning id, tenant_id
  )
  select ${SIGNAL_HANDOFF} from changed`;

const ADD_CUSTOMER = `
  update handoff set customer_ids = array_append(customer_ids, $2)
   where id = $1::uuid and tenant_id = current_tenant() and customer_ids <> '{}' and not $2 = any (customer_ids)`;

const SOURCES_OF = `
  select distinct source.name
    from document join source on source.id = document.source_id and source.tenant_id = current_tenant()
   where document.id = any ($1::uuid[]) and document.tenant_id = current_tenant()
   order by source.name`;

export function createHandoffStore(db: Queryable, newId: NewId): HandoffStore {
  return {
    async open(handoff, actor, why = null) {
      const { rows } = await db.query<HandoffRow>(OPEN, [
        handoff.handoffId,
        handoff.conversationId,
        handoff.agentConversationId,
        handoff.reason,
        cleanText(handoff.question),
        cleanText(handoff.customerName),
        handoff.answerId,
        newId(),
        actor.id,
        cleanText(actor.displayName),
        actor.role,
        handoff.cardDeliveryId,
        handoff.team,
        why === null ? null : cleanText(why),
        handoff.customerId ?? null,
      ]);
      return toHandoff(oneOf(rows, `conversation ${handoff.conversationId}`));
    },
    async lock(handoffId) {
      const { rows } = await db.query<HandoffRow>(LOCK, [handoffId]);
      return toHandoff(oneOf(rows, `handoff ${handoffId}`));
    },
    async newestOf(conversationId) {
      const { rows } = await db.query<HandoffRow>(NEWEST_OF, [conversationId]);
      return rows[0] === undefined ? null : toHandoff(rows[0]);
    },
    async ofUnpostedCard(deliveryId) {
      const { rows } = await db.query<HandoffRow>(OF_CARD, [deliveryId]);
      return rows[0] === undefined ? null : toHandoff(rows[0]);
    },
    async transition(handoffId, to, change) {
      const { rows } = await db.query<object>(TRANSITION, transitionValues(handoffId, newId(), to, change));
      oneOf(rows, `handoff ${handoffId}`);
    },
    async move(handoffId, { team, agentConversationId, cardDeliveryId }) {
      const { rows } = await db.query<object>(MOVE, [handoffId, team, agentConversationId, cardDeliveryId]);
      oneOf(rows, `handoff ${handoffId}`);
    },
    async reword(handoffId, question) {
      await db.query(REWORD, [handoffId, cleanText(question)]);
    },
    async sourcesOf(documentIds) {
      const { rows } = await db.query<{ name: string }>(SOURCES_OF, [documentIds]);
      return rows.map(({ name }) => name);
    },
    async addCustomer(handoffId, customerId) {
      await db.query(ADD_CUSTOMER, [handoffId, customerId]);
    },
    ...createTurns(db),
    targets: (handoffId) => readTargets(db, handoffId),
    setTargets: (handoffId, targets) => writeTargets(db, handoffId, targets),
    firstReplies: (window) => readFirstReplies(db, window),
    timers: (handoffId) => readTimers(db, handoffId),
    setTimers: (handoffId, timers) => writeTimers(db, handoffId, timers),
  };
}

function transitionValues(
  handoffId: string,
  eventId: string,
  to: HandoffStanding,
  change: HandoffChange | null,
): readonly unknown[] {
  return [
    handoffId,
    to.state,
    to.claimedBy?.id ?? null,
    to.claimedBy === null ? null : cleanText(to.claimedBy.displayName),
    to.snoozedUntil,
    to.customerWaits,
    to.isSettled,
    eventId,
    change?.event ?? null,
    change?.actor.id ?? null,
    change === null ? null : cleanText(change.actor.displayName),
    change?.actor.role ?? null,
    change?.detail ?? null,
  ];
}

export function toHandoff(row: HandoffRow): Handoff {
  return {
    handoffId: row.id,
    conversationId: row.conversation_id,
    agentConversationId: row.agent_conversation_id,
    state: row.state,
    reason: row.reason,
    question: row.question,
    customerName: row.customer_name,
    claimedBy:
      row.claimed_by_id === null
        ? null
        : { id: row.claimed_by_id, displayName: row.claimed_by_name ?? row.claimed_by_id },
    snoozedUntil: row.snoozed_until,
    customerWaits: row.customer_waits,
    isSettled: row.is_settled,
    cardDeliveryId: row.card_delivery_id,
    answerId: row.answer_id,
    team: row.team,
    assignedTo:
      row.assigned_to_id === null
        ? null
        : { id: row.assigned_to_id, displayName: row.assigned_to_name ?? row.assigned_to_id },
    asked: row.asked,
    createdAt: row.created_at,
  };
}

function oneOf<Row>(rows: readonly Row[], what: string): Row {
  const [row] = rows;
  if (row === undefined) throw new NotFoundError(`no ${what}`);
  return row;
}
