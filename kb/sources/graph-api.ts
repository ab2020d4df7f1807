import { z } from "zod";
import type { Clock } from "../../src/ports/clock.js";
import { permissionSchema } from "./graph-permissions.js";
import type { GraphPermission } from "./graph-permissions.js";
import { createGraphToken } from "./graph-token.js";
import { createJsonApi, readPages } from "./json-api.js";
import type { JsonApi } from "./json-api.js";
import type { SafeFetch } from "./safe-fetch.js";
import type { Cloud } from "./sharepoint-options.js";
import { SourceError } from "./source.js";

const VENDOR = "Microsoft Graph";

const text = z.string().nullish();
const itemSchema = z.object({
  id: z.string(),
  name: text,
  size: z.number().nullish(),
  eTag: text,
  cTag: text,
  webUrl: text,
  lastModifiedDateTime: text,
  lastModifiedBy: z.object({ user: z.object({ displayName: text }).nullish() }).nullish(),
  file: z.object({}).nullish(),
  folder: z.object({}).nullish(),
  root: z.object({}).nullish(),
  deleted: z.object({}).nullish(),
  "@microsoft.graph.downloadUrl": z.url().nullish(),
});
export type GraphItem = z.infer<typeof itemSchema>;

const driveSchema = z.object({ id: z.string(), name: text, webUrl: text });
export type GraphDrive = z.infer<typeof driveSchema>;

const FIELDS = "id,name,size,eTag,cTag,webUrl,lastModifiedDateTime,lastModifiedBy,file,folder,root,deleted";

export interface GraphChanges {
  /** The last state of each. */
  readonly items: readonly GraphItem[];
  /** Where the next question begins. */
  readonly deltaLink: string;
}

/** What is read of Microsoft Graph. Every method throws {@link SourceError}. */
export interface GraphApi {
  /** Null when there is none, or the app may not see it. */
  siteId(host: string, path: string, signal: AbortSignal): Promise<string | null>;
  drives(siteId: string, signal: AbortSignal): Promise<readonly GraphDrive[]>;
  defaultDrive(siteId: string, signal: AbortSignal): Promise<GraphDrive>;
  /** @param since of the last listing, or null for all. @throws {ResyncNeeded} when that is too long ago */
  delta(driveId: string, since: string | null, signal: AbortSignal): Promise<GraphChanges>;
  /** With a fresh address to download it from; null when it is gone. */
  item(driveId: string, itemId: string, signal: AbortSignal): Promise<GraphItem | null>;
  /** @param itemId null for the library itself */
  permissions(driveId: string, itemId: string | null, signal: AbortSignal): Promise<readonly GraphPermission[]>;
}

/** What changed since then is not known any more: all has to be listed. */
export class ResyncNeeded extends SourceError {}

const ADVICE = {
  unauthorized: "Set the secret of the source to tenantId:clientId:clientSecret of the registered app.",
  forbidden: "Give the app the application permission Sites.Read.All, and let an administrator consent to it.",
};

/** Changes of permissions are told only when they are asked for, and of folders above a change nothing is wanted. */
const DELTA_HEADERS = {
  prefer: "deltashowremovedasdeleted, deltatraversepermissiongaps, deltashowsharingchanges, hierarchicalsharing",
  deltaexcludeparent: "true",
};

export function createGraphApi(cloud: Cloud, secret: string, fetch: SafeFetch, clock: Clock): GraphApi {
  const token = createGraphToken(cloud, secret, fetch, clock);
  const api = createJsonApi({
    vendor: VENDOR,
    origin: cloud.graph,
    headers: DELTA_HEADERS,
    advice: ADVICE,
    async fetch(url, options, signal) {
      const headers = { ...options.headers, authorization: `Bearer ${await token(signal)}` };
      const response = await fetch(url, { ...options, headers }, signal);
      if (response.status === 410) throw new ResyncNeeded("Microsoft Graph asks for a new listing of everything.");
      return response;
    },
  });
  return {
    async siteId(host, path, signal) {
      const at = path === "" ? host : `${host}:${encodeURI(path)}`;
      return (
        (await api.find({ path: `/v1.0/sites/${at}?$select=id` }, z.object({ id: z.string() }), signal))?.id ?? null
      );
    },
    drives: (siteId, signal) =>
      readValues(api, `/v1.0/sites/${siteId}/drives?$select=id,name,webUrl`, driveSchema, signal),
    defaultDrive: (siteId, signal) =>
      api.get({ path: `/v1.0/sites/${siteId}/drive?$select=id,name,webUrl` }, driveSchema, signal),
    delta: (driveId, since, signal) => readChanges(api, driveId, since, signal),
    item: (driveId, itemId, signal) => api.find({ path: itemPath(driveId, itemId) }, itemSchema, signal),
    permissions: (driveId, itemId, signal) =>
      readValues(api, `${itemPath(driveId, itemId)}/permissions`, permissionSchema, signal),
  };
}

function itemPath(driveId: string, itemId: string | null): string {
  const item = itemId === null ? "root" : `items/${encodeURIComponent(itemId)}`;
  return `/v1.0/drives/${encodeURIComponent(driveId)}/${item}`;
}

async function readValues<T>(
  api: JsonApi,
  first: string,
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<readonly T[]> {
  const pageSchema = z.object({ value: z.array(schema), "@odata.nextLink": z.string().nullish() });
  const values: T[] = [];
  const pages = readPages(VENDOR, first, async (path) => {
    const page = await api.get({ path }, pageSchema, signal);
    return { page, next: page["@odata.nextLink"] ?? null };
  });
  for await (const { value } of pages) values.push(...value);
  return values;
}

const deltaSchema = z.object({
  value: z.array(itemSchema),
  "@odata.nextLink": z.string().nullish(),
  "@odata.deltaLink": z.string().nullish(),
});

/** An item may come several times; the last one holds. */
async function readChanges(
  api: JsonApi,
  driveId: string,
  since: string | null,
  signal: AbortSignal,
): Promise<GraphChanges> {
  const items = new Map<string, GraphItem>();
  let deltaLink: string | null = null;
  const first = since ?? `${itemPath(driveId, null)}/delta?$select=${FIELDS}`;
  const pages = readPages(VENDOR, first, async (path) => {
    const page = await api.get({ path }, deltaSchema, signal);
    return { page, next: page["@odata.nextLink"] ?? null };
  });
  for await (const page of pages) {
    for (const item of page.value) items.set(item.id, item);
    deltaLink = page["@odata.deltaLink"] ?? deltaLink;
  }
  if (deltaLink !== null) return { items: [...items.values()], deltaLink };
  throw new SourceError("Microsoft Graph ended the listing before its end, so nothing was changed. Sync again later.");
}
