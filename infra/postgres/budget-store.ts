import type { Allowance, BudgetHold, BudgetLimits, BudgetStore } from "../../src/ports/budgets.js";
import type { Queryable } from "../../src/ports/database.js";
import type { AnswerStage } from "../../src/ports/stores.js";
import { PREPARED } from "./prepared.js";

interface TakenRow {
  spent: "minute" | "day" | null;
  is_first: boolean | null;
  day: Date | null;
  questions: string | null;
  tokens: string | null;
  cost: number | null;
}

// What is refused to a person counts as well: the first refusal is the one that makes their count one too many.
// The tenant's row is written only where the limits leave room, which is decided on its newest version, under its lock.
const TAKE = `
  with period as (
    select * from (values
      ('minute', now(), $3::bigint),
      ('day', date_trunc('day', now() at time zone 'utc') at time zone 'utc', $4::bigint)
    ) as period (name, starts_at, allowed)
  ), person as (
    insert into budget_use as used (tenant_id, scope, period, starts_at, questions, event_id)
    select current_tenant(), $1, name, starts_at, 1, $2::uuid from period where allowed is not null
    on conflict (tenant_id, scope, period) do update
      set questions = case
            when used.starts_at <= excluded.starts_at - ('1 ' || used.period)::interval then 1
            when used.event_id = excluded.event_id then used.questions
            else used.questions + 1 end,
          starts_at = case
            when used.starts_at <= excluded.starts_at - ('1 ' || used.period)::interval then excluded.starts_at
            else used.starts_at end,
          event_id = excluded.event_id
    returning period, questions
  ), over as (
    select name, questions = allowed + 1 as is_first
      from person join period on name = period where questions > allowed
  ), tenant as (
    insert into budget_use as used (tenant_id, scope, period, starts_at, questions, tokens, cost, event_id)
    select current_tenant(), 'tenant', 'day', starts_at, 1, $8::bigint, $9::double precision, $2::uuid
      from period
     where name = 'day' and not exists (select from over)
       and ($5::bigint is null or $5 >= 1) and ($6::bigint is null or $6 >= $8)
       and ($7::double precision is null or $7 >= $9)
    on conflict (tenant_id, scope, period) do update
      set questions = excluded.questions + case when used.starts_at < excluded.starts_at then 0 else used.questions end,
          tokens = excluded.tokens + case when used.starts_at < excluded.starts_at then 0 else used.tokens end,
          cost = excluded.cost + case when used.starts_at < excluded.starts_at then 0 else used.cost end,
          starts_at = greatest(used.starts_at, excluded.starts_at),
          event_id = excluded.event_id
      where used.starts_at < excluded.starts_at
         or (($5 is null or used.questions + 1 <= $5) and ($6 is null or used.tokens + $8 <= $6)
             and ($7 is null or used.cost + $9 <= $7))
    returning starts_at
  )
  select spent.name as spent, spent.is_first, (select starts_at from tenant) as day, used.questions, used.tokens, used.cost
    from (select) as one
    left join (select * from over order by name limit 1) as spent on true
    left join budget_use as used
      on used.tenant_id = current_tenant() and used.scope = 'tenant' and used.period = 'day'`;

const FORGET_PAST = `
  delete from budget_use
   where tenant_id = current_tenant() and scope <> 'tenant' and starts_at < now() - interval '1 day'`;

const GIVE_BACK = `
  update budget_use
     set questions = greatest(0, questions - 1), tokens = greatest(0, tokens - $2::bigint),
         cost = greatest(0, cost - $3::double precision)
   where tenant_id = current_tenant() and scope = 'tenant' and period = 'day' and starts_at = $1::timestamptz`;

export function createBudgetStore(db: Queryable): BudgetStore {
  return {
    async take(limits, { installationId, personId, inboxId }) {
      if (isUnlimited(limits)) return { kind: "granted", hold: null };
      const { person, tenant, hold } = limits;
      const [row] = (
        await db.query<TakenRow>(
          TAKE,
          [
            `${installationId} ${personId}`,
            inboxId,
            person.perMinute,
            person.perDay,
            tenant.questions,
            tenant.tokens,
            tenant.cost,
            hold.tokens,
            hold.cost,
          ],
          PREPARED,
        )
      ).rows;
      if (row === undefined) throw new Error("unreachable: it selects one row");
      return toAllowance(row, hold);
    },
    async giveBack({ day, tokens, cost }) {
      await db.query(GIVE_BACK, [day, tokens, cost]);
    },
    forgetPast: async () => (await db.query(FORGET_PAST)).rowCount ?? 0,
  };
}

function isUnlimited({ person, tenant }: BudgetLimits): boolean {
  return [...Object.values(person), ...Object.values(tenant)].every((limit) => limit === null);
}

function toAllowance(row: TakenRow, hold: BudgetLimits["hold"]): Allowance {
  if (row.spent !== null) return { kind: "person-spent", period: row.spent, isFirst: row.is_first === true };
  if (row.day !== null) return { kind: "granted", hold: { ...hold, day: row.day } };
  const use = { questions: Number(row.questions), tokens: Number(row.tokens), cost: row.cost ?? 0 };
  return { kind: "tenant-spent", use };
}

/**
 * A step of the statement that records an answer: what was held gives way to what the answer took. Its parameters are
 * `settlingValues`, from the named one on.
 */
export function settling(from: number): string {
  const [day, heldTokens, heldCost, tokens, cost] = [0, 1, 2, 3, 4].map((place) => `$${from + place}`);
  return `
    update budget_use
       set tokens = greatest(0, tokens + ${tokens}::bigint - case when starts_at = ${day} then ${heldTokens}::bigint else 0 end),
           cost = greatest(0, cost + ${cost}::double precision
                              - case when starts_at = ${day} then ${heldCost}::double precision else 0 end)
     where tenant_id = current_tenant() and scope = 'tenant' and period = 'day' and ${day}::timestamptz is not null`;
}

export function settlingValues(stages: readonly AnswerStage[], hold: BudgetHold | null): readonly unknown[] {
  const took = { tokens: sum(stages.map(tokensOf)), cost: sum(stages.map(({ cost }) => cost)) };
  return [hold?.day ?? null, hold?.tokens ?? 0, hold?.cost ?? 0, took.tokens, took.cost];
}

function tokensOf({ output }: AnswerStage): number {
  const { inputTokens, outputTokens } = output;
  return sum([inputTokens, outputTokens].map((count) => (typeof count === "number" ? count : 0)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
