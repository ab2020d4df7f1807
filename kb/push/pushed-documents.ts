import type { Database, Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { Push, PushedDocuments, PushReceipt } from "../../src/ports/pushed-documents.js";
import { requestSync } from "../sync/sync-requests.js";
import { lockPushSource, markRemoved, storeItems } from "./item-rows.js";
import { toPushedItem } from "./pushed-item.js";
import { readPushedState } from "./pushed-state.js";

/** See {@link PushedDocuments}. */
export function createPushedDocuments(database: Database): PushedDocuments {
  return {
    sourceNames: (tenantId) => database.withTenant(tenantId, (transaction) => readNames(transaction, tenantId)),
    store: (tenantId, sourceName, push) =>
      database.withTenant(tenantId, (transaction) => store(transaction, tenantId, sourceName, push)),
    stateOf: (tenantId, sourceName, id) =>
      database.withTenant(tenantId, (transaction) => readPushedState(transaction, tenantId, sourceName, id)),
  };
}

const PUSH_SOURCES = `
  select name from source
   where tenant_id = $1 and kind = 'push' and removed_at is null and stepped_aside_at is null
   order by name`;

async function readNames(transaction: Queryable, tenantId: TenantId): Promise<readonly string[]> {
  const { rows } = await transaction.query<{ name: string }>(PUSH_SOURCES, [tenantId]);
  return rows.map(({ name }) => name);
}

const RUNNING = `
  select id from sync_run where tenant_id = $1 and source_id = $2::uuid and state = 'running'`;

async function store(
  transaction: Queryable,
  tenantId: TenantId,
  sourceName: string,
  { documents, deleted }: Push,
): Promise<PushReceipt | null> {
  const sourceId = await lockPushSource(transaction, tenantId, sourceName);
  if (sourceId === null) return null;
  const stored = await storeItems(transaction, tenantId, sourceId, documents.map(toPushedItem));
  const removed = await markRemoved(transaction, tenantId, sourceId, deleted);
  if (stored + removed > 0) await requestSync(transaction, tenantId, sourceId);
  const { rows } = await transaction.query<{ id: string }>(RUNNING, [tenantId, sourceId]);
  return { accepted: documents.length, deleted: removed, runId: rows[0]?.id ?? null };
}
