import type { TenantId } from "../../ports/ids.js";
import type { WithStores } from "../../ports/stores.js";

/** Reads a file from its beginning, one piece in memory at a time. It ends where the file was deleted meanwhile. */
export async function* readPieces(
  withStores: WithStores,
  tenantId: TenantId,
  fileId: string,
): AsyncGenerator<Uint8Array> {
  for (let ordinal = 0; ; ordinal += 1) {
    const bytes = await withStores(tenantId, ({ files }) => files.piece(fileId, ordinal));
    if (bytes === null) return;
    yield bytes;
  }
}
