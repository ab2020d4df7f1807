import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { Database } from "../../src/ports/database.js";
import { errorCode } from "../../src/ports/errors.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { Logger } from "../../src/ports/logger.js";

export interface SourceWork {
  /** Where sources keep what they fetched: by their id, and below `web` by their id. Of one tenant. */
  readonly workDirectory: string;
  readonly database: Database;
  readonly logger: Logger;
}

const SOURCE_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;

const SOURCE_IDS = `select id from source where tenant_id = $1`;

/**
 * Deletes from this machine what sources fetched that are there no more. What cannot be deleted is logged, and tried again
 * with the next removal or start.
 */
export async function clearWorkOfGoneSources(work: SourceWork, tenantId: TenantId): Promise<void> {
  const { workDirectory, database, logger } = work;
  try {
    // Read before the ids: what a source that is added meanwhile keeps is not seen.
    const folders = await Promise.all([workDirectory, path.join(workDirectory, "web")].map(foldersOfSources));
    if (folders.flat().length === 0) return;
    const { rows } = await database.withTenant(tenantId, (transaction) =>
      transaction.query<{ id: string }>(SOURCE_IDS, [tenantId]),
    );
    const ids = new Set(rows.map(({ id }) => id));
    for (const folder of folders.flat()) if (!ids.has(path.basename(folder))) await remove(folder);
  } catch (error) {
    logger.warn("work of removed sources could not be deleted", { code: errorCode(error) });
  }
}

/** Deletes what a run fetched ahead of reading it. */
export async function clearSpool(workDirectory: string, sourceId: string, logger: Logger): Promise<void> {
  try {
    await remove(path.join(workDirectory, "web", sourceId));
  } catch (error) {
    logger.warn("pages of a sync could not be deleted", { code: errorCode(error) });
  }
}

async function foldersOfSources(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  });
  return names.filter((name) => SOURCE_ID.test(name)).map((name) => path.join(directory, name));
}

/** A program whose run was ended may write for a moment longer. */
function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
