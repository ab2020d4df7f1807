import type { TenantId } from "./ids.js";

export interface QueryResult<Row> {
  readonly rows: Row[];
  readonly rowCount: number | null;
}

/** A pool or a transaction: to a statement they are the same. Rows come as snake_case; mappers stop that at the store. */
export interface Queryable {
  /**
   * Statements run in the order that they are asked for. Those that need no answer of each other are asked for at once, by
   * `Promise.all`: on a server they share one way there and back. After one fails none in a transaction does anything.
   * @param values parameters `$1 …`; cast in SQL where the type is not obvious. A Float32Array is a vector, and a list of
   *   them one `real[]` of all their parts.
   */
  query<Row extends object>(
    text: string,
    values?: readonly unknown[],
    options?: StatementOptions,
  ): Promise<QueryResult<Row>>;
}

export interface StatementOptions {
  /**
   * Whether each connection remembers the statement with its plan. For a constant text that takes longer to plan than it
   * is worth each time, and whose plan does not depend on how full the tables are: a plan of empty tables is kept too.
   */
  readonly isPrepared?: boolean;
}

export interface TransactionOptions {
  /**
   * Plans statements to look rows up by an index, with and without statistics (a fresh index, or an embedded database, which
   * never collects any): no table is read whole, loops are only those that a statement asks for by `lateral` and `offset 0`,
   * and nothing is compiled. What is prepared then, maybe while the tables are still empty, keeps a plan for full ones.
   */
  readonly looksUp?: boolean;
  /**
   * Sends the first statement together with the transaction's beginning. For work whose every statement is limited to
   * `current_tenant()`: where the beginning failed there is none, and a statement behind it touches no row.
   */
  readonly startsAtOnce?: boolean;
}

export interface Database {
  /**
   * Opens a transaction as the application role with the tenant set for it alone, and is the only way to tenant data:
   * row-level security hides every other tenant's rows. Commits when `work` resolves, rolls back when it rejects.
   * Pass the given `Queryable` down; asking for a second one inside `work` is refused. Serialisation failures and
   * deadlocks are retried up to three times, so `work` may run more than once and must have no other side effects.
   */
  withTenant<T>(
    tenantId: TenantId,
    work: (transaction: Queryable) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T>;
}

/** Tells other processes (and this one) that something changed, through the database. Lossy: a hint to read again. */
export interface LiveSignals {
  /** Subscribes until the returned function is called. */
  subscribe(listener: (signal: LiveSignal) => void): () => void;
}

/** Sent by `select pg_notify('deskhand_live', …)` inside the transaction that made the change. */
export interface LiveSignal {
  readonly tenantId: TenantId;
  readonly topic: "conversation" | "handoff" | "sync";
  /** A conversation's key, a handoff's id or a sync run's id. */
  readonly id: string;
}
