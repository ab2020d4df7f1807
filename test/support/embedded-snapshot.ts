import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadMigrations } from "../../infra/postgres/migrate.js";
import { openDatabase } from "../../infra/postgres/open-database.js";
import { silentLogger } from "./silent-logger.js";

/** A hash of everything that decides what a freshly migrated database looks like. */
export async function migrationsHash(): Promise<string> {
  const hash = createHash("sha256");
  for (const { name, checksum } of await loadMigrations()) hash.update(`${name} ${checksum}\n`);
  return hash.digest("hex").slice(0, 12);
}

/** A migrated, empty embedded database as a file's contents: loading it is several times faster than making one. */
export async function embeddedSnapshot(): Promise<Blob> {
  const file = await ensureEmbeddedSnapshot();
  return new Blob([await readFile(file)]);
}

/** Makes the snapshot file unless it is there. Safe to run at once in several processes. */
export async function ensureEmbeddedSnapshot(): Promise<string> {
  const directory = join(import.meta.dirname, "..", "..", "node_modules", ".cache", "deskhand-test");
  const file = join(directory, `database-${await migrationsHash()}.tar`);
  if (existsSync(file)) return file;
  await mkdir(directory, { recursive: true });
  const draft = `${file}.${process.pid}`;
  await using database = await openDatabase({ kind: "embedded", directory: null }, silentLogger);
  const dump = await database.dump();
  if (dump === null) throw new Error("the embedded database gave no dump");
  await writeFile(draft, Buffer.from(await dump.arrayBuffer()));
  await rename(draft, file);
  await removeOthers(directory, file);
  return file;
}

/** Snapshots of earlier migrations are 40 MB each and nobody asks for them again. */
async function removeOthers(directory: string, file: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const other = join(directory, name);
    if (other !== file && name.endsWith(".tar")) await rm(other, { force: true });
  }
}
