import { randomBytes } from "node:crypto";
import pg from "pg";
import { openDatabase, type OpenDatabase } from "../../infra/postgres/open-database.js";
import { migrationsHash } from "./embedded-snapshot.js";
import { silentLogger } from "./silent-logger.js";

/** A new, empty database on the server, without a schema. The caller drops it. */
export async function createServerDatabase(serverUrl: string, template?: string): Promise<string> {
  const name = `deskhand_test_${randomBytes(6).toString("hex")}`;
  await administer(serverUrl, `create database ${name}${template === undefined ? "" : ` template ${template}`}`);
  return urlOf(serverUrl, name);
}

export async function dropServerDatabase(serverUrl: string, url: string): Promise<void> {
  await administer(serverUrl, `drop database if exists ${new URL(url).pathname.slice(1)} with (force)`);
}

/** Opens a database of its own, copied from a migrated one; disposing it drops it. */
export async function openServerDatabase(serverUrl: string): Promise<OpenDatabase> {
  const url = await createServerDatabase(serverUrl, await ensureTemplate(serverUrl));
  const database = await openServerUrl(url);
  return {
    ...database,
    [Symbol.asyncDispose]: async () => {
      await database[Symbol.asyncDispose]();
      await dropServerDatabase(serverUrl, url);
    },
  };
}

/** Opens a database by its address with settings that suit tests. */
export function openServerUrl(url: string): Promise<OpenDatabase> {
  return openDatabase(
    { kind: "postgres", url, poolSize: 4, statementTimeoutMs: 20_000, connectionTimeoutMs: 10_000 },
    silentLogger,
  );
}

async function ensureTemplate(serverUrl: string): Promise<string> {
  const template = `deskhand_template_${await migrationsHash()}`;
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock(7223372037)");
    const found = await client.query("select from pg_database where datname = $1", [template]);
    if (found.rowCount === 1) return template;
    const draft = await createServerDatabase(serverUrl);
    await (await openServerUrl(draft))[Symbol.asyncDispose]();
    await client.query(`alter database ${new URL(draft).pathname.slice(1)} rename to ${template}`);
    return template;
  } finally {
    await client.end();
  }
}

async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function urlOf(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
