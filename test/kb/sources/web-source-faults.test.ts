import { describe, expect, it } from "vitest";
import { attackCase, hasAttackFile } from "../../parity/attack-file.js";
import { localSite, page, sitemap, type LocalSite } from "../../support/local-site.js";
import { codesOf, localWebSource, pathsOf } from "../../support/web-listing.js";

const NAMES = Array.from({ length: 8 }, (_, n) => `/p${n}`);

/** Nine pages that link to each other. */
async function siteOfNine(): Promise<LocalSite> {
  const site = await localSite({ "/": page("Start", NAMES) });
  for (const name of NAMES) site.pages.set(name, { body: page(name) });
  return site;
}

const form = (extra = ""): string =>
  `<html><body><form action="/session"><h1>Sign in</h1><input name="u"><input type="PASSWORD">${extra}</form></body></html>`;

describe("a site that shows something else in place of its pages", () => {
  it.each([
    ["a sign-in", { body: form() }, "login-page"],
    ["maintenance with 200", { body: "<html><body><h1>We will be back soon</h1></body></html>" }, "same-text"],
    ["an application that needs JavaScript", { body: '<html><body><div id="app"></div></body></html>' }, "same-text"],
    ["maintenance with 503", { status: 503, body: "back soon" }, "unavailable"],
    ["a fault", { status: 500, body: "fault" }, "unavailable"],
    ["a refusal", { status: 403, body: "no" }, "forbidden"],
    ["a request to sign in", { status: 401, body: "no" }, "forbidden"],
    ["a redirect to a sign-in", { status: 302, headers: { location: "/login?next=x" } }, "login-page"],
    ["a redirect to another site", { status: 302, headers: { location: "http://other.test/" } }, "out-of-scope"],
    ["a redirect to this machine", { status: 302, headers: { location: "http://127.0.0.1:6379/" } }, "out-of-scope"],
    ["nothing", { status: 404 }, "not-found"],
  ])("%s: the whole run fails, at the first sync and later", async (_what, instead, failure) => {
    await using site = await siteOfNine();
    using web = localWebSource(site, "/", { sitemap: false });
    await web.next();
    site.instead = { hasEtag: false, ...instead };
    await expect(web.next()).rejects.toMatchObject({ name: "SourceError", code: "source-unavailable", failure });
    if (failure !== "same-text") await expect(web.afresh()).rejects.toMatchObject({ failure });
  });

  it("while only some pages are replaced, those are kept and the others are read", async () => {
    await using site = await siteOfNine();
    using web = localWebSource(site);
    await web.next();
    site.pages.set("/p0", { body: form() });
    site.pages.set("/p1", { status: 302, headers: { location: "/account" } });
    site.pages.set("/account", { body: form() });
    site.pages.set("/p2", { status: 302, headers: { location: "/sso/start" } });
    site.pages.set("/p3", { status: 302, headers: { location: "http://other.test/p3" } });
    site.pages.delete("/p4");
    const listing = await web.next();
    expect(codesOf(listing.failures)).toEqual(
      ["/account login-page", "/p0 login-page", "/p1 login-page", "/p2 login-page", "/p3 out-of-scope"].filter(
        (line) => line !== "",
      ),
    );
    expect(pathsOf(listing.items)).toEqual(["/", "/p5", "/p6", "/p7"]);
  });

  it("some pages that turn into one and the same text are kept, also when they stay so", async () => {
    await using site = await siteOfNine();
    using web = localWebSource(site);
    await web.next();
    for (const name of NAMES.slice(0, 3)) site.pages.set(name, { body: "<html><main>Back soon</main></html>" });
    for (let run = 1; run <= 2; run += 1) {
      const listing = await web.next();
      expect(codesOf(listing.failures)).toEqual(["/p0 same-text", "/p1 same-text", "/p2 same-text"]);
      expect(pathsOf(listing.items)).toEqual(["/", ...NAMES.slice(3)]);
    }
  });

  it("a page with a form to sign in beside its text is a page", async () => {
    const words = "To reset the device hold the button for ten seconds. ".repeat(20);
    await using site = await localSite({ "/": form(`<p>${words}</p>`) });
    using web = localWebSource(site);
    expect(pathsOf((await web.next()).items)).toEqual(["/"]);
  });

  it("pages that all redirect to one page fail the run when they were pages before", async () => {
    await using site = await siteOfNine();
    using web = localWebSource(site);
    await web.next();
    for (const name of NAMES) site.pages.set(name, { status: 302, headers: { location: "/soon" } });
    site.pages.set("/soon", { body: page("Soon") });
    await expect(web.next()).rejects.toMatchObject({ failure: "same-text" });
  });

  it("redirects in a circle are a failure of their pages, and those pages are kept", async () => {
    await using site = await siteOfNine();
    using web = localWebSource(site);
    await web.next();
    site.pages.set("/p0", { status: 302, headers: { location: "/p1" } });
    site.pages.set("/p1", { status: 302, headers: { location: "/p0" } });
    site.pages.set("/p2", { status: 302, headers: { location: "/p2#again" } });
    expect(codesOf((await web.next()).failures)).toEqual([
      "/p0 redirect-loop",
      "/p1 redirect-loop",
      "/p2 too-many-redirects",
    ]);
  });

  it("a page that moved is the page at its new address", async () => {
    await using site = await siteOfNine();
    using web = localWebSource(site);
    await web.next();
    site.pages.set("/p0", { status: 301, headers: { location: "/new" } });
    site.pages.set("/new", { body: page("p0") });
    const listing = await web.next();
    expect(pathsOf(listing.items)).toEqual(["/", "/new", ...NAMES.slice(1)]);
    expect(listing).toMatchObject({ failures: [], isComplete: true });
  });

  it("at a first sync a page that failed may hide others, so that nothing may be removed", async () => {
    await using site = await siteOfNine();
    site.pages.set("/p0", { status: 500 });
    using web = localWebSource(site);
    expect(await web.next()).toMatchObject({ isComplete: false, failures: [{ code: "unavailable" }] });
  });

  it("stops asking a site that is down, and does not ask for all of its pages", async () => {
    await using site = await localSite({});
    const urls = Array.from({ length: 300 }, (_, n) => `${site.origin}/${n}`);
    site.pages.set("/sitemap.xml", sitemap(urls));
    for (const url of urls) site.pages.set(new URL(url).pathname, { status: 500 });
    using web = localWebSource(site, "/sitemap.xml");
    await expect(web.next()).rejects.toMatchObject({ failure: "unavailable" });
    expect(site.web.requests.length).toBeLessThan(40);
  });

  it("a robots.txt that cannot be had ends the run before any page is asked for", async () => {
    await using site = await siteOfNine();
    site.pages.set("/robots.txt", { status: 503 });
    using web = localWebSource(site);
    await expect(web.next()).rejects.toMatchObject({ failure: "robots-unavailable" });
    expect(site.web.requests.map(({ url }) => url)).toEqual(["/robots.txt"]);
  });

  it("nothing that a site answers with stands in a message", async () => {
    await using site = await siteOfNine();
    using web = localWebSource(site);
    site.instead = { status: 500, body: "stack trace with a secret", hasEtag: false };
    await expect(web.next()).rejects.toMatchObject({ message: expect.not.stringContaining("secret") as string });
  });
});

