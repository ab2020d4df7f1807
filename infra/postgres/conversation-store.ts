import type { ConversationRef } from "../../src/ports/chat.js";
import type { Queryable } from "../../src/ports/database.js";
import { NotFoundError } from "../../src/ports/errors.js";
import type { NewId } from "../../src/ports/ids.js";
import { isOpen } from "../../src/handoff/state-machine.js";
import type {
  ConversationState,
  ConversationStore,
  EarlierEntry,
  EarlierWindow,
  TranscriptEntry,
} from "../../src/ports/stores.js";
import { cleanText } from "./clean-json.js";
import { HANDOFF_COLUMNS, toHandoff, type HandoffRow } from "./handoff-store.js";
import { PREPARED } from "./prepared.js";
import { unlearn } from "./unlearn.js";

interface IdRow {
  id: string;
}

interface EntryRow {
  speaker: TranscriptEntry["speaker"];
  name: string;
  body: string;
  at: Date;
}

const STATE = `
  select ${HANDOFF_COLUMNS} from handoff
   where tenant_id = current_tenant()
     and (agent_conversation_id = $1::uuid
          or id = (select left_by_handoff_id from conversation where id = $1::uuid and tenant_id = current_tenant())
          or (conversation_id = $1::uuid
              and (state in ('waiting', 'claimed', 'snoozed', 'reopened') or (state = 'resolved' and not is_settled))))
   order by created_at desc`;

const LOCK = `select from conversation where id = $1::uuid and tenant_id = current_tenant() for no key update`;

const ENSURE = `
  with added as (
    insert into conversation (id, tenant_id, installation_id, key)
    select $1::uuid, tenant_id, id, $3 from installation where id = $2::uuid and tenant_id = current_tenant()
    on conflict (installation_id, key) do nothing
    returning id
  )
  select id from added
  union all
  select id from conversation where installation_id = $2::uuid and key = $3 and tenant_id = current_tenant()
  limit 1`;

// The key is made up until the post gives the real one; no platform's keys begin like it.
const STARTED_BY = `
  with added as (
    insert into conversation (id, tenant_id, installation_id, key, awaits_delivery_id)
    select $1::uuid, installation.tenant_id, installation.id, 'awaits:' || delivery.id, delivery.id
      from installation join delivery on delivery.tenant_id = installation.tenant_id
     where installation.id = $3::uuid and delivery.id = $2::uuid and installation.tenant_id = current_tenant()
    on conflict (installation_id, key) do nothing
    returning id
  )
  select id from added
  union all
  select id from conversation
   where installation_id = $3::uuid and awaits_delivery_id = $2::uuid and tenant_id = current_tenant()
  limit 1`;

// A card that is being posted, or was perhaps: what was refused, or not begun, stands nowhere.
const MAY_BE_STARTING = `
  select exists (
    select from conversation as own
      join conversation as thread on thread.installation_id = own.installation_id and thread.tenant_id = current_tenant()
      join delivery as card on card.id = thread.awaits_delivery_id and card.tenant_id = current_tenant()
     where own.id = $1::uuid and own.tenant_id = current_tenant()
       and (card.state = 'sending' or (card.state = 'pending' and card.is_uncertain))
  ) as may_be_starting`;

const APPEND = `
  insert into transcript_entry (id, tenant_id, conversation_id, cause_type, cause_id, speaker, name, body, at)
  select $2::uuid, tenant_id, id, $3, $4::uuid, $5, $6, $7, $8::timestamptz
    from conversation where id = $1::uuid and tenant_id = current_tenant()
  on conflict (conversation_id, cause_type, cause_id, speaker) do nothing`;

const AMEND = `
  update transcript_entry set body = $3
   where conversation_id = $1::uuid and tenant_id = current_tenant() and cause_type = 'event' and cause_id = $2::uuid
     and speaker <> 'bot'`;

const STRIKE = `
  delete from transcript_entry
   where conversation_id = $1::uuid and tenant_id = current_tenant() and cause_type = 'event' and cause_id = $2::uuid
     and speaker <> 'bot'
  returning speaker, name, body, at`;

// The bot's words stand under whichever event of the turn they answered.
const REPLY_OF_TURN = `
  conversation_id = $1::uuid and tenant_id = current_tenant() and cause_type = 'event' and speaker = 'bot'
     and cause_id in (select id from inbox
                       where conversation_id = $1::uuid and tenant_id = current_tenant()
                         and (id = $2::uuid or turn_id = $2::uuid))`;

