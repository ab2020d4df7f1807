import { AsyncLocalStorage } from "node:async_hooks";
import type { Duplex } from "node:stream";
import type pg from "pg";
import type { Queryable, QueryResult, StatementOptions } from "../../src/ports/database.js";
import { encodeParameters } from "./encode-parameters.js";
import { DatabaseError, isConnectionFailure, toDatabaseError } from "./database-error.js";

interface Hold {
  isActive: boolean;
}

/**
 * Hands out the pool's connections one holder at a time. A holder that asks for a second one is refused: on the embedded
 * database there is no second one and it would wait for itself, and a pool of any size can run dry that way.
 */
export class Connections {
  readonly #pool: pg.Pool;
  readonly #kind: "server" | "embedded";
  readonly #holds = new AsyncLocalStorage<Hold>();

  /**
   * @param kind of a server, what is asked for at the same time is sent at once: the pool's clients are pipelined. The embedded
   *   database takes one statement after the other, and its one connection must never be thrown away.
   */
  constructor(pool: pg.Pool, kind: "server" | "embedded") {
    this.#pool = pool;
    this.#kind = kind;
  }

  /** Runs `work` with a connection of its own. @throws {DatabaseError} */
  async use<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    if (this.#holds.getStore()?.isActive === true) {
      throw new DatabaseError(
        "a transaction asked for a second connection: pass the transaction's own Queryable down instead",
      );
    }
    const client = await this.#connect();
    // The driver reports a connection that dies between two statements as an event; the next statement reports it too.
    const ignore = (): void => undefined;
    client.on("error", ignore);
    const hold: Hold = { isActive: true };
    const connection = this.#kind === "server" ? new PipelinedConnection(client) : new Connection(client);
    try {
      return await this.#holds.run(hold, () => work(connection));
    } finally {
      hold.isActive = false;
      connection.close();
      client.off("error", ignore);
      client.release(connection.isThrownAway);
    }
  }

  /** One statement on a connection of its own. */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<QueryResult<Row>> {
    return this.use((connection) => connection.query<Row>(text, values));
  }

  /** Runs a callback as if no connection were held, for work that only happens to start inside a transaction. */
  detached(work: () => void): void {
    this.#holds.exit(work);
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw toDatabaseError(error);
    }
  }
}

/** One connection for as long as it is held. Using it afterwards throws. Statements run in the order that they come in. */
export class Connection implements Queryable {
  readonly #client: pg.PoolClient;
  #isClosed = false;
  #isBroken = false;
  /** Resolves when the statements before have been answered. */
  #before: Promise<unknown> = Promise.resolve();

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  protected get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Whether it is not used again after it is given back. The one of the embedded database always is. */
  get isThrownAway(): boolean {
    return false;
  }

  close(): void {
    this.#isClosed = true;
  }

  /** It is thrown away when it is given back, where it can be. */
  giveUp(): void {
    this.#isBroken = true;
  }

  async query<Row extends object>(
    text: string,
    values?: readonly unknown[],
    options?: StatementOptions,
  ): Promise<QueryResult<Row>> {
    return this.execute<Row>(text, values, options);
  }

  /** Like `query`, and tells the command that ran last: a `commit` of a failed transaction answers `ROLLBACK`. */
  async execute<Row extends object>(
    text: string,
    values?: readonly unknown[],
    options: StatementOptions = {},
  ): Promise<QueryResult<Row> & { readonly command: string }> {
    if (this.#isClosed) throw new DatabaseError("this connection was given back: its transaction has ended");
    try {
      const encoded = values === undefined ? undefined : encodeParameters(values);
      return await this.inTurn(() =>
        options.isPrepared === true
          ? this.#client.query<Row>({ name: statementName(text), text, values: encoded })
          : this.#client.query<Row>(text, encoded),
      );
    } catch (error) {
      const translated = toDatabaseError(error);
      this.#isBroken ||= isConnectionFailure(translated);
      throw translated;
    }
  }

  /** Sends a statement when those before have been answered. */
  protected inTurn<Answer>(send: () => Promise<Answer>): Promise<Answer> {
    const answer = this.#before.then(send);
    this.#before = answer.catch(() => undefined);
    return answer;
  }
}

/**
 * Sends statements as they come, without waiting for the answers to those before; those of one moment go out together. A
 * statement that needs the answer of another is asked for after it, as ever.
 */
class PipelinedConnection extends Connection {
  readonly #stream: Duplex;
  #isCorked = false;

  constructor(client: pg.PoolClient) {
    super(client);
    this.#stream = client.connection.stream;
  }

  override get isThrownAway(): boolean {
    return this.isBroken;
  }

  protected override inTurn<Answer>(send: () => Promise<Answer>): Promise<Answer> {
    this.#cork();
    return send();
  }

  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.#stream.cork();
    queueMicrotask(() => {
      this.#isCorked = false;
      this.#stream.uncork();
    });
  }
}

const names = new Map<string, string>();

/** The same for the same text. Only constant texts are prepared, so there are few. */
function statementName(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = `deskhand_${names.size + 1}`;
  names.set(text, name);
  return name;
}
