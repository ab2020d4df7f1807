import { gunzipSync } from "node:zlib";
import { FetchError } from "./http/fetch-error.js";
import type { SafeFetch } from "./safe-fetch.js";
import { readSitemap } from "./sitemap.js";
import type { Sitemap } from "./sitemap.js";
import { WebSourceError } from "./web-failures.js";

/** All sitemaps of one source together. */
export const MAX_SITEMAP_URLS = 50_000;
const MAX_SITEMAP_FILES = 500;
const MAX_SITEMAP_BYTES = 52_428_800;

/**
 * All pages that a sitemap lists, itself or through the sitemaps it lists. What cannot be read whole is an error: half of
 * it would look like the removal of the other half.
 * @throws {WebSourceError}
 */
export async function readSitemapTree(
  fetch: SafeFetch,
  start: string,
  minGapMs: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const root = await fetchSitemap(fetch, start, minGapMs, signal);
  if (root.kind === "pages") return root.locations;
  if (root.locations.length > MAX_SITEMAP_FILES) throw tooMany(start, `more than ${MAX_SITEMAP_FILES} sitemaps`);
  const pages: string[] = [];
  const seen = new Set([start]);
  for (const location of root.locations) {
    if (seen.has(location)) throw loop(start, location);
    seen.add(location);
    const child = await fetchSitemap(fetch, location, minGapMs, signal);
    // A list of lists of lists is not allowed by the protocol, and how one that leads back to itself would look.
    if (child.kind === "index") throw loop(start, location);
    for (const page of child.locations) pages.push(page);
    if (pages.length > MAX_SITEMAP_URLS) throw tooMany(start, `more than ${MAX_SITEMAP_URLS} pages`);
  }
  return pages;
}

async function fetchSitemap(fetch: SafeFetch, url: string, minGapMs: number, signal: AbortSignal): Promise<Sitemap> {
  const { status, bytes } = await fetch(url, { maxBytes: MAX_SITEMAP_BYTES, minGapMs }, signal).catch(
    (error: unknown) => {
      if (error instanceof FetchError) throw new WebSourceError("sitemap-unavailable", error.message, error);
      throw error;
    },
  );
  if (status !== 200) {
    const message = `The sitemap ${url} cannot be read: the site answers ${status}. Check the address in a browser.`;
    throw new WebSourceError("sitemap-unavailable", message);
  }
  const sitemap = readSitemap(unpacked(bytes, url), MAX_SITEMAP_URLS);
  if (sitemap === null) {
    const message = `What ${url} answers with is no sitemap. Check the address; a sign-in or a fault page looks like this.`;
    throw new WebSourceError("sitemap-invalid", message);
  }
  if (sitemap.isCut) throw tooMany(url, `more than ${MAX_SITEMAP_URLS} pages`);
  return sitemap;
}

const GZIP_MAGIC = [0x1f, 0x8b];

/** A file that is packed itself, whatever its headers say. */
function unpacked(bytes: Uint8Array, url: string): string {
  if (!GZIP_MAGIC.every((byte, index) => bytes[index] === byte)) return Buffer.from(bytes).toString("utf8");
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_SITEMAP_BYTES }).toString("utf8");
  } catch (error) {
    const message = `The sitemap ${url} cannot be unpacked, or has more than 50 MB unpacked.`;
    throw new WebSourceError("sitemap-invalid", message, error);
  }
}

function loop(start: string, location: string): WebSourceError {
  const message = `${location} in the sitemap ${start} leads back or further down than one level. Add the sitemap of the pages.`;
  return new WebSourceError("sitemap-loop", message);
}

function tooMany(url: string, what: string): WebSourceError {
  return new WebSourceError("sitemap-too-large", `${url} lists ${what}. Add its parts as sources of their own.`);
}
