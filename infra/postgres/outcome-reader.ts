import type { Database } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { Outcome, OutcomeKind } from "../../src/ports/stores.js";

/** What became of an event, for commands that wait for it. */
interface EventOutcome {
  readonly outcome: Outcome;
  /** The answer that was written for it, the newest when there were several attempts. */
  readonly answerId: string | null;
  readonly confidence: number | null;
}

export interface OutcomeReader {
  /** Null while the event is being worked on, and for an unknown one. */
  read(tenantId: TenantId, inboxId: string): Promise<EventOutcome | null>;
}

interface OutcomeRow {
  outcome: OutcomeKind;
  outcome_reason: string;
  answer_id: string | null;
  confidence: number | null;
}

const READ = `
  select inbox.outcome, coalesce(inbox.outcome_reason, '') as outcome_reason, newest.id as answer_id, newest.confidence
    from inbox
    left join lateral (
      select answer.id, answer.confidence from answer
       where answer.inbox_id = inbox.id and answer.tenant_id = current_tenant()
       order by answer.created_at desc, answer.id desc limit 1
    ) as newest on true
   where inbox.id = $1::uuid and inbox.tenant_id = current_tenant() and inbox.outcome is not null`;

export function createOutcomeReader(database: Database): OutcomeReader {
  return {
    async read(tenantId, inboxId) {
      const { rows } = await database.withTenant(tenantId, (db) => db.query<OutcomeRow>(READ, [inboxId]));
      const [row] = rows;
      if (row === undefined) return null;
      return {
        outcome: { kind: row.outcome, reason: row.outcome_reason },
        answerId: row.answer_id,
        confidence: row.confidence,
      };
    },
  };
}
