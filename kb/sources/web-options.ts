import { z } from "zod";
import { UsageError } from "../../src/ports/errors.js";
import type { SourceRecord } from "./source-kind.js";
import { folderOf, normalPageUrl } from "./web-url.js";
import type { WebScope } from "./web-url.js";

const MAX_PAGES = 20_000;
const MAX_DEPTH = 30;
const MAX_DELAY_MS = 60_000;
const MAX_PREFIXES = 100;

const prefixes = z.array(z.string().startsWith("/", 'begins with "/", for example /help/').max(500)).max(MAX_PREFIXES);
const host = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]*(?::\d{1,5})?$/iu, "is a host such as help.example.com, without https://");

const optionsSchema = z.strictObject({
  maxPages: z.int().min(1).max(MAX_PAGES).default(5_000),
  maxDepth: z.int().min(0).max(MAX_DEPTH).default(10),
  include: prefixes.optional(),
  exclude: prefixes.default([]),
  hosts: z.array(host).max(20).default([]),
  delayMs: z.int().min(0).max(MAX_DELAY_MS).default(100),
  sitemap: z.boolean().default(true),
});

export interface WebOptions {
  /** Addresses that are asked for in one run, at most. */
  readonly maxPages: number;
  /** Links from the first page to a page, at most. */
  readonly maxDepth: number;
  /** Between the beginnings of two requests to a host. robots.txt may ask for more. */
  readonly delayMs: number;
  /** Whether the site's sitemaps are looked for. A location that is a sitemap is read as one in any case. */
  readonly usesSitemap: boolean;
  /** The location in its normal spelling. */
  readonly start: string;
  readonly isSitemap: boolean;
  readonly scope: WebScope;
}

const SITEMAP_PATH = /(?:\.xml|\.xml\.gz|\/sitemap[^/]*)$/iu;

/** @throws {UsageError} that names every problem of the location and the options. */
export function readWebOptions(record: Pick<SourceRecord, "name" | "location" | "options">): WebOptions {
  const start = normalPageUrl(record.location);
  const parsed = optionsSchema.safeParse(record.options ?? {});
  const problems = parsed.success ? [] : parsed.error.issues.map(problemOf);
  if (start === null)
    problems.unshift("location: is a web address such as https://help.example.com/, without a user name");
  if (start === null || !parsed.success) {
    throw new UsageError(`The source ${record.name} cannot be read so. Correct ${problems.join("; ")}.`);
  }
  const { include, exclude, hosts, sitemap, ...limits } = parsed.data;
  const isSitemap = SITEMAP_PATH.test(new URL(start).pathname);
  return {
    ...limits,
    usesSitemap: sitemap,
    start,
    isSitemap,
    scope: {
      hosts: new Set([new URL(start).host, ...hosts.map((name) => name.toLowerCase())]),
      include: include ?? [isSitemap ? "/" : folderOf(start)],
      exclude,
      start,
    },
  };
}

function problemOf({ path, code, message, ...issue }: z.core.$ZodIssue): string {
  if (code === "unrecognized_keys" && "keys" in issue) {
    const known = Object.keys(optionsSchema.shape).join(", ");
    return `options: there is no ${issue.keys.join(", ")} (there are ${known})`;
  }
  return `options.${path.join(".")}: ${message}`;
}
