import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/**
 * The folder of Deskhand's own package.json, the same from the sources and from `dist`.
 * @throws when the installation is damaged and there is none.
 */
export function packageRoot(from: string = import.meta.url): string {
  let folder = dirname(fileURLToPath(from));
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error("package.json of deskhand is missing: install the package again");
    folder = parent;
  }
  return folder;
}

/** The version of Deskhand that runs. */
export function packageVersion(): string {
  const file = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as unknown;
  return z.object({ version: z.string() }).parse(file).version;
}
