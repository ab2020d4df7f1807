import type { Database, Queryable, TransactionOptions } from "../../src/ports/database.js";

/** A database that knows for how long at least one transaction was open. */
export class StoreTimer implements Database {
  readonly #database: Database;
  #open = 0;
  #since = 0;
  #ms = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  get ms(): number {
    return this.#ms;
  }

  async withTenant<T>(
    tenantId: string,
    work: (transaction: Queryable) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T> {
    if (this.#open === 0) this.#since = performance.now();
    this.#open += 1;
    try {
      return await this.#database.withTenant(tenantId, work, options);
    } finally {
      this.#open -= 1;
      if (this.#open === 0) this.#ms += performance.now() - this.#since;
    }
  }
}
