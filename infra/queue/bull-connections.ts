import type { QueueOptions } from "bull";

type ConnectionOptions = Exclude<NonNullable<QueueOptions["redis"]>, string>;

const LONGEST_RECONNECT_MS = 1_000;

/**
 * How to reach one Redis or Valkey: what the connections of its queues are made with, and the way to end them all. They
 * reconnect by themselves for ever until {@link BullConnections.end}.
 */
export class BullConnections {
  readonly #address: ConnectionOptions;
  #isEnded = false;

  /** @throws {TypeError} for what is not an address. */
  constructor(redisUrl: string) {
    this.#address = addressOf(new URL(redisUrl));
  }

  /** For callers that give up at once: nothing is kept for later, and no answer within `answerMs` is a failure. */
  failFast(answerMs: number): ConnectionOptions {
    return {
      ...this.#lasting(),
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: answerMs,
    };
  }

  /** For workers: a command waits until the connection has been tried a dozen times. */
  patient(): ConnectionOptions {
    return { ...this.#lasting(), maxRetriesPerRequest: 12 };
  }

  /** No connection is opened again after this; those that are open stay so. */
  end(): void {
    this.#isEnded = true;
  }

  #lasting(): ConnectionOptions {
    return {
      ...this.#address,
      connectTimeout: 5_000,
      keepAlive: 10_000,
      retryStrategy: (attempt) => (this.#isEnded ? null : Math.min(2 ** attempt * 25, LONGEST_RECONNECT_MS)),
      // After a failover the old primary still answers, but takes no writes.
      reconnectOnError: (error) => error.message.startsWith("READONLY"),
    };
  }
}

function addressOf({ protocol, hostname, port, username, password, pathname }: URL): ConnectionOptions {
  const database = pathname.slice(1);
  return {
    // A literal IPv6 address stands in brackets in a URL only.
    host: hostname.replace(/^\[(.*)\]$/u, "$1"),
    port: port === "" ? 6379 : Number(port),
    ...(username === "" ? {} : { username: decodeURIComponent(username) }),
    ...(password === "" ? {} : { password: decodeURIComponent(password) }),
    ...(database === "" ? {} : { db: Number(database) }),
    ...(protocol === "rediss:" ? { tls: {} } : {}),
  };
}
