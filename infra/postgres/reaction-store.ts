import type { Platform, Speaker } from "../../src/ports/chat.js";
import type { Queryable } from "../../src/ports/database.js";
import type { ReactionStore } from "../../src/ports/reactions.js";
import { parseReply } from "./reply-codec.js";
import { AS_SHOWN } from "./standing-replies.js";

// A customer's conversation may have had handoffs before, with other teams; each has threads of its own.
const RELAYED_AS = `
  select ${AS_SHOWN} as reply from delivery as posted
    join handoff on handoff.id = $3::uuid and handoff.tenant_id = current_tenant()
   where posted.conversation_id = $1::uuid and posted.platform_id = $2 and posted.tenant_id = current_tenant()
     and posted.purpose = 'relay' and posted.operation = 'post' and posted.speaker_role <> 'bot'
     and not exists (select from delivery as withdrawal
                      where withdrawal.target_delivery_id = posted.id and withdrawal.operation = 'delete'
                        and withdrawal.tenant_id = current_tenant())
     and (posted.conversation_id = handoff.agent_conversation_id
          or exists (select from conversation as thread
                      where thread.tenant_id = current_tenant()
                        and (thread.id = handoff.agent_conversation_id or thread.left_by_handoff_id = handoff.id)
                        and thread.id in (select conversation_id from inbox
                                           where id = posted.cause_id and tenant_id = current_tenant()
                                           union all
                                          select conversation_id from relayed_file
                                           where id = posted.cause_id and tenant_id = current_tenant())))
   limit 1`;

const BY_PERSON = `
  inbox.tenant_id = current_tenant() and inbox.kind = 'reaction' and inbox.conversation_id = $1::uuid
     and inbox.platform = $2 and inbox.message_id = $3 and inbox.payload #>> '{author,id}' = $4`;

const REACTION_SHOWN = `
  select inbox.payload ->> 'emoji' as emoji, posted.id, posted.conversation_id, ${AS_SHOWN} as reply, posted.speaker_role,
         posted.speaker_name, installation.platform,
         exists (select from delivery as withdrawal
                  where withdrawal.target_delivery_id = posted.id and withdrawal.operation = 'delete'
                    and withdrawal.tenant_id = current_tenant()) as is_taken_back
    from inbox
    join delivery as posted on posted.cause_type = 'event' and posted.cause_id = inbox.id and posted.purpose = 'reaction'
                           and posted.operation = 'post' and posted.tenant_id = current_tenant()
    join conversation on conversation.id = posted.conversation_id and conversation.tenant_id = current_tenant()
    join installation on installation.id = conversation.installation_id and installation.tenant_id = current_tenant()
   where ${BY_PERSON}
   limit 1`;

const STANDING = `
  select emoji from (
    select distinct on (emoji) inbox.payload ->> 'emoji' as emoji, inbox.payload -> 'isAdded' as is_added,
           inbox.occurred_at, inbox.seq
      from inbox where ${BY_PERSON}
     order by emoji, inbox.occurred_at desc, inbox.seq desc
  ) as newest
  where is_added = 'true'::jsonb order by occurred_at, seq`;

interface ShownRow {
  emoji: string;
  id: string;
  conversation_id: string;
  reply: unknown;
  speaker_role: Speaker["role"];
  speaker_name: string;
  platform: Platform;
  is_taken_back: boolean;
}

export function createReactionStore(db: Queryable): ReactionStore {
  return {
    async relayedAs({ handoffId, conversationId }, platformId) {
      const { rows } = await db.query<{ reply: unknown }>(RELAYED_AS, [conversationId, platformId, handoffId]);
      const [row] = rows;
      return row === undefined ? null : parseReply(row.reply);
    },
    async shown({ conversationId, platform }, { messageId, author }) {
      const person = [conversationId, platform, messageId, author.id];
      const { rows } = await db.query<ShownRow>(REACTION_SHOWN, person);
      const [row] = rows;
      if (row === undefined) return null;
      const { emoji, id: deliveryId, conversation_id, reply, is_taken_back: isTakenBack } = row;
      const at = { conversationId: conversation_id, platform: row.platform };
      const speaker = { role: row.speaker_role, name: row.speaker_name };
      const delivery = { ...at, deliveryId, speaker, reply: parseReply(reply) };
      const standing = await db.query<{ emoji: string }>(STANDING, person);
      return { emoji, delivery, isTakenBack, standing: standing.rows.map((one) => one.emoji) };
    },
  };
}
