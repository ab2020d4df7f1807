import { isEntered, mediaTypeOf, otherKind } from "./folder-source.js";
import type { GitPlace } from "./git-options.js";
import { SUBMODULE_MODE, SYMLINK_MODE } from "./git-tree.js";
import type { TreeChange, TreeEntry } from "./git-tree.js";
import { SourceError } from "./source.js";
import type { ItemFailure, SourceItem, SourceListing } from "./source.js";

const MAX_FILES = 200_000;
const MAX_PATH_BYTES = 2_000;

/** The files of a listing that are read, with their contents' ids. */
export type ListedFiles = Map<string, string>;

export interface GitListing {
  readonly listing: SourceListing;
  readonly files: ListedFiles;
}

export interface ListingRules {
  readonly place: GitPlace;
  /** Joined to each content's id: of another one all files are read again. */
  readonly revisionBasis: string;
  readonly cursor: string;
}

export function listWhole(entries: readonly TreeEntry[], rules: ListingRules): GitListing {
  const sorted = new Sorted(rules);
  for (const entry of entries) sorted.add(entry);
  return sorted.result("whole", []);
}

export function listChanges(changes: readonly TreeChange[], rules: ListingRules): GitListing {
  const sorted = new Sorted(rules);
  const removed: string[] = [];
  for (const change of changes) {
    if (change.isRemoved || !sorted.add(change)) removed.push(change.path.toString("utf8"));
  }
  return sorted.result("changes", removed);
}

class Sorted {
  readonly #rules: ListingRules;
  readonly #items: SourceItem[] = [];
  readonly #failures: ItemFailure[] = [];
  readonly #skipped: ItemFailure[] = [];
  readonly #files: ListedFiles = new Map();

  constructor(rules: ListingRules) {
    this.#rules = rules;
  }

  /** False for what is not read there, also where a file was before. */
  add({ mode, objectId, path }: TreeEntry): boolean {
    const { place, revisionBasis } = this.#rules;
    const name = path.toString("utf8");
    const relative = place.folder === "" ? name : name.slice(place.folder.length + 1);
    if (!isOnTheWay(relative) || !place.isWanted(relative)) return false;
    const link = mode === SYMLINK_MODE ? symlink(name) : mode === SUBMODULE_MODE ? submodule(name) : null;
    if (link !== null || mediaTypeOf(name) === null) {
      this.#skipped.push(link ?? otherKind(name));
      return link === null;
    }
    if (!isUsableName(path, name)) {
      this.#failures.push(badName(name));
      return true;
    }
    if (this.#files.size >= MAX_FILES) throw tooMany();
    this.#items.push({ externalId: name, revision: `${objectId} ${revisionBasis}` });
    this.#files.set(name, objectId);
    return true;
  }

  result(scope: SourceListing["scope"], removed: readonly string[]): GitListing {
    const { cursor } = this.#rules;
    const listing = { items: this.#items, failures: this.#failures, skipped: this.#skipped };
    return { listing: { scope, ...listing, removed, isComplete: true, cursor }, files: this.#files };
  }
}

/** Hidden files and folders are passed over as in a folder on disk. */
function isOnTheWay(relative: string): boolean {
  return relative.split("/").every(isEntered);
}

function isUsableName(bytes: Buffer, name: string): boolean {
  return bytes.length <= MAX_PATH_BYTES && !/\p{Cc}/u.test(name) && Buffer.from(name, "utf8").equals(bytes);
}

/** No path begins like this: of a file that became a link, what is known would be kept under its own. */
function besideOf(name: string): string {
  return `./${name}`;
}

function symlink(name: string): ItemFailure {
  const message = "A symbolic link is not followed. If it leads to a file of this repository, that one is read.";
  return { externalId: besideOf(name), code: "symlink", message };
}

function submodule(name: string): ItemFailure {
  const message = "A submodule is not followed. Add its repository as a source of its own.";
  return { externalId: besideOf(name), code: "submodule", message };
}

function badName(name: string): ItemFailure {
  const message = `The name is not UTF-8, has control characters, or is longer than ${MAX_PATH_BYTES} bytes. Rename the file.`;
  return { externalId: name.replaceAll(/\p{Cc}/gu, "\u{fffd}").slice(0, 200), code: "bad-name", message };
}

function tooMany(): SourceError {
  return new SourceError(
    `The repository holds more than ${MAX_FILES} files. Narrow it with the option path or include.`,
  );
}
