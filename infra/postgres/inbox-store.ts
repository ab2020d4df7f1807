import type { Queryable } from "../../src/ports/database.js";
import { StaleLeaseError } from "../../src/ports/errors.js";
import type { InboxStore, Lease, WaitingEvent } from "../../src/ports/stores.js";
import { PREPARED } from "./prepared.js";
import { around, turnOf } from "./turn-reader.js";
import { cleanText } from "./clean-json.js";
import { readInboundEvent } from "./inbound-event-codec.js";
import { HELD_CONVERSATION } from "./held-conversation.js";

/** Nulls where nothing is due. */
export interface WaitingRow {
  id: string | null;
  payload: unknown;
  attempts: number;
}

// First is an event that was begun: what it opened must be closed by it, also when one of earlier platform time has arrived
// since. Otherwise it is the earliest by platform time. The first keeps all behind it waiting, also while it waits for its
// own next attempt. No row means that the lease is lost, a row of nulls that it is held and nothing is due.
const BEGIN_NEXT = `
  with ${HELD_CONVERSATION}, first as (
    select inbox.id, inbox.next_attempt_at
      from inbox join held on held.id = inbox.conversation_id
     where inbox.tenant_id = current_tenant() and inbox.outcome is null
     order by (inbox.attempts > 0) desc, inbox.occurred_at, inbox.seq
     limit 1
  ), begun as (
    update inbox set attempts = inbox.attempts + 1
      from first
     where inbox.id = first.id and inbox.tenant_id = current_tenant() and first.next_attempt_at <= clock_timestamp()
    returning inbox.id, inbox.payload, inbox.attempts - 1 as attempts
  )
  select begun.id, begun.payload, begun.attempts from held left join begun on true`;

// What a file is read by may be an address that opens for whoever has it. Once the event has ended nobody reads it again.
const WITHOUT_SOURCES = `
  case when jsonb_typeof(inbox.payload -> 'files') = 'array'
       then jsonb_set(inbox.payload, '{files}', (
              select coalesce(jsonb_agg(given.file || '{"source":null}' order by given.place), '[]')
                from jsonb_array_elements(inbox.payload -> 'files') with ordinality as given (file, place)
               where jsonb_typeof(given.file) = 'object'))
       else inbox.payload end`;

const FINISH = `
  with ${HELD_CONVERSATION}
  update inbox
     set outcome = $4::text, outcome_reason = $5::text, finished_at = clock_timestamp(), turn_id = $6::uuid,
         payload = ${WITHOUT_SOURCES}
    from held
   where inbox.id = $3::uuid and inbox.conversation_id = held.id and inbox.tenant_id = current_tenant()
     and inbox.outcome is null`;

const JOIN = `
  with ${HELD_CONVERSATION}
  update inbox
     set outcome = 'recorded', outcome_reason = 'joined', finished_at = clock_timestamp(), turn_id = $4::uuid,
         payload = ${WITHOUT_SOURCES}
    from held
   where inbox.id = any($3::uuid[]) and inbox.conversation_id = held.id and inbox.tenant_id = current_tenant()
     and inbox.outcome is null`;

const POSTPONE = `
  with ${HELD_CONVERSATION}
  update inbox
     set last_error = $4::text, next_attempt_at = clock_timestamp() + make_interval(secs => $5::double precision / 1000)
    from held
   where inbox.id = $3::uuid and inbox.conversation_id = held.id and inbox.tenant_id = current_tenant()
     and inbox.outcome is null`;

const PUT_BACK = `
  with ${HELD_CONVERSATION}
  update inbox
     set attempts = inbox.attempts - 1,
         next_attempt_at = clock_timestamp() + make_interval(secs => $4::double precision / 1000)
    from held
   where inbox.id = $3::uuid and inbox.conversation_id = held.id and inbox.tenant_id = current_tenant()
     and inbox.outcome is null and inbox.attempts > 0`;

const REDACT = `
  with ${HELD_CONVERSATION}
  update inbox set payload = jsonb_set(inbox.payload - 'blocks',
                                       case when inbox.payload -> 'action' is null then '{text}'::text[] else '{action,words}'::text[] end,
                                       to_jsonb($4::text))
    from held
   where inbox.id = $3::uuid and inbox.conversation_id = held.id and inbox.tenant_id = current_tenant()`;

export function createInboxStore(db: Queryable): InboxStore {
  return {
    async beginNext(lease) {
      const { rows } = await db.query<WaitingRow>(BEGIN_NEXT, leaseValues(lease), PREPARED);
      const [row] = rows;
      if (row === undefined) throw new StaleLeaseError(`conversation ${lease.conversationId}`, lease.fence);
      return toWaitingEvent(row);
    },
    around: (lease, inboxId) => around(db, lease, inboxId),
    turnOf: (lease, message) => turnOf(db, lease, message),
    async join(lease, inboxIds, turnId) {
      await writeUnderLease(db, JOIN, [...leaseValues(lease), inboxIds, turnId], lease, inboxIds.length);
    },
    async finish(lease, inboxId, outcome, turnId) {
      const values = [...leaseValues(lease), inboxId, outcome.kind, cleanText(outcome.reason), turnId ?? null];
      await writeUnderLease(db, FINISH, values, lease);
    },
    async postpone(lease, inboxId, errorCode, delayMs) {
      await writeUnderLease(db, POSTPONE, [...leaseValues(lease), inboxId, cleanText(errorCode), delayMs], lease);
    },
    async redact(lease, inboxId, text) {
      await writeUnderLease(db, REDACT, [...leaseValues(lease), inboxId, cleanText(text)], lease);
    },
    async putBack(lease, inboxId, delayMs) {
      await writeUnderLease(db, PUT_BACK, [...leaseValues(lease), inboxId, delayMs], lease);
    },
  };
}

export function toWaitingEvent({ id, payload, attempts }: WaitingRow): WaitingEvent | null {
  return id === null ? null : { inboxId: id, event: readInboundEvent(payload), attempts };
}

async function writeUnderLease(
  db: Queryable,
  text: string,
  values: readonly unknown[],
  lease: Lease,
  rows = 1,
): Promise<void> {
  const { rowCount } = await db.query(text, values, PREPARED);
  if (rowCount !== rows) throw new StaleLeaseError(`conversation ${lease.conversationId}`, lease.fence);
}

function leaseValues(lease: Lease): readonly unknown[] {
  return [lease.conversationId, String(lease.fence)];
}
