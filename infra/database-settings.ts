import type { LoadedConfig } from "./cli/program-dependencies.js";
import type { DatabaseSettings } from "./postgres/open-database.js";

/** Time limits on PostgreSQL: a platform that waits for an acknowledgement is told to come back before it gives up. */
const STATEMENT_TIMEOUT_MS = 10_000;
const CONNECTION_TIMEOUT_MS = 2_000;

/** Where the configuration puts the database. */
export function databaseSettings({ environment }: Pick<LoadedConfig, "environment">): DatabaseSettings {
  const { databaseUrl, databasePoolSize, directory } = environment;
  if (databaseUrl === null) return { kind: "embedded", directory };
  return {
    kind: "postgres",
    url: databaseUrl,
    poolSize: databasePoolSize,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    connectionTimeoutMs: CONNECTION_TIMEOUT_MS,
  };
}
