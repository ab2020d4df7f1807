import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Queryable } from "../../src/ports/database.js";
import { DeskhandError } from "../../src/ports/errors.js";
import { packageRoot } from "../package-root.js";
import { DatabaseError, describeServerError } from "./database-error.js";

/** The database and this program disagree about the schema. The message says what to do. */
class SchemaVersionError extends DeskhandError {
  override readonly name = "SchemaVersionError";
  readonly code = "schema-version";
  readonly isRetryable = false;
}

/** A step was refused; nothing of it remains. The message repeats what the server said: a migration holds no customer's words. */
class MigrationError extends DeskhandError {
  override readonly name = "MigrationError";
  readonly code = "migration";
  readonly isRetryable: boolean;

  constructor(migration: string, cause: unknown) {
    super(`migration ${migration} failed: ${describeServerError(cause)}`, { cause });
    this.isRetryable = cause instanceof DatabaseError && cause.isRetryable;
  }
}

/** One numbered step. Files that were released are never changed: the next step mends them. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

interface AppliedRow {
  version: number;
  name: string;
  checksum: string;
}

// Any fixed number will do; it only has to be the same in every process.
const TAKE_MIGRATION_LOCK = `select pg_advisory_xact_lock(7223372036)`;

const CREATE_MIGRATION_TABLE = `
  create table schema_migration (
    version int primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
  )`;

const FIND_MIGRATION_TABLE = `select to_regclass('public.schema_migration') is not null as is_there`;

const LIST_APPLIED = `select version, name, checksum from schema_migration order by version`;

const RECORD_APPLIED = `insert into schema_migration (version, name, checksum) values ($1::int, $2, $3)`;

/** Reads the numbered files of the package. Works from the sources and from `dist`. */
export async function loadMigrations(directory: string = migrationsDirectory()): Promise<readonly Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".sql")).sort();
  const migrations = await Promise.all(names.map((name) => loadMigration(directory, name)));
  for (const [index, { version, name }] of migrations.entries()) {
    if (version !== index + 1) throw new SchemaVersionError(`migration ${name} breaks the numbering 0001, 0002, …`);
  }
  return migrations;
}

async function loadMigration(directory: string, name: string): Promise<Migration> {
  const number = /^(?<version>\d{4})_[a-z0-9_]+\.sql$/u.exec(name)?.groups?.["version"];
  if (number === undefined) throw new SchemaVersionError(`migration ${name} is not named like 0001_topic.sql`);
  const sql = (await readFile(join(directory, name), "utf8")).replaceAll("\r\n", "\n");
  return { version: Number(number), name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
}

/**
 * Brings the schema to the newest version, one transaction for each step. Running it twice changes nothing, and of two
 * processes that run it at once one waits for the other.
 * @returns the schema's version. @throws {SchemaVersionError} for a newer schema or a changed file.
 */
export async function migrate(connection: Queryable, migrations: readonly Migration[]): Promise<number> {
  let version = 0;
  while (version < migrations.length) {
    version = await applyNext(connection, migrations);
  }
  return version;
}

/** Applies at most one step and resolves with the version the schema then has. */
async function applyNext(connection: Queryable, migrations: readonly Migration[]): Promise<number> {
  await connection.query("begin");
  try {
    await connection.query(TAKE_MIGRATION_LOCK);
    const applied = await readApplied(connection);
    checkApplied(applied, migrations);
    const next = migrations[applied.length];
    if (next !== undefined) {
      await applyStatements(connection, next);
      await connection.query(RECORD_APPLIED, [next.version, next.name, next.checksum]);
    }
    await connection.query("commit");
    return next?.version ?? applied.length;
  } catch (error) {
    // Where the connection is gone the transaction is too; the first error is the one worth reporting.
    await connection.query("rollback").catch(() => undefined);
    throw error;
  }
}

async function applyStatements(connection: Queryable, migration: Migration): Promise<void> {
  try {
    await connection.query(migration.sql);
  } catch (error) {
    throw new MigrationError(migration.name, error);
  }
}

async function readApplied(connection: Queryable): Promise<readonly AppliedRow[]> {
  const found = await connection.query<{ is_there: boolean }>(FIND_MIGRATION_TABLE);
  if (found.rows[0]?.is_there !== true) {
    await connection.query(CREATE_MIGRATION_TABLE);
    return [];
  }
  return (await connection.query<AppliedRow>(LIST_APPLIED)).rows;
}

function checkApplied(applied: readonly AppliedRow[], migrations: readonly Migration[]): void {
  const newest = applied.at(-1)?.version ?? 0;
  if (newest > migrations.length) {
    throw new SchemaVersionError(
      `the database has schema version ${newest}, this program knows ${migrations.length}: install a newer Deskhand`,
    );
  }
  for (const [index, row] of applied.entries()) {
    const migration = migrations[index];
    if (migration?.version !== row.version || migration.checksum !== row.checksum) {
      throw new SchemaVersionError(
        `migration ${row.name} was changed after this database applied it: restore the file, ` +
          "or start with an empty database",
      );
    }
  }
}

function migrationsDirectory(): string {
  return join(packageRoot(), "infra", "postgres", "migrations");
}
