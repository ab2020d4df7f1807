import { withoutPersonalData } from "../../src/learning/personal-data.js";
import { reusableWords } from "../../src/learning/reusable-words.js";
import type { Queryable } from "../../src/ports/database.js";
import type { TranscriptEntry } from "../../src/ports/stores.js";
import { IS_EMPTY, rewordCandidates } from "./candidate-cases.js";
import { endCandidates } from "./ended-candidates.js";

/** Until the transaction ends, nobody else of the tenant compares and adds. */
export const LOCK_CANDIDATES = `select pg_advisory_xact_lock(hashtextextended('candidates of ' || current_tenant(), 0))`;

// Whoever is learning from one of them is waited for.
const LOCK_HANDOFFS = `
  select id from handoff where tenant_id = current_tenant() and conversation_id = $1::uuid for no key update`;

const HANDOFFS = `
  select handoff.id, handoff.question, handoff.created_at, solved.question as learned_question,
         case when handoff.state = 'resolved'
              then coalesce((select max(at) from handoff_event
                              where handoff_id = handoff.id and tenant_id = current_tenant() and to_state = 'resolved'
                                and from_state <> 'resolved'), handoff.updated_at) end as resolved_at,
         coalesce(candidate.state = 'rejected' or candidate.published_at is not null, false) as is_decided,
         array(select distinct name from transcript_entry
                where conversation_id = $1::uuid and tenant_id = current_tenant() and speaker <> 'bot') as names
    from handoff
    left join candidate_case as solved on solved.handoff_id = handoff.id and solved.tenant_id = current_tenant()
    left join candidate on candidate.id = solved.candidate_id and candidate.tenant_id = current_tenant()
   where handoff.tenant_id = current_tenant() and handoff.conversation_id = $1::uuid`;

// Its own question is kept apart from the transcript.
const FORGET_QUESTIONS = `update handoff set question = '' where tenant_id = current_tenant() and id = any ($1::uuid[])`;

const READ_AGAIN = `update handoff set learned = null where tenant_id = current_tenant() and id = any ($1::uuid[])`;

const FORGET_CASES = `
  delete from candidate_case
   where tenant_id = current_tenant() and handoff_id = any ($1::uuid[]) returning candidate_id`;

// What somebody has written or published is theirs.
const NOBODYS = `candidate.id = any ($1::uuid[])
     and candidate.edited_by is null and candidate.published_at is null`;

const END = endCandidates(`${NOBODYS} and ${IS_EMPTY}`, "erased");

const REWORD = rewordCandidates(NOBODYS);

/**
 * Takes what was deleted out of the handoffs of a conversation that it was said in, and out of every candidate whose words are
 * still theirs; they are read again. What somebody has decided about stays decided, unless it was learned from these words.
 */
export async function unlearn(
  db: Queryable,
  conversationId: string,
  struck: readonly TranscriptEntry[],
): Promise<void> {
  const said = struck.filter(({ speaker }) => speaker !== "note");
  if (said.length === 0 || (await db.query(LOCK_HANDOFFS, [conversationId])).rowCount === 0) return;
  const { rows: handoffs } = await db.query<HandoffRow>(HANDOFFS, [conversationId]);
  const asked = handoffs.filter(({ question }) => said.some(({ text }) => holdsLines(question, text)));
  const readAgain = handoffs
    .filter((handoff) =>
      said.some((entry) => taught(handoff, entry) || (isDuring(handoff, entry) && !handoff.is_decided)),
    )
    .map(({ id }) => id);
  await db.query(FORGET_QUESTIONS, [asked.map(({ id }) => id)]);
  if (readAgain.length === 0) return;
  await db.query(READ_AGAIN, [readAgain]);
  await db.query(LOCK_CANDIDATES);
  const { rows } = await db.query<{ candidate_id: string }>(FORGET_CASES, [readAgain]);
  const candidates = [...new Set(rows.map((row) => row.candidate_id))];
  await db.query(END, [candidates]);
  await db.query(REWORD, [candidates]);
}

interface HandoffRow {
  id: string;
  question: string;
  created_at: Date;
  /** Null while it is open. */
  resolved_at: Date | null;
  learned_question: string | null;
  is_decided: boolean;
  names: string[];
}

function isDuring({ created_at: createdAt, resolved_at: resolvedAt }: HandoffRow, { at }: TranscriptEntry): boolean {
  return at >= createdAt && (resolvedAt === null || at <= resolvedAt);
}

function taught(handoff: HandoffRow, entry: TranscriptEntry): boolean {
  const { speaker, name, text } = entry;
  if (speaker === "agent") return isDuring(handoff, entry) && reusableWords(text).text !== "";
  const { question, learned_question: learned, names } = handoff;
  return (
    holdsLines(question, text) ||
    (learned !== null && withoutPersonalData(text.trim(), [name, ...names]).startsWith(learned))
  );
}

function holdsLines(text: string, lines: string): boolean {
  const words = lines.trim();
  return words !== "" && `\n${text}\n`.includes(`\n${words}\n`);
}
