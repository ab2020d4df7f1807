import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase, type OpenDatabase } from "../../infra/postgres/open-database.js";
import { embeddedSnapshot } from "../support/embedded-snapshot.js";
import { createServerDatabase, dropServerDatabase, openServerUrl } from "../support/server-database.js";
import { silentLogger } from "../support/silent-logger.js";
import type { ChildSettings } from "./child-settings.js";

/** A database that outlives the processes that use it. */
export interface CrashDatabase {
  readonly settings: ChildSettings["database"];
  /** Opens it to look inside; on the embedded database only while no child holds it. */
  open(): Promise<OpenDatabase>;
  dispose(): Promise<void>;
}

export async function createEmbeddedCrashDatabase(): Promise<CrashDatabase> {
  const directory = await mkdtemp(join(tmpdir(), "deskhand-crash-"));
  const snapshot = await embeddedSnapshot();
  await (await openDatabase({ kind: "embedded", directory, snapshot }, silentLogger))[Symbol.asyncDispose]();
  return {
    settings: { kind: "embedded", directory },
    open: () => openDatabase({ kind: "embedded", directory }, silentLogger),
    dispose: () => rm(directory, { recursive: true, force: true }),
  };
}

export async function createServerCrashDatabase(serverUrl: string): Promise<CrashDatabase> {
  const url = await createServerDatabase(serverUrl);
  await (await openServerUrl(url))[Symbol.asyncDispose]();
  return {
    settings: { kind: "postgres", url },
    open: () => openServerUrl(url),
    dispose: () => dropServerDatabase(serverUrl, url),
  };
}
