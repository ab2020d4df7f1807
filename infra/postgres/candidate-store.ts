import { endedWords } from "../../src/learning/ended-candidate.js";
import { codeOf } from "../../src/ports/confirmations.js";
import type { Queryable } from "../../src/ports/database.js";
import { NotFoundError, UsageError } from "../../src/ports/errors.js";
import type {
  Candidate,
  CandidateState,
  CandidateStore,
  HandoffLine,
  LearnedCase,
  NearArticle,
  SettledHandoff,
} from "../../src/ports/candidates.js";
import { cleanText } from "./clean-json.js";
import { IS_EMPTY, OWN_CASES, rewordCandidates } from "./candidate-cases.js";
import {
  changeWords,
  endCandidates,
  findEnded,
  markTold,
  toCard,
  untoldEndings,
  type CardRow,
} from "./ended-candidates.js";
import { LOCK_CANDIDATES } from "./unlearn.js";

// The row is left alone while somebody changes the handoff: the next look takes it.
const TAKE = `
  select id, reason, question, customer_name, created_at, conversation_id,
         coalesce((select max(at) from handoff_event
                    where handoff_id = handoff.id and tenant_id = current_tenant() and to_state = 'resolved'
                      and from_state <> 'resolved'), updated_at) as resolved_at
    from handoff
   where id = $1::uuid and tenant_id = current_tenant() and state = 'resolved' and is_settled and learned is null
     for no key update skip locked`;

const STAGES = `
  select stage, output
    from answer_stage
   where tenant_id = current_tenant()
     and answer_id = coalesce((select answer_id from handoff where id = $1::uuid and tenant_id = current_tenant()),
                              (select id from answer
                                where tenant_id = current_tenant() and conversation_id = $2::uuid and created_at <= $3::timestamptz
                                order by created_at desc, id desc limit 1))
   order by ord`;

const FORGET_CASE = `delete from candidate_case where handoff_id = $1::uuid and tenant_id = current_tenant()`;

const SAID = `
  select speaker, name, body, at from (
    select speaker, name, body, at, seq from transcript_entry
     where conversation_id = $1::uuid and tenant_id = current_tenant() and speaker <> 'note' and at <= $2::timestamptz
     order by at desc, seq desc limit $3::int
  ) as newest
  order by at, seq`;

const UNTOUCHED = `candidate.state = 'waiting' and candidate.edited_by is null and candidate.published_at is null`;

const FORGET = endCandidates(
  `${UNTOUCHED}
     and exists (select from candidate_case as solved where ${OWN_CASES} and solved.handoff_id = $1::uuid)
     and not exists (select from candidate_case as solved where ${OWN_CASES} and solved.handoff_id <> $1::uuid)`,
  "read-again",
);

const CASES = `
  select solved.handoff_id, solved.candidate_id, solved.question, solved.answer, ${UNTOUCHED} as is_untouched
    from candidate_case as solved
    join candidate on candidate.id = solved.candidate_id and candidate.tenant_id = current_tenant()
   where solved.tenant_id = current_tenant()
   order by solved.created_at desc, solved.handoff_id limit $1::int`;

const CUSTOMERS_WORDS = `
  select distinct body from (
    select left(body, 600) as body from transcript_entry
     where tenant_id = current_tenant() and speaker = 'customer' order by at desc limit $1::int
  ) as newest`;

const MAKE = `
  insert into candidate (id, tenant_id, state, question, answer, lang)
  values ($1::uuid, current_tenant(), 'waiting', $2, $3, $4)`;

const ADD_CASE = `
  insert into candidate_case (handoff_id, tenant_id, candidate_id, question, answer, document_id, heading_path)
  values ($1::uuid, current_tenant(), $2::uuid, $3, $4,
          (select id from document where id = $5::uuid and tenant_id = current_tenant()),
          (select heading_path from chunk where id = $6::uuid and tenant_id = current_tenant()))`;

const MOVE = `
  update candidate_case set candidate_id = $2::uuid
   where tenant_id = current_tenant() and handoff_id = any ($1::uuid[]) and candidate_id <> $2::uuid
  returning question`;

