import path from "node:path";
import { z } from "zod";
import { systemClock } from "../../src/ports/clock.js";
import type { Clock } from "../../src/ports/clock.js";
import { mediaTypeOf, otherKind } from "./folder-source.js";
import { ResyncNeeded, createGraphApi } from "./graph-api.js";
import type { GraphApi, GraphDrive, GraphItem } from "./graph-api.js";
import { aclOf, siteGroupsOf } from "./graph-permissions.js";
import type { FetchResponse, SafeFetch } from "./safe-fetch.js";
import { decoded, isContentHost, readLibrary } from "./sharepoint-options.js";
import type { Library, SharepointOptions } from "./sharepoint-options.js";
import { ItemError, SourceError } from "./source.js";
import type { FetchedItem, ItemFailure, Source, SourceItem, SourceListing } from "./source.js";
import { shortDigest } from "./short-digest.js";
import { toItemError } from "./vendor-record.js";

const MAX_FILE_BYTES = 10_000_000;
const DAY_MS = 86_400_000;
/** Permissions are asked for one file at a time; the fetch itself holds how many requests run at once. */
const PERMISSIONS_AT_ONCE = 16;

/** What a source of the kind sharepoint is opened with. */
export interface SharepointPlace {
  readonly location: string;
  readonly options: SharepointOptions;
  /** tenantId:clientId:clientSecret */
  readonly secret: string;
  readonly fetch: SafeFetch;
  readonly clock?: Clock;
}

interface Listed {
  readonly acl: readonly string[] | null;
  /** Of what the file held when its permissions were read. */
  readonly tags: string;
}

interface Place {
  readonly library: Library;
  readonly options: SharepointOptions;
  readonly api: GraphApi;
  readonly fetch: SafeFetch;
  readonly clock: Clock;
  /** What the last listing found of each file. */
  readonly listed: Map<string, Listed>;
  driveId: string | null;
  siteGroups: readonly string[];
}

/**
 * The files of a document library in SharePoint or OneDrive, by what changed since the last listing. What a file's folder
 * was given or lost is not told for the file: after a change of anything but files all is listed, and also now and then.
 */
export function createSharepointSource({
  location,
  options,
  secret,
  fetch,
  clock = systemClock,
}: SharepointPlace): Source {
  const library = readLibrary(location);
  if (library === null) throw new SourceError(`${location} is no address of a library. Correct the location.`);
  const api = createGraphApi(library.cloud, secret, fetch, clock);
  const place: Place = { library, options, api, fetch, clock, listed: new Map(), driveId: null, siteGroups: [] };
  return {
    list: (cursor, signal) => listLibrary(place, readCursor(cursor), signal),
    async fetch({ externalId }, signal) {
      try {
        return await fetchFile(place, externalId, signal);
      } catch (error) {
        throw toItemError(error);
      }
    },
  };
}

const cursorSchema = z.object({
  version: z.literal(1),
  driveId: z.string(),
  permissions: z.string(),
  siteGroups: z.array(z.string()),
  /** In milliseconds since 1970. */
  wholeAt: z.number(),
  deltaLink: z.string(),
});
type Cursor = z.infer<typeof cursorSchema>;

function readCursor(cursor: string | null): Cursor | null {
  try {
    return cursor === null ? null : cursorSchema.parse(JSON.parse(cursor));
  } catch {
    return null;
  }
}

