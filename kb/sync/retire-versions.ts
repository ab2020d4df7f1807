import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { ChunkIndexer } from "../search/chunk-indexer-port.js";
import { currentChunksOfVersions } from "./chunk-store.js";
import { hideChunks } from "./document-store.js";

/** Takes the passages of versions out of the index and out of every answer. The versions stay for citations. */
export async function retireVersions(
  transaction: Queryable,
  tenantId: TenantId,
  indexer: Pick<ChunkIndexer, "retire">,
  versionIds: readonly string[],
): Promise<void> {
  const chunkIds = await currentChunksOfVersions(transaction, tenantId, versionIds);
  if (chunkIds.length === 0) return;
  await indexer.retire(transaction, tenantId, chunkIds);
  await hideChunks(transaction, tenantId, chunkIds);
}
