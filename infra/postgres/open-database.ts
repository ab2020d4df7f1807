import type { Database } from "../../src/ports/database.js";
import type { Logger } from "../../src/ports/logger.js";
import { Cleanup } from "./cleanup.js";
import { Connections } from "./connections.js";
import { toDatabaseError } from "./database-error.js";
import { lockDirectory, type DirectoryLock } from "./directory-lock.js";
import { openEmbeddedPool, type EmbeddedDatabase } from "./embedded-pool.js";
import { loadMigrations, migrate } from "./migrate.js";
import { checkAppRole, checkServer, readFacts, type DatabaseFacts } from "./server-facts.js";
import { connectClient, openServerPool, type ServerSettings } from "./server-pool.js";
import { createWithTenant } from "./tenant-transaction.js";

/** Which database to use. */
export type DatabaseSettings =
  | {
      readonly kind: "embedded";
      /** Deskhand's own directory; null keeps everything in memory. */
      readonly directory: string | null;
      /** What a new database starts with, instead of nothing. */
      readonly snapshot?: Blob;
    }
  | ({ readonly kind: "postgres" } & ServerSettings);

/** A database that is migrated, checked and ready. Disposing it closes every connection and frees the directory. */
export interface OpenDatabase extends Database, AsyncDisposable {
  readonly kind: DatabaseSettings["kind"];
  /** Resolves when the database answers. @throws {DatabaseError} */
  ping(): Promise<void>;
  facts(): Promise<DatabaseFacts>;
  /** Tells other processes where this one can be spoken to, while it holds an embedded directory. */
  announce(address: string | null): Promise<void>;
  /** The whole embedded database as a file, for {@link DatabaseSettings}; null on a PostgreSQL server. */
  dump(): Promise<Blob | null>;
}

/**
 * Opens and migrates the database.
 * @throws {DirectoryInUseError} while another process holds the embedded directory.
 * @throws {UnsuitableDatabaseError} for a server on which the promises would not hold.
 * @throws {SchemaVersionError} for a schema that is newer than this program.
 * @throws {DatabaseError} when it cannot be reached.
 */
export function openDatabase(settings: DatabaseSettings, logger: Logger): Promise<OpenDatabase> {
  return settings.kind === "embedded"
    ? openEmbedded(settings.directory, settings.snapshot ?? null)
    : openServer(settings, logger);
}

async function openEmbedded(directory: string | null, snapshot: Blob | null): Promise<OpenDatabase> {
  const cleanup = new Cleanup();
  try {
    const lock = directory === null ? null : await lockDirectory(directory);
    cleanup.add(async () => lock?.release());
    const { pglite, pool } = await openEmbeddedPool(directory, snapshot);
    cleanup.add(() => pglite.close());
    cleanup.add(() => pool.end());
    const connections = new Connections(pool, false);
    await connections.use(async (connection) => {
      await checkServer(connection);
      await migrate(connection, await loadMigrations());
      await checkAppRole(connection);
    });
    return assemble("embedded", connections, cleanup, { pglite, pool }, lock);
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

async function openServer(settings: ServerSettings, logger: Logger): Promise<OpenDatabase> {
  await prepareServer(settings);
  const cleanup = new Cleanup();
  const pool = openServerPool(settings, logger);
  cleanup.add(() => pool.end());
  return assemble("postgres", new Connections(pool, true), cleanup, null, null);
}

async function prepareServer(settings: ServerSettings): Promise<void> {
  const client = await connectClient(settings);
  const connection = {
    query: async <Row extends object>(text: string, values?: readonly unknown[]) => {
      try {
        return await client.query<Row>(text, values === undefined ? undefined : [...values]);
      } catch (error) {
        throw toDatabaseError(error);
      }
    },
  };
  try {
    await checkServer(connection);
    await migrate(connection, await loadMigrations());
    await checkAppRole(connection);
  } finally {
    await client.end();
  }
}

function assemble(
  kind: DatabaseSettings["kind"],
  connections: Connections,
  cleanup: Cleanup,
  embedded: EmbeddedDatabase | null,
  lock: DirectoryLock | null,
): OpenDatabase {
  return {
    kind,
    withTenant: createWithTenant(connections),
    ping: async () => {
      await connections.query("select 1");
    },
    facts: () => connections.use(readFacts),
    announce: async (address) => lock?.announce(address),
    dump: async () => (embedded === null ? null : embedded.pglite.dumpDataDir("none")),
    [Symbol.asyncDispose]: () => cleanup.run(),
  };
}
