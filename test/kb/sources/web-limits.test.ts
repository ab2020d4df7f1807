import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { SafeFetch } from "../../../kb/sources/safe-fetch.js";
import { crawl, createRobotsBook, MAX_LEFT } from "../../../kb/sources/web-crawl.js";
import { readWebOptions } from "../../../kb/sources/web-options.js";
import { localSite, page, sitemap } from "../../support/local-site.js";
import { codesOf, localWebSource, pathsOf, WEB_SIGNAL } from "../../support/web-listing.js";

const NAMES = ["/a", "/b", "/c", "/d", "/e", "/f"];

async function siteOf(names: readonly string[]) {
  const site = await localSite({ "/": page("Start", names) });
  for (const name of names) site.pages.set(name, { body: page(name) });
  return site;
}

describe("a site with more pages than maxPages", () => {
  it("is said to have more at every run, and those are read when there is room or maxPages is raised", async () => {
    await using site = await siteOf(NAMES);
    using web = localWebSource(site, "/", { maxPages: 4, sitemap: false });
    for (let run = 1; run <= 3; run += 1) {
      site.forget();
      const listing = await web.next();
      expect(pathsOf(listing.items)).toEqual(["/", "/a", "/b", "/c"]);
      expect(listing.skipped).toMatchObject([
        { code: "page-limit", message: expect.stringMatching(/^At least 3 /u) as string },
      ]);
      expect(site.downloads.length).toBe(run === 1 ? 4 : 0);
    }
    site.pages.set("/", { body: page("Start", NAMES.slice(1)) });
    site.pages.delete("/a");
    const paths: (readonly string[])[] = [];
    for (let run = 1; run <= 13; run += 1) paths.push(pathsOf((await web.next()).items));
    expect([paths[0], paths.at(-1)]).toEqual([
      ["/", "/b", "/c"],
      ["/", "/b", "/c", "/d"],
    ]);
    using more = localWebSource(site, "/", { maxPages: 6, sitemap: false });
    const { hint = null } = await web.next();
    const listing = await more.source.list(hint, WEB_SIGNAL);
    expect([pathsOf(listing.items), listing.skipped]).toEqual([["/", "/b", "/c", "/d", "/e", "/f"], []]);
  });

  it("loses nothing while a lowered maxPages keeps what was known from being asked for, however often", async () => {
    const names = NAMES.slice(0, 3);
    await using site = await siteOf(names);
    using web = localWebSource(site, "/", { sitemap: false });
    let cursor = (await web.next()).hint ?? null;
    using lower = localWebSource(site, "/", { maxPages: 2, sitemap: false });
    for (let run = 1; run <= 3; run += 1) {
      const listing = await lower.source.list(cursor, WEB_SIGNAL);
      expect([pathsOf(listing.items), listing.isComplete]).toEqual([["/", "/a"], false]);
      expect(codesOf(listing.skipped)).toEqual(["/#page-limit page-limit"]);
      cursor = listing.hint ?? null;
    }
    const again = await web.source.list(cursor, WEB_SIGNAL);
    expect([pathsOf(again.items), again.isComplete]).toEqual([["/", ...names], true]);
  });

  it("is told in the order in which its addresses were found, however long each takes", async () => {
    const fetch: SafeFetch = async (url) => {
      if (url.endsWith("/a")) await setTimeout(20);
      const bytes = Buffer.from(url.endsWith("/") ? '<main>Start</main><a href="/a">a</a><a href="/b">b</a>' : url);
      const status = url.endsWith("/robots.txt") ? 404 : 200;
      return { url, status, headers: { "content-type": "text/html" }, bytes };
    };
    const location = "https://shop.example/";
    const options = readWebOptions({ name: "shop", location, options: { delayMs: 0 } });
    const seeds = [{ url: location, depth: 0 }];
    const plan = { options, followsLinks: true, seeds, known: new Map(), fetch, robots: createRobotsBook(fetch) };
    const { visits } = await crawl({ ...plan, keep: () => Promise.resolve() }, WEB_SIGNAL);
    expect([...visits.keys()]).toEqual([location, `${location}a`, `${location}b`]);
  });

  it("is held and counted no further than the limits when it makes up addresses without end", async () => {
    let made = 0;
    const fetch: SafeFetch = (url) => {
      const isPage = !url.endsWith("/robots.txt");
      made += isPage ? 1 : 0;
      const links = Array.from({ length: 5_000 }, (_, n) => `<a href="/${made}-${n}">x</a>`).join("");
      const bytes = Buffer.from(`<main>Page ${made}</main>${links}`);
      return Promise.resolve({ url, status: isPage ? 200 : 404, headers: { "content-type": "text/html" }, bytes });
    };
    const location = "https://shop.example/";
    const options = readWebOptions({ name: "shop", location, options: { delayMs: 0, maxPages: 20 } });
    const seeds = [{ url: location, depth: 0 }];
    const plan = { options, followsLinks: true, seeds, known: new Map(), fetch, robots: createRobotsBook(fetch) };
    const found = await crawl({ ...plan, keep: () => Promise.resolve() }, WEB_SIGNAL);
    expect([found.visits.size, found.left]).toEqual([20, MAX_LEFT]);
  });
});

describe("several sitemaps that robots.txt names", () => {
  it("share one limit of pages, and the one beyond it is a failure", async () => {
    await using site = await siteOf(["/a"]);
    const many = Array.from({ length: 30_000 }, (_, n) => `http://other.test/${n}`);
    site.pages.set("/one", sitemap([`${site.origin}/a`, ...many]));
    site.pages.set("/two", sitemap(many));
    const robots = ["one", "two", "three"].map((name) => `Sitemap: ${site.origin}/${name}`).join("\n");
    site.pages.set("/robots.txt", { body: robots, headers: { "content-type": "text/plain" } });
    using web = localWebSource(site);
    const listing = await web.next();
    expect(pathsOf(listing.items)).toEqual(["/", "/a"]);
    expect(codesOf(listing.failures)).toEqual(["/two sitemap-too-large"]);
    expect(listing.isComplete).toBe(false);
    expect(site.web.requests.map(({ url }) => url)).not.toContain("/three");
  });
});
