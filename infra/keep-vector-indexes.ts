import { setTimeout as delay } from "node:timers/promises";
import { errorCode } from "../src/ports/errors.js";
import type { TenantId } from "../src/ports/ids.js";
import type { Logger } from "../src/ports/logger.js";
import type { VectorIndexes } from "../src/ports/vector-indexes.js";

export interface VectorIndexDependencies {
  readonly tenantId: TenantId;
  readonly vectorIndexes: VectorIndexes;
  readonly logger: Logger;
  readonly lookEveryMs?: number;
}

/**
 * Looks every minute, until the signal aborts, whether the vectors that are searched have outgrown being looked at whole, or
 * those of another model are searched now. Any number of processes may do so at the same time; what fails is tried again.
 */
export async function keepVectorIndexes(dependencies: VectorIndexDependencies, signal: AbortSignal): Promise<void> {
  const { tenantId, vectorIndexes, logger, lookEveryMs = 60_000 } = dependencies;
  const isOver = () => signal.aborted;
  while (!isOver()) {
    try {
      await vectorIndexes.keep(tenantId, signal);
    } catch (error) {
      if (!isOver()) logger.warn("vectors could not be indexed", { code: errorCode(error) });
    }
    await delay(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
}
