import type { Queryable } from "../../src/ports/database.js";
import { DeskhandError } from "../../src/ports/errors.js";

/** The database is reachable, but Deskhand's promises would not hold on it. The message says what to change. */
class UnsuitableDatabaseError extends DeskhandError {
  override readonly name = "UnsuitableDatabaseError";
  readonly code = "unsuitable-database";
  readonly isRetryable = false;
}

/** What `doctor` shows about the database. */
export interface DatabaseFacts {
  readonly serverVersion: string;
  readonly vectorVersion: string;
  readonly schemaVersion: number;
  readonly synchronousCommit: string;
}

interface ServerRow {
  version_number: number;
  version: string;
  synchronous_commit: string;
  vector_version: string | null;
}

const READ_SERVER = `
  select current_setting('server_version_num')::int as version_number,
         split_part(current_setting('server_version'), ' ', 1) as version,
         current_setting('synchronous_commit') as synchronous_commit,
         coalesce((select extversion from pg_extension where extname = 'vector'),
                  (select default_version from pg_available_extensions where name = 'vector')) as vector_version`;

const READ_SCHEMA_VERSION = `select max(version) as version from schema_migration`;

// What the application role may never be: above row-level security, or in the place of somebody who is.
const READ_APP_ROLE = `
  select role.rolsuper as is_superuser, role.rolbypassrls as bypasses_rls,
         pg_has_role(role.oid, 'deskhand_system', 'member') as is_system,
         exists (select from pg_class as relation join pg_namespace as namespace on namespace.oid = relation.relnamespace
                  where namespace.nspname = 'public' and relation.relkind in ('r', 'p', 'v', 'm')
                    and pg_has_role(role.oid, relation.relowner, 'member')) as owns_tables
    from pg_roles as role
   where role.rolname = 'deskhand_app'`;

interface AppRoleRow {
  is_superuser: boolean;
  bypasses_rls: boolean;
  is_system: boolean;
  owns_tables: boolean;
}

/** @throws {UnsuitableDatabaseError} for an old server, an old pgvector, or commits that a crash could lose. */
export async function checkServer(connection: Queryable): Promise<void> {
  const server = await readServer(connection);
  if (server.version_number < 150_000) {
    throw new UnsuitableDatabaseError(`PostgreSQL ${server.version} is too old: Deskhand needs version 15 or newer`);
  }
  if (server.vector_version === null) {
    throw new UnsuitableDatabaseError("the pgvector extension is not installed on this PostgreSQL server: install it");
  }
  if (!isAtLeast(server.vector_version, 0, 8)) {
    throw new UnsuitableDatabaseError(
      `pgvector ${server.vector_version} is too old: Deskhand needs 0.8 or newer ("alter extension vector update")`,
    );
  }
  if (server.synchronous_commit === "off") {
    throw new UnsuitableDatabaseError(
      "synchronous_commit is off: an event could be acknowledged and then lost; set it to on for this database or user",
    );
  }
}

/** @throws {UnsuitableDatabaseError} when row-level security would not bind the application's role. */
export async function checkAppRole(connection: Queryable): Promise<void> {
  const [role] = (await connection.query<AppRoleRow>(READ_APP_ROLE)).rows;
  if (role === undefined) throw new UnsuitableDatabaseError("the role deskhand_app is missing: run deskhand migrate");
  const faults = [
    ...(role.is_superuser ? ["is a superuser"] : []),
    ...(role.bypasses_rls ? ["bypasses row-level security"] : []),
    ...(role.is_system ? ["is a member of deskhand_system"] : []),
    ...(role.owns_tables ? ["owns tables"] : []),
  ];
  if (faults.length > 0) {
    throw new UnsuitableDatabaseError(
      `the role deskhand_app ${faults.join(" and ")}: tenants would see each other's data; take that right away`,
    );
  }
}

export async function readFacts(connection: Queryable): Promise<DatabaseFacts> {
  const server = await readServer(connection);
  const schema = await connection.query<{ version: number | null }>(READ_SCHEMA_VERSION);
  return {
    serverVersion: server.version,
    vectorVersion: server.vector_version ?? "none",
    schemaVersion: schema.rows[0]?.version ?? 0,
    synchronousCommit: server.synchronous_commit,
  };
}

async function readServer(connection: Queryable): Promise<ServerRow> {
  const [row] = (await connection.query<ServerRow>(READ_SERVER)).rows;
  if (row === undefined) throw new UnsuitableDatabaseError("the database did not tell its version");
  return row;
}

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [foundMajor = 0, foundMinor = 0] = version.split(".").map(Number);
  return foundMajor > major || (foundMajor === major && foundMinor >= minor);
}
