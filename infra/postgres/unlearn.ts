import type { Queryable } from "../../src/ports/database.js";

/** Until the transaction ends, nobody else of the tenant compares and adds. */
export const LOCK_CANDIDATES = `select pg_advisory_xact_lock(hashtextextended('candidates of ' || current_tenant(), 0))`;

// It is read again, or for the first time, without what was deleted. Its own question is kept apart from the transcript.
const READ_AGAIN = `
  update handoff
     set learned = null,
         question = case when exists (select from unnest($2::text[]) as gone (body) where position(gone.body in question) > 0)
                         then '' else question end
   where tenant_id = current_tenant() and conversation_id = $1::uuid
  returning id`;

const FORGET_CASES = `
  delete from candidate_case
   where tenant_id = current_tenant() and handoff_id = any ($1::uuid[]) returning candidate_id`;

// What somebody has written or published is theirs.
const NOBODYS = `candidate.tenant_id = current_tenant() and candidate.id = any ($1::uuid[])
     and candidate.edited_by is null and candidate.published_at is null`;

const END = `
  delete from candidate
   where ${NOBODYS} and not exists (select from candidate_case as solved where solved.candidate_id = candidate.id)`;

const REWORD = `
  update candidate set question = solved.question, answer = solved.answer, updated_at = clock_timestamp()
    from (select distinct on (candidate_id) candidate_id, question, answer from candidate_case
           where tenant_id = current_tenant() order by candidate_id, created_at, handoff_id) as solved
   where solved.candidate_id = candidate.id and ${NOBODYS}`;

/**
 * Takes what handoffs of a conversation taught out of every candidate whose words are still theirs, and has them read again.
 * @param bodies what was deleted
 */
export async function unlearn(db: Queryable, conversationId: string, bodies: readonly string[]): Promise<void> {
  const { rows: handoffs } = await db.query<{ id: string }>(READ_AGAIN, [conversationId, bodies]);
  if (handoffs.length === 0) return;
  await db.query(LOCK_CANDIDATES);
  const { rows } = await db.query<{ candidate_id: string }>(FORGET_CASES, [handoffs.map(({ id }) => id)]);
  const candidates = [...new Set(rows.map((row) => row.candidate_id))];
  await db.query(END, [candidates]);
  await db.query(REWORD, [candidates]);
}
