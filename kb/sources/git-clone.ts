import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { GitFailure, sizeOf } from "./git-program.js";
import type { Git } from "./git-program.js";
import type { GitPlace } from "./git-options.js";
import { SourceError } from "./source.js";

export interface CloneLimits {
  readonly fetchMs: number;
  readonly maxCloneBytes: number;
}

export const DEFAULT_CLONE_LIMITS: CloneLimits = { fetchMs: 900_000, maxCloneBytes: 2_000_000_000 };

/** Where the branch stands. */
export interface Tip {
  /** Null where the repository names none: its HEAD is a commit. */
  readonly branch: string | null;
  readonly commit: string;
}

const TIP = "refs/deskhand/tip";
const MARK = "deskhand-clone.json";
const OBJECT_ID = /^[0-9a-f]{40}$/u;
const SHA256_ID = /^[0-9a-f]{64}$/u;

/** Makes the clone where there is none, or where the one that is there is of another place or cannot be opened. */
export async function ensureClone(git: Git, place: GitPlace, signal: AbortSignal): Promise<void> {
  if (!(await isUsable(git, place, signal))) await makeAnew(git, place, signal);
}

/** Commits and trees come with the first fetch; what files hold comes when it is asked for, if the host can do that. */
export async function makeAnew(git: Git, place: GitPlace, signal: AbortSignal): Promise<void> {
  await rm(git.directory, { recursive: true, force: true });
  await mkdir(git.directory, { recursive: true, mode: 0o700 });
  await git.run(["init", "--quiet", "--bare", "--template=", "--object-format=sha1"], { signal });
  for (const [name, value] of [
    ["remote.origin.url", place.remote.url],
    ["remote.origin.promisor", "true"],
    ["remote.origin.partialCloneFilter", "blob:none"],
    ["core.repositoryFormatVersion", "1"],
    ["extensions.partialClone", "origin"],
  ] as const) {
    await git.run(["config", "--file", path.join(git.directory, "config"), "--", name, value], { signal });
  }
  await writeFile(path.join(git.directory, MARK), markOf(place));
}

async function isUsable(git: Git, place: GitPlace, signal: AbortSignal): Promise<boolean> {
  const mark = await readFile(path.join(git.directory, MARK), "utf8").catch(() => null);
  if (mark !== markOf(place)) return false;
  return git.run(["rev-parse", "--is-bare-repository"], { signal }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof GitFailure && error.reason === "failed") return false;
      throw error;
    },
  );
}

function markOf({ remote, depth }: GitPlace): string {
  return JSON.stringify({ form: 1, url: remote.url, depth });
}

/** Null for a repository in which nothing was ever committed. @throws {SourceError} when it has no such branch. */
export async function findTip(git: Git, place: GitPlace, signal: AbortSignal): Promise<Tip | null> {
  const asked = place.branch === null ? [] : [`refs/heads/${place.branch}`];
  const output = await git.run(["ls-remote", "--symref", "--", "origin", "HEAD", ...asked], { signal });
  const refs = readRefs(output);
  const branch = place.branch ?? refs.headBranch;
  const commit = refs.commits.get(place.branch === null ? "HEAD" : `refs/heads/${place.branch}`);
  if (commit !== undefined) return { branch, commit };
  const all = readRefs(await git.run(["ls-remote", "--heads", "--", "origin"], { signal }));
  if (all.commits.size === 0) return null;
  const names = [...all.commits.keys()].map((ref) => ref.slice("refs/heads/".length));
  const shown = names.slice(0, 5).join(", ") + (names.length > 5 ? ", …" : "");
  const fact = branch === null ? "The repository names no branch as its own" : `There is no branch ${branch}`;
  throw new SourceError(`${fact}. Set the option branch to one of: ${shown}.`);
}

interface Refs {
  readonly headBranch: string | null;
  readonly commits: ReadonlyMap<string, string>;
}

