import type { Queryable } from "../../src/ports/database.js";
import type { SyncDiff } from "../../src/ports/knowledge.js";
import { recordChange } from "../lifecycle/audit-store.js";
import { hideChunks } from "./document-store.js";
import { endRun } from "./run-store.js";
import { currentChunksOf } from "./source-store.js";
import type { SyncContext } from "./sync-context.js";

const ACTIVE_DEMOS = `
  select id, name from source where tenant_id = $1 and is_demo and stepped_aside_at is null`;

const HAS_DOCUMENTS = `
  select from document where tenant_id = $1 and source_id = $2::uuid and current_version_id is not null limit 1`;

const LOCK_DEMO = `
  select from source where tenant_id = $1 and id = $2::uuid and stepped_aside_at is null for update`;

const WITHDRAW_DOCUMENTS = `
  update document set current_version_id = null, removed_at = clock_timestamp()
   where tenant_id = $1 and source_id = $2::uuid and current_version_id is not null`;

const STEP_ASIDE = `
  update source set stepped_aside_at = clock_timestamp() where tenant_id = $1 and id = $2::uuid`;

/**
 * Lets the demo documents step aside when a run of a source of one's own has ended well and there is a document of it.
 * It is done in the transaction that ends the run, so that there is never nothing to answer from, nor both for good.
 * Their versions stay, for those who open what was cited. Entries that were written or learned here let it go on.
 * @returns what the demo documents do from then on
 */
export async function settleDemo(
  transaction: Queryable,
  context: SyncContext,
  state: SyncDiff["state"],
): Promise<SyncDiff["demo"]> {
  const { tenantId, source } = context;
  if (source.isDemo) return null;
  const { rows: demos } = await transaction.query<Demo>(ACTIVE_DEMOS, [tenantId]);
  if (demos.length === 0) return null;
  // What is written or learned here is a handful of answers: it takes nothing's place.
  if (state !== "done" || source.kind === "entries") return "answering";
  const { rows: documents } = await transaction.query(HAS_DOCUMENTS, [tenantId, source.sourceId]);
  if (documents.length === 0) return "answering";
  for (const demo of demos) await stepAside(transaction, context, demo);
  return "stepped-aside";
}

interface Demo {
  readonly id: string;
  readonly name: string;
}

async function stepAside(
  transaction: Queryable,
  { tenantId, source, indexer, actor, newId }: SyncContext,
  { id: demoId, name: sourceName }: Demo,
): Promise<void> {
  // A run of the demo that writes in this moment holds its run and needs the source: it is waited for before the source
  // is locked. One that began since is ended once no further one can begin.
  await endRun(transaction, tenantId, demoId);
  const { rows } = await transaction.query(LOCK_DEMO, [tenantId, demoId]);
  if (rows.length === 0) return;
  await endRun(transaction, tenantId, demoId);
  const chunkIds = await currentChunksOf(transaction, tenantId, demoId);
  await indexer.retire(transaction, tenantId, chunkIds);
  await hideChunks(transaction, tenantId, chunkIds);
  await transaction.query(WITHDRAW_DOCUMENTS, [tenantId, demoId]);
  await transaction.query(STEP_ASIDE, [tenantId, demoId]);
  const detail = { after: source.name };
  await recordChange(transaction, tenantId, newId, { actor, action: "step-aside", sourceName, detail });
}
