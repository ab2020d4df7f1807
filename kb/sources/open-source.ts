import { stat } from "node:fs/promises";
import path from "node:path";
import { UsageError, assertNever } from "../../src/ports/errors.js";
import type { NewSource } from "../../src/ports/knowledge.js";
import { createFolderSource } from "./folder-source.js";
import { createJsonlSource } from "./jsonl-source.js";
import type { Source } from "./source.js";

const CORPUS_FILE = "corpus.jsonl";

/** Opens the place that a source's record points at. A folder that holds a `corpus.jsonl` is that corpus. */
export async function openSource(record: Pick<NewSource, "kind" | "location">): Promise<Source> {
  const corpus = path.join(record.location, CORPUS_FILE);
  switch (record.kind) {
    case "folder":
      return (await isFile(corpus)) ? createJsonlSource(corpus) : createFolderSource(record.location);
    case "jsonl":
      return createJsonlSource((await isFile(corpus)) ? corpus : record.location);
    default:
      return assertNever(record.kind);
  }
}

/** @throws {UsageError} when there is nothing of the source's kind at its location. */
export async function checkLocation({ kind, location }: Pick<NewSource, "kind" | "location">): Promise<void> {
  if (!path.isAbsolute(location)) throw new UsageError(`${location} is not an absolute path.`);
  const stats = await stat(location).catch(() => null);
  if (stats === null) throw new UsageError(`${location} is not there. Check the path.`);
  if (kind === "folder" && !stats.isDirectory()) {
    throw new UsageError(`${location} is not a folder. Add the folder it lies in, or a .jsonl file as kind jsonl.`);
  }
  if (kind === "jsonl" && stats.isDirectory() && !(await isFile(path.join(location, CORPUS_FILE)))) {
    throw new UsageError(`${location} holds no ${CORPUS_FILE}. Name the file, or add the folder as kind folder.`);
  }
}

async function isFile(file: string): Promise<boolean> {
  const stats = await stat(file).catch(() => null);
  return stats?.isFile() ?? false;
}
