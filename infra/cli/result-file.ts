import { constants } from "node:fs";
import { access, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { errorCode, UsageError } from "../../src/ports/errors.js";
import type { Terminal } from "./terminal.js";

/** Looks before long work whether its results can be written. @throws {UsageError} naming the file that cannot */
export async function checkWritable(files: readonly (string | undefined)[]): Promise<void> {
  for (const file of files) {
    if (file === undefined) continue;
    const existing = await stat(file).catch(() => null);
    if (existing?.isDirectory() === true) throw new UsageError(`${file} is a folder: name a file.`);
    try {
      await access(existing === null ? dirname(resolve(file)) : file, constants.W_OK);
    } catch (cause) {
      throw new UsageError(`${file} cannot be written (${errorCode(cause)}): name a file in a folder that exists.`, {
        cause,
      });
    }
  }
}

/** Writes a result where it was asked for, and says so. */
export async function writeResult(terminal: Terminal, file: string | undefined, text: () => string): Promise<void> {
  if (file === undefined) return;
  await writeFile(file, text());
  terminal.notice(`Written: ${file}`);
}
