import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { localSite, page, sitemap, sitemapIndex } from "../../support/local-site.js";
import { codesOf, localWebSource, pathsOf, WEB_SIGNAL } from "../../support/web-listing.js";

const WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe("a website that is read by its links", () => {
  it("lists each page once, by its normal address, and stays below the page it was added with", async () => {
    await using site = await localSite({
      "/help/": page("Help", [
        "a?utm_source=x#top",
        "a",
        "b/",
        "/blog",
        "http://other.test/help/x",
        "mailto:a@x.example",
      ]),
      "/help/a": page("A", ["/help/b/c", "http://docs.test.evil.example/help/"]),
      "/help/b/": page("B"),
      "/help/b/c": page("C"),
      "/blog": page("Blog"),
    });
    using web = localWebSource(site, "/help/");
    const listing = await web.next();
    expect(pathsOf(listing.items)).toEqual(["/help/", "/help/a", "/help/b/", "/help/b/c"]);
    expect(listing).toMatchObject({ scope: "whole", failures: [], isComplete: true });
    expect(web.told).toEqual([1, 2, 3, 4]);
    expect(site.web.requests.filter(({ url }) => url === "/help/a").length).toBe(1);
  });

  it("names the links that lead to no page, with the page they are on, also when that one did not change since", async () => {
    const dead = Array.from({ length: 21 }, (_, index) => `dead-${index + 1}`);
    await using site = await localSite({
      "/": page("Start", ["a"]),
      "/a": page("A", dead),
    });
    using web = localWebSource(site);
    const { remarks = [], failures } = await web.next();
    expect(failures).toEqual([]);
    expect(remarks).toHaveLength(21);
    expect(remarks[0]).toMatchObject({ externalId: `${site.origin}/dead-1`, code: "dead-link" });
    expect(remarks[0]?.message).toContain(`${site.origin}/a links to it`);
    expect(remarks.at(-1)).toMatchObject({ externalId: "", message: "Further links that lead to no page: 1." });
    for (let run = 2; run <= 3; run += 1) expect((await web.next()).remarks).toEqual(remarks);
    site.pages.set("/a", { body: page("A", []) });
    expect((await web.next()).remarks).toEqual([]);
  });

  it("gives what a page holds, where it is and when it was changed", async () => {
    const headers = { "last-modified": "Fri, 01 May 2026 12:00:00 GMT", date: "Sat, 02 May 2026 12:00:00 GMT" };
    await using site = await localSite({ "/": { body: page("Start"), headers } });
    using web = localWebSource(site);
    const [item] = (await web.next()).items;
    const fetched = await web.source.fetch({ ...item!, known: null }, WEB_SIGNAL);
    expect(fetched).toMatchObject({
      externalId: `${site.origin}/`,
      mediaType: "text/html",
      revision: item?.revision,
      facts: { url: `${site.origin}/`, updatedAt: "2026-05-01T12:00:00.000Z", title: null, acl: null },
    });
    expect(text(fetched === "unchanged" ? new Uint8Array() : fetched.bytes)).toBe(page("Start"));
    expect(site.downloads).toEqual(["/"]);
  });

  it("takes a page that is made for each request for one whose date is not known", async () => {
    const headers = { "last-modified": new Date().toUTCString() };
    await using site = await localSite({ "/": { body: page("Start"), headers } });
    using web = localWebSource(site);
    const [item] = (await web.next()).items;
    await expect(web.source.fetch({ ...item!, known: null }, WEB_SIGNAL)).resolves.toMatchObject({
      facts: { updatedAt: null },
    });
  });

  it("reads Markdown, plain text, PDF and Office files, in the encoding that the server names, and says what it passes over", async () => {
    const latin1 = {
      body: Buffer.from("Gr\u00fc\u00dfe", "latin1"),
      headers: { "content-type": "text/plain; charset=iso-8859-1" },
    };
    await using site = await localSite({
      "/": page("Start", ["guide.md", "note", "film", "picture.png", "manual.pdf", "letter"]),
      "/manual.pdf": {
        body: Buffer.from([37, 80, 68, 70, 255]),
        headers: { "content-type": "application/octet-stream" },
      },
      "/letter": { body: "PK", headers: { "content-type": WORD } },
      "/guide.md": { body: "# Guide", headers: { "content-type": "text/plain" } },
      "/note": latin1,
      "/film": { body: "film", headers: { "content-type": "video/mp4" } },
      "/picture.png": "x",
    });
    using web = localWebSource(site);
    const listing = await web.next();
    expect(pathsOf(listing.items)).toEqual(["/", "/guide.md", "/letter", "/manual.pdf", "/note"]);
    expect(codesOf(listing.skipped)).toEqual(["/film unsupported-kind"]);
    const fetchOf = (index: number) => web.source.fetch({ ...listing.items[index]!, known: null }, WEB_SIGNAL);
    await expect(fetchOf(1)).resolves.toMatchObject({ mediaType: "text/markdown" });
    await expect(fetchOf(2)).resolves.toMatchObject({ mediaType: WORD });
    await expect(fetchOf(3)).resolves.toMatchObject({ mediaType: "application/pdf" });
    await expect(fetchOf(4)).resolves.toMatchObject({ mediaType: "text/plain", bytes: Buffer.from("Gr\u00fc\u00dfe") });
    expect(site.web.requests.map(({ url }) => url)).not.toContain("/picture.png");
  });

  it("asks at the second run on condition, downloads nothing, and lists the same", async () => {
    await using site = await localSite({
      "/": page("Start", ["/a"]),
      "/a": page("A", ["/b"]),
      "/b": page("B"),
    });
    using web = localWebSource(site);
    const first = await web.next();
    site.forget();
    const second = await web.next();
    expect(second.items).toEqual(first.items);
    expect(site.downloads).toEqual([]);
  });

  it("sees a change behind pages that did not change, and reads again what is asked for without one", async () => {
    await using site = await localSite({ "/": page("Start", ["/a"]), "/a": page("A", ["/b"]), "/b": page("B") });
    using web = localWebSource(site);
    const first = await web.next();
    site.pages.set("/b", { body: page("B, new", ["/c"]) });
    site.pages.set("/c", { body: page("C") });
    const second = await web.next();
    expect(pathsOf(second.items)).toEqual(["/", "/a", "/b", "/c"]);
    expect(second.items.slice(0, 2)).toEqual(first.items.slice(0, 2));
    expect(second.items[2]?.revision).not.toBe(first.items[2]?.revision);
    const [start] = second.items;
    await expect(web.source.fetch({ ...start!, known: null }, WEB_SIGNAL)).resolves.toMatchObject({
      mediaType: "text/html",
    });
    await expect(web.source.fetch({ ...start!, known: start!.revision }, WEB_SIGNAL)).resolves.toBe("unchanged");
  });

  it("a page without an ETag has the same revision while its bytes are the same", async () => {
    await using site = await localSite({ "/": { body: page("Start"), hasEtag: false } });
    using web = localWebSource(site);
    const first = await web.next();
    expect((await web.next()).items).toEqual(first.items);
  });

  it("404, 410 and noindex remove a page; no link to it does not", async () => {
    await using site = await localSite({
      "/": page("Start", ["/a", "/b", "/c", "/d", "/e"]),
      ...Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [`/${name}`, page(name)])),
    });
    using web = localWebSource(site);
    await web.next();
    site.pages.set("/", { body: page("Start", ["/a", "/b", "/c"]) });
    site.pages.delete("/a");
    site.pages.set("/b", { status: 410 });
    site.pages.set("/c", { body: page("c", [], '<meta name="robots" content="noindex">') });
    const listing = await web.next();
    expect(pathsOf(listing.items)).toEqual(["/", "/d", "/e"]);
    expect(listing).toMatchObject({ failures: [], skipped: [], isComplete: true });
  });

  it("follows links to the depth and number that the options say, and says what it left", async () => {
    await using site = await localSite(
      Object.fromEntries(
        Array.from({ length: 9 }, (_, n) => [`/${n === 0 ? "" : n}`, page(`Page ${n}`, [`/${n + 1}`])]),
      ),
    );
    using shallow = localWebSource(site, "/", { maxDepth: 2 });
    expect(pathsOf((await shallow.next()).items)).toEqual(["/", "/1", "/2"]);
    using few = localWebSource(site, "/", { maxPages: 3 });
    const listing = await few.next();
    expect([pathsOf(listing.items), listing.isComplete]).toEqual([["/", "/1", "/2"], false]);
    expect(listing.skipped).toMatchObject([{ code: "page-limit" }]);
  });

  it("keeps to include, exclude and hosts", async () => {
    await using site = await localSite({});
    const port = site.web.port;
    site.pages.set("/", {
      body: page("Start", ["/docs/a", "/docs/old/b", "/shop", `http://other.test:${port}/docs/c`]),
    });
    for (const name of ["/docs/a", "/docs/old/b", "/shop", "/docs/c"]) site.pages.set(name, { body: page(name) });
    using web = localWebSource(site, "/", {
      include: ["/docs/"],
      exclude: ["/docs/old/"],
      hosts: [`other.test:${port}`],
    });
    const listing = await web.next();
    expect(listing.items.map(({ externalId }) => externalId)).toEqual([
      `${site.origin}/`,
      `${site.origin}/docs/a`,
      `http://other.test:${port}/docs/c`,
    ]);
  });
});

