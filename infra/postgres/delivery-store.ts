import type { Queryable } from "../../src/ports/database.js";
import { NotFoundError, StaleLeaseError } from "../../src/ports/errors.js";
import type { NewId } from "../../src/ports/ids.js";
import type { ClaimedDelivery, DeliveryStore, Lease, NewDelivery } from "../../src/ports/stores.js";
import { cleanText, toJsonb } from "./clean-json.js";
import { DatabaseError } from "./database-error.js";
import { DELIVERY_COLUMNS as COLUMNS } from "./delivery-columns.js";
import { HELD_CONVERSATION } from "./held-conversation.js";
import { SIGNAL_HANDOFF } from "./live-signals.js";
import { PREPARED } from "./prepared.js";
import { addNextPart, isOvertaken, standingReplies } from "./standing-replies.js";
import { readReply } from "./reply-codec.js";

interface IdRow {
  id: string;
}

// An open stream gets the whole reply and becomes due. Any other row that is there stays as it is.
const ADD = `
  insert into delivery (${COLUMNS}, state)
  select $2::uuid, conversation.tenant_id, conversation.id, $3, $4::uuid, $5, 0, $6, $7::uuid, $8, $9, $10::jsonb,
         'pending'
    from conversation
   where conversation.id = $1::uuid and conversation.tenant_id = current_tenant()
  on conflict (cause_type, cause_id, purpose, part) do update
     set reply = excluded.reply, speaker_role = excluded.speaker_role, speaker_name = excluded.speaker_name,
         state = 'pending', is_uncertain = delivery.is_streamed and delivery.platform_id is null,
         next_attempt_at = clock_timestamp()
   where delivery.state = 'streaming' and delivery.tenant_id = current_tenant()
  returning id`;

const FIND_BY_CAUSE = `
  select id from delivery
   where tenant_id = current_tenant() and cause_type = $1 and cause_id = $2::uuid and purpose = $3 and part = 0`;

// A stream is shown at once, past the sender: while another delivery of the conversation waits, it would overtake it.
const OPEN_STREAM = `
  with ${HELD_CONVERSATION}, opened as (
    insert into delivery (${COLUMNS}, state, is_streamed)
    select $3::uuid, held.tenant_id, held.id, $4, $5::uuid, $6, 0, $7, $8::uuid, $9, $10, $11::jsonb, 'streaming',
           true
      from held
     where not exists (select from delivery as other
                        where other.conversation_id = held.id and other.tenant_id = current_tenant()
                          and other.state in ('streaming', 'pending', 'sending'))
    on conflict (cause_type, cause_id, purpose, part) do nothing
    returning id
  )
  select opened.id from held left join opened on true`;

// Where it stands, or that it stands nowhere.
const RECORD_STREAM = `
  with ${HELD_CONVERSATION}
  update delivery set platform_id = $4, is_streamed = $4::text is not null
    from held
   where delivery.id = $3::uuid and delivery.conversation_id = held.id and delivery.tenant_id = current_tenant()
     and delivery.state = 'streaming'`;

const MAY_CONTINUE_STREAM = `
  select exists (
    select from conversation
     where id = $1::uuid and tenant_id = current_tenant() and fence = $2::bigint and lease_until > clock_timestamp()
       and not exists (select from handoff
                        where handoff.conversation_id = conversation.id and handoff.tenant_id = current_tenant()
                          and handoff.state = 'claimed')
  ) as may_continue`;

const END = `
  update delivery
     set state = $3, platform_id = coalesce($4, platform_id), last_error = $5, ended_at = clock_timestamp(),
         lease_owner = null, lease_until = null
   where id = $1::uuid and fence = $2::bigint and tenant_id = current_tenant() and state = 'sending'`;

// A post that was never made starts no thread: what waited for it can never be posted.
const GIVE_THREAD_UP = `
  update delivery
     set state = 'failed', last_error = 'thread-never-started', ended_at = clock_timestamp()
    from conversation
   where conversation.awaits_delivery_id = $1::uuid and conversation.tenant_id = current_tenant()
     and delivery.conversation_id = conversation.id and delivery.tenant_id = current_tenant()
     and delivery.state = 'pending'`;

