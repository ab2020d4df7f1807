import { setTimeout as delay } from "node:timers/promises";
import type { Database, Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import { VanishedEmbeddingError } from "../search/chunk-indexer.js";
import type { ChunkIndexer } from "../search/chunk-indexer-port.js";
import { currentChunksOfVersions, readIndexable, readUnindexedOfTenant } from "./chunk-store.js";

const VERSIONS_PER_TRANSACTION = 40;
/** How often, and after which time, a source is looked at again in which somebody else writes in that moment. */
const ATTEMPTS = 5;
const LOOK_AGAIN_MS = 200;

export interface IndexPlaces {
  readonly database: Database;
  readonly indexer: ChunkIndexer;
}

/**
 * Indexes what is current and not in the index yet, of every source, whether it can be listed or is paused; then serves
 * from the index when that is whole. What somebody else writes all the while is left to them and to the next call.
 * @throws {ModelError}
 */
export async function fillTenantIndex(places: IndexPlaces, tenantId: TenantId, signal: AbortSignal): Promise<void> {
  const { database, indexer } = places;
  const missing = await database.withTenant(tenantId, (transaction) =>
    readUnindexedOfTenant(transaction, tenantId, indexer.indexKey),
  );
  for (const { sourceId, versionIds } of missing) {
    for (let from = 0; from < versionIds.length; from += VERSIONS_PER_TRANSACTION) {
      const group = versionIds.slice(from, from + VERSIONS_PER_TRANSACTION);
      await fillGroup(places, { tenantId, sourceId, versionIds: group }, signal);
    }
  }
  await database.withTenant(tenantId, (transaction) => indexer.serve(transaction, tenantId));
}

interface Group {
  readonly tenantId: TenantId;
  readonly sourceId: string;
  readonly versionIds: readonly string[];
}

async function fillGroup(places: IndexPlaces, group: Group, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    signal.throwIfAborted();
    if (await tryGroup(places, group, signal)) return;
    await delay(LOOK_AGAIN_MS, undefined, { signal });
  }
}

/** False when somebody writes in the source, or has changed what was to be indexed. */
async function tryGroup(places: IndexPlaces, group: Group, signal: AbortSignal): Promise<boolean> {
  const { database, indexer } = places;
  const { tenantId, versionIds } = group;
  const chunks = await database.withTenant(tenantId, (transaction) => readIndexable(transaction, tenantId, versionIds));
  const prepared = await indexer.prepare({ database, tenantId }, chunks, signal);
  try {
    return await database.withTenant(tenantId, async (transaction) => {
      if (!(await holdSource(transaction, group))) return false;
      const current = await currentChunksOfVersions(transaction, tenantId, versionIds);
      // Chunks only ever stop being current: as many are the same ones.
      if (current.length !== prepared.chunkIds.length) return false;
      await indexer.write(transaction, tenantId, prepared);
      return true;
    });
  } catch (error) {
    if (error instanceof VanishedEmbeddingError) return false;
    throw error;
  }
}

// Whoever adds, removes or restores locks the source; whoever syncs it, the row of the run. Neither is waited for, so that
// nobody waits for each other; both wait until the transaction ends.
const HOLD_SOURCE = `
  select id from source
   where tenant_id = $1 and id = $2::uuid and removed_at is null and stepped_aside_at is null
     for update skip locked`;

const RUNNING = `
  select id from sync_run where tenant_id = $1 and source_id = $2::uuid and state = 'running'`;

async function holdSource(transaction: Queryable, { tenantId, sourceId }: Group): Promise<boolean> {
  const held = await transaction.query(HOLD_SOURCE, [tenantId, sourceId]);
  if (held.rows.length === 0) return false;
  const running = await transaction.query(RUNNING, [tenantId, sourceId]);
  const idle = await transaction.query(`${RUNNING} for update skip locked`, [tenantId, sourceId]);
  return idle.rows.length === running.rows.length;
}