const AMEND_REPLY = `update transcript_entry set body = $3 where ${REPLY_OF_TURN}`;

const STRIKE_REPLY = `delete from transcript_entry where ${REPLY_OF_TURN}`;

const SAID_IN = `
  select speaker, name, body, at from transcript_entry
   where conversation_id = $1::uuid and tenant_id = current_tenant() and cause_type = $2
     and cause_id in ($3::uuid, (select turn_id from inbox where id = $3::uuid and tenant_id = current_tenant()))
     and speaker = 'customer'
   order by (cause_id = $3::uuid) desc
   limit 1`;

const SAID_BY_AGENTS = `
  select speaker, name, body, at from transcript_entry
   where conversation_id = $1::uuid and tenant_id = current_tenant() and cause_type = 'event' and cause_id = $2::uuid
     and speaker in ('agent', 'note')`;

const ASKERS = `
  select distinct payload #>> '{author,id}' as id from inbox
   where tenant_id = current_tenant() and conversation_id = $1::uuid
     and (kind = 'command' or payload #>> '{action,name}' = 'human'
          or (kind in ('message', 'edit') and (payload ->> 'addressesBot')::boolean))`;

const READERS = `
  select audience, channel_id from (
    select distinct on (payload #>> '{author,id}') seq, payload ->> 'channelId' as channel_id,
           array(select jsonb_array_elements_text(payload -> 'audience')) as audience
      from inbox
     where tenant_id = current_tenant() and conversation_id = $1::uuid and kind in ('message', 'edit', 'action', 'command')
       and (payload #>> '{author,isBot}')::boolean is not true and payload #>> '{author,id}' in (${ASKERS})
     order by payload #>> '{author,id}', seq desc
  ) as reader
   order by seq desc`;

const HISTORY = `
  select speaker, name, body, at from transcript_entry
   where conversation_id = $1::uuid and tenant_id = current_tenant() and speaker <> 'note'
     and ($3::timestamptz is null or at < $3::timestamptz)
   order by at desc, seq desc
   limit $2::int`;

const TRANSCRIPT = `
  select speaker, name, body, at from transcript_entry
   where conversation_id = $1::uuid and tenant_id = current_tenant()
   order by at desc, seq desc
   limit $2::int`;

// An edited question's answer is traced under the edit, its words stand under the question.
const EARLIER = `
  select speaker, name, left(body, $5::int) as body, at, coalesce(cited.titles, '[]'::jsonb) as cited
    from transcript_entry left join lateral (
      select jsonb_path_query_array(answer_stage.output, '$.citations[*].title') as titles
        from inbox
        join answer on answer.inbox_id = inbox.id and answer.tenant_id = inbox.tenant_id
        join answer_stage on answer_stage.answer_id = answer.id and answer_stage.tenant_id = answer.tenant_id
       where inbox.tenant_id = current_tenant() and inbox.conversation_id = transcript_entry.conversation_id
         and (inbox.id = transcript_entry.cause_id or inbox.turn_id = transcript_entry.cause_id)
         and answer_stage.stage = 'decide'
       order by answer.id desc limit 1
    ) as cited on transcript_entry.speaker = 'bot'
   where conversation_id = $1::uuid and tenant_id = current_tenant() and speaker <> 'note'
     and ($3::timestamptz is null or at < $3::timestamptz)
   order by at desc, seq desc
   offset $2::int limit $4::int`;

async function readState(db: Queryable, conversationId: string): Promise<ConversationState> {
  const handoffs = (await db.query<HandoffRow>(STATE, [conversationId])).rows.map(toHandoff);
  const [newest] = handoffs.filter((handoff) => handoff.conversationId === conversationId);
  const open = handoffs.find((handoff) => handoff.conversationId === conversationId && isOpen(handoff.state));
  return {
    conversationId,
    handoff: open ?? null,
    unsettled: open === undefined ? (newest ?? null) : null,
    agentSideOf: handoffs.find((handoff) => handoff.agentConversationId === conversationId) ?? null,
    leftBy:
      handoffs.find(
        (handoff) => handoff.agentConversationId !== conversationId && handoff.conversationId !== conversationId,
      ) ?? null,
  };
}

