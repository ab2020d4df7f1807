import type { Database, Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";

/** What a transaction reads, before it has ended. Whoever uses it waits for both. */
export interface ReadOut<T> {
  readonly found: Promise<T>;
  /** Rejects where the transaction fails, `found` too unless it was known already. */
  readonly ended: Promise<unknown>;
}

/** Looks up in a transaction and gives what was read at once: nobody needs to wait for the end of one that writes nothing. */
export function readOut<T>(
  database: Database,
  tenantId: TenantId,
  read: (transaction: Queryable) => Promise<T>,
): ReadOut<T> {
  let ended: Promise<unknown> = Promise.resolve();
  const found = new Promise<T>((resolve, reject) => {
    const work = async (transaction: Queryable): Promise<void> => {
      resolve(await read(transaction));
    };
    ended = database.withTenant(tenantId, work, { looksUp: true });
    ended.catch(reject);
  });
  // Whoever waits for one of several may never come to wait for this.
  found.catch(() => undefined);
  return { found, ended };
}
