import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { FetchError } from "./http/fetch-error.js";
import type { SafeFetch } from "./safe-fetch.js";
import { readSitemap } from "./sitemap.js";
import type { Sitemap } from "./sitemap.js";
import { textPieces } from "./text-pieces.js";
import { WebSourceError } from "./web-failures.js";

/** All sitemaps of one source together. */
export const MAX_SITEMAP_URLS = 50_000;
export const MAX_SITEMAP_FILES = 500;
const MAX_SITEMAP_BYTES = 52_428_800;

/** How all sitemaps of one source are read in one run, and what they may still hold together: each takes its part of it. */
export interface SitemapReading {
  readonly fetch: SafeFetch;
  readonly minGapMs: number;
  pagesLeft: number;
  filesLeft: number;
}

export function sitemapReading(fetch: SafeFetch, minGapMs: number): SitemapReading {
  return { fetch, minGapMs, pagesLeft: MAX_SITEMAP_URLS, filesLeft: MAX_SITEMAP_FILES };
}

/**
 * All pages that a sitemap lists, itself or through the sitemaps it lists. What cannot be read whole is an error: half of
 * it would look like the removal of the other half.
 * @throws {WebSourceError}
 */
export async function readSitemapTree(
  reading: SitemapReading,
  start: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const root = await readOne(reading, start, signal);
  if (root.kind === "pages") return root.locations;
  if (root.locations.length > reading.filesLeft) throw tooManyFiles(start);
  const pages: string[] = [];
  const seen = new Set([start]);
  for (const location of root.locations) {
    if (seen.has(location)) throw loop(start, location);
    seen.add(location);
    const child = await readOne(reading, location, signal);
    // A list of lists of lists is not allowed by the protocol, and how one that leads back to itself would look.
    if (child.kind === "index") throw loop(start, location);
    for (const page of child.locations) pages.push(page);
  }
  return pages;
}

async function readOne(reading: SitemapReading, url: string, signal: AbortSignal): Promise<Sitemap> {
  if (reading.filesLeft === 0) throw tooManyFiles(url);
  reading.filesLeft -= 1;
  const bytes = await fetchSitemap(reading, url, signal);
  const sitemap = await readSitemap(textPieces(bytes), reading.pagesLeft, signal);
  if (sitemap === null) {
    const message = `What ${url} answers with is no sitemap. Check the address; a sign-in or a fault page looks like this.`;
    throw new WebSourceError("sitemap-invalid", message);
  }
  if (sitemap.isCut) throw tooMany(url, `${MAX_SITEMAP_URLS} pages`);
  if (sitemap.kind === "pages") reading.pagesLeft -= sitemap.locations.length;
  return sitemap;
}

async function fetchSitemap(
  { fetch, minGapMs }: SitemapReading,
  url: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { status, bytes } = await fetch(url, { maxBytes: MAX_SITEMAP_BYTES, minGapMs }, signal).catch(
    (error: unknown) => {
      if (error instanceof FetchError) throw new WebSourceError("sitemap-unavailable", error.message, error);
      throw error;
    },
  );
  if (status === 200) return unpacked(bytes, url);
  const message = `The sitemap ${url} cannot be read: the site answers ${status}. Check the address in a browser.`;
  throw new WebSourceError("sitemap-unavailable", message);
}

const unpack = promisify(gunzip);
const GZIP_MAGIC = [0x1f, 0x8b];

/** A file that is packed itself, whatever its headers say. */
async function unpacked(bytes: Uint8Array, url: string): Promise<Uint8Array> {
  if (!GZIP_MAGIC.every((byte, index) => bytes[index] === byte)) return bytes;
  try {
    return await unpack(bytes, { maxOutputLength: MAX_SITEMAP_BYTES });
  } catch (error) {
    const message = `The sitemap ${url} cannot be unpacked, or has more than 50 MB unpacked.`;
    throw new WebSourceError("sitemap-invalid", message, error);
  }
}

function loop(start: string, location: string): WebSourceError {
  const message = `${location} in the sitemap ${start} leads back or further down than one level. Add the sitemap of the pages.`;
  return new WebSourceError("sitemap-loop", message);
}

function tooManyFiles(url: string): WebSourceError {
  return tooMany(url, `${MAX_SITEMAP_FILES} sitemaps`);
}

function tooMany(url: string, limit: string): WebSourceError {
  const message = `With ${url} the sitemaps of this source list more than ${limit} together. Add its parts as sources of their own.`;
  return new WebSourceError("sitemap-too-large", message);
}
