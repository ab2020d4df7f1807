import type { Queryable } from "../../src/ports/database.js";
import type { Rating, RatingStore } from "../../src/ports/ratings.js";
import { cleanText } from "./clean-json.js";

const ASK = `
  insert into handoff_rating (handoff_id, tenant_id, agent_id, agent_name)
  select id, tenant_id, $2, $3 from handoff where id = $1::uuid and tenant_id = current_tenant()
  on conflict (handoff_id) do nothing`;

const RATE = `
  update handoff_rating set rating = $2::int, rated_at = clock_timestamp()
   where handoff_id = $1::uuid and tenant_id = current_tenant() and agent_id is distinct from $3
     and asked_at > clock_timestamp() - $4::double precision * interval '1 millisecond'`;

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
      return (await db.query(RATE, [handoffId, rating, authorId, openForMs])).rowCount === 1;
    },
    async of(handoffId) {
      const { rows } = await db.query<{ rating: Rating }>(OF, [handoffId]);
      return rows[0]?.rating ?? null;
    },
  };
}
