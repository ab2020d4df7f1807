import { randomBytes } from "node:crypto";
import pg from "pg";
import { toDatabaseError } from "./database-error.js";

/** A database of its own on a server, to be thrown away. */
export interface ScratchDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/**
 * Makes a new, empty database beside the one of `serverUrl`, whose user must be allowed to.
 * @throws {DatabaseError}
 */
export async function createScratchDatabase(serverUrl: string, purpose: string): Promise<ScratchDatabase> {
  const name = `deskhand_${purpose}_${randomBytes(6).toString("hex")}`;
  await administer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(serverUrl, `drop database if exists ${name} with (force)`) };
}

async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  try {
    await client.connect();
    await client.query(statement);
  } catch (error) {
    throw toDatabaseError(error);
  } finally {
    await client.end();
  }
}