// Whoever has seen it with fewer cases decides about less than it publishes.
const TOUCH = `update candidate set updated_at = clock_timestamp() where tenant_id = current_tenant() and id = $1::uuid`;

const END_EMPTY = endCandidates(`${UNTOUCHED} and ${IS_EMPTY}`, "merged", "$1::uuid");

// One that has lost the case that it has its words from gets others.
const REWORD = rewordCandidates(`${UNTOUCHED}
     and not exists (select from candidate_case as solved
                      where ${OWN_CASES} and solved.question = candidate.question and solved.answer = candidate.answer)`);

const WAIT_AGAIN = `
  update candidate set state = 'waiting', updated_at = clock_timestamp()
   where tenant_id = current_tenant() and id = $1::uuid and state = 'approved'
     and exists (select from unnest($2::text[]) as asked (question)
                  where lower(asked.question) <> lower(candidate.question)
                    and not exists (select from candidate_case as solved
                                     where ${OWN_CASES} and solved.created_at < candidate.published_at
                                       and lower(solved.question) = lower(asked.question)))`;

const MARK = `update handoff set learned = $2 where id = $1::uuid and tenant_id = current_tenant()`;

// What most handoffs have in common; an entry that came out of the candidate itself is not another article.
const ARTICLE = `
  (select jsonb_build_object('source', source.name, 'externalId', document.external_id,
                             'isEntry', source.kind = 'entries', 'headingPath', near.heading_path)
     from (select document_id, (array_agg(to_jsonb(heading_path) order by created_at desc))[1] as heading_path, count(*) as cases
             from candidate_case as solved
            where ${OWN_CASES} and solved.document_id is not null
            group by document_id) as near
     join document on document.id = near.document_id and document.tenant_id = current_tenant() and document.removed_at is null
     join source on source.id = document.source_id and source.tenant_id = current_tenant() and source.removed_at is null
    where document.external_id <> candidate.id::text
      and near.cases * 2 > (select count(*) from candidate_case as solved where ${OWN_CASES})
    limit 1)`;

const COLUMNS = `
  candidate.id, candidate.state, candidate.question, candidate.answer, candidate.lang, candidate.created_at,
  candidate.updated_at, candidate.edited_by, candidate.decided_by, candidate.why, candidate.published_at,
  (select coalesce(jsonb_agg(jsonb_build_object('handoffId', solved.handoff_id, 'question', solved.question,
                                                'answer', solved.answer)
                             order by solved.created_at, solved.handoff_id), '[]')
     from candidate_case as solved where ${OWN_CASES}) as cases,
  ${ARTICLE} as article, candidate.changed_source, candidate.changed_external_id,
  candidate.published_at is not null
    and case when candidate.changed_source is null
             then exists (select from kb_entry as entry
                           where entry.tenant_id = current_tenant() and entry.id = candidate.id and entry.state = 'published')
             else not exists (select from kb_entry as entry
                               where entry.tenant_id = current_tenant() and entry.id::text = candidate.changed_external_id
                                 and entry.state <> 'published') end as is_answered_from`;

const LIST = `
  select ${COLUMNS} from candidate
   where tenant_id = current_tenant() and ($1::text is null or state = $1)
   order by (select count(*) from candidate_case as solved where ${OWN_CASES}) desc,
            candidate.updated_at desc, candidate.id`;

const LOCK = `
  select ${COLUMNS} from candidate
   where tenant_id = current_tenant() and (id::text = $1 or right(id::text, length($1)) = $1)
   limit 2 for update of candidate`;

const WITHOUT_CARD = `
  select ${COLUMNS} from candidate
   where tenant_id = current_tenant() and state = 'waiting' and card_as_of is null
     and (select count(*) from candidate_case as solved where ${OWN_CASES}) >= $1::int
   order by (select count(*) from candidate_case as solved where ${OWN_CASES}) desc, candidate.id
   limit $2::int for update of candidate skip locked`;

