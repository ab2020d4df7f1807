import type { Queryable } from "../../src/ports/database.js";
import type { NewId, TenantId } from "../../src/ports/ids.js";
import { requestSync } from "../sync/sync-requests.js";
import { recordChange } from "./audit-store.js";
import { markRestored } from "./removed-sources.js";

// Demo documents that somebody has removed stay away, and so they do where somebody has removed a source since they ended.
const RECALL = `
  update source as demo set stepped_aside_at = null
   where demo.tenant_id = $1 and demo.stepped_aside_at is not null
     and demo.id = (select id from source where tenant_id = $1 and is_demo and stepped_aside_at is not null
                order by stepped_aside_at desc limit 1)
     and not exists (select from source as other
                      where other.tenant_id = $1 and other.stepped_aside_at is null
                        and (other.is_demo or (other.removed_at is null and other.kind <> 'entries')))
     and not exists (select from kb_audit as removal
                      where removal.tenant_id = $1 and removal.action = 'remove' and removal.was_allowed
                        and removal.at >= demo.stepped_aside_at)
     and exists (select from source as entries
                  where entries.tenant_id = $1 and entries.kind = 'entries'
                    and entries.name = (select ended.detail ->> 'after' from kb_audit as ended
                                         where ended.tenant_id = $1 and ended.action = 'step-aside' and ended.was_allowed
                                         order by ended.at desc, ended.id desc limit 1))
  returning demo.id, demo.name`;

/** See {@link SourceLifecycle.recallDemo}. */
export async function recallDemo(transaction: Queryable, tenantId: TenantId, newId: NewId): Promise<boolean> {
  const { rows } = await transaction.query<{ id: string; name: string }>(RECALL, [tenantId]);
  for (const { id, name: sourceName } of rows) {
    await markRestored(transaction, tenantId, id);
    await requestSync(transaction, tenantId, id);
    await recordChange(transaction, tenantId, newId, { actor: "deskhand", action: "recall", sourceName, detail: {} });
  }
  return rows.length > 0;
}