describe.skipIf(!hasAttackFile)("IPI-08 of attacks.jsonl (needs TEST_DATA_DIR)", () => {
  it("meta refresh and base do not lead out of scope: nothing else is asked for, and the page is a failure", async () => {
    await using site = await localSite({
      "/": page("Start", ["/trap"]),
      "/trap": page("Trap", ["latest/user-data/", "/p"], attackCase("IPI-08").input),
    });
    using web = localWebSource(site, "/", { sitemap: false });
    const listing = await web.next();
    expect(codesOf(listing.failures)).toEqual(["/trap out-of-scope"]);
    expect(site.web.requests.map(({ url }) => url)).toEqual(["/robots.txt", "/", "/trap"]);
  });
});

describe("the cursor", () => {
  it("of another version, or none at all, is one that says nothing", async () => {
    await using site = await siteOfNine();
    using web = localWebSource(site);
    for (const cursor of ["", "x", Buffer.from("{}").toString("base64")]) {
      const listing = await web.source.list(cursor, new AbortController().signal);
      expect(listing.items.length).toBe(9);
    }
  });

  it("of 5,000 pages stays far below its limit", async () => {
    await using site = await localSite({});
    const urls = Array.from(
      { length: 5_000 },
      (_, n) => `${site.origin}/a/path/as/help/centers/have/it/${n}-with-a-title-in-its-address`,
    );
    site.pages.set("/sitemap.xml", sitemap(urls));
    for (const url of urls) site.pages.set(new URL(url).pathname, { body: page(url) });
    using web = localWebSource(site, "/sitemap.xml");
    const { hint, items } = await web.next();
    expect(items.length).toBe(5_000);
    expect(hint?.length).toBeLessThan(1_000_000);
  }, 60_000);
});

describe("the options of a website", () => {
  it("every problem is named at once", async () => {
    await using site = await localSite();
    const wrong = {
      maxPages: 0,
      maxDepth: 1.5,
      include: ["help"],
      hosts: ["https://x.example"],
      delay: 5,
      sitemap: "no",
    };
    expect(() => localWebSource(site, "ftp://x.example", wrong)).toThrow(
      /location: .*options.maxPages: .*options.maxDepth: .*options.include.0: begins with .*options.hosts.0: is a host .*options.sitemap: .*there is no delay/u,
    );
  });
});
