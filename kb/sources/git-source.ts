import path from "node:path";
import { BlobReader } from "./git-blobs.js";
import { DEFAULT_CLONE_LIMITS, ensureClone, fetchTip, findTip, isBasedOn, makeAnew } from "./git-clone.js";
import { missingBlobs, shallowCommits } from "./git-clone.js";
import type { CloneLimits, Tip } from "./git-clone.js";
import { remoteEnvironment } from "./git-environment.js";
import { mayBeDamage, toSourceError } from "./git-errors.js";
import { DEFAULT_HISTORY_LIMITS, readLastChanges } from "./git-history.js";
import type { HistoryLimits, LastChange } from "./git-history.js";
import { listChanges, listWhole } from "./git-listing.js";
import type { GitListing, ListedFiles, ListingRules } from "./git-listing.js";
import type { GitPlace } from "./git-options.js";
import { createGit, GitFailure } from "./git-program.js";
import type { Git, GitEnvironment } from "./git-program.js";
import { diffTrees, listTree } from "./git-tree.js";
import { createPageAddress, templateOf } from "./git-web-url.js";
import type { PageAddress } from "./git-web-url.js";
import { mediaTypeOf } from "./folder-source.js";
import type { AddressPolicy } from "./http/address-policy.js";
import { resolveBySystem } from "./http/safe-connection.js";
import type { ResolveHost } from "./http/safe-connection.js";
import { shortDigest } from "./short-digest.js";
import { ItemError, SourceError } from "./source.js";
import type { FetchedItem, FetchRequest, Source, SourceListing } from "./source.js";

export interface GitSourceSettings {
  /** Where the clone is kept, for this source alone. */
  readonly directory: string;
  readonly secret: string | null;
  /** What git may see of the machine's environment; see {@link baseEnvironment}. */
  readonly environment: GitEnvironment;
  readonly policy: AddressPolicy;
  readonly resolve?: ResolveHost;
  readonly limits?: Partial<CloneLimits & HistoryLimits & { readonly maxFileBytes: number }>;
}

const MAX_FILE_BYTES = 10_000_000;

/**
 * The files of one branch of a repository, by a bare clone that is kept between runs. Commits and trees are fetched, and of
 * the files' contents only what is read. Nothing is ever checked out: no hook, filter or submodule has a part in it.
 */
export function createGitSource(place: GitPlace, settings: GitSourceSettings): Source {
  let opened: OpenedListing | null = null;
  return {
    async list(cursor, signal) {
      opened = await openListing(place, settings, cursor, signal);
      return opened.listing;
    },
    async fetch(request, signal) {
      if (opened === null) throw new ItemError("not-listed", "This file was not in the listing.");
      return opened.fetch(request, signal);
    },
  };
}

interface OpenedListing {
  readonly listing: SourceListing;
  fetch(request: FetchRequest, signal: AbortSignal): Promise<FetchedItem>;
}

async function openListing(
  place: GitPlace,
  settings: GitSourceSettings,
  cursor: string | null,
  signal: AbortSignal,
): Promise<OpenedListing> {
  const name = place.remote.url;
  const { environment, secret, policy, resolve = resolveBySystem } = settings;
  const access = { remote: place.remote, secret, policy, resolve };
  const git = createGit(path.resolve(settings.directory), await remoteEnvironment(environment, access));
  try {
    await ensureClone(git, place, signal);
    const tip = await findTip(git, place, signal);
    if (tip === null) return EMPTY;
    return await listMended({ git, place, settings, tip, cursor, signal });
  } catch (error) {
    throw toSourceError(error, name);
  }
}

/** Of a repository without a commit: nothing is there, and what was known stays until a person says otherwise. */
const EMPTY: OpenedListing = {
  listing: { scope: "whole", items: [], removed: [], failures: [], skipped: [], isComplete: true, cursor: null },
  fetch: () => Promise.reject(new ItemError("not-listed", "This file was not in the listing.")),
};

interface Work {
  readonly git: Git;
  readonly place: GitPlace;
  readonly settings: GitSourceSettings;
  readonly tip: Tip;
  readonly cursor: string | null;
  readonly signal: AbortSignal;
}

/** A clone that cannot be read is made anew, once. */
async function listMended(work: Work): Promise<OpenedListing> {
  try {
    return await listOnce(work);
  } catch (error) {
    if (!mayBeDamage(error)) throw error;
    await makeAnew(work.git, work.place, work.signal);
    return listOnce(work);
  }
}

