import type { Database } from "../../src/ports/database.js";

export interface QueryWatch {
  /** Awaited before a statement is run; what it throws is the statement's failure. */
  before?(text: string, values: readonly unknown[]): Promise<void> | void;
  /** Awaited after a statement, within its transaction. */
  after?(text: string): Promise<void> | void;
  failed?(error: unknown): void;
}

/** A database whose statements somebody looks at. */
export function watchedDatabase(database: Database, watch: QueryWatch): Database {
  return {
    withTenant: (tenantId, work, options) =>
      database.withTenant(
        tenantId,
        (transaction) =>
          work({
            async query(text, values = [], statementOptions) {
              await watch.before?.(text, values);
              try {
                const result = await transaction.query<never>(text, values, statementOptions);
                await watch.after?.(text);
                return result;
              } catch (error) {
                watch.failed?.(error);
                throw error;
              }
            },
          }),
        options,
      ),
  };
}
