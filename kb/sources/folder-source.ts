import { constants } from "node:fs";
import { lstat, open, readdir, realpath } from "node:fs/promises";
import type { BigIntStats, Dirent, Stats } from "node:fs";
import path from "node:path";
import { ItemError, SourceError } from "./source.js";
import type { FetchedItem, ItemFailure, MediaType, Source, SourceItem, SourceListing } from "./source.js";

const MEDIA_TYPE_BY_EXTENSION: Readonly<Record<string, MediaType>> = {
  ".md": "text/markdown",
  ".markdown": "text/markdown",
  ".mdx": "text/mdx",
  ".html": "text/html",
  ".htm": "text/html",
  ".txt": "text/plain",
  ".csv": "text/csv",
  ".tsv": "text/csv",
  ".yaml": "application/yaml",
  ".yml": "application/yaml",
  ".json": "application/json",
  ".jsonl": "application/jsonl",
  ".pdf": "application/pdf",
  ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(["node_modules"]);

export interface FolderLimits {
  readonly maxFileBytes: number;
  readonly maxDepth: number;
  readonly maxFiles: number;
}

const DEFAULT_FOLDER_LIMITS: FolderLimits = { maxFileBytes: 10_000_000, maxDepth: 40, maxFiles: 200_000 };

/**
 * A folder with everything below it. Only regular files that really lie inside are read: links, pipes and devices are
 * reported and left alone, hidden files and folders and `node_modules` are passed over, other kinds of files are reported
 * as skipped.
 * @param location absolute path
 */
export function createFolderSource(location: string, limits: FolderLimits = DEFAULT_FOLDER_LIMITS): Source {
  return {
    list: (_cursor, signal) => listFolder(location, limits, signal),
    fetch: ({ externalId }, signal) => fetchFile(location, externalId, limits, signal),
  };
}

async function listFolder(location: string, limits: FolderLimits, signal: AbortSignal): Promise<SourceListing> {
  const root = await resolveRoot(location);
  const items: SourceItem[] = [];
  const failures: ItemFailure[] = [];
  const skipped: ItemFailure[] = [];
  const pending: { folder: string; depth: number }[] = [{ folder: "", depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    signal.throwIfAborted();
    for (const entry of await readFolder(root, next.folder)) {
      const externalId = next.folder === "" ? entry.name : `${next.folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!isEntered(entry.name)) continue;
        if (next.depth >= limits.maxDepth) throw tooDeep(externalId, limits);
        pending.push({ folder: externalId, depth: next.depth + 1 });
      } else if (!entry.name.startsWith(".")) {
        if (entry.isSymbolicLink()) failures.push(link(externalId));
        else if (mediaTypeOf(entry.name) === null) skipped.push(otherKind(externalId));
        else if (entry.isFile()) items.push({ externalId, revision: await revisionOf(root, externalId) });
        else failures.push(notAFile(externalId));
      }
    }
    if (items.length > limits.maxFiles) throw tooMany(location, limits);
  }
  items.sort(byExternalId);
  skipped.sort(byExternalId);
  const remarks = items.length === 0 && failures.length === 0 ? [NOTHING_READABLE] : [];
  return { scope: "whole", items, removed: [], failures, skipped, remarks, isComplete: true, cursor: null };
}

const NOTHING_READABLE: ItemFailure = {
  externalId: "",
  code: "no-readable-files",
  message: `0 documents: the folder has no readable files (kinds: ${Object.keys(MEDIA_TYPE_BY_EXTENSION).join(", ")}).`,
};

/** Two changes within this time may leave the same marks on a file. */
const CLOCK_TICK_MS = 2_000;

/**
 * What the file system keeps about a file changes with the file, the time of its status even where its other times are set
 * back. Null while the file is so new that a change right after reading could leave the same marks.
 */
async function revisionOf(root: string, externalId: string): Promise<string | null> {
  const stats = await lstat(path.join(root, externalId), { bigint: true }).catch(() => null);
  if (stats === null || Date.now() - Number(stats.ctimeMs) < CLOCK_TICK_MS) return null;
  return marksOf(stats).join("-");
}

function marksOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): readonly bigint[] {
  return [dev, ino, size, mtimeNs, ctimeNs];
}

async function resolveRoot(location: string): Promise<string> {
  try {
    return await realpath(location);
  } catch (error) {
    throw new SourceError(`The folder ${location} cannot be opened. Check the path, the mount and the rights.`, error);
  }
}

/** A folder that cannot be read makes the whole listing fail: what lies in it would otherwise look removed. */
async function readFolder(root: string, folder: string): Promise<Dirent[]> {
  try {
    return await readdir(path.join(root, folder), { withFileTypes: true });
  } catch (error) {
    throw new SourceError(`The folder ${path.join(root, folder)} cannot be read. Check its rights.`, error);
  }
}

export function isEntered(name: string): boolean {
  return !name.startsWith(".") && !SKIPPED_FOLDERS.has(name);
}

function byExternalId(left: { readonly externalId: string }, right: { readonly externalId: string }): number {
  return left.externalId < right.externalId ? -1 : 1;
}

export function mediaTypeOf(name: string): MediaType | null {
  return MEDIA_TYPE_BY_EXTENSION[path.extname(name).toLowerCase()] ?? null;
}

function link(externalId: string): ItemFailure {
  const message = "A symbolic link is not followed. Put the file itself into the folder.";
  return { externalId, code: "symlink", message };
}

function notAFile(externalId: string): ItemFailure {
  const message = "Only regular files are read. Remove this pipe, socket or device.";
  return { externalId, code: "not-a-file", message };
}

export function otherKind(externalId: string): ItemFailure {
  return { externalId, code: "unsupported-kind", message: adviceFor(path.extname(externalId).toLowerCase()) };
}

// What people keep texts in. Of pictures, scripts and the like nobody wants to be told how to save them otherwise.
const WORD_PROCESSING = new Set([".doc", ".dot", ".odt", ".rtf", ".pages", ".wpd", ".epub"]);
const PRESENTATIONS = new Set([".ppt", ".pps", ".odp", ".key"]);
const SPREADSHEETS = new Set([".xls", ".xlsm", ".xlsb", ".ods", ".numbers"]);
const MARKUP = new Set([".rst", ".adoc", ".asciidoc", ".org", ".tex", ".textile", ".wiki", ".xml"]);

function adviceFor(extension: string): string {
  if (extension === "") return "The name has no ending that tells what it is. Add one, for example .md or .txt.";
  const fact = `Files of the kind ${extension} are not read.`;
  if (WORD_PROCESSING.has(extension)) return `${fact} Save the text as .docx or .pdf.`;
  if (PRESENTATIONS.has(extension)) return `${fact} Save the slides as .pptx or .pdf.`;
  if (SPREADSHEETS.has(extension)) return `${fact} Save the sheets as .xlsx or .csv.`;
  return MARKUP.has(extension) ? `${fact} Save the text as .md, .html or .txt.` : fact;
}

function tooDeep(externalId: string, limits: FolderLimits): SourceError {
  return new SourceError(`${externalId} lies deeper than ${limits.maxDepth} folders. Add a folder further down.`);
}

function tooMany(location: string, limits: FolderLimits): SourceError {
  return new SourceError(
    `${location} holds more than ${limits.maxFiles} files. Add its parts as sources of their own.`,
  );
}

async function fetchFile(
  location: string,
  externalId: string,
  limits: FolderLimits,
  signal: AbortSignal,
): Promise<FetchedItem> {
  signal.throwIfAborted();
  const mediaType = mediaTypeOf(externalId);
  if (mediaType === null) throw new ItemError("unsupported-type", "This file type is not read.");
  try {
    const file = await realPathInside(location, externalId);
    return { externalId, mediaType, bytes: await readRegularFile(file, limits.maxFileBytes) };
  } catch (error) {
    if (error instanceof ItemError) throw error;
    throw new ItemError("unreadable", "The file cannot be read. Check that it is still there and its rights.", error);
  }
}

/** Resolved again at the moment of reading: a folder on the way may have become a link since it was listed. */
async function realPathInside(location: string, externalId: string): Promise<string> {
  const root = await realpath(location);
  const expected = path.join(root, externalId);
  const actual = await realpath(expected);
  if (actual !== expected || !actual.startsWith(root + path.sep)) {
    throw new ItemError("outside", "The path leads out of the folder through a link. Put the file itself there.");
  }
  return actual;
}

/** Non-blocking, so that a pipe put in place of a file cannot hold the sync. */
async function readRegularFile(file: string, maxBytes: number): Promise<Uint8Array> {
  const before = await lstat(file);
  refuseUnlessReadable(before, maxBytes);
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat();
    refuseUnlessReadable(stats, maxBytes);
    return await readAtMost(handle, maxBytes);
  } finally {
    await handle.close();
  }
}

function refuseUnlessReadable(stats: Stats, maxBytes: number): void {
  if (!stats.isFile()) throw new ItemError("not-a-file", "Only regular files are read.");
  if (stats.size > maxBytes) throw tooLarge(stats.size, maxBytes);
}

async function readAtMost(handle: Awaited<ReturnType<typeof open>>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(65_536), 0, 65_536, total);
    if (bytesRead === 0) return Buffer.concat(chunks);
    total += bytesRead;
    if (total > maxBytes) throw tooLarge(total, maxBytes);
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

function tooLarge(bytes: number, maxBytes: number): ItemError {
  const megabytes = (value: number): string => (value / 1_000_000).toFixed(1);
  return new ItemError(
    "too-large",
    `The file has ${megabytes(bytes)} MB; at most ${megabytes(maxBytes)} MB are read. Split it or leave it out.`,
  );
}