async function listOnce(work: Work): Promise<OpenedListing> {
  const { git, place, settings, tip, signal } = work;
  const commit = await fetchTip(git, place, tip, { ...DEFAULT_CLONE_LIMITS, ...settings.limits }, signal);
  const branch = tip.branch ?? "HEAD";
  const revisionBasis = shortDigest(templateOf(place, branch));
  const basis = `${place.basis}-${revisionBasis}`;
  const since = await comparableCommit(work, commit, basis);
  const rules: ListingRules = { place, revisionBasis, cursor: `${basis} ${commit}` };
  const { listing, files } = await listFiles(work, rules, commit, since);
  const contents = createContents(work, files, await missingBlobs(git, commit, signal));
  const history = createHistory(work, files, commit, since);
  const pageAddress = createPageAddress(place, branch);
  return {
    listing,
    fetch: ({ externalId }, fetchSignal) =>
      fetchFile({ files, contents, history, pageAddress }, externalId, fetchSignal),
  };
}

/** The commit of the cursor, when what it listed differs from now by its changes alone. */
async function comparableCommit({ git, cursor, signal }: Work, commit: string, basis: string): Promise<string | null> {
  const [listedOn, older] = cursor?.split(" ") ?? [];
  if (listedOn !== basis || older === undefined || !/^[0-9a-f]{40}$/u.test(older)) return null;
  return (await isBasedOn(git, commit, older, signal)) ? older : null;
}

async function listFiles(
  { git, place, signal }: Work,
  rules: ListingRules,
  commit: string,
  since: string | null,
): Promise<GitListing> {
  // The folder is looked for also when only changes are: one that is gone is an error, and not so many removals.
  const entries = await listTree(git, place, commit, signal);
  return since === null
    ? listWhole(entries, rules)
    : listChanges(await diffTrees(git, place, since, commit, signal), rules);
}

function createContents({ git, settings, cursor }: Work, files: ListedFiles, missing: Set<string>): BlobReader {
  const { maxFileBytes = MAX_FILE_BYTES } = settings.limits ?? {};
  return new BlobReader(git, {
    maxBytes: maxFileBytes,
    limits: { ...DEFAULT_CLONE_LIMITS, ...settings.limits },
    missing,
    // Without a cursor nothing is known yet, or everything is to be read again.
    expected: cursor === null ? files.values() : [],
  });
}

type History = (signal: AbortSignal) => Promise<ReadonlyMap<string, LastChange>>;

/** Read with the first file that is asked for, and not at all when nothing has changed. */
function createHistory(
  { git, place, settings }: Work,
  files: ListedFiles,
  commit: string,
  since: string | null,
): History {
  let reading: Promise<ReadonlyMap<string, LastChange>> | null = null;
  const read = async (signal: AbortSignal) => {
    const query = {
      commit,
      since,
      folder: place.folder,
      paths: new Set(files.keys()),
      shallow: await shallowCommits(git),
    };
    return readLastChanges(git, query, { ...DEFAULT_HISTORY_LIMITS, ...settings.limits }, signal);
  };
  return (signal) => (reading ??= read(signal));
}

interface Opened {
  readonly files: ListedFiles;
  readonly contents: BlobReader;
  readonly history: History;
  readonly pageAddress: PageAddress;
}

const LFS_POINTER = "version https://git-lfs.github.com/spec/";

async function fetchFile(opened: Opened, externalId: string, signal: AbortSignal): Promise<FetchedItem> {
  const objectId = opened.files.get(externalId);
  const mediaType = mediaTypeOf(externalId);
  if (objectId === undefined || mediaType === null) {
    throw new ItemError("not-listed", "This file was not in the listing.");
  }
  const bytes = await contentOf(opened, objectId, signal);
  if (Buffer.from(bytes.subarray(0, LFS_POINTER.length)).toString("latin1") === LFS_POINTER) throw inLfs();
  const lastChange = (await opened.history(signal)).get(externalId);
  const facts = {
    title: null,
    url: opened.pageAddress(externalId),
    updatedAt: lastChange?.updatedAt ?? null,
    editedBy: lastChange?.editedBy ?? null,
    acl: null,
  };
  return { externalId, mediaType, bytes, facts };
}

async function contentOf({ contents }: Opened, objectId: string, signal: AbortSignal): Promise<Uint8Array> {
  try {
    return await contents.read(objectId, signal);
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    const failure = toSourceError(error, "The file");
    const message = failure instanceof SourceError ? failure.message : "The file cannot be fetched. Sync again.";
    throw new ItemError("unreadable", message, error);
  }
}

function inLfs(): ItemError {
  return new ItemError("lfs-pointer", "The text is kept in Git LFS, which is not read. Commit the file itself.");
}
