import type { Database, Queryable } from "../../src/ports/database.js";

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A database that remembers the statements of each tenant transaction, so that they can be sent again on their own. */
export class StatementRecorder implements Database {
  readonly #database: Database;
  #transactions: Statement[][] = [];

  constructor(database: Database) {
    this.#database = database;
  }

  withTenant<T>(tenantId: string, work: (transaction: Queryable) => Promise<T>): Promise<T> {
    return this.#database.withTenant(tenantId, (transaction) => {
      const statements: Statement[] = [];
      this.#transactions.push(statements);
      return work({
        query(text, values = []) {
          statements.push({ text, values });
          return transaction.query(text, values);
        },
      });
    });
  }

  /** The transactions since the last call. */
  take(): readonly (readonly Statement[])[] {
    const taken = this.#transactions;
    this.#transactions = [];
    return taken;
  }

  /** Sends the same statements again, in the same kind of transactions, and nothing else. */
  async replay(tenantId: string, transactions: readonly (readonly Statement[])[]): Promise<void> {
    for (const statements of transactions) {
      await this.#database.withTenant(tenantId, async (transaction) => {
        for (const { text, values } of statements) await transaction.query(text, values);
      });
    }
  }
}
