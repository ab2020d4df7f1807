import { existsSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { createPgConfig } from "@electric-sql/pglite/node-postgres";
import { vector } from "@electric-sql/pglite-pgvector";
import pg from "pg";
import { DatabaseError } from "./database-error.js";
import { dataDirectoryOf } from "./first-start.js";

// A transaction that never ends must not make everybody else wait without a word.
const CONNECTION_TIMEOUT_MS = 30_000;

export interface EmbeddedDatabase {
  readonly pglite: PGlite;
  readonly pool: pg.Pool;
}

/**
 * Starts PostgreSQL inside this process and puts the driver's pool in front of it. The pool has one connection and keeps
 * it for good: the embedded database knows one session, and a second or a replaced client would break its protocol.
 * @param directory where the data lives; null keeps it in memory. @param snapshot contents for a new database.
 */
export async function openEmbeddedPool(directory: string | null, snapshot: Blob | null): Promise<EmbeddedDatabase> {
  const pglite = await startPglite(directory, snapshot);
  const { connection, user, password, database, host, port } = createPgConfig(pglite);
  const pool = new EmbeddedPool(
    Object.assign(
      { user, password, database, host, port },
      { connection },
      {
        max: 1,
        idleTimeoutMillis: 0,
        connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
      },
    ),
  );
  return { pglite, pool };
}

async function startPglite(directory: string | null, snapshot: Blob | null): Promise<PGlite> {
  const isNew = directory === null || !existsSync(dataDirectoryOf(directory));
  try {
    return await PGlite.create({
      ...(directory === null ? {} : { dataDir: dataDirectoryOf(directory) }),
      ...(snapshot !== null && isNew ? { loadDataDir: snapshot } : {}),
      extensions: { vector },
    });
  } catch (error) {
    throw new DatabaseError(
      `the embedded database ${directory === null ? "in memory" : `in ${directory}`} did not start; ` +
        "if it was damaged, move the directory away and start again",
      { cause: error },
    );
  }
}

/**
 * The pool's own `query` throws the client away after a failed statement, and with it the only connection there is:
 * the next statement would end with "Connection terminated unexpectedly". Nobody may call it.
 */
class EmbeddedPool extends pg.Pool {
  override query(): never {
    throw new DatabaseError("statements go through Connections, never through the pool");
  }
}