async function listLibrary(place: Place, before: Cursor | null, signal: AbortSignal): Promise<SourceListing> {
  const { options, api, clock, listed } = place;
  listed.clear();
  const drive = await findDrive(place, signal);
  place.driveId = drive.id;
  const now = clock.now();
  const isEach = options.permissions === "each";
  const siteGroups = isEach ? siteGroupsOf(await api.permissions(drive.id, null, signal), now) : [];
  place.siteGroups = siteGroups;
  const known = { driveId: drive.id, permissions: options.permissions, siteGroups: [...siteGroups] };
  const since = isStillGood(before, known, now, options) ? before : null;
  const changes = await readChanges(api, drive.id, since?.deltaLink ?? null, signal);
  const sorted = sortItems(changes.items);
  const items = await withPermissions(place, drive.id, sorted.files, signal);
  const wholeAt = changes.isWhole ? now.getTime() : (since?.wholeAt ?? now.getTime());
  return {
    scope: changes.isWhole ? "whole" : "changes",
    items,
    removed: changes.isWhole ? [] : sorted.removed,
    failures: [],
    skipped: sorted.skipped,
    isComplete: true,
    cursor: JSON.stringify({ version: 1, ...known, wholeAt, deltaLink: changes.deltaLink }),
  };
}

/** Under another library, other groups or after some days all is listed. */
function isStillGood(
  before: Cursor | null,
  known: Pick<Cursor, "driveId" | "permissions" | "siteGroups">,
  now: Date,
  { wholeEveryDays }: SharepointOptions,
): boolean {
  if (before === null || now.getTime() - before.wholeAt >= wholeEveryDays * DAY_MS) return false;
  const { driveId, permissions, siteGroups } = before;
  return shortDigest(known) === shortDigest({ driveId, permissions, siteGroups });
}

interface Changes {
  readonly items: readonly GraphItem[];
  readonly deltaLink: string;
  readonly isWhole: boolean;
}

async function readChanges(
  api: GraphApi,
  driveId: string,
  since: string | null,
  signal: AbortSignal,
): Promise<Changes> {
  if (since !== null) {
    const changes = await api.delta(driveId, since, signal).catch(orResync);
    if (changes?.items.every(isFileOrRoot) === true) return { ...changes, isWhole: false };
  }
  return { ...(await api.delta(driveId, null, signal)), isWhole: true };
}

/** What was deleted and does not say that it was a file may have been a folder with files. */
function isFileOrRoot({ file, root }: GraphItem): boolean {
  return file != null || root != null;
}

function orResync(error: unknown): null {
  if (error instanceof ResyncNeeded) return null;
  throw error;
}

async function findDrive({ library, api }: Place, signal: AbortSignal): Promise<GraphDrive> {
  const { host, sitePath, library: name } = library;
  const siteId = await api.siteId(host, sitePath, signal);
  if (siteId === null) {
    const advice = "Check the location, and that the app may read the site.";
    throw new SourceError(`There is no site at https://${host}${sitePath}, so nothing was changed. ${advice}`);
  }
  if (name === null) return api.defaultDrive(siteId, signal);
  const drives = await api.drives(siteId, signal);
  const found = drives.find((drive) => drive.name === name || lastPart(drive.webUrl ?? "") === name);
  if (found !== undefined) return found;
  const names = drives.map((drive) => drive.name ?? "").filter((one) => one !== "");
  throw new SourceError(`The site has no library ${name}, so nothing was changed. It has: ${names.join(", ")}.`);
}

function lastPart(address: string): string | null {
  return URL.canParse(address) ? decoded(new URL(address).pathname.split("/").at(-1) ?? "") : null;
}

interface SortedItems {
  readonly files: readonly GraphItem[];
  readonly removed: readonly string[];
  readonly skipped: readonly ItemFailure[];
}

/** What is not read any more, for example under a new name, is as good as gone. */
function sortItems(items: readonly GraphItem[]): SortedItems {
  const files: GraphItem[] = [];
  const removed: string[] = [];
  const skipped: ItemFailure[] = [];
  for (const item of items) {
    const name = item.name ?? "";
    if (item.deleted == null && item.file == null) continue;
    const reason = item.deleted == null && !name.startsWith(".") ? reasonToSkip(item, name) : null;
    // Told under another id: what is known under its own would be kept, with the permissions of then.
    if (reason !== null) skipped.push({ ...reason, externalId: `${item.id}/${name}` });
    if (reason !== null || item.deleted != null || name.startsWith(".")) removed.push(item.id);
    else files.push(item);
  }
  return { files, removed, skipped };
}

