import type { ConversationRef } from "../../src/ports/chat.js";
import type { WebAuthor, WebMessage, WebMessageStore } from "../../src/ports/console.js";
import type { Database, QueryResult } from "../../src/ports/database.js";
import { NotFoundError } from "../../src/ports/errors.js";
import type { NewId, TenantId } from "../../src/ports/ids.js";
import { withoutCards } from "../../src/text/cards-in-blocks.js";
import { cleanText, toJsonb } from "./clean-json.js";
import { SIGNAL_CONVERSATION } from "./live-signals.js";
import { parseReply } from "./reply-codec.js";

interface MessageRow {
  id: string;
  author_role: WebAuthor["role"];
  author_name: string;
  state: WebMessage["state"];
  reply: unknown;
  partial_text: string;
  created_at: Date;
  edited_at: Date | null;
}

// `$1` and `$2` are the conversation's installation and key in every statement here.
const IN_CONVERSATION = `
  web_message.tenant_id = current_tenant() and web_message.installation_id = $1::uuid
    and web_message.conversation_key = $2`;

const ADD = `
  with added as (
    insert into web_message (id, tenant_id, installation_id, conversation_key, delivery_id, author_role, author_name,
                             state, reply)
    select $3::uuid, tenant_id, id, $2, $4::uuid, $5, $6, $7, $8::jsonb
      from installation where id = $1::uuid and tenant_id = current_tenant()
    on conflict do nothing
    returning id, tenant_id, conversation_key
  )
  select id, ${SIGNAL_CONVERSATION} from added`;

const FIND_BY_DELIVERY = `
  select id from web_message where ${IN_CONVERSATION} and delivery_id = $3::uuid and deleted_at is null`;

const APPEND_PARTIAL = `
  with changed as (
    update web_message set partial_text = partial_text || $4
     where ${IN_CONVERSATION} and id = $3::uuid and state = 'streaming' and deleted_at is null
    returning id, tenant_id, conversation_key
  )
  select id, ${SIGNAL_CONVERSATION} from changed`;

// A message that was whole before is edited; one that was streaming is only finished.
const COMPLETE = `
  with changed as (
    update web_message
       set reply = $4::jsonb, partial_text = '', state = 'complete',
           edited_at = case when state = 'complete' then clock_timestamp() end
     where ${IN_CONVERSATION} and id = $3::uuid and deleted_at is null
    returning id, tenant_id, conversation_key
  )
  select id, ${SIGNAL_CONVERSATION} from changed`;

const REMOVE = `
  with changed as (
    update web_message set deleted_at = coalesce(deleted_at, clock_timestamp())
     where ${IN_CONVERSATION} and id = $3::uuid
    returning id, tenant_id, conversation_key
  )
  select id, ${SIGNAL_CONVERSATION} from changed`;

const MESSAGES = `
  select id, author_role, author_name, state, reply, partial_text, created_at, edited_at
    from web_message
   where ${IN_CONVERSATION} and deleted_at is null`;

const FIND = `${MESSAGES} and id = $3::uuid`;

const LIST = `${MESSAGES}
   order by seq desc
   limit $3::int`;

/** @param tenantOf the tenant of an installation. @throws {NotFoundError} for an unknown one. */
export function createWebMessageStore(
  database: Database,
  tenantOf: (installationId: string) => Promise<TenantId>,
  newId: NewId,
): WebMessageStore {
  const run = async <Row extends object>(
    to: ConversationRef,
    text: string,
    values: readonly unknown[],
  ): Promise<QueryResult<Row>> => {
    const tenantId = await tenantOf(to.installationId);
    return database.withTenant(tenantId, (db) => db.query<Row>(text, [to.installationId, to.key, ...values]));
  };
  const change = async (to: ConversationRef, text: string, values: readonly unknown[]): Promise<void> => {
    const { rows } = await run(to, text, values);
    if (rows.length === 0) throw new NotFoundError(`no message ${String(values[0])}`);
  };
  const findByDelivery = async (to: ConversationRef, deliveryId: string): Promise<string | null> =>
    (await run<{ id: string }>(to, FIND_BY_DELIVERY, [deliveryId])).rows[0]?.id ?? null;
  const addOnce = async (to: ConversationRef, deliveryId: string, columns: readonly unknown[]): Promise<string> => {
    const { rows } = await run<{ id: string }>(to, ADD, [newId(), deliveryId, ...columns]);
    const id = rows[0]?.id ?? (await findByDelivery(to, deliveryId));
    if (id === null) throw new NotFoundError(`the message of delivery ${deliveryId} was deleted`);
    return id;
  };
  return {
    async addFromPerson({ messageId, to, author, reply }) {
      const kept = toJsonb(withoutCards(reply));
      await run(to, ADD, [messageId, null, author.role, cleanText(author.name), "complete", kept]);
    },
    post: (to, deliveryId, author, reply) =>
      addOnce(to, deliveryId, [author.role, cleanText(author.name), "complete", toJsonb(reply)]),
    openStream: (to, deliveryId, author) =>
      addOnce(to, deliveryId, [author.role, cleanText(author.name), "streaming", null]),
    appendPartial: (to, messageId, markdown) => change(to, APPEND_PARTIAL, [messageId, cleanText(markdown)]),
    complete: (to, messageId, reply) => change(to, COMPLETE, [messageId, toJsonb(reply)]),
    remove: (to, messageId) => change(to, REMOVE, [messageId]),
    findByDelivery,
    async find(to, messageId) {
      const { rows } = await run<MessageRow>(to, FIND, [messageId]);
      return rows[0] === undefined ? null : toMessage(rows[0]);
    },
    async list(to, limit) {
      const { rows } = await run<MessageRow>(to, LIST, [limit]);
      return rows.map(toMessage).reverse();
    },
  };
}

function toMessage(row: MessageRow): WebMessage {
  return {
    messageId: row.id,
    author: { role: row.author_role, name: row.author_name },
    state: row.state,
    reply: row.reply === null ? null : parseReply(row.reply),
    partialText: row.partial_text,
    createdAt: row.created_at,
    editedAt: row.edited_at,
  };
}
