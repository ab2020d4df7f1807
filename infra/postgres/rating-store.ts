import type { Queryable } from "../../src/ports/database.js";
import type { Rating, RatingStore } from "../../src/ports/ratings.js";
import { cleanText } from "./clean-json.js";

const ADD_WORDS = `
  update handoff_rating set words = $2, words_at = clock_timestamp()
   where handoff_id = $1::uuid and tenant_id = current_tenant()`;

interface AskedRow {
  words: string | null;
  rating: Rating | null;
  is_customer: boolean;
}

const ASK = `
  insert into handoff_rating (handoff_id, tenant_id, agent_id, agent_name)
  select id, tenant_id, $2, $3 from handoff where id = $1::uuid and tenant_id = current_tenant()
  on conflict (handoff_id) do nothing`;

const ASKED = `
  select rated.rating, rated.words, handoff.customer_ids = '{}' or $2 = any (handoff.customer_ids) as is_customer
    from handoff_rating as rated
    join handoff on handoff.id = rated.handoff_id and handoff.tenant_id = current_tenant()
   where rated.handoff_id = $1::uuid and rated.tenant_id = current_tenant() and rated.agent_id is distinct from $2
     and rated.asked_at > clock_timestamp() - $3::double precision * interval '1 millisecond'
     for update of rated`;

const RATE = `
  update handoff_rating set rating = $2::int, rated_at = clock_timestamp()
   where handoff_id = $1::uuid and tenant_id = current_tenant()`;

const OF = `
  select rating from handoff_rating
   where handoff_id = $1::uuid and tenant_id = current_tenant() and rating is not null`;

export function createRatingStore(db: Queryable): RatingStore {
  return {
    async ask(handoffId, agent) {
      const name = agent === null ? null : cleanText(agent.displayName);
      return (await db.query(ASK, [handoffId, agent?.id ?? null, name])).rowCount === 1;
    },
    async rate(handoffId, rating, authorId, openForMs) {
      const { rows } = await db.query<AskedRow>(ASKED, [handoffId, authorId, openForMs]);
      const [asked] = rows;
      if (asked === undefined) return "over";
      if (!asked.is_customer) return "not-the-customer";
      if (asked.rating === rating) return "unchanged";
      await db.query(RATE, [handoffId, rating]);
      return asked.rating === null ? "rated" : "changed";
    },
    async addWords(handoffId, words, authorId, openForMs) {
      const { rows } = await db.query<AskedRow>(ASKED, [handoffId, authorId, openForMs]);
      const [asked] = rows;
      if (asked === undefined || asked.rating === null) return "over";
      if (!asked.is_customer) return "not-the-customer";
      const clean = cleanText(words);
      if (asked.words === clean) return "unchanged";
      await db.query(ADD_WORDS, [handoffId, clean]);
      return "rated";
    },
    async of(handoffId) {
      const { rows } = await db.query<{ rating: Rating }>(OF, [handoffId]);
      return rows[0]?.rating ?? null;
    },
  };
}
