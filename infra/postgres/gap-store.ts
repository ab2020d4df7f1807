import type { CaseDocument } from "../../src/ports/answer-cases.js";
import type { Queryable } from "../../src/ports/database.js";
import { GAP_REASONS, type GapStore, type UnansweredQuestion } from "../../src/ports/gaps.js";

/** From which confidence on what was found is close to the question: see decision 24. */
const LEAST_CLOSE = 0.15;

// Of a question that was changed and answered again, the last answer counts. What was drafted for agents is no question.
const UNANSWERED = `
  with last as (
    select distinct on (coalesce(inbox.turn_id, inbox.id))
           answer.id, answer.question, answer.decision, answer.reason, answer.created_at,
           inbox.installation_id, inbox.payload
      from answer join inbox on inbox.id = answer.inbox_id and inbox.tenant_id = current_tenant()
     where answer.tenant_id = current_tenant() and answer.created_at >= $1::timestamptz and answer.created_at < $2::timestamptz
       and not exists (select from handoff_suggestion as suggested
                        where suggested.answer_id = answer.id and suggested.tenant_id = current_tenant())
     order by coalesce(inbox.turn_id, inbox.id), answer.created_at desc, answer.id desc
  ), unanswered as (
    select last.*, exists (select from feedback
                            where feedback.answer_id = last.id and feedback.tenant_id = current_tenant()
                              and feedback.verdict = 'not-helpful') as is_not_helpful
      from last where last.question <> ''
  )
  select unanswered.id, unanswered.is_not_helpful, unanswered.created_at,
         coalesce((select nullif(output ->> 'text', '') from answer_stage
                    where answer_id = unanswered.id and tenant_id = current_tenant() and stage = 'standalone'
                    order by ord desc limit 1), unanswered.question) as question,
         unanswered.installation_id || ' ' || (unanswered.payload #>> '{author,id}') as asked_by,
         unanswered.payload #>> '{author,displayName}' as name,
         (select jsonb_build_object('source', source.name, 'externalId', document.external_id)
            from answer_stage as sure
            join answer_stage as found on found.answer_id = sure.answer_id and found.tenant_id = current_tenant()
                                      and found.stage = 'retrieve'
            left join answer_stage as decided on decided.answer_id = sure.answer_id
                                      and decided.tenant_id = current_tenant() and decided.stage = 'decide'
            join document on document.id::text = coalesce(decided.output #>> '{citations,0,documentId}',
                                                          found.output #>> '{passages,0,documentId}')
                         and document.tenant_id = current_tenant() and document.current_version_id is not null
            join source on source.id = document.source_id and source.tenant_id = current_tenant() and source.removed_at is null
           where sure.answer_id = unanswered.id and sure.tenant_id = current_tenant() and sure.stage = 'confidence'
             and (sure.output ->> 'value')::double precision >= $6::double precision
             and ($5::text[] is null
                  or exists (select from chunk where chunk.tenant_id = current_tenant() and chunk.document_id = document.id
                                                 and chunk.is_current and chunk.acl && $5::text[]))
           limit 1) as document
    from unanswered
   where unanswered.is_not_helpful or (unanswered.decision = 'hand-off' and unanswered.reason = any ($3::text[]))
   order by unanswered.created_at desc, unanswered.id desc
   limit $4::int`;

const IS_REPORTED = `
  select exists (select from gap_report where tenant_id = current_tenant() and due_on = $1::date) as is_reported`;

// Switched on again after longer, or on another day of the week, it begins with the next time that it is due.
const WAS_DUE = `
  select exists (select from gap_report
                  where tenant_id = current_tenant() and due_on in ($1::date - 7, $1::date - 14)) as was_due`;

const CLAIM = `
  insert into gap_report (id, tenant_id, due_on, is_posted) values ($1::uuid, current_tenant(), $2::date, $3::boolean)
  on conflict (tenant_id, due_on) do nothing`;

export function createGapStore(db: Queryable): GapStore {
  return {
    async unanswered({ since, until }, limit, audience) {
      const values = [since, until, GAP_REASONS, limit, audience, LEAST_CLOSE];
      const { rows } = await db.query<UnansweredRow>(UNANSWERED, values);
      return rows.map(toUnanswered);
    },
    async isReported(dueOn) {
      const { rows } = await db.query<{ is_reported: boolean }>(IS_REPORTED, [dueOn]);
      return rows[0]?.is_reported === true;
    },
    async claimReport(reportId, dueOn) {
      const { rows } = await db.query<{ was_due: boolean }>(WAS_DUE, [dueOn]);
      const isDue = rows[0]?.was_due === true;
      const { rowCount } = await db.query(CLAIM, [reportId, dueOn, isDue]);
      if (rowCount !== 1) return null;
      return isDue ? "due" : "first";
    },
  };
}

interface UnansweredRow {
  id: string;
  question: string;
  is_not_helpful: boolean;
  created_at: Date;
  asked_by: string;
  name: string | null;
  document: CaseDocument | null;
}

function toUnanswered(row: UnansweredRow): UnansweredQuestion {
  const { id: answerId, question, is_not_helpful: isNotHelpful, created_at: at, asked_by: askedBy, document } = row;
  return { answerId, question, askedBy, name: row.name ?? "", at, isNotHelpful, document };
}
