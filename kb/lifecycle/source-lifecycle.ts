import type { Queryable } from "../../src/ports/database.js";
import { NotFoundError, UsageError } from "../../src/ports/errors.js";
import type { NewId, TenantId } from "../../src/ports/ids.js";
import type { SourceLifecycle } from "../../src/ports/source-lifecycle.js";
import type { ChunkIndexer } from "../search/chunk-indexer-port.js";
import { noSourceNamed } from "../sync/source-names.js";
import { deleteSource } from "../sync/source-store.js";
import { recordChange } from "./audit-store.js";
import { recallDemo } from "./recall-demo.js";
import { purgeRemovedDocuments } from "./removed-documents.js";
import {
  deleteExpired,
  lockIdleSource,
  lockRemoved,
  lockSource,
  markRemoved,
  markRestored,
  readExpired,
  readRemoved,
} from "./removed-sources.js";
import { refuseSharedSecret } from "./shared-secret.js";
import { clearWorkOfGoneSources, type SourceWork } from "./source-work.js";
import { deleteDocuments, finishWithdrawals, withdrawDocuments } from "./withdraw-source.js";

export interface LifecycleDependencies extends SourceWork {
  readonly indexer: ChunkIndexer;
  readonly newId: NewId;
}

const SET_PAUSED = `
  update source set paused_at = case when $3::boolean then coalesce(paused_at, clock_timestamp()) end
   where tenant_id = $1 and id = $2::uuid`;

/** See {@link SourceLifecycle}. */
export function createSourceLifecycle(dependencies: LifecycleDependencies): SourceLifecycle {
  const { database } = dependencies;
  return {
    setPaused: (tenantId, name, isPaused, actor) => setPaused(dependencies, tenantId, name, isPaused, actor),
    removed: (tenantId) => database.withTenant(tenantId, (transaction) => readRemoved(transaction, tenantId)),
    restore: (tenantId, name, actor) => restore(dependencies, tenantId, name, actor),
    purge: (tenantId, name, actor) => purge(dependencies, tenantId, name, actor),
    purgeExpired: (tenantId) => purgeExpired(dependencies, tenantId),
    recallDemo: (tenantId) =>
      database.withTenant(tenantId, (transaction) => recallDemo(transaction, tenantId, dependencies.newId)),
  };
}

async function setPaused(
  { database, newId }: LifecycleDependencies,
  tenantId: TenantId,
  name: string,
  isPaused: boolean,
  actor: string,
): Promise<void> {
  await database.withTenant(tenantId, async (transaction) => {
    const sourceId = await lockSource(transaction, tenantId, name);
    if (sourceId === null) throw await noSourceNamed(transaction, tenantId, name);
    await transaction.query(SET_PAUSED, [tenantId, sourceId, isPaused]);
    const action = isPaused ? "pause" : "resume";
    await recordChange(transaction, tenantId, newId, { actor, action, sourceName: name, detail: {} });
  });
}

async function restore(
  dependencies: LifecycleDependencies,
  tenantId: TenantId,
  name: string,
  actor: string,
): Promise<void> {
  const { database, newId } = dependencies;
  const removed = await database.withTenant(tenantId, (transaction) => lockRemoved(transaction, tenantId, name));
  if (removed !== null) await withdrawDocuments(dependencies, tenantId, removed);
  await database.withTenant(tenantId, async (transaction) => {
    const sourceId = await lockRemoved(transaction, tenantId, name);
    if (sourceId === null) throw await noRemovedSource(transaction, tenantId, name);
    if ((await lockSource(transaction, tenantId, name)) !== null) {
      throw new UsageError(`Another source is named ${name} by now. Remove that one first.`);
    }
    await refuseSharedSecret(transaction, tenantId, name);
    await markRestored(transaction, tenantId, sourceId);
    await recordChange(transaction, tenantId, newId, { actor, action: "restore", sourceName: name, detail: {} });
  });
}

async function purge(
  dependencies: LifecycleDependencies,
  tenantId: TenantId,
  name: string,
  actor: string,
): Promise<void> {
  const { database, newId } = dependencies;
  const sourceId = await database.withTenant(tenantId, async (transaction) => {
    const present = await lockIdleSource(transaction, tenantId, name);
    if (present !== null) {
      await markRemoved(transaction, tenantId, present);
      await recordChange(transaction, tenantId, newId, { actor, action: "remove", sourceName: name, detail: {} });
    }
    const found = present ?? (await lockRemoved(transaction, tenantId, name));
    if (found === null) throw await noSourceNamed(transaction, tenantId, name);
    return found;
  });
  await withdrawDocuments(dependencies, tenantId, sourceId);
  await deleteDocuments(dependencies, tenantId, sourceId);
  await database.withTenant(tenantId, async (transaction) => {
    await deleteSource(transaction, tenantId, sourceId);
    await recordChange(transaction, tenantId, newId, { actor, action: "purge", sourceName: name, detail: {} });
  });
  await clearWorkOfGoneSources(dependencies, tenantId);
}

async function purgeExpired(dependencies: LifecycleDependencies, tenantId: TenantId): Promise<readonly string[]> {
  const { database, newId } = dependencies;
  await finishWithdrawals(dependencies, tenantId);
  await purgeRemovedDocuments(database, tenantId);
  const expired = await database.withTenant(tenantId, (transaction) => readExpired(transaction, tenantId));
  const names: string[] = [];
  for (const sourceId of expired) {
    await deleteDocuments(dependencies, tenantId, sourceId);
    await database.withTenant(tenantId, async (transaction) => {
      const sourceName = await deleteExpired(transaction, tenantId, sourceId);
      if (sourceName === null) return;
      await recordChange(transaction, tenantId, newId, { actor: "schedule", action: "purge", sourceName, detail: {} });
      names.push(sourceName);
    });
  }
  await clearWorkOfGoneSources(dependencies, tenantId);
  return names;
}

async function noRemovedSource(transaction: Queryable, tenantId: TenantId, name: string): Promise<NotFoundError> {
  const names = (await readRemoved(transaction, tenantId)).map((source) => source.name).join(", ");
  const others = names === "" ? "Nothing was removed that could be restored." : `Removed sources: ${names}.`;
  return new NotFoundError(`No source named "${name}" was removed. ${others}`);
}