async function ensure(db: Queryable, newId: NewId, { installationId, key }: ConversationRef): Promise<string> {
  // Twice, because the first look does not see a row that another transaction added in this moment.
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const { rows } = await db.query<IdRow>(ENSURE, [newId(), installationId, key]);
    if (rows[0] !== undefined) return rows[0].id;
  }
  throw new NotFoundError(`no installation ${installationId}`);
}

export function createConversationStore(db: Queryable, newId: NewId): ConversationStore {
  return {
    state: (conversationId) => readState(db, conversationId),
    lock: async (conversationId) => {
      await db.query(LOCK, [conversationId], PREPARED);
    },
    ensure: (ref) => ensure(db, newId, ref),
    async startedBy(deliveryId, installationId) {
      const { rows } = await db.query<IdRow>(STARTED_BY, [newId(), deliveryId, installationId]);
      if (rows[0] === undefined) throw new NotFoundError(`no delivery ${deliveryId} in installation ${installationId}`);
      return rows[0].id;
    },
    async mayBeStarting(conversationId) {
      const { rows } = await db.query<{ may_be_starting: boolean }>(MAY_BE_STARTING, [conversationId]);
      return rows[0]?.may_be_starting === true;
    },
    async append(conversationId, cause, { speaker, name, text, at }) {
      const values = [conversationId, newId(), cause.type, cause.id, speaker, cleanText(name), cleanText(text), at];
      await db.query(APPEND, values, PREPARED);
    },
    async amend(conversationId, inboxId, text) {
      const { rowCount } = await db.query(AMEND, [conversationId, inboxId, cleanText(text)]);
      return rowCount !== 0;
    },
    async amendReply(conversationId, turnId, text) {
      const { rowCount } = await db.query(AMEND_REPLY, [conversationId, turnId, cleanText(text)]);
      return rowCount !== 0;
    },
    async strike(conversationId, inboxId) {
      const { rows } = await db.query<EntryRow>(STRIKE, [conversationId, inboxId]);
      if (rows.length > 0) await unlearn(db, conversationId, rows.map(toEntry));
    },
    async strikeReply(conversationId, turnId) {
      await db.query(STRIKE_REPLY, [conversationId, turnId]);
    },
    saidIn: (conversationId, { type, id }) => readEntry(db, SAID_IN, [conversationId, type, id]),
    saidByAgents: (conversationId, inboxId) => readEntry(db, SAID_BY_AGENTS, [conversationId, inboxId]),
    readers: (conversationId) => readReaders(db, conversationId),
    async askers(conversationId) {
      const { rows } = await db.query<IdRow>(ASKERS, [conversationId]);
      return rows.map(({ id }) => id);
    },
    async history(conversationId, limit, before) {
      const { rows } = await db.query<EntryRow>(HISTORY, [conversationId, limit, before ?? null], PREPARED);
      return rows.map(toEntry).reverse();
    },
    async transcript(conversationId, limit) {
      const { rows } = await db.query<EntryRow>(TRANSCRIPT, [conversationId, limit]);
      return rows.map(toEntry).reverse();
    },
    earlier: (conversationId, window, before) => readEarlier(db, conversationId, window, before),
  };
}

async function readEntry(db: Queryable, text: string, values: readonly unknown[]): Promise<TranscriptEntry | null> {
  const { rows } = await db.query<EntryRow>(text, values);
  return rows[0] === undefined ? null : toEntry(rows[0]);
}

async function readReaders(db: Queryable, conversationId: string) {
  const { rows } = await db.query<{ audience: string[]; channel_id: string }>(READERS, [conversationId]);
  const [newest, ...others] = rows;
  if (newest === undefined) return null;
  const audience = newest.audience.filter((token) => others.every((other) => other.audience.includes(token)));
  return { audience, channelId: newest.channel_id };
}

async function readEarlier(
  db: Queryable,
  conversationId: string,
  { newest, limit, characters }: EarlierWindow,
  before?: Date,
): Promise<readonly EarlierEntry[]> {
  const values = [conversationId, newest, before ?? null, limit, characters];
  const { rows } = await db.query<EntryRow & { cited: string[] }>(EARLIER, values);
  return rows.map((row) => ({ ...toEntry(row), cited: row.cited })).reverse();
}

function toEntry({ speaker, name, body, at }: EntryRow): TranscriptEntry {
  return { speaker, name, text: body, at };
}
