import { realpath, stat } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import type { FolderBelowRoots } from "../src/commands/chat-source.js";

/** Folders below these and nothing else; a relative path is looked for below each of them. */
export function createFolderBelowRoots(roots: readonly string[]): FolderBelowRoots {
  return async (typed) => {
    for (const root of roots) {
      const found = await realFolder(root, typed);
      if (found !== null) return found;
    }
    return null;
  };
}

/** Null for what is no folder, or lies elsewhere once every link is followed. */
async function realFolder(root: string, typed: string): Promise<string | null> {
  try {
    const [realRoot, real] = [await realpath(root), await realpath(resolve(root, typed))];
    const inside = relative(realRoot, real);
    const isBelow = inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
    return isBelow && (await stat(real)).isDirectory() ? real : null;
  } catch {
    return null;
  }
}
