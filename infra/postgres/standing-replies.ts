import type { Queryable } from "../../src/ports/database.js";
import type { Platform, Speaker } from "../../src/ports/chat.js";
import type { StandingReply } from "../../src/ports/standing-reply.js";
import type { DeliveryPurpose } from "../../src/ports/stores.js";
import { DELIVERY_COLUMNS } from "./delivery-columns.js";
import { parseReply } from "./reply-codec.js";

/*
 * What stands of a reply, what is added to it and what takes it away are decided in transactions of their own. Each locks
 * the first part before it looks, so that the later one sees what the earlier one did.
 */

const TURN = `select id from inbox where tenant_id = current_tenant() and (id = $1::uuid or turn_id = $1::uuid)`;

const LOCK_TURN = `
  select from delivery
   where tenant_id = current_tenant() and cause_type = 'event' and cause_id in (${TURN})
     and operation = 'post' and purpose = any($2::text[]) and part = 0
   order by id
     for no key update`;

/** The reply of a delivery `posted`, with the words of its newest edit. */
export const AS_SHOWN = `
  coalesce((select change.reply from delivery as change
             where change.target_delivery_id = posted.id and change.operation = 'edit' and change.state <> 'failed'
               and change.tenant_id = current_tenant()
             order by change.seq desc limit 1), posted.reply)`;

// One that is edited stays where it was posted; what ended unsent stands nowhere.
const STANDING = `
  select posted.id, posted.conversation_id, installation.platform, posted.speaker_role, posted.speaker_name,
         ${AS_SHOWN} as reply
    from delivery as posted
    join conversation on conversation.id = posted.conversation_id and conversation.tenant_id = current_tenant()
    join installation on installation.id = conversation.installation_id and installation.tenant_id = current_tenant()
   where posted.tenant_id = current_tenant() and posted.cause_type = 'event' and posted.cause_id in (${TURN})
     and posted.operation = 'post' and posted.purpose = any($2::text[]) and posted.state <> 'failed'
     and not exists (select from delivery as withdrawal
                      where withdrawal.target_delivery_id = posted.id and withdrawal.operation = 'delete'
                        and withdrawal.tenant_id = current_tenant())
   order by posted.seq, posted.part`;

const LOCK_FIRST_PART = `
  select from delivery as head
    join delivery as sent on head.cause_type = sent.cause_type and head.cause_id = sent.cause_id
                         and head.purpose = sent.purpose
   where sent.id = $1::uuid and sent.tenant_id = current_tenant()
     and head.tenant_id = current_tenant() and head.part = 0
     for no key update of head`;

// The next part stands where its predecessor stood in the order, so that nothing comes between them. There is none once
// any part is to be changed or taken away: whoever wanted that has seen only the parts there were.
const ADD_NEXT_PART = `
  insert into delivery (${DELIVERY_COLUMNS}, seq, state)
  overriding system value
  select $2::uuid, sent.tenant_id, coalesce(thread.id, sent.conversation_id), sent.cause_type, sent.cause_id,
         sent.purpose, sent.part + 1, 'post', null, sent.speaker_role, sent.speaker_name, sent.reply, sent.seq, 'pending'
    from delivery as sent
    join conversation as own on own.id = sent.conversation_id and own.tenant_id = current_tenant()
    left join conversation as thread on thread.installation_id = own.installation_id and thread.key = $3
                                    and thread.tenant_id = current_tenant()
   where sent.id = $1::uuid and sent.tenant_id = current_tenant()
     and not exists (select from delivery as part
                       join delivery as change on change.target_delivery_id = part.id
                      where part.cause_type = sent.cause_type and part.cause_id = sent.cause_id
                        and part.purpose = sent.purpose and part.tenant_id = current_tenant()
                        and change.tenant_id = current_tenant())`;

const OF_FILES = `
   posted.tenant_id = current_tenant() and posted.cause_type = 'file' and posted.operation = 'post'
     and posted.cause_id in (select id from relayed_file
                              where tenant_id = current_tenant() and inbox_id in (${TURN}))`;

const LOCK_FILES = `select from delivery as posted where ${OF_FILES} order by posted.id for no key update`;

const STANDING_FILES = `
  select posted.id, posted.conversation_id, installation.platform, posted.speaker_role, posted.speaker_name,
         ${AS_SHOWN} as reply
    from delivery as posted
    join conversation on conversation.id = posted.conversation_id and conversation.tenant_id = current_tenant()
    join installation on installation.id = conversation.installation_id and installation.tenant_id = current_tenant()
   where ${OF_FILES} and posted.state <> 'failed'
     and not exists (select from delivery as withdrawal
                      where withdrawal.target_delivery_id = posted.id and withdrawal.operation = 'delete'
                        and withdrawal.tenant_id = current_tenant())
   order by posted.seq, posted.part`;

const TURN_OF = `
  select coalesce(turn_id, id) as id from inbox where id = $1::uuid and tenant_id = current_tenant()`;

const IS_OVERTAKEN = `
  select exists (
    select from inbox as cause
      join inbox as later on later.turn_id = cause.turn_id and later.finished_at > cause.finished_at
     where cause.id = $1::uuid and cause.tenant_id = current_tenant() and later.tenant_id = current_tenant()
       and later.outcome <> 'ignored'
  ) as is_overtaken`;

interface StandingRow {
  id: string;
  conversation_id: string;
  platform: Platform;
  speaker_role: Speaker["role"];
  speaker_name: string;
  reply: unknown;
}

const PURPOSES: Readonly<Record<"reply" | "relay", readonly DeliveryPurpose[]>> = {
  reply: ["reply", "replacement"],
  relay: ["relay"],
};

export async function standingReplies(
  db: Queryable,
  turnId: string,
  what: "reply" | "relay" | "file",
): Promise<readonly StandingReply[]> {
  const [lock, read, values] =
    what === "file" ? [LOCK_FILES, STANDING_FILES, [turnId]] : [LOCK_TURN, STANDING, [turnId, PURPOSES[what]]];
  await db.query(lock, values);
  const { rows } = await db.query<StandingRow>(read, values);
  return rows.map((row) => ({
    deliveryId: row.id,
    conversationId: row.conversation_id,
    platform: row.platform,
    speaker: { role: row.speaker_role, name: row.speaker_name },
    reply: parseReply(row.reply),
  }));
}

export async function addNextPart(db: Queryable, id: string, sentId: string, threadKey: string): Promise<void> {
  await db.query(LOCK_FIRST_PART, [sentId]);
  await db.query(ADD_NEXT_PART, [sentId, id, threadKey]);
}

export async function isOvertaken(db: Queryable, inboxId: string): Promise<boolean> {
  const [turn] = (await db.query<{ id: string }>(TURN_OF, [inboxId])).rows;
  if (turn === undefined) return false;
  await db.query(LOCK_TURN, [turn.id, Object.values(PURPOSES).flat()]);
  const { rows } = await db.query<{ is_overtaken: boolean }>(IS_OVERTAKEN, [inboxId]);
  return rows[0]?.is_overtaken === true;
}
