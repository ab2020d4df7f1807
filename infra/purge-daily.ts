import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../src/ports/clock.js";
import { errorCode } from "../src/ports/errors.js";
import type { TenantId } from "../src/ports/ids.js";
import type { Logger } from "../src/ports/logger.js";
import type { SourceLifecycle } from "../src/ports/source-lifecycle.js";

const DAY_MS = 24 * 60 * 60_000;

export interface PurgeDependencies {
  readonly tenantId: TenantId;
  readonly lifecycle: Pick<SourceLifecycle, "purgeExpired">;
  /** Also done at the start. */
  readonly forgetBudgets: (tenantId: TenantId) => Promise<number>;
  /** Files of handoffs that are kept no longer; also done at the start. */
  readonly purgeFiles: (tenantId: TenantId, now: Date) => Promise<number>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** By the machine's own time; the clock tells whether a day has passed. */
  readonly lookEveryMs?: number;
}

/**
 * Deletes once a day what was removed for longer than it is kept, until the signal aborts; the start has done so already. Any
 * number of processes may do so at the same time. What fails is tried again a day later.
 */
export async function purgeDaily(dependencies: PurgeDependencies, signal: AbortSignal): Promise<void> {
  const { tenantId, lifecycle, clock, logger, lookEveryMs = 10 * 60_000 } = dependencies;
  let last = clock.now().getTime();
  await forget(dependencies);
  for (;;) {
    await delay(lookEveryMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    if (clock.now().getTime() - last < DAY_MS) continue;
    last = clock.now().getTime();
    await forget(dependencies);
    try {
      const sources = await lifecycle.purgeExpired(tenantId);
      if (sources.length > 0) logger.info("removed sources purged", { removed: sources.length });
    } catch (error) {
      logger.warn("what was removed long ago could not be deleted", { code: errorCode(error) });
    }
  }
}

async function forget({ tenantId, forgetBudgets, purgeFiles, clock, logger }: PurgeDependencies): Promise<void> {
  try {
    await purgeFiles(tenantId, clock.now());
  } catch (error) {
    logger.warn("files that are kept no longer could not be deleted", { code: errorCode(error) });
  }
  try {
    await forgetBudgets(tenantId);
  } catch (error) {
    logger.warn("budgets of past days could not be deleted", { code: errorCode(error) });
  }
}
