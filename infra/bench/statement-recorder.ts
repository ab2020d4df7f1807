import type { Database, Queryable, StatementOptions, TransactionOptions } from "../../src/ports/database.js";

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly options: StatementOptions | undefined;
}

interface Transaction {
  readonly statements: readonly Statement[];
  readonly options: TransactionOptions | undefined;
}

/**
 * A database that remembers the statements of each tenant transaction, and which transactions ran at the same time, so that
 * they can be sent again on their own.
 */
export class StatementRecorder implements Database {
  readonly #database: Database;
  #groups: Transaction[][] = [];
  #running = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  async withTenant<T>(
    tenantId: string,
    work: (transaction: Queryable) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T> {
    const statements: Statement[] = [];
    const group = this.#running > 0 ? this.#groups.at(-1) : undefined;
    if (group === undefined) this.#groups.push([{ statements, options }]);
    else group.push({ statements, options });
    this.#running += 1;
    try {
      return await this.#database.withTenant(
        tenantId,
        (transaction) =>
          work({
            query(text, values = [], options) {
              statements.push({ text, values, options });
              return transaction.query(text, values, options);
            },
          }),
        options,
      );
    } finally {
      this.#running -= 1;
    }
  }

  /** The transactions since the last call, those together that ran at the same time. */
  take(): readonly (readonly Transaction[])[] {
    const taken = this.#groups;
    this.#groups = [];
    return taken;
  }

  /** Sends the same statements again, in the same kind of transactions, and nothing else. */
  async replay(tenantId: string, groups: readonly (readonly Transaction[])[]): Promise<void> {
    for (const group of groups) await Promise.all(group.map((transaction) => this.#send(tenantId, transaction)));
  }

  #send(tenantId: string, { statements, options: sent }: Transaction): Promise<void> {
    return this.#database.withTenant(
      tenantId,
      async (transaction) => {
        for (const { text, values, options } of statements) await transaction.query(text, values, options);
      },
      sent,
    );
  }
}
