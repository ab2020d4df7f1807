import pg from "pg";
import type { Logger } from "../../src/ports/logger.js";
import { errorCode } from "../../src/ports/errors.js";
import { toDatabaseError } from "./database-error.js";

/** How to reach a PostgreSQL server, and how long to wait for it. */
export interface ServerSettings {
  readonly url: string;
  readonly poolSize: number;
  /** The server gives up on a statement after this long. */
  readonly statementTimeoutMs: number;
  /** How long a new connection, or a free place in the pool, may take. */
  readonly connectionTimeoutMs: number;
}

// The server answers its own timeout first; this one is for a server that answers nothing at all. It counts from when a statement
// is sent: of some that are sent together and wait for locks one after the other, the last has no more than the first.
const QUERY_TIMEOUT_MARGIN_MS = 500;

/** A pool that survives a server that restarts, freezes or cuts its idle connections. */
export function openServerPool(settings: ServerSettings, logger: Logger): pg.Pool {
  const pool = new pg.Pool({
    ...clientSettings(settings),
    max: settings.poolSize,
    pipeline: true,
    statement_timeout: settings.statementTimeoutMs,
    query_timeout: settings.statementTimeoutMs + QUERY_TIMEOUT_MARGIN_MS,
    idle_in_transaction_session_timeout: settings.statementTimeoutMs * 4,
    idleTimeoutMillis: 30_000,
  });
  // Without a listener an idle connection that the server closes would end the process.
  pool.on("error", (error) => {
    logger.warn("idle connection lost", { code: errorCode(error) });
  });
  return pool;
}

/** What a connection outside of the pool uses as well: without statement timeouts, for migrations and listening. */
function clientSettings(settings: ServerSettings): pg.ClientConfig {
  return {
    connectionString: settings.url,
    application_name: "deskhand",
    connectionTimeoutMillis: settings.connectionTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
}

/**
 * Opens a connection outside of the pool. The caller ends it. @throws {DatabaseError}
 * @param queryTimeoutMs how long a statement may take; null for migrations, which may take long.
 */
export async function connectClient(settings: ServerSettings, queryTimeoutMs: number | null): Promise<pg.Client> {
  const client = new pg.Client({
    ...clientSettings(settings),
    ...(queryTimeoutMs === null ? {} : { query_timeout: queryTimeoutMs }),
  });
  // Reported by the next statement as well.
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw toDatabaseError(error);
  }
  return client;
}
