import type { Queryable } from "../../src/ports/database.js";
import { NotFoundError } from "../../src/ports/errors.js";
import type { AnswerDecision, AnswerStage, NewAnswer, StoredAnswer, TraceStore } from "../../src/ports/stores.js";
import { settling, settlingValues } from "./budget-store.js";
import { cleanText, toJsonb } from "./clean-json.js";
import { PREPARED } from "./prepared.js";

interface AnswerRow {
  id: string;
  conversation_id: string;
  inbox_id: string;
  question: string;
  decision: AnswerDecision;
  reason: string;
  confidence: number;
  threshold: number;
  body: string;
  created_at: Date;
}

interface StageRow {
  stage: string;
  ms: number;
  cost: number;
  model: string | null;
  prompt_version: string | null;
  output: Record<string, unknown>;
}

const RECORD = `
  with added as (
    insert into answer (id, tenant_id, conversation_id, inbox_id, question, decision, reason, confidence, threshold, body)
    select $1::uuid, tenant_id, conversation_id, id, $4, $5, $6, $7::double precision, $8::double precision, $9
      from inbox where id = $3::uuid and conversation_id = $2::uuid and tenant_id = current_tenant()
    returning id, tenant_id
  ), staged as (
    insert into answer_stage (tenant_id, answer_id, ord, stage, ms, cost, model, prompt_version, output)
    select added.tenant_id, added.id, item.ord, item.value ->> 'stage', (item.value ->> 'ms')::double precision,
           (item.value ->> 'cost')::double precision, item.value ->> 'model', item.value ->> 'promptVersion',
           item.value -> 'output'
      from added, jsonb_array_elements($10::jsonb) with ordinality as item (value, ord)
  ), settled as (${settling(11)}
  )
  select id from added`;

const READ_ANSWER = `
  select id, conversation_id, inbox_id, question, decision, reason, confidence, threshold, body, created_at
    from answer where id = $1::uuid and tenant_id = current_tenant()`;

// By the inbox, whose index knows conversations.
const NEWEST = `
  with place as (
    select id from conversation where installation_id = $1::uuid and key = $2 and tenant_id = current_tenant()
  ), handed as (
    select handoff.conversation_id, handoff.answer_id
      from handoff join place on handoff.agent_conversation_id = place.id where handoff.tenant_id = current_tenant()
  )
  select answer.id
    from inbox join answer on answer.inbox_id = inbox.id and answer.tenant_id = current_tenant()
   where inbox.tenant_id = current_tenant()
     and inbox.conversation_id in (select id from place union all select conversation_id from handed)
   order by answer.id in (select answer_id from handed where answer_id is not null) desc,
            answer.created_at desc, answer.id desc
   limit 1`;

const READ_STAGES = `
  select stage, ms, cost, model, prompt_version, output
    from answer_stage where answer_id = $1::uuid and tenant_id = current_tenant() order by ord`;

// A person's last verdict is the one that counts.
const RECORD_FEEDBACK = `
  insert into feedback (tenant_id, answer_id, author_id, verdict)
  select tenant_id, id, $2, $3 from answer where id = $1::uuid and tenant_id = current_tenant()
  on conflict (answer_id, author_id) do update set verdict = excluded.verdict, at = clock_timestamp()`;

// What was decided stays, and what it took; nothing that says a word of the question.
const FORGET = `
  with suggested as (
    delete from handoff_suggestion
     where tenant_id = current_tenant()
       and handoff_id in (select handoff.id
                            from handoff join inbox on inbox.conversation_id = handoff.conversation_id
                           where handoff.tenant_id = current_tenant() and inbox.tenant_id = current_tenant()
                             and inbox.id = $1::uuid)
    returning answer_id
  ), forgotten as (
    update answer set question = '', body = ''
     where tenant_id = current_tenant()
       and (id in (select answer_id from suggested)
            or inbox_id in (select id from inbox
                             where tenant_id = current_tenant() and (id = $1::uuid or turn_id = $1::uuid)))
    returning id
  ), without_case as (
    delete from answer_case
     using forgotten where answer_case.answer_id = forgotten.id and answer_case.tenant_id = current_tenant()
  )
  update answer_stage set output = '{}'
    from forgotten
   where answer_stage.answer_id = forgotten.id and answer_stage.tenant_id = current_tenant()`;

export function createTraceStore(db: Queryable): TraceStore {
  const read = async (answerId: string): Promise<StoredAnswer> => {
    const [row] = (await db.query<AnswerRow>(READ_ANSWER, [answerId])).rows;
    if (row === undefined) throw new NotFoundError(`no answer ${answerId}`);
    return toAnswer(row, (await db.query<StageRow>(READ_STAGES, [answerId])).rows);
  };
  return {
    read,
    async readNewest({ installationId, key }) {
      const [newest] = (await db.query<{ id: string }>(NEWEST, [installationId, key])).rows;
      if (newest === undefined) throw new NotFoundError("Nothing was answered in this conversation yet.");
      return read(newest.id);
    },
    async record(answer, held) {
      const { rowCount } = await db.query(
        RECORD,
        [...answerValues(answer), ...settlingValues(answer.stages, held)],
        PREPARED,
      );
      if (rowCount !== 1) throw new NotFoundError(`no inbox row ${answer.inboxId}`);
    },
    async forget(turnId) {
      await db.query(FORGET, [turnId]);
    },
    async recordFeedback(answerId, author, verdict) {
      const { rowCount } = await db.query(RECORD_FEEDBACK, [answerId, author.id, verdict]);
      if (rowCount !== 1) throw new NotFoundError(`no answer ${answerId}`);
    },
  };
}

function answerValues(answer: NewAnswer): readonly unknown[] {
  return [
    answer.answerId,
    answer.conversationId,
    answer.inboxId,
    cleanText(answer.question),
    answer.decision,
    cleanText(answer.reason),
    answer.confidence,
    answer.threshold,
    cleanText(answer.text),
    toJsonb(answer.stages),
  ];
}

function toAnswer(row: AnswerRow, stages: readonly StageRow[]): StoredAnswer {
  return {
    answerId: row.id,
    conversationId: row.conversation_id,
    inboxId: row.inbox_id,
    question: row.question,
    decision: row.decision,
    reason: row.reason,
    confidence: row.confidence,
    threshold: row.threshold,
    text: row.body,
    stages: stages.map(toStage),
    createdAt: row.created_at,
  };
}

function toStage({ prompt_version: promptVersion, ...stage }: StageRow): AnswerStage {
  return { ...stage, promptVersion };
}