describe("what a page says of itself", () => {
  it("a page whose canonical address is another page of the site is that page; one out of scope is ignored", async () => {
    const canonical = (href: string): string => `<link rel="canonical" href="${href}">`;
    await using site = await localSite({
      "/": page("Start", ["/a?print=1", "/b", "/c", "/x", "/y"]),
      "/a?print=1": page("A in print", [], canonical("/a")),
      "/a": page("A"),
      "/b": page("B", [], canonical("http://other.test/b")),
      "/c": page("C", [], canonical("/not-there")),
      "/x": page("X", [], canonical("/y")),
      "/y": page("Y", [], canonical("/x")),
    });
    using web = localWebSource(site);
    const listing = await web.next();
    expect(pathsOf(listing.items)).toEqual(["/", "/a", "/b", "/c", "/x", "/y"]);
    expect(listing.failures).toEqual([]);
  });

  it("a canonical address that most pages share is a fault of their template, and not followed", async () => {
    const head = '<link rel="canonical" href="/">';
    const names = ["/a", "/b", "/c", "/d"];
    await using site = await localSite({
      "/": page("Start", names),
      ...Object.fromEntries(names.map((name) => [name, page(name, [], head)])),
    });
    using web = localWebSource(site);
    expect(pathsOf((await web.next()).items)).toEqual(["/", ...names]);
  });

  it("noindex and nofollow are kept to, as tags and as headers", async () => {
    await using site = await localSite({
      "/": page("Start", ["/tag", "/header", "/nofollow"]),
      "/tag": page("Tag", ["/below-tag"], '<META NAME="Robots" CONTENT="NoIndex, follow">'),
      "/header": { body: page("Header"), headers: { "x-robots-tag": "none" } },
      "/nofollow": page("Nofollow", ["/never"], '<meta name="robots" content="nofollow">'),
      "/below-tag": page("Below"),
      "/never": page("Never"),
    });
    using web = localWebSource(site);
    const listing = await web.next();
    expect(pathsOf(listing.items)).toEqual(["/", "/below-tag", "/nofollow"]);
    expect(codesOf(listing.skipped)).toEqual(["/header noindex", "/tag noindex"]);
  });

  it("links are resolved against the base, which leads nowhere out of scope", async () => {
    await using site = await localSite({
      "/": page("Start", ["a"], '<base href="/docs/"><base href="/other/">'),
      "/docs/a": page("A", ["x"], '<base href="http://169.254.169.254/">'),
    });
    using web = localWebSource(site);
    const listing = await web.next();
    expect(pathsOf(listing.items)).toEqual(["/", "/docs/a"]);
    expect(listing.failures).toEqual([]);
  });

  it("a refresh leads to its page, in a circle it is a failure, and out of scope it is not followed", async () => {
    const refresh = (to: string): string => `<meta http-equiv="refresh" content="0; url='${to}'">`;
    await using site = await localSite({
      "/": page("Start", ["/old", "/round", "/away"]),
      "/old": page("Old", [], refresh("/new")),
      "/new": page("New"),
      "/round": page("Round", [], refresh("/about")),
      "/about": page("About", [], refresh("/round")),
      "/away": page("Away", [], refresh("http://169.254.169.254/latest/meta-data/")),
      "/1": page("1"),
    });
    using web = localWebSource(site);
    const listing = await web.next();
    expect(pathsOf(listing.items)).toEqual(["/", "/new"]);
    expect(codesOf(listing.failures)).toEqual(["/about redirect-loop", "/away out-of-scope", "/round redirect-loop"]);
  });
});