function readRefs(output: Buffer): Refs {
  const commits = new Map<string, string>();
  let headBranch: string | null = null;
  for (const line of output.toString("utf8").split("\n")) {
    const [value = "", name = ""] = line.split("\t");
    if (value.startsWith("ref: refs/heads/") && name === "HEAD") headBranch = value.slice("ref: refs/heads/".length);
    else if (OBJECT_ID.test(value)) commits.set(name, value);
    else if (SHA256_ID.test(value)) throw new SourceError("Repositories with SHA-256 object ids are not read.");
  }
  return { headBranch, commits };
}

/** Brings the commits and trees of the tip here. Resolves with the commit that came, which may be newer. */
export async function fetchTip(
  git: Git,
  place: GitPlace,
  tip: Tip,
  limits: CloneLimits,
  signal: AbortSignal,
): Promise<string> {
  if ((await currentTip(git, signal)) === tip.commit) return tip.commit;
  const { maxCloneBytes, fetchMs: timeoutMs } = limits;
  const depth = place.depth === null ? [] : [`--depth=${place.depth}`];
  const from = tip.branch === null ? "HEAD" : `refs/heads/${tip.branch}`;
  const options = ["--quiet", "--force", "--no-tags", "--no-write-fetch-head", "--filter=blob:none", ...depth];
  await git.run(["fetch", ...options, "--", "origin", `${from}:${TIP}`], { signal, timeoutMs, maxCloneBytes });
  if ((await sizeOf(git.directory)) > maxCloneBytes) throw new GitFailure("too-large", "fetch");
  const commit = await currentTip(git, signal);
  if (commit === null) throw new GitFailure("failed", "fetch");
  return commit;
}

async function currentTip(git: Git, signal: AbortSignal): Promise<string | null> {
  try {
    const output = await git.run(["rev-parse", "--verify", "--quiet", `${TIP}^{commit}`], { signal });
    return output.toString("utf8").trim();
  } catch (error) {
    if (error instanceof GitFailure && error.reason === "failed" && error.said === "") return null;
    throw error;
  }
}

const COMMITS_LOOKED_AT = 50_000;

/** Whether the branch went from that commit to this one without being rewritten: then the two can be compared. */
export async function isBasedOn(git: Git, commit: string, older: string, signal: AbortSignal): Promise<boolean> {
  const args = ["rev-list", `--max-count=${COMMITS_LOOKED_AT}`, "--first-parent", commit];
  return (await git.run(args, { signal })).includes(older);
}

/** Commits whose parents are not here: what they changed cannot be told. */
export async function shallowCommits(git: Git): Promise<ReadonlySet<string>> {
  const text = await readFile(path.join(git.directory, "shallow"), "utf8").catch(() => "");
  return new Set(text.split("\n").filter((line) => OBJECT_ID.test(line)));
}

const KEPT_FETCH_FLAGS = ["--quiet", "--no-tags", "--no-write-fetch-head", "--filter=blob:none", "--stdin"];

/** Of the files of a commit, what is not here yet. */
export async function missingBlobs(git: Git, commit: string, signal: AbortSignal): Promise<Set<string>> {
  const args = ["rev-list", "--objects", "--missing=print", "--max-count=1", "--no-object-names", commit];
  const output = await git.run(args, { signal });
  const lines = output.toString("latin1").split("\n");
  return new Set(lines.flatMap((line) => (line.startsWith("?") ? [line.slice(1)] : [])));
}

/** In one request, as git would otherwise make one for each. */
export async function fetchBlobs(
  git: Git,
  blobs: readonly string[],
  limits: CloneLimits,
  signal: AbortSignal,
): Promise<void> {
  const { maxCloneBytes, fetchMs: timeoutMs } = limits;
  const args = ["-c", "fetch.negotiationAlgorithm=noop", "fetch", ...KEPT_FETCH_FLAGS, "--", "origin"];
  await git.run(args, { signal, timeoutMs, maxCloneBytes, input: `${blobs.join("\n")}\n` });
}
