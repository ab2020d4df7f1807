import { NotFoundError } from "../src/ports/errors.js";
import type { TenantId } from "../src/ports/ids.js";
import type { KnowledgeAudit } from "../src/ports/knowledge-audit.js";
import type { SyncRequests } from "../src/ports/sync-requests.js";

/** Has a source synced by whichever process works, and records who asked. @throws {NotFoundError} */
export function createRequestSync(tenantId: TenantId, requests: SyncRequests, audit: KnowledgeAudit) {
  return async (sourceName: string, actor: string): Promise<void> => {
    if (!(await requests.request(tenantId, sourceName))) throw new NotFoundError(`source ${sourceName}`);
    await audit.record(tenantId, { actor, action: "sync", sourceName, detail: {}, wasAllowed: true });
  };
}
