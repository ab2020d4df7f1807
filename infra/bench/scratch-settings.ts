import type { LoadedConfig } from "../cli/program-dependencies.js";
import type { Cleanup } from "../postgres/cleanup.js";
import type { DatabaseSettings } from "../postgres/open-database.js";
import { createScratchDatabase } from "../postgres/scratch-database.js";

/** A database made for one measurement, on the server of DATABASE_URL or else embedded in memory. */
export async function scratchSettings({ environment }: LoadedConfig, cleanup: Cleanup): Promise<DatabaseSettings> {
  if (environment.databaseUrl === null) return { kind: "embedded", directory: null };
  const scratch = await createScratchDatabase(environment.databaseUrl, "bench");
  cleanup.add(() => scratch.drop());
  return {
    kind: "postgres",
    url: scratch.url,
    poolSize: environment.databasePoolSize,
    statementTimeoutMs: 60_000,
    connectionTimeoutMs: 5_000,
  };
}