describe("robots.txt", () => {
  it("is kept to, for Deskhand by its name, and the sitemap that it names is used", async () => {
    await using site = await localSite({});
    const robots = `User-agent: *\nDisallow: /\nUser-agent: Deskhand\nDisallow: /private\nSitemap: ${site.origin}/map\n`;
    site.pages.set("/robots.txt", { body: robots, headers: { "content-type": "text/plain" } });
    site.pages.set("/map", sitemap([`${site.origin}/a`, `${site.origin}/private/b`, "http://other.test/c"]));
    for (const path of ["/", "/a", "/private/b"]) site.pages.set(path, { body: page(path) });
    using web = localWebSource(site);
    const listing = await web.next();
    expect(pathsOf(listing.items)).toEqual(["/", "/a"]);
    expect(codesOf(listing.skipped)).toEqual(["/private/b robots"]);
    expect(site.web.requests.map(({ url }) => url)).not.toContain("/private/b");
  });

  it("its crawl delay is waited between two requests", async () => {
    await using site = await localSite({
      "/robots.txt": "User-agent: *\nCrawl-delay: 0.3",
      "/": page("Start", ["/a", "/b"]),
      "/a": page("A"),
      "/b": page("B"),
    });
    using web = localWebSource(site, "/", { sitemap: false });
    const started = performance.now();
    await web.next();
    expect(performance.now() - started).toBeGreaterThan(600);
  });
});

