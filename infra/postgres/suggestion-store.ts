import type { Queryable } from "../../src/ports/database.js";
import { NotFoundError } from "../../src/ports/errors.js";
import type { StoredSuggestion, SuggestionStore } from "../../src/ports/suggestions.js";
import { cleanText, toJsonb } from "./clean-json.js";
import { parseReply } from "./reply-codec.js";

interface SuggestionRow {
  id: string;
  handoff_id: string;
  answer_id: string;
  question: string;
  reply: unknown;
  is_answered: boolean;
}

const ADD = `
  insert into handoff_suggestion (id, tenant_id, handoff_id, answer_id, question, reply, after_seq)
  select $1::uuid, handoff.tenant_id, handoff.id, $3::uuid, $4, $5::jsonb,
         coalesce((select max(seq) from transcript_entry
                    where conversation_id = handoff.conversation_id and tenant_id = current_tenant()), 0)
    from handoff where id = $2::uuid and tenant_id = current_tenant()`;

const COLUMNS = `
  select suggestion.id, suggestion.handoff_id, suggestion.answer_id, suggestion.question, suggestion.reply,
         exists (select from transcript_entry
                  where conversation_id = handoff.conversation_id and tenant_id = current_tenant()
                    and speaker = 'agent' and seq > suggestion.after_seq) as is_answered
    from handoff_suggestion as suggestion
    join handoff on handoff.id = suggestion.handoff_id and handoff.tenant_id = current_tenant()
   where suggestion.tenant_id = current_tenant()`;

const READ = `${COLUMNS} and suggestion.id = $1::uuid`;

const NEWEST_OF = `
  ${COLUMNS} and suggestion.handoff_id = $1::uuid
   order by suggestion.created_at desc, suggestion.id desc limit 1`;

export function createSuggestionStore(db: Queryable): SuggestionStore {
  return {
    async add({ suggestionId, handoffId, answerId, question, reply }) {
      const { blocks, citations } = reply;
      const stored = toJsonb({ blocks, citations, actions: [] });
      const { rowCount } = await db.query(ADD, [suggestionId, handoffId, answerId, cleanText(question), stored]);
      if (rowCount !== 1) throw new NotFoundError(`no handoff ${handoffId}`);
    },
    async read(suggestionId) {
      const [row] = (await db.query<SuggestionRow>(READ, [suggestionId])).rows;
      if (row === undefined) throw new NotFoundError(`no suggestion ${suggestionId}`);
      return toSuggestion(row);
    },
    async newestOf(handoffId) {
      const [row] = (await db.query<SuggestionRow>(NEWEST_OF, [handoffId])).rows;
      return row === undefined ? null : toSuggestion(row);
    },
  };
}

function toSuggestion(row: SuggestionRow): StoredSuggestion {
  return {
    suggestionId: row.id,
    handoffId: row.handoff_id,
    answerId: row.answer_id,
    question: row.question,
    reply: parseReply(row.reply),
    isAnswered: row.is_answered,
  };
}
