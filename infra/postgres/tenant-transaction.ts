import { setTimeout as delay } from "node:timers/promises";
import type {
  Database,
  Queryable,
  QueryResult,
  StatementOptions,
  TransactionOptions,
} from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { Connection, Connections } from "./connections.js";
import { CONFLICT_STATES, DatabaseError } from "./database-error.js";

const TENANT_ID = /^[a-z0-9][a-z0-9-]{0,62}$/u;
const MAX_CONFLICT_RETRIES = 3;

const LOOK_UP = ["enable_nestloop", "enable_seqscan", "jit"]
  .map((setting) => `, set_config('${setting}', 'off', true)`)
  .join("");

/** The one way to tenant data. See {@link Database.withTenant}. */
export function createWithTenant(connections: Connections): Database["withTenant"] {
  return async <T>(
    tenantId: TenantId,
    work: (transaction: Queryable) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> => {
    if (!TENANT_ID.test(tenantId)) {
      throw new DatabaseError("a tenant id is 1 to 63 lower-case letters, digits and hyphens");
    }
    for (let retries = 0; ; retries += 1) {
      try {
        return await connections.use((connection) => runTransaction(connection, tenantId, work, options));
      } catch (error) {
        if (!isConflict(error) || retries === MAX_CONFLICT_RETRIES) throw error;
        await delay(5 + Math.random() * 20 * 2 ** retries);
      }
    }
  };
}

async function runTransaction<T>(
  connection: Connection,
  tenantId: TenantId,
  work: (transaction: Queryable) => Promise<T>,
  { looksUp = false, startsAtOnce = false }: TransactionOptions,
): Promise<T> {
  const transaction = new Transaction(connection);
  // At once, so that its first statement may leave together with the beginning.
  const start = async (): Promise<T> => work(transaction);
  let result: T;
  try {
    const begun = begin(connection, tenantId, looksUp);
    if (!startsAtOnce) await begun;
    [, result] = await Promise.all([begun, start()]);
  } catch (error) {
    transaction.end();
    await rollBack(connection);
    throw transaction.causeOf(error);
  }
  transaction.end();
  const { command } = await connection.execute("commit");
  if (command !== "COMMIT") {
    throw new DatabaseError("the transaction was rolled back: a statement inside it had failed and was ignored");
  }
  return result;
}

/** Where it fails nobody knows what the connection is in, and it is not used again. */
async function begin(connection: Connection, tenantId: TenantId, looksUp: boolean): Promise<void> {
  // One round trip. The id is part of the text, because a statement with parameters may not be followed by another;
  // the pattern above leaves no character that could end the literal.
  const text = `begin; set local role deskhand_app; select set_config('deskhand.tenant', '${tenantId}', true)${looksUp ? LOOK_UP : ""}`;
  try {
    await connection.query(text);
  } catch (error) {
    connection.giveUp();
    throw error;
  }
}

async function rollBack(connection: Connection): Promise<void> {
  // A connection that no longer answers is thrown away; waiting for it once more would double the time lost.
  if (connection.isThrownAway) return;
  try {
    await connection.query("rollback");
  } catch {
    // The connection is gone and the transaction with it; the first error is the one worth reporting.
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof DatabaseError && error.sqlState !== null && CONFLICT_STATES.has(error.sqlState);
}

/** What the server answers to every statement after one that failed. */
const ABORTED = "25P02";

class Transaction implements Queryable {
  readonly #connection: Connection;
  #hasEnded = false;
  #firstError: unknown;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  end(): void {
    this.#hasEnded = true;
  }

  async query<Row extends object>(
    text: string,
    values?: readonly unknown[],
    options?: StatementOptions,
  ): Promise<QueryResult<Row>> {
    if (this.#hasEnded) throw new DatabaseError("this transaction has ended: do not keep its Queryable");
    try {
      return await this.#connection.query<Row>(text, values, options);
    } catch (error) {
      this.#firstError ??= error;
      throw error;
    }
  }

  /** Of statements that were sent together the one behind may be heard of first: what counts is what failed before it. */
  causeOf(error: unknown): unknown {
    return error instanceof DatabaseError && error.sqlState === ABORTED ? (this.#firstError ?? error) : error;
  }
}
