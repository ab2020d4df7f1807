import type { Database, Queryable } from "../../src/ports/database.js";
import type { NewId, TenantId } from "../../src/ports/ids.js";
import type { Push, PushedDocuments, PushReceipt } from "../../src/ports/pushed-documents.js";
import { recordChange } from "../lifecycle/audit-store.js";
import { requestSync } from "../sync/sync-requests.js";
import { lockPushSource, markRemoved, storeItems } from "./item-rows.js";
import { toPushedItem } from "./pushed-item.js";
import { readPushedState } from "./pushed-state.js";

/** See {@link PushedDocuments}. */
export function createPushedDocuments(database: Database, newId: NewId): PushedDocuments {
  return {
    sourceNames: (tenantId) => database.withTenant(tenantId, (transaction) => readNames(transaction, tenantId)),
    store: (tenantId, sourceName, push) =>
      database.withTenant(tenantId, (transaction) => store(transaction, newId, { tenantId, sourceName }, push)),
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

/** Documents that an entry of the audit names; of more it has their number. */
const NAMED_IN_AUDIT = 10;

async function store(
  transaction: Queryable,
  newId: NewId,
  { tenantId, sourceName }: { readonly tenantId: TenantId; readonly sourceName: string },
  { documents, deleted }: Push,
): Promise<PushReceipt | null> {
  const sourceId = await lockPushSource(transaction, tenantId, sourceName);
  if (sourceId === null) return null;
  // Programs are known by the source whose secret they have.
  const place = { tenantId, sourceId, actor: `push:${sourceName}` };
  const stored = await storeItems(transaction, place, documents.map(toPushedItem));
  const removed = await markRemoved(transaction, place, deleted);
  const changed = [...stored, ...removed];
  if (changed.length > 0) {
    await requestSync(transaction, tenantId, sourceId);
    const counts = { stored: stored.length, deleted: removed.length };
    const detail = { ...counts, documents: changed.slice(0, NAMED_IN_AUDIT) };
    await recordChange(transaction, tenantId, newId, { actor: place.actor, action: "push", sourceName, detail });
  }
  const { rows } = await transaction.query<{ id: string }>(RUNNING, [tenantId, sourceId]);
  return { accepted: documents.length, deleted: removed.length, runId: rows[0]?.id ?? null };
}
