import type { Database, Queryable } from "../../src/ports/database.js";

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

  async withTenant<T>(tenantId: string, work: (transaction: Queryable) => Promise<T>): Promise<T> {
    if (this.#open === 0) this.#since = performance.now();
    this.#open += 1;
    try {
      return await this.#database.withTenant(tenantId, work);
    } finally {
      this.#open -= 1;
      if (this.#open === 0) this.#ms += performance.now() - this.#since;
    }
  }
}