// Times go out of here with milliseconds alone. What is not posted yet, or perhaps never was, is left until it is.
const OUTDATED_CARDS = `
  select ${COLUMNS}, card.id as card_id, card.conversation_id as card_place from candidate
    join delivery as card on card.id = candidate.card_delivery_id and card.tenant_id = current_tenant()
                          and card.state = 'sent'
   where candidate.tenant_id = current_tenant() and date_trunc('milliseconds', candidate.updated_at) > candidate.card_as_of
   order by candidate.updated_at limit $1::int for update of candidate skip locked`;

const SET_CARD = `
  update candidate set card_delivery_id = $2::uuid, card_as_of = $3::timestamptz
   where tenant_id = current_tenant() and id = $1::uuid`;

const EDIT = changeWords(`
  update candidate set question = coalesce($2, question), answer = coalesce($3, answer), edited_by = $4,
                       state = 'waiting', updated_at = clock_timestamp()
   where tenant_id = current_tenant() and id = $1::uuid`);

const DECIDE = `
  update candidate set state = $2, decided_by = $3, why = $4, changed_source = $5, changed_external_id = $6,
                       updated_at = clock_timestamp(),
                       published_at = case when $2 = 'approved' then clock_timestamp() else published_at end
   where tenant_id = current_tenant() and id = $1::uuid`;

const UNDECIDE = `
  update candidate set state = $2, decided_by = $3, why = $4, published_at = $5::timestamptz, changed_source = $6,
                       changed_external_id = $7, updated_at = clock_timestamp()
   where tenant_id = current_tenant() and id = $1::uuid`;

/** How much of a conversation is looked at. */
const SAID_LIMIT = 200;

export function createCandidateStore(db: Queryable): CandidateStore {
  return {
    take: (handoffId) => take(db, handoffId),
    lockAll: () => run(db, LOCK_CANDIDATES, []),
    async cases(limit) {
      const { rows } = await db.query<CaseRow>(CASES, [limit]);
      return rows.map(toCase);
    },
    async customersWords(limit) {
      const { rows } = await db.query<{ body: string }>(CUSTOMERS_WORDS, [limit]);
      return rows.map(({ body }) => body);
    },
    make: ({ candidateId, question, answer, language }) =>
      run(db, MAKE, [candidateId, cleanText(question), cleanText(answer), language]),
    addCase: (handoffId, candidateId, { question, answer }, found) =>
      run(db, ADD_CASE, [
        ...[handoffId, candidateId, cleanText(question), cleanText(answer)],
        ...[found?.documentId ?? null, found?.chunkId ?? null],
      ]),
    async move(handoffIds, candidateId) {
      const { rows } = await db.query<{ question: string }>(MOVE, [handoffIds, candidateId]);
      if (rows.length > 0) await run(db, TOUCH, [candidateId]);
      await run(db, WAIT_AGAIN, [candidateId, rows.map(({ question }) => question)]);
      await run(db, END_EMPTY, [candidateId]);
      await run(db, REWORD, []);
    },
    markLearned: (handoffId, outcome) => run(db, MARK, [handoffId, outcome]),
    async list(state) {
      const { rows } = await db.query<CandidateRow>(LIST, [state]);
      return rows.map(toCandidate);
    },
    lock: (code) => lock(db, code),
    async withoutCard(leastHandoffs, limit) {
      const { rows } = await db.query<CandidateRow>(WITHOUT_CARD, [leastHandoffs, limit]);
      return rows.map(toCandidate);
    },
    async outdatedCards(limit) {
      const { rows } = await db.query<CandidateRow & CardRow>(OUTDATED_CARDS, [limit]);
      return rows.map((row) => ({ ...toCandidate(row), card: toCard(row) }));
    },
    untoldEndings: (limit) => untoldEndings(db, limit),
    markTold: (candidateId) => markTold(db, candidateId),
    setCard: ({ candidateId, updatedAt }, cardDeliveryId) =>
      run(db, SET_CARD, [candidateId, cardDeliveryId, updatedAt]),
    edit: (candidateId, { question, answer }, by) => run(db, EDIT, [candidateId, question ?? null, answer ?? null, by]),
    decide: (candidateId, { state, by, why, changed }) =>
      run(db, DECIDE, [candidateId, state, by, why, changed?.source ?? null, changed?.externalId ?? null]),
    undecide: ({ candidateId, state, decidedBy, why, publishedAt, changed }) =>
      run(db, UNDECIDE, [
        ...[candidateId, state, decidedBy, why, publishedAt],
        ...[changed?.source ?? null, changed?.externalId ?? null],
      ]),
  };
}

