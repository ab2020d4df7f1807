import { existsSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Where the embedded database keeps its files inside Deskhand's directory. */
export function dataDirectoryOf(directory: string): string {
  return join(directory, "database");
}

/**
 * Puts aside what a first start left behind that was killed while it laid out the files. Nothing was stored by then: the
 * database is handed to nobody before {@link markFirstStartDone}. It is kept all the same, in case only the mark is lost.
 */
export async function setUnfinishedStartAside(directory: string): Promise<void> {
  const data = dataDirectoryOf(directory);
  if (existsSync(markerOf(directory)) || !existsSync(data)) return;
  await rename(data, `${data}-unfinished-${new Date().toISOString().replaceAll(/[:.]/gu, "-")}`);
}

export async function markFirstStartDone(directory: string): Promise<void> {
  if (existsSync(markerOf(directory))) return;
  await writeFile(markerOf(directory), "The embedded database beside this file is complete.\n");
}

function markerOf(directory: string): string {
  return join(directory, "database-complete");
}
