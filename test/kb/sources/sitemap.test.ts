import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readSitemap } from "../../../kb/sources/sitemap.js";
import {
  MAX_SITEMAP_FILES,
  MAX_SITEMAP_URLS,
  readSitemapTree,
  sitemapReading,
} from "../../../kb/sources/sitemap-tree.js";
import { textPieces } from "../../../kb/sources/text-pieces.js";
import { localSite, sitemap, sitemapIndex } from "../../support/local-site.js";
import { longestStretch } from "../../support/longest-stretch.js";
import { localFetch, WEB_SIGNAL } from "../../support/web-listing.js";

const read = (start: string) => readSitemapTree(sitemapReading(localFetch(), 0), start, WEB_SIGNAL);
const readFile = (xml: string) => readSitemap(textPieces(Buffer.from(xml)), 10, WEB_SIGNAL);

/** What is aimed at is 50; the rest is for a machine that is busy with other tests. */
const MAX_STRETCH_MS = 100;

describe("reading a sitemap file", () => {
  it("gives the addresses of its pages, not those of their pictures, with references to characters resolved", async () => {
    const xml = `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://x">
      <url><loc> https://x.example/a?b=1&amp;c=2 </loc><image:image><image:loc>https://x.example/i.png</image:loc></image:image>
      <lastmod>2026-01-01</lastmod></url><url><loc><![CDATA[https://x.example/b]]></loc></url></urlset>`;
    expect(await readFile(xml)).toEqual({
      kind: "pages",
      locations: ["https://x.example/a?b=1&c=2", "https://x.example/b"],
      isCut: false,
    });
  });

  it.each([
    ["a page", "<!doctype html><html><body><p>Sign in</body></html>"],
    ["a page in good XML", "<html><body><loc>https://x.example/</loc></body></html>"],
    ["a file that is cut off", "<urlset><url><loc>https://x.example/a</loc></url><url><loc>https://x"],
    ["nothing", ""],
    [
      "an entity of its own",
      '<!DOCTYPE u [<!ENTITY a "https://x.example/">]><urlset><url><loc>&a;</loc></url></urlset>',
    ],
    ["an entity that nobody declared", "<urlset><url><loc>&a;</loc></url></urlset>"],
    ["a key of every object as its root", "<constructor><url><loc>x</loc></url></constructor>"],
  ])("%s is none", async (_what, xml) => {
    expect(await readFile(xml)).toBeNull();
  });

  it("entities that would grow to a thousand million laughs are refused at once", async () => {
    const levels = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join("");
    const xml = `<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY l0 "lol">${levels}]><urlset><url><loc>&l9;</loc></url></urlset>`;
    const started = performance.now();
    expect(await readFile(xml)).toBeNull();
    expect(performance.now() - started).toBeLessThan(100);
  });

  it("ends at its limit, whatever comes after", async () => {
    const xml = `<urlset>${"<url><loc>https://x.example/</loc></url>".repeat(2_000)}<nothing that is XML`;
    expect(await readFile(xml)).toMatchObject({ isCut: true, locations: { length: 10 } });
    expect(await readFile(xml.replace(/<url>.*<\/url>/u, ""))).toBeNull();
  });

  it.each([
    ["addresses of no page", "<url><loc></loc></url>", 2_300_000],
    ["one address", "https://x.example/", 2_800_000],
  ])(
    "of 50 MB with %s does not keep the process from its other work",
    async (_what, part, count) => {
      const inner = part.startsWith("<") ? part.repeat(count) : `<url><loc>${part.repeat(count)}</loc></url>`;
      const bytes = Buffer.from(`<urlset>${inner}</urlset>`);
      const asked = () => readSitemap(textPieces(bytes), MAX_SITEMAP_URLS, WEB_SIGNAL);
      expect(await longestStretch(asked)).toBeLessThan(MAX_STRETCH_MS);
    },
    30_000,
  );
});

describe("reading all sitemaps of a site", () => {
  it.each([
    ["a list that lists itself", (origin: string) => ({ "/map": sitemapIndex([`${origin}/map`]) })],
    [
      "two that list each other",
      (origin: string) => ({ "/map": sitemapIndex([`${origin}/b`]), "/b": sitemapIndex([`${origin}/map`]) }),
    ],
    [
      "one that is listed twice",
      (origin: string) => ({ "/map": sitemapIndex([`${origin}/b`, `${origin}/b`]), "/b": sitemap([]) }),
    ],
  ])("%s ends it", async (_what, pagesOf) => {
    await using site = await localSite();
    for (const [path, page] of Object.entries(pagesOf(site.origin))) site.pages.set(path, page);
    await expect(read(`${site.origin}/map`)).rejects.toMatchObject({ name: "SourceError", failure: "sitemap-loop" });
  });

  it("a sitemap of several that cannot be read makes all of them fail", async () => {
    await using site = await localSite({ "/b": { status: 500 } });
    site.pages.set("/a", sitemap([`${site.origin}/page`]));
    site.pages.set("/map", sitemapIndex([`${site.origin}/a`, `${site.origin}/b`]));
    await expect(read(`${site.origin}/map`)).rejects.toMatchObject({ failure: "sitemap-unavailable" });
  });

  it("takes 50,000 pages and not one more", async () => {
    await using site = await localSite();
    const urls = Array.from({ length: MAX_SITEMAP_URLS + 1 }, (_, n) => `${site.origin}/${n}`);
    site.pages.set("/full", sitemap(urls.slice(1)));
    site.pages.set("/over", sitemap(urls));
    expect((await read(`${site.origin}/full`)).length).toBe(MAX_SITEMAP_URLS);
    await expect(read(`${site.origin}/over`)).rejects.toMatchObject({ failure: "sitemap-too-large" });
  });

  it("takes no more pages and files than those of all sitemaps of a source together", async () => {
    await using site = await localSite();
    const half = Array.from({ length: MAX_SITEMAP_URLS / 2 }, (_, n) => `${site.origin}/${n}`);
    site.pages.set("/half", sitemap(half));
    site.pages.set("/one", sitemap([`${site.origin}/x`]));
    const files = Array.from({ length: MAX_SITEMAP_FILES }, (_, n) => `${site.origin}/one?${n}`);
    site.pages.set("/index", sitemapIndex(files));
    const reading = sitemapReading(localFetch(), 0);
    for (let time = 0; time < 2; time += 1) await readSitemapTree(reading, `${site.origin}/half`, WEB_SIGNAL);
    await expect(readSitemapTree(reading, `${site.origin}/one`, WEB_SIGNAL)).rejects.toMatchObject({
      failure: "sitemap-too-large",
      message: expect.stringContaining("more than 50000 pages together") as string,
    });
    await expect(read(`${site.origin}/index`)).rejects.toMatchObject({
      failure: "sitemap-too-large",
      message: expect.stringContaining("more than 500 sitemaps together") as string,
    });
  });

  it("a packed file that grows without measure is not unpacked to its end", async () => {
    await using site = await localSite();
    site.pages.set("/bomb.gz", { body: gzipSync(Buffer.alloc(200_000_000, " "), { level: 1 }) });
    await expect(read(`${site.origin}/bomb.gz`)).rejects.toMatchObject({ failure: "sitemap-invalid" });
  });
});
