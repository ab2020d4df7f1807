import type { FinishedEvent } from "../../src/commands/operations.js";
import type { EventOutcome } from "../../src/ports/chat.js";
import type { Database } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { OutcomeKind } from "../../src/ports/stores.js";

/** Tells what became of an event. */
export interface OutcomeReader {
  /** Null until the event has its outcome and all that is posted for it in its own conversation has been posted. */
  read(tenantId: TenantId, inboxId: string): Promise<FinishedEvent | null>;
}

interface OutcomeRow {
  outcome: OutcomeKind;
  outcome_reason: string | null;
  answer_id: string | null;
  confidence: number | null;
}

// An event tried twice has two answers; the newest is the one that was sent.
const READ_OUTCOME = `
  select inbox.outcome, inbox.outcome_reason, newest.id::text as answer_id, newest.confidence
    from inbox
    left join lateral (
      select answer.id, answer.confidence
        from answer
       where answer.tenant_id = $1::text and answer.inbox_id = inbox.id
       order by answer.created_at desc, answer.id desc
       limit 1
    ) as newest on true
   where inbox.tenant_id = $1::text
     and inbox.id = $2::uuid
     and inbox.outcome is not null
     and not exists (
       select from delivery
        where delivery.tenant_id = $1::text
          and delivery.cause_type = 'event'
          and delivery.cause_id = inbox.id
          and delivery.conversation_id = inbox.conversation_id
          and delivery.state in ('streaming', 'pending', 'sending')
     )`;

const OUTCOME_OF = `
  select outcome, outcome_reason from inbox where tenant_id = $1 and id = $2::uuid and outcome is not null`;

/** Finds the outcome of an event, whatever is still to be posted for it; null while it has none. */
export function createOutcomeOf(
  database: Database,
  tenantOf: (installationId: string) => Promise<TenantId>,
): (installationId: string, inboxId: string) => Promise<EventOutcome | null> {
  return async (installationId, inboxId) => {
    const tenantId = await tenantOf(installationId);
    return database.withTenant(tenantId, async (db) => {
      const { rows } = await db.query<Pick<OutcomeRow, "outcome" | "outcome_reason">>(OUTCOME_OF, [tenantId, inboxId]);
      const [row] = rows;
      return row === undefined ? null : { kind: row.outcome, reason: row.outcome_reason ?? "" };
    });
  };
}

export function createOutcomeReader(database: Database): OutcomeReader {
  return {
    read: (tenantId, inboxId) =>
      database.withTenant(tenantId, async (transaction) => {
        const { rows } = await transaction.query<OutcomeRow>(READ_OUTCOME, [tenantId, inboxId]);
        const [row] = rows;
        return row === undefined ? null : toFinishedEvent(inboxId, row);
      }),
  };
}

function toFinishedEvent(inboxId: string, row: OutcomeRow): FinishedEvent {
  return {
    inboxId,
    outcome: { kind: row.outcome, reason: row.outcome_reason ?? "" },
    answerId: row.answer_id,
    confidence: row.confidence,
  };
}
