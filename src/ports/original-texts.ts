import type { TenantId } from "./ids.js";

/** The files that documents were read from. */
export interface OriginalTexts {
  /**
   * The file as it is at its source by now. Null for what is no text file of its own in a folder or a repository, and
   * where the source cannot be reached. Whether somebody may read it, the caller has to know.
   */
  read(tenantId: TenantId, source: string, externalId: string, signal: AbortSignal): Promise<string | null>;
}
