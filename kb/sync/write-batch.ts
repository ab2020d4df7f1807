import type { Queryable } from "../../src/ports/database.js";
import { readCurrentChunks } from "./chunk-store.js";
import type { StoredChunk } from "./chunk-store.js";
import { hideChunks, insertVersions, pointToVersions } from "./document-store.js";
import type { KnownDocument } from "./document-store.js";
import { deleteItems, writeItems } from "./item-store.js";
import type { KnownItem } from "./item-store.js";
import { toIndexable } from "./plan-versions.js";
import type { PlannedVersion } from "./plan-versions.js";
import { holdRun, notifyProgress } from "./run-store.js";
import type { SyncContext } from "./sync-context.js";

// A transaction with so many chunks takes some tenths of a second on the embedded database, which serves nobody else
// meanwhile.
const CHUNKS_PER_TRANSACTION = 150;

/**
 * Swaps versions in. Embeddings are made before, for all documents together; each document's new rows, its index rows
 * and the end of its old ones are in one transaction, so that a reader sees the old version or the new one.
 * @param items recorded as read once all their documents are written
 */
export async function writeVersions(
  context: SyncContext,
  plans: readonly PlannedVersion[],
  items: readonly KnownItem[],
  notify: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { database, indexer, tenantId } = context;
  for (const group of groupByChunks(plans)) {
    const previousIds = group.flatMap((plan) => plan.previousVersionId ?? []);
    const previous = await database.withTenant(tenantId, (transaction) =>
      readCurrentChunks(transaction, tenantId, previousIds, indexer.indexKey),
    );
    const prepared = await indexer.prepare(toIndexable(group, previous), signal);
    signal.throwIfAborted();
    await database.withTenant(tenantId, async (transaction) => {
      await holdRun(transaction, tenantId, context.runId);
      const versions = group.map((plan) => plan.next);
      await insertVersions(transaction, tenantId, context.source.sourceId, versions);
      await indexer.write(transaction, tenantId, prepared);
      await retireChunks(context, transaction, previous);
      await pointToVersions(transaction, tenantId, versions);
    });
  }
  await recordItems(context, items, notify);
}

/** Groups stay whole documents: a document is swapped in one transaction, however large. */
function groupByChunks(plans: readonly PlannedVersion[]): PlannedVersion[][] {
  const groups: { plans: PlannedVersion[]; chunks: number }[] = [];
  for (const plan of plans) {
    const chunks = plan.next.chunks.length;
    const last = groups.at(-1);
    if (last !== undefined && last.chunks + chunks <= CHUNKS_PER_TRANSACTION) {
      last.plans.push(plan);
      last.chunks += chunks;
    } else groups.push({ plans: [plan], chunks });
  }
  return groups.map((group) => group.plans);
}

async function retireChunks(
  context: SyncContext,
  transaction: Queryable,
  chunks: readonly StoredChunk[],
): Promise<void> {
  if (chunks.length === 0) return;
  const chunkIds = chunks.map((chunk) => chunk.chunkId);
  await context.indexer.retire(transaction, context.tenantId, chunkIds);
  await hideChunks(transaction, context.tenantId, chunkIds);
}

async function recordItems(context: SyncContext, items: readonly KnownItem[], notify: boolean): Promise<void> {
  const { database, tenantId, source, runId } = context;
  if (items.length === 0 && !notify) return;
  await database.withTenant(tenantId, async (transaction) => {
    await holdRun(transaction, tenantId, runId);
    await writeItems(transaction, tenantId, source.sourceId, items);
    if (notify) await notifyProgress(transaction, tenantId, runId);
  });
}

const REMOVALS_PER_TRANSACTION = 50;

/** Takes documents that are gone at their source out of every answer. Their versions stay for citations. */
export async function removeDocuments(
  context: SyncContext,
  documents: readonly KnownDocument[],
  goneItems: readonly string[],
): Promise<void> {
  const { database, indexer, tenantId } = context;
  for (let from = 0; from < documents.length; from += REMOVALS_PER_TRANSACTION) {
    const group = documents.slice(from, from + REMOVALS_PER_TRANSACTION);
    await database.withTenant(tenantId, async (transaction) => {
      await holdRun(transaction, tenantId, context.runId);
      const versionIds = group.flatMap((document) => document.currentVersionId ?? []);
      await retireChunks(
        context,
        transaction,
        await readCurrentChunks(transaction, tenantId, versionIds, indexer.indexKey),
      );
      await pointToVersions(
        transaction,
        tenantId,
        group.map(({ documentId }) => ({ documentId, versionId: null })),
      );
    });
  }
  if (goneItems.length === 0) return;
  await database.withTenant(tenantId, async (transaction) => {
    await holdRun(transaction, tenantId, context.runId);
    await deleteItems(transaction, tenantId, context.source.sourceId, goneItems);
  });
}
