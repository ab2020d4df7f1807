import type { Queryable } from "../../src/ports/database.js";
import type { HandoffStore } from "../../src/ports/handoffs.js";
import { cleanText } from "./clean-json.js";

// Of two who ask for a team's turn at once, the second waits here until the first has committed.
const TAKE_TURN = `
  insert into team_turn (tenant_id, team) values (current_tenant(), $1)
  on conflict (tenant_id, team) do update set team = excluded.team
  returning last_member_id`;

const ASK = `
  with turn as (
    update team_turn set last_member_id = $3 where tenant_id = current_tenant() and team = $2
  )
  update handoff set assigned_to_id = $3, assigned_to_name = $4, asked = array_append(asked, $3)
   where id = $1::uuid and tenant_id = current_tenant()`;

const LOADS = `
  select coalesce(claimed_by_id, assigned_to_id) as member_id, count(*)::int as open
    from handoff
   where tenant_id = current_tenant() and state in ('waiting', 'claimed', 'snoozed', 'reopened')
     and coalesce(claimed_by_id, assigned_to_id) = any ($1::text[])
   group by 1`;

/** Whose turn it is in a team. */
export function createTurns(db: Queryable): Pick<HandoffStore, "takeTurn" | "ask" | "loads"> {
  return {
    async takeTurn(team) {
      const { rows } = await db.query<{ last_member_id: string | null }>(TAKE_TURN, [team]);
      return rows[0]?.last_member_id ?? null;
    },
    async ask(handoffId, team, { id, name }) {
      await db.query(ASK, [handoffId, team, id, cleanText(name)]);
    },
    async loads(ids) {
      const { rows } = await db.query<{ member_id: string; open: number }>(LOADS, [ids]);
      const open = new Map(rows.map((row) => [row.member_id, row.open]));
      return new Map(ids.map((id) => [id, open.get(id) ?? 0]));
    },
  };
}