const RETRY = `
  update delivery
     set state = 'pending', last_error = $3, is_uncertain = $4::boolean, lease_owner = null, lease_until = null,
         attempt = case when $6::boolean then attempt else attempt - 1 end,
         next_attempt_at = clock_timestamp() + make_interval(secs => $5::double precision / 1000)
   where id = $1::uuid and fence = $2::bigint and tenant_id = current_tenant() and state = 'sending'`;

const EXTEND_LEASE = `
  update delivery set lease_until = clock_timestamp() + make_interval(secs => $3::double precision / 1000)
   where id = $1::uuid and fence = $2::bigint and tenant_id = current_tenant() and state = 'sending'`;

const POSTED = `
  select conversation_id, reply from delivery
   where id = $1::uuid and tenant_id = current_tenant() and operation = 'post' and state not in ('failed', 'unconfirmed')`;

const REWORD = `
  update delivery set reply = $2::jsonb where id = $1::uuid and tenant_id = current_tenant() and operation = 'post'`;

const UNIQUE_VIOLATION = "23505";

// One that a platform may have got stands there perhaps: it is posted for certain first, and taken away then.
const RECALL = `
  update delivery set state = 'failed', last_error = 'recalled', ended_at = clock_timestamp()
   where id = any($1::uuid[]) and tenant_id = current_tenant() and state = 'pending' and not is_uncertain
     and platform_id is null
  returning id`;

const GIVE_STREAM_UP = `
  update delivery set state = 'failed', last_error = 'gave-up', ended_at = clock_timestamp()
   where tenant_id = current_tenant() and cause_type = $1 and cause_id = $2::uuid and state = 'streaming'`;

// Somebody may have written in the new thread before its post was recorded: then its conversation is there already and
// takes the waiting one's place. The three parts see the same state, from before the statement.
const JOIN_THREAD = `
  with waiting as (
    select conversation.id, conversation.installation_id, conversation.left_by_handoff_id from conversation
     where conversation.awaits_delivery_id = $1::uuid and conversation.tenant_id = current_tenant()
       for no key update
  ), there as (
    select conversation.id, waiting.id as waiting_id
      from conversation join waiting on waiting.installation_id = conversation.installation_id
     where conversation.key = $2 and conversation.tenant_id = current_tenant() and conversation.id <> waiting.id
  ), moved_deliveries as (
    update delivery set conversation_id = there.id
      from there where delivery.conversation_id = there.waiting_id and delivery.tenant_id = current_tenant()
  ), left_thread as (
    update conversation set left_by_handoff_id = waiting.left_by_handoff_id
      from there, waiting
     where conversation.id = there.id and conversation.tenant_id = current_tenant()
       and waiting.left_by_handoff_id is not null
  ), named as (
    update conversation
       set awaits_delivery_id = null,
           key = case when exists (select from there) then conversation.key else $2 end
      from waiting where conversation.id = waiting.id and conversation.tenant_id = current_tenant()
    returning conversation.id
  ), moved_handoff as (
    update handoff set agent_conversation_id = coalesce((select id from there), handoff.agent_conversation_id),
           updated_at = clock_timestamp()
      from waiting where handoff.agent_conversation_id = waiting.id and handoff.tenant_id = current_tenant()
    returning handoff.id, handoff.tenant_id
  ), signalled as (
    select ${SIGNAL_HANDOFF} from moved_handoff
  )
  select coalesce((select id from there), (select id from waiting)) as id
    from waiting left join signalled on true`;

