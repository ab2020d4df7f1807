import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, resolve } from "node:path";
import type { Settings } from "./settings.js";

/** What the settings name on this machine and is not there, each with its key. @param searched folders of programs, as in `PATH` */
export async function missingPlaces(settings: Settings, searched: string): Promise<readonly string[]> {
  const { learning, handoff } = settings;
  const program = handoff.files === false ? undefined : handoff.files.scan?.[0];
  return [
    ...(learning.evaluationSet === null || (await isFolder(learning.evaluationSet))
      ? []
      : [`learning.evaluationSet: there is no folder ${resolve(learning.evaluationSet)}`]),
    ...(program === undefined || (await isProgram(program, searched))
      ? []
      : [`handoff.files.scan: there is no program ${program} that can be run`]),
  ];
}

async function isFolder(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => null);
  return stats?.isDirectory() ?? false;
}

async function isProgram(name: string, searched: string): Promise<boolean> {
  const isPath = /[/\\]/u.test(name);
  const places = isPath ? [name] : searched.split(delimiter).map((folder) => resolve(folder, name));
  const found = await Promise.all(places.map(isRunnable));
  return found.includes(true);
}

async function isRunnable(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => null);
  if (stats?.isFile() !== true) return false;
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
