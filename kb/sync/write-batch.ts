import type { Queryable } from "../../src/ports/database.js";
import type { IndexableChunk, PreparedChunks } from "../search/chunk-indexer-port.js";
import { insertVersions, pointToVersions } from "./document-store.js";
import type { KnownDocument } from "./document-store.js";
import { deleteItems, writeItems } from "./item-store.js";
import type { KnownItem } from "./item-store.js";
import { writePrepared } from "./prepared-write.js";
import type { PlannedVersion } from "./plan-versions.js";
import { retireVersions } from "./retire-versions.js";
import { holdRun } from "./run-store.js";
import type { SyncContext } from "./sync-context.js";

/** What is written in one transaction. */
export interface WriteGroup {
  readonly plans: readonly PlannedVersion[];
  /** Items whose documents are all written with this group or before. */
  readonly items: readonly KnownItem[];
}

/**
 * Swaps versions in: each document's new rows, its index rows and the end of its old ones are in one transaction, so that
 * a reader sees the old version or the new one.
 */
export async function writeGroup(
  context: SyncContext,
  { plans, items }: WriteGroup,
  { chunks, preparing }: { readonly chunks: readonly IndexableChunk[]; readonly preparing: Promise<PreparedChunks> },
  signal: AbortSignal,
): Promise<void> {
  const { indexer, tenantId } = context;
  const { sourceId } = context.source;
  const versions = plans.map((plan) => plan.next);
  const write = async (transaction: Queryable, prepared: PreparedChunks): Promise<void> => {
    if (versions.length > 0) {
      await insertVersions(transaction, tenantId, sourceId, versions);
      await indexer.write(transaction, tenantId, prepared);
      await retireVersions(transaction, tenantId, indexer, [...plans.flatMap((plan) => plan.previousVersionId ?? [])]);
      await pointToVersions(transaction, tenantId, versions);
    }
    await writeItems(transaction, tenantId, sourceId, items);
  };
  await writePrepared(context, chunks, preparing, write, signal);
}

const REMOVALS_PER_TRANSACTION = 50;

/** Takes documents that are gone at their source out of every answer. Their versions stay for citations. */
export async function removeDocuments(
  context: SyncContext,
  documents: readonly KnownDocument[],
  goneItems: readonly string[],
): Promise<void> {
  const { database, tenantId } = context;
  for (let from = 0; from < documents.length; from += REMOVALS_PER_TRANSACTION) {
    const group = documents.slice(from, from + REMOVALS_PER_TRANSACTION);
    await database.withTenant(tenantId, async (transaction) => {
      await holdRun(transaction, tenantId, context.runId);
      const versionIds = group.flatMap((document) => document.currentVersionId ?? []);
      await retireVersions(transaction, tenantId, context.indexer, versionIds);
      await pointToVersions(
        transaction,
        tenantId,
        group.map(({ documentId }) => ({ documentId, versionId: null, sourceTextHash: null })),
      );
    });
  }
  if (goneItems.length === 0) return;
  await database.withTenant(tenantId, async (transaction) => {
    await holdRun(transaction, tenantId, context.runId);
    await deleteItems(transaction, tenantId, context.source.sourceId, goneItems);
  });
}
