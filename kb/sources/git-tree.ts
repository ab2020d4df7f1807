import type { GitPlace } from "./git-options.js";
import type { Git } from "./git-program.js";
import { SourceError } from "./source.js";

/** What a commit has at a path. */
export interface TreeEntry {
  readonly mode: string;
  readonly objectId: string;
  /** In the repository, as bytes: names need not be UTF-8. */
  readonly path: Buffer;
}

export interface TreeChange extends TreeEntry {
  readonly isRemoved: boolean;
}

export const SYMLINK_MODE = "120000";
export const SUBMODULE_MODE = "160000";
const TREE_MODE = "040000";

const MAX_TREE_BYTES = 100_000_000;

/** Everything in the folder and below. @throws {SourceError} when the commit has no such folder. */
export async function listTree(
  git: Git,
  { folder }: GitPlace,
  commit: string,
  signal: AbortSignal,
): Promise<readonly TreeEntry[]> {
  if (folder !== "") await refuseUnlessFolder(git, folder, commit, signal);
  const tree = folder === "" ? commit : `${commit}:${folder}`;
  const output = await git.run(["ls-tree", "-r", "-z", tree], { signal, maxOutputBytes: MAX_TREE_BYTES });
  return splitAtNul(output).map((record) => toEntry(record, folder));
}

async function refuseUnlessFolder(git: Git, folder: string, commit: string, signal: AbortSignal): Promise<void> {
  const output = await git.run(["ls-tree", "-z", commit, "--", folder], { signal });
  const [found] = splitAtNul(output);
  if (found?.toString("latin1").startsWith(TREE_MODE) === true) return;
  const fact = found === undefined ? `There is no folder ${folder}` : `${folder} is no folder`;
  throw new SourceError(`${fact} in the repository, so nothing was removed. Correct the option path.`);
}

/** `MODE SP TYPE SP OBJECT TAB PATH` */
function toEntry(record: Buffer, folder: string): TreeEntry {
  const tab = record.indexOf(0x09);
  const [mode = "", , objectId = ""] = record.toString("latin1", 0, tab).split(" ");
  return { mode, objectId, path: withFolder(folder, record.subarray(tab + 1)) };
}

function withFolder(folder: string, name: Buffer): Buffer {
  return folder === "" ? name : Buffer.concat([Buffer.from(`${folder}/`, "utf8"), name]);
}

/** What differs between two commits in the folder and below. A renamed file is removed and added. */
export async function diffTrees(
  git: Git,
  { folder }: GitPlace,
  older: string,
  newer: string,
  signal: AbortSignal,
): Promise<readonly TreeChange[]> {
  const args = ["diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", older, newer];
  const limits = folder === "" ? [] : ["--", folder];
  const output = await git.run([...args, ...limits], { signal, maxOutputBytes: MAX_TREE_BYTES });
  const records = splitAtNul(output);
  const changes: TreeChange[] = [];
  for (let index = 0; index + 1 < records.length; index += 2) {
    const [head, path] = [records[index], records[index + 1]];
    if (head !== undefined && path !== undefined) changes.push(toChange(head, path));
  }
  return changes;
}

/** `:OLDMODE SP NEWMODE SP OLDOBJECT SP NEWOBJECT SP STATUS` */
function toChange(head: Buffer, path: Buffer): TreeChange {
  const [, mode = "", , objectId = "", status = ""] = head.toString("latin1").split(" ");
  return { mode, objectId, path, isRemoved: status === "D" };
}

function splitAtNul(output: Buffer): readonly Buffer[] {
  const records: Buffer[] = [];
  let from = 0;
  for (let end = output.indexOf(0); end !== -1; end = output.indexOf(0, from)) {
    records.push(output.subarray(from, end));
    from = end + 1;
  }
  return records;
}
