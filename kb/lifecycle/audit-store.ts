import type { Database, Queryable } from "../../src/ports/database.js";
import type { NewId, TenantId } from "../../src/ports/ids.js";
import type { AuditEntry, KnowledgeAudit, NewAuditEntry } from "../../src/ports/knowledge-audit.js";

const RECORD = `
  insert into kb_audit (id, tenant_id, at, actor, action, source_name, detail, was_allowed)
    select $1::uuid, $2, clock_timestamp(), $3, $4, $5, $6::jsonb, $7::boolean
     where $7::boolean
        or not exists (select from kb_audit
                        where tenant_id = $2 and at > clock_timestamp() - interval '1 hour'
                          and actor = $3 and action = $4 and not was_allowed)`;

/** Recorded with the change that the transaction makes, or not at all. */
export async function recordChange(
  transaction: Queryable,
  tenantId: TenantId,
  newId: NewId,
  entry: Omit<NewAuditEntry, "wasAllowed">,
): Promise<void> {
  await record(transaction, tenantId, newId, { ...entry, wasAllowed: true });
}

async function record(transaction: Queryable, tenantId: TenantId, newId: NewId, entry: NewAuditEntry): Promise<void> {
  const { actor, action, sourceName, detail, wasAllowed } = entry;
  await transaction.query(RECORD, [newId(), tenantId, actor, action, sourceName, JSON.stringify(detail), wasAllowed]);
}

// Whoever may do nothing can try a lot: what they tried takes at most a quarter of a list, so that changes stay in sight.
const NEWEST = `
  select at, actor, action, source_name, detail, was_allowed
    from ((select * from kb_audit where tenant_id = $1 and was_allowed order by at desc, id desc limit $2::int)
          union all
          (select * from kb_audit where tenant_id = $1 and not was_allowed
            order by at desc, id desc limit greatest($2::int / 4, 1))) as newest
   order by at desc, id desc
   limit $2::int`;

interface AuditRow {
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly source_name: string | null;
  readonly detail: Record<string, unknown>;
  readonly was_allowed: boolean;
}

function toEntry({ at, source_name: sourceName, was_allowed: wasAllowed, ...rest }: AuditRow): AuditEntry {
  return { at: at.toISOString(), sourceName, wasAllowed, ...rest };
}

export interface AuditDependencies {
  readonly database: Database;
  readonly newId: NewId;
}

/** See {@link KnowledgeAudit}. */
export function createKnowledgeAudit({ database, newId }: AuditDependencies): KnowledgeAudit {
  return {
    record: (tenantId, entry) =>
      database.withTenant(tenantId, (transaction) => record(transaction, tenantId, newId, entry)),
    newest: (tenantId, limit) =>
      database.withTenant(tenantId, async (transaction) => {
        const { rows } = await transaction.query<AuditRow>(NEWEST, [tenantId, limit]);
        return rows.map(toEntry);
      }),
  };
}
