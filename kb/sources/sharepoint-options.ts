import { z } from "zod";
import type { RecordRules } from "./vendor-record.js";

export interface SharepointOptions {
  /** Whose permissions count: those of each file, or the audience of the source for all of them. */
  readonly permissions: "each" | "source";
  /** After how many days everything, permissions among it, is looked at again. */
  readonly wholeEveryDays: number;
}

const DAYS = "is a whole number from 1 to 365";

const optionsSchema = z.strictObject({
  permissions: z.enum(["each", "source"], "is each or source").default("each"),
  wholeEveryDays: z.int(DAYS).min(1, DAYS).max(365, DAYS).default(7),
});

export const sharepointRules: RecordRules<SharepointOptions> = {
  options: optionsSchema,
  known: Object.keys(optionsSchema.shape),
  problemOfLocation: (location) =>
    readLibrary(location) === null
      ? "is https://TENANT.sharepoint.com/sites/NAME, with a library behind it if it is not the site's first"
      : null,
  secret: {
    form: /^[A-Za-z0-9.-]{3,100}:[0-9A-Fa-f-]{36}:[\x21-\x7e]{8,200}$/u,
    advice: "It is tenantId:clientId:clientSecret of an app registered in Microsoft Entra.",
  },
};

/** Where the document library is, and by whom it is served. */
export interface Library {
  readonly host: string;
  /** Of the site, for example `/sites/support`; empty for the root site. */
  readonly sitePath: string;
  /** As its address names it; null: the site's own. */
  readonly library: string | null;
  readonly cloud: Cloud;
}

export interface Cloud {
  readonly graph: string;
  readonly login: string;
}

/** By the ending of SharePoint's hosts there. */
const CLOUDS: Readonly<Record<string, Cloud>> = {
  com: { graph: "https://graph.microsoft.com", login: "https://login.microsoftonline.com" },
  us: { graph: "https://graph.microsoft.us", login: "https://login.microsoftonline.us" },
  cn: { graph: "https://microsoftgraph.chinacloudapi.cn", login: "https://login.partner.microsoftonline.cn" },
};

const HOST = /^[a-z0-9-]+\.sharepoint\.(com|us|cn)$/u;
const SITE_FOLDERS: ReadonlySet<string> = new Set(["sites", "teams", "personal"]);

/** Null for what is no address of a site or library. */
export function readLibrary(location: string): Library | null {
  if (!URL.canParse(location)) return null;
  const url = new URL(location);
  const cloud = CLOUDS[HOST.exec(url.host)?.[1] ?? ""];
  const isPlain = url.protocol === "https:" && url.username === "" && url.search === "" && url.hash === "";
  if (cloud === undefined || !isPlain) return null;
  const parts = url.pathname.split("/").filter((part) => part !== "");
  const site = SITE_FOLDERS.has(parts[0] ?? "") ? parts.splice(0, 2) : [];
  const [library = null, ...more] = parts;
  if (site.length === 1 || more.length > 0) return null;
  const name = library === null ? null : decoded(library);
  if (site.some((part) => decoded(part) === null) || (library !== null && name === null)) return null;
  const sitePath = site.length === 0 ? "" : `/${site.join("/")}`;
  return { host: url.host, sitePath, library: name, cloud };
}

/** One part of an address; null where its percent signs stand for no text. */
export function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

/** Whether a file's contents may be fetched from there: SharePoint, and where Microsoft 365 keeps its content. */
export function isContentHost(url: URL): boolean {
  return url.protocol === "https:" && (HOST.test(url.host) || /^[a-z0-9.-]+\.svc\.ms$/u.test(url.host));
}