export function createDeliveryStore(db: Queryable, newId: NewId): DeliveryStore {
  return {
    async add(deliveries) {
      const ids: string[] = [];
      for (const delivery of deliveries) ids.push(await addOne(db, newId(), delivery));
      return ids;
    },
    async openStream(lease, delivery) {
      const [, ...columns] = columnValues(newId(), delivery);
      const values = [lease.conversationId, String(lease.fence), ...columns];
      const [row] = (await db.query<{ id: string | null }>(OPEN_STREAM, values, PREPARED)).rows;
      if (row === undefined) throw new StaleLeaseError(`conversation ${lease.conversationId}`, lease.fence);
      return row.id;
    },
    recordStream: (lease, deliveryId, platformId) => recordStream(db, lease, deliveryId, platformId),
    recordNoStream: (lease, deliveryId) => recordStream(db, lease, deliveryId, null),
    async mayContinueStream(lease) {
      const values = [lease.conversationId, String(lease.fence)];
      const { rows } = await db.query<{ may_continue: boolean }>(MAY_CONTINUE_STREAM, values);
      return rows[0]?.may_continue === true;
    },
    async markSent(delivery, posted) {
      await writeUnderFence(db, END, delivery, ["sent", posted.platformId, null]);
      const isThere = posted.threadKey === delivery.conversation.key;
      return isThere ? null : joinThread(db, delivery.deliveryId, posted.threadKey);
    },
    addNextPart: ({ deliveryId }, { threadKey }) => addNextPart(db, newId(), deliveryId, threadKey),
    extendLease: (delivery, leaseMs) => writeUnderFence(db, EXTEND_LEASE, delivery, [leaseMs]),
    markRetry: (delivery, errorCode, { delayMs, isUncertain, counts }) =>
      writeUnderFence(db, RETRY, delivery, [cleanText(errorCode), isUncertain, delayMs, counts]),
    async posted(deliveryId) {
      const { rows } = await db.query<{ conversation_id: string; reply: unknown }>(POSTED, [deliveryId]);
      const [row] = rows;
      const reply = row === undefined ? null : readReply(row.reply);
      return row === undefined || reply === null ? null : { conversationId: row.conversation_id, reply };
    },
    async reword(deliveryId, reply) {
      await db.query(REWORD, [deliveryId, toJsonb(reply)]);
    },
    standing: (turnId, what = "reply") => standingReplies(db, turnId, what),
    async recall(deliveryIds) {
      const { rows } = await db.query<IdRow>(RECALL, [deliveryIds]);
      return rows.map(({ id }) => id);
    },
    isOvertaken: ({ id }) => isOvertaken(db, id),
    async giveStreamUp({ type, id }) {
      await db.query(GIVE_STREAM_UP, [type, id]);
    },
    async markEnded(delivery, state, errorCode) {
      await writeUnderFence(db, END, delivery, [state, null, cleanText(errorCode)]);
      await db.query(GIVE_THREAD_UP, [delivery.deliveryId]);
    },
  };
}

async function joinThread(db: Queryable, deliveryId: string, threadKey: string): Promise<string | null> {
  const join = async () => (await db.query<IdRow>(JOIN_THREAD, [deliveryId, threadKey])).rows[0]?.id ?? null;
  await db.query("savepoint joining");
  try {
    return await join();
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.sqlState !== UNIQUE_VIOLATION) throw error;
    // Somebody wrote in the thread in this very moment: a second look sees their conversation.
    await db.query("rollback to savepoint joining");
    return join();
  }
}

async function recordStream(db: Queryable, lease: Lease, deliveryId: string, platformId: string | null): Promise<void> {
  const values = [lease.conversationId, String(lease.fence), deliveryId, platformId];
  const { rowCount } = await db.query(RECORD_STREAM, values, PREPARED);
  if (rowCount !== 1) throw new StaleLeaseError(`conversation ${lease.conversationId}`, lease.fence);
}

async function addOne(db: Queryable, id: string, delivery: NewDelivery): Promise<string> {
  const { rows } = await db.query<IdRow>(ADD, columnValues(id, delivery), PREPARED);
  return rows[0]?.id ?? findByCause(db, delivery);
}

async function findByCause(db: Queryable, { cause, purpose, conversationId }: NewDelivery): Promise<string> {
  const { rows } = await db.query<IdRow>(FIND_BY_CAUSE, [cause.type, cause.id, purpose]);
  if (rows[0] === undefined) throw new NotFoundError(`no conversation ${conversationId}`);
  return rows[0].id;
}

/** The conversation first, then the columns after `tenant_id` in the order of `COLUMNS`. */
function columnValues(id: string, delivery: NewDelivery): readonly unknown[] {
  const { conversationId, cause, purpose, operation, targetDeliveryId, speaker, reply } = delivery;
  return [
    conversationId,
    id,
    cause.type,
    cause.id,
    purpose,
    operation,
    targetDeliveryId,
    speaker.role,
    cleanText(speaker.name),
    toJsonb(reply),
  ];
}

async function writeUnderFence(
  db: Queryable,
  text: string,
  delivery: ClaimedDelivery,
  values: readonly unknown[],
): Promise<void> {
  const { rowCount } = await db.query(text, [delivery.deliveryId, String(delivery.fence), ...values], PREPARED);
  if (rowCount !== 1) throw new StaleLeaseError(`delivery ${delivery.deliveryId}`, delivery.fence);
}
