import type { AnswerCase, AnswerCaseStore, CaseDocument, CaseState, Fault } from "../../src/ports/answer-cases.js";
import type { Queryable } from "../../src/ports/database.js";
import { NotFoundError, UsageError } from "../../src/ports/errors.js";
import { cleanText } from "./clean-json.js";

const OPEN = `
  insert into answer_case (id, tenant_id, answer_id, author_id, question, answer, document_ids)
  select $1::uuid, tenant_id, id, $3, $4, $5, $6::uuid[]
    from answer where id = $2::uuid and tenant_id = current_tenant()
  on conflict (answer_id, author_id) do nothing`;

const TELL = `
  update answer_case set fault = coalesce($3, fault), words = coalesce($4, words), updated_at = clock_timestamp()
   where answer_id = $1::uuid and author_id = $2 and tenant_id = current_tenant()`;

const WITHDRAW = `
  delete from answer_case
   where answer_id = $1::uuid and author_id = $2 and state = 'open' and tenant_id = current_tenant()`;

// Who might read a document that is gone cannot be told any more: the answer is for those alone who may read everything.
const COLUMNS = `
  found.id, found.answer_id, found.state, found.fault, found.words, found.question, found.answer, found.created_at,
  found.is_answerable, found.right_source, found.right_external_id, found.labelled_by,
  $1::text[] is null or cardinality(found.document_ids) = (
    select count(*) from document
     join source on source.id = document.source_id and source.tenant_id = current_tenant()
     where document.tenant_id = current_tenant() and document.id = any (found.document_ids)
       and document.current_version_id is not null and source.removed_at is null) as is_whole,
  (select coalesce(jsonb_agg(jsonb_build_object('source', source.name, 'externalId', document.external_id, 'isReadable',
            $1::text[] is null
              or exists (select from chunk where chunk.tenant_id = current_tenant() and chunk.document_id = document.id
                                             and chunk.is_current and chunk.acl && $1::text[]))), '[]')
     from document
     join source on source.id = document.source_id and source.tenant_id = current_tenant()
    where document.tenant_id = current_tenant() and document.id = any (found.document_ids)
      and document.current_version_id is not null and source.removed_at is null) as documents`;

const LIST = `
  select ${COLUMNS} from answer_case as found
   where found.tenant_id = current_tenant() and ($2::text is null or found.state = $2)
   order by found.updated_at desc, found.id desc`;

const LOCK = `
  select ${COLUMNS} from answer_case as found
   where found.tenant_id = current_tenant() and (found.id::text = $2 or right(found.id::text, length($2)) = $2)
   limit 2 for update of found`;

const LABEL = `
  update answer_case set state = $2, is_answerable = $3::boolean, right_source = $4, right_external_id = $5,
                         labelled_by = $6, updated_at = clock_timestamp()
   where id = $1::uuid and tenant_id = current_tenant()`;

export function createAnswerCaseStore(db: Queryable): AnswerCaseStore {
  return {
    async open({ caseId, answerId, authorId, question, answer, documentIds }) {
      const values = [caseId, answerId, authorId, cleanText(question), cleanText(answer), documentIds];
      return (await db.query(OPEN, values)).rowCount === 1;
    },
    async tell(answerId, authorId, said) {
      const fault = "fault" in said ? said.fault : null;
      const words = "words" in said ? cleanText(said.words) : null;
      return (await db.query(TELL, [answerId, authorId, fault, words])).rowCount === 1;
    },
    async withdraw(answerId, authorId) {
      await db.query(WITHDRAW, [answerId, authorId]);
    },
    async list(state, audience) {
      const { rows } = await db.query<CaseRow>(LIST, [audience, state]);
      return rows.map(toCase);
    },
    async lock(code, audience) {
      const { rows } = await db.query<CaseRow>(LOCK, [audience, code.toLowerCase()]);
      const [row, other] = rows;
      if (row === undefined) throw new NotFoundError("There is no such case. See them all: learn cases all");
      if (other !== undefined) throw new UsageError("Two cases end like that. Give more of the id.");
      return toCase(row);
    },
    async label(caseId, label, by) {
      const state: CaseState = label === null ? "dismissed" : "labelled";
      const document = label?.document ?? null;
      const isAnswerable = label === null ? null : document !== null;
      await db.query(LABEL, [
        ...[caseId, state, isAnswerable],
        ...[document?.source ?? null, document?.externalId ?? null, by],
      ]);
    },
  };
}

interface CaseRow {
  id: string;
  answer_id: string;
  state: CaseState;
  fault: Fault | null;
  words: string | null;
  question: string;
  answer: string;
  created_at: Date;
  is_answerable: boolean | null;
  right_source: string | null;
  right_external_id: string | null;
  labelled_by: string | null;
  /** Whether everything that it cites is there; true for whoever may read everything. */
  is_whole: boolean;
  documents: (CaseDocument & { readonly isReadable: boolean })[];
}

function toCase(row: CaseRow): AnswerCase {
  const { right_source: source, right_external_id: externalId } = row;
  const document = source === null || externalId === null ? null : { source, externalId };
  return {
    caseId: row.id,
    answerId: row.answer_id,
    state: row.state,
    fault: row.fault,
    words: row.words,
    question: row.question,
    answer: row.is_whole && row.documents.every(({ isReadable }) => isReadable) ? row.answer : null,
    cited: row.documents
      .filter(({ isReadable }) => isReadable)
      .map((cited) => ({ source: cited.source, externalId: cited.externalId })),
    label: row.is_answerable === null ? null : { document },
    labelledBy: row.labelled_by,
    createdAt: row.created_at.toISOString(),
  };
}