describe("a sitemap", () => {
  it("is read with all the sitemaps that it lists, packed ones too, and no link is followed", async () => {
    await using site = await localSite({ "/a": page("A", ["/z"]), "/b": page("B"), "/c": page("C"), "/z": page("Z") });
    const packed = gzipSync(String(sitemap([`${site.origin}/b`, `${site.origin}/b#part`]).body));
    site.pages.set("/sitemap.xml", sitemapIndex([`${site.origin}/one.xml`, `${site.origin}/two.xml.gz`]));
    site.pages.set("/one.xml", sitemap([`${site.origin}/a`, ` ${site.origin}/c?utm_medium=x `]));
    site.pages.set("/two.xml.gz", { body: packed, headers: { "content-type": "application/gzip" } });
    site.pages.set("/c", { body: page("C") });
    using web = localWebSource(site, "/sitemap.xml");
    const listing = await web.next();
    expect(pathsOf(listing.items)).toEqual(["/a", "/b", "/c"]);
    expect(listing.isComplete).toBe(true);
  });

  it("what leaves it stays while it opens, and a page it lists is believed to be gone at the second 404", async () => {
    await using site = await localSite({});
    const names = Array.from({ length: 12 }, (_, n) => `/p${n}`);
    for (const name of names) site.pages.set(name, { body: page(name) });
    site.pages.set("/sitemap.xml", sitemap(names.map((name) => site.origin + name)));
    using web = localWebSource(site, "/sitemap.xml");
    await web.next();
    site.pages.set("/sitemap.xml", sitemap([`${site.origin}/p0`, `${site.origin}/p1`]));
    site.pages.delete("/p1");
    site.pages.delete("/p2");

    const second = await web.next();
    expect(pathsOf(second.items)).toEqual(names.filter((name) => name !== "/p1" && name !== "/p2").sort());
    expect(codesOf(second.skipped)).toEqual(["/p1 not-found", "/sitemap.xml#sitemap sitemap-shrunk"]);
    const third = await web.next();
    expect(codesOf(third.skipped)).toEqual([]);
    expect(pathsOf(third.items)).not.toContain("/p1");
  });
});
