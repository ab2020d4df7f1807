import type { EndedCandidate, PostedCard, UntoldEnding } from "../../src/ports/candidates.js";
import type { Queryable } from "../../src/ports/database.js";

/**
 * Ends candidates, and keeps what became of those that have a card. Whatever had been put together with them goes the same way.
 * @param which a condition on `candidate`, with the statement's own parameters
 * @param into an expression for the candidate that has their cases now, for those that were merged
 */
export function endCandidates(which: string, ending: EndedCandidate["ending"], into = "null::uuid"): string {
  return `
  with ended as (
    delete from candidate where candidate.tenant_id = current_tenant() and ${which} returning id, card_delivery_id
  ), followed as (
    update ended_candidate set ending = '${ending}', merged_into = ${into}, told_at = null
     where tenant_id = current_tenant() and merged_into in (select id from ended)
  )
  insert into ended_candidate (candidate_id, tenant_id, card_delivery_id, ending, merged_into)
  select id, current_tenant(), card_delivery_id, '${ending}', ${into} from ended where card_delivery_id is not null`;
}

/**
 * Gives candidates other words, which the cards of whatever was put together with them name from then on.
 * @param update an update of `candidate` without `returning`
 */
export function changeWords(update: string): string {
  return `
  with changed as (${update} returning candidate.id)
  update ended_candidate set told_at = null
   where tenant_id = current_tenant() and merged_into in (select id from changed)`;
}

const COLUMNS = `ended.candidate_id, ended.ending, heir.id as heir_id, heir.question as heir_question`;

const HEIR = `left join candidate as heir on heir.id = ended.merged_into and heir.tenant_id = current_tenant()`;

const OF_CODE = `
  select ${COLUMNS} from ended_candidate as ended ${HEIR}
   where ended.tenant_id = current_tenant()
     and (ended.candidate_id::text = $1 or right(ended.candidate_id::text, length($1)) = $1)
   order by ended.created_at desc limit 1`;

const UNTOLD = `
  select ${COLUMNS}, card.id as card_id, card.conversation_id as card_place from ended_candidate as ended
    join delivery as card on card.id = ended.card_delivery_id and card.tenant_id = current_tenant() and card.state = 'sent'
    ${HEIR}
   where ended.tenant_id = current_tenant() and ended.told_at is null
   order by ended.created_at limit $1::int for update of ended skip locked`;

const TELL = `
  update ended_candidate set told_at = clock_timestamp() where tenant_id = current_tenant() and candidate_id = $1::uuid`;

interface EndedRow {
  readonly candidate_id: string;
  readonly ending: EndedCandidate["ending"];
  readonly heir_id: string | null;
  readonly heir_question: string | null;
}

export interface CardRow {
  readonly card_id: string;
  readonly card_place: string;
}

/** @param code its id or the end of it, in small letters */
export async function findEnded(db: Queryable, code: string): Promise<EndedCandidate | null> {
  const { rows } = await db.query<EndedRow>(OF_CODE, [code]);
  return rows[0] === undefined ? null : toEnded(rows[0]);
}

export async function untoldEndings(db: Queryable, limit: number): Promise<readonly UntoldEnding[]> {
  const { rows } = await db.query<EndedRow & CardRow>(UNTOLD, [limit]);
  return rows.map((row) => ({ ...toEnded(row), card: toCard(row) }));
}

export async function markTold(db: Queryable, candidateId: string): Promise<void> {
  await db.query(TELL, [candidateId]);
}

export function toCard({ card_id: deliveryId, card_place: conversationId }: CardRow): PostedCard {
  return { deliveryId, conversationId };
}

function toEnded({ candidate_id: candidateId, ending, heir_id, heir_question }: EndedRow): EndedCandidate {
  const into = heir_id === null || heir_question === null ? null : { candidateId: heir_id, question: heir_question };
  return { candidateId, ending, into };
}
