import type { Queryable } from "../../src/ports/database.js";
import type { InboxStore, NeighbouringEvent, OutcomeKind, Said, Turn } from "../../src/ports/stores.js";
import { readInboundEvent } from "./inbound-event-codec.js";
import { PREPARED } from "./prepared.js";

interface NeighbourRow {
  id: string;
  payload: unknown;
  waited_ms: number;
  outcome: OutcomeKind | null;
  outcome_reason: string | null;
}

interface TurnRow {
  id: string;
  turn_id: string;
  kind: string;
  outcome: OutcomeKind;
  outcome_reason: string;
  occurred_at: Date;
  went_to_people: boolean;
}

interface SaidRow {
  id: string;
  body: string;
  at: Date;
}

// In the order in which they are begun.
const AROUND = `
  with own as (
    select id, conversation_id, platform, channel_id, message_id from inbox
     where id = $2::uuid and conversation_id = $1::uuid and tenant_id = current_tenant()
  ), waiting as (
    select id, payload, received_at, outcome, outcome_reason, attempts, occurred_at, seq from inbox
     where conversation_id = $1::uuid and tenant_id = current_tenant() and outcome is null
     order by (attempts > 0) desc, occurred_at, seq
     limit 51
  ), amending as (
    select inbox.id, inbox.payload, inbox.received_at, inbox.outcome, inbox.outcome_reason, inbox.attempts,
           inbox.occurred_at, inbox.seq
      from inbox join own on inbox.platform = own.platform and inbox.channel_id = own.channel_id
                         and inbox.message_id = own.message_id and inbox.conversation_id = own.conversation_id
     where inbox.tenant_id = current_tenant() and inbox.kind in ('edit', 'deletion') and inbox.outcome is not null
  ), listed as (
    select * from waiting union all select * from amending
  )
  select id, payload, extract(epoch from clock_timestamp() - received_at)::double precision * 1000 as waited_ms, outcome,
         outcome_reason
    from listed
   order by (outcome is null) desc, (attempts > 0) desc, occurred_at, seq`;

// The event that brought the message: an edit does when it was answered as a question of its own.
const TURN_OF = `
  select id, coalesce(turn_id, id) as turn_id, kind, outcome, outcome_reason, occurred_at,
         exists (
           select from inbox as part
            where part.tenant_id = current_tenant() and part.conversation_id = $1::uuid
              and coalesce(inbox.turn_id, inbox.id) in (part.id, part.turn_id)
              and part.outcome in ('handed-off', 'relayed', 'failed')
         ) as went_to_people
    from inbox
   where tenant_id = current_tenant() and conversation_id = $1::uuid and platform = $2 and channel_id = $3
     and message_id = $4 and outcome is not null
     and (kind in ('message', 'command', 'note')
          or (kind = 'edit' and turn_id is null and outcome in ('answered', 'clarified', 'handed-off')))
   order by (kind = 'edit') desc, seq desc
   limit 1`;

const SAID = `
  select inbox.id, transcript_entry.body, transcript_entry.at
    from inbox
    join transcript_entry on transcript_entry.conversation_id = inbox.conversation_id
                         and transcript_entry.cause_type = 'event' and transcript_entry.cause_id = inbox.id
   where inbox.conversation_id = $1::uuid and inbox.tenant_id = current_tenant()
     and transcript_entry.tenant_id = current_tenant() and transcript_entry.speaker = 'customer'
     and (inbox.id = $2::uuid or inbox.turn_id = $2::uuid)
   order by transcript_entry.at, transcript_entry.seq`;

type Arguments<Name extends "around" | "turnOf"> = Parameters<InboxStore[Name]>;

export async function around(
  db: Queryable,
  ...[lease, inboxId]: Arguments<"around">
): Promise<readonly NeighbouringEvent[]> {
  const { rows } = await db.query<NeighbourRow>(AROUND, [lease.conversationId, inboxId], PREPARED);
  return rows.map(({ id, payload, waited_ms, outcome, outcome_reason }) => ({
    inboxId: id,
    event: readInboundEvent(payload),
    waitedMs: waited_ms,
    outcome: outcome === null ? null : { kind: outcome, reason: outcome_reason ?? "" },
  }));
}

export async function turnOf(
  db: Queryable,
  ...[lease, { channelId, messageId }]: Arguments<"turnOf">
): Promise<Turn | null> {
  const values = [lease.conversationId, lease.platform, channelId, messageId];
  const [row] = (await db.query<TurnRow>(TURN_OF, values)).rows;
  if (row === undefined) return null;
  const { rows: said } = await db.query<SaidRow>(SAID, [lease.conversationId, row.turn_id]);
  return {
    turnId: row.turn_id,
    inboxId: row.id,
    kind: row.kind,
    outcome: { kind: row.outcome, reason: row.outcome_reason },
    wentToPeople: row.went_to_people,
    occurredAt: row.occurred_at,
    said: said.map(({ id, body, at }): Said => ({ inboxId: id, text: body, at })),
  };
}
