import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Where the embedded database keeps its files inside Deskhand's directory. */
export function dataDirectoryOf(directory: string): string {
  return join(directory, "database");
}

/**
 * Removes what a first start left behind that was killed while it laid out the files. Nothing was stored by then: the
 * database is handed to nobody before {@link markFirstStartDone}.
 */
export async function discardUnfinishedStart(directory: string): Promise<void> {
  if (existsSync(markerOf(directory))) return;
  await rm(dataDirectoryOf(directory), { recursive: true, force: true });
}

export async function markFirstStartDone(directory: string): Promise<void> {
  if (existsSync(markerOf(directory))) return;
  await writeFile(markerOf(directory), "The embedded database beside this file is complete.\n");
}

function markerOf(directory: string): string {
  return join(directory, "database-complete");
}