function reasonToSkip({ size }: GraphItem, name: string): Omit<ItemFailure, "externalId"> | null {
  if (mediaTypeOf(name) === null) return otherKind(name);
  if ((size ?? 0) <= MAX_FILE_BYTES) return null;
  const message = `${name} is larger than ${MAX_FILE_BYTES / 1_000_000} MB. Split it or leave it out.`;
  return { code: "too-large", message };
}

async function withPermissions(
  place: Place,
  driveId: string,
  files: readonly GraphItem[],
  signal: AbortSignal,
): Promise<readonly SourceItem[]> {
  const { listed } = place;
  const items: SourceItem[] = [];
  for (let index = 0; index < files.length; index += PERMISSIONS_AT_ONCE) {
    const some = files.slice(index, index + PERMISSIONS_AT_ONCE);
    const read = some.map(async (file) => {
      const acl = await readAcl(place, driveId, file.id, signal);
      listed.set(file.id, { acl, tags: tagsOf(file) });
      return { externalId: file.id, revision: shortDigest([file.eTag, file.cTag, file.name, acl]) };
    });
    items.push(...(await Promise.all(read)));
  }
  return items;
}

/** Null: as the source says. */
async function readAcl(
  { options, api, clock, siteGroups }: Place,
  driveId: string,
  itemId: string,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  if (options.permissions === "source") return null;
  return aclOf(await api.permissions(driveId, itemId, signal), siteGroups, clock.now());
}

function tagsOf({ eTag, cTag }: GraphItem): string {
  return shortDigest([eTag, cTag]);
}

async function fetchFile(place: Place, externalId: string, signal: AbortSignal): Promise<FetchedItem> {
  const { api, driveId, listed } = place;
  const known = listed.get(externalId);
  const item = driveId === null || known === undefined ? null : await api.item(driveId, externalId, signal);
  if (driveId === null || item === null || known === undefined) {
    throw new ItemError("gone", "The file is not there any more. The next sync sees what is.");
  }
  const name = item.name ?? "";
  const mediaType = mediaTypeOf(name);
  if (mediaType === null) throw new ItemError("unsupported-kind", otherKind(name).message);
  const { bytes, headers } = await download(place, item, signal);
  if (mediaType !== "text/html" && /^text\/html\b/iu.test(headers["content-type"] ?? "")) {
    throw new ItemError("login-page", "In place of the file a page came. The next sync tries again.");
  }
  // What was written since may be meant for fewer: permissions that are older than the text do not count.
  const isAsListed = tagsOf(item) === known.tags;
  const facts = {
    title: path.parse(name).name.replace(/[-_]+/gu, " "),
    url: item.webUrl ?? null,
    updatedAt: item.lastModifiedDateTime ?? null,
    editedBy: item.lastModifiedBy?.user?.displayName ?? null,
    acl: isAsListed ? known.acl : await readAcl(place, driveId, externalId, signal),
  };
  return { externalId, mediaType, bytes, facts };
}

/** The address holds a short-lived right of its own: no token is sent there, and only Microsoft's hosts are asked. */
async function download({ fetch }: Place, item: GraphItem, signal: AbortSignal): Promise<FetchResponse> {
  const address = item["@microsoft.graph.downloadUrl"] ?? null;
  if (address === null || !isContentHost(new URL(address))) {
    throw new ItemError(
      "no-download",
      "Microsoft Graph gives no address of SharePoint's for the contents. Open the file there.",
    );
  }
  const response = await fetch(address, { maxBytes: MAX_FILE_BYTES, mayFollow: isContentHost }, signal);
  if (response.status === 200) return response;
  throw new ItemError(
    "unavailable",
    `SharePoint answers ${response.status} for the contents. The next sync tries again.`,
  );
}