async function run(db: Queryable, statement: string, values: readonly unknown[]): Promise<void> {
  await db.query(statement, values);
}

interface TakenRow {
  id: string;
  reason: SettledHandoff["handoff"]["reason"];
  question: string;
  customer_name: string;
  created_at: Date;
  conversation_id: string;
  resolved_at: Date;
}

interface SaidRow {
  speaker: HandoffLine["speaker"];
  name: string;
  body: string;
  at: Date;
}

async function take(db: Queryable, handoffId: string): Promise<SettledHandoff | null> {
  const { rows } = await db.query<TakenRow>(TAKE, [handoffId]);
  const [row] = rows;
  if (row === undefined) return null;
  await run(db, FORGET, [handoffId]);
  await run(db, FORGET_CASE, [handoffId]);
  const said = await db.query<SaidRow>(SAID, [row.conversation_id, row.resolved_at, SAID_LIMIT]);
  const stages = await db.query<SettledHandoff["stages"][number]>(STAGES, [
    row.id,
    row.conversation_id,
    row.created_at,
  ]);
  return {
    handoff: {
      handoffId: row.id,
      reason: row.reason,
      question: row.question,
      customerName: row.customer_name,
      createdAt: row.created_at,
    },
    said: said.rows.map(({ speaker, name, body: text, at }) => ({ speaker, name, text, at })),
    stages: stages.rows,
  };
}

async function lock(db: Queryable, code: string): Promise<Candidate> {
  const { rows } = await db.query<CandidateRow>(LOCK, [code.toLowerCase()]);
  const [row, other] = rows;
  if (row === undefined) throw await noCandidate(db, code.toLowerCase());
  if (other !== undefined) throw new UsageError("Two candidates end like that. Give more of the id.");
  return toCandidate(row);
}

async function noCandidate(db: Queryable, code: string): Promise<NotFoundError> {
  const ended = await findEnded(db, code);
  if (ended === null) return new NotFoundError("There is no such candidate. See them all: learn list");
  const next =
    ended.into === null ? "See them all: learn list" : `See it: learn show ${codeOf(ended.into.candidateId)}`;
  return new NotFoundError(`${endedWords(ended)} ${next}`);
}

interface CaseRow {
  handoff_id: string;
  candidate_id: string;
  question: string;
  answer: string;
  is_untouched: boolean;
}

function toCase(row: CaseRow): LearnedCase {
  const { handoff_id: handoffId, candidate_id: candidateId, question, answer, is_untouched: isUntouched } = row;
  return { handoffId, candidateId, question, answer, isUntouched };
}

interface CandidateRow {
  id: string;
  state: CandidateState;
  question: string;
  answer: string;
  lang: string | null;
  created_at: Date;
  updated_at: Date;
  edited_by: string | null;
  decided_by: string | null;
  why: string | null;
  published_at: Date | null;
  cases: Candidate["cases"];
  article: (Omit<NearArticle, "headingPath"> & { readonly headingPath: string[] | null }) | null;
  changed_source: string | null;
  changed_external_id: string | null;
  is_answered_from: boolean;
}

function toCandidate(row: CandidateRow): Candidate {
  return {
    candidateId: row.id,
    state: row.state,
    question: row.question,
    answer: row.answer,
    language: row.lang,
    cases: row.cases,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    editedBy: row.edited_by,
    decidedBy: row.decided_by,
    why: row.why,
    publishedAt: row.published_at?.toISOString() ?? null,
    isAnsweredFrom: row.is_answered_from,
    article: row.article === null ? null : { ...row.article, headingPath: row.article.headingPath ?? [] },
    changed:
      row.changed_source === null || row.changed_external_id === null
        ? null
        : { source: row.changed_source, externalId: row.changed_external_id },
  };
}
