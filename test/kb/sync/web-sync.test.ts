import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { KnowledgeAdmin, NewSource } from "../../../src/ports/knowledge.js";
import { z } from "zod";
import { createSafeFetch } from "../../../kb/sources/safe-fetch.js";
import { countingEmbeddings, type CountingEmbeddings } from "../../fakes/counting-embeddings.js";
import { describeEachDatabase } from "../../support/database.js";
import { syncToEnd, testKnowledge } from "../../support/knowledge.js";
import { localSite, page, sitemap, type LocalSite, type SitePage } from "../../support/local-site.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";
import { localFetch } from "../../support/web-listing.js";

const NAMES = Array.from({ length: 39 }, (_, n) => `/help/${n}`);
const attackSchema = z.object({ enters: z.string(), id: z.string(), input: z.string(), must_hold: z.string() });
const attackFile = path.join(process.env["TEST_DATA_DIR"] ?? "/none", "attacks", "attacks.jsonl");
const attacks = (existsSync(attackFile) ? readFileSync(attackFile, "utf8").split("\n") : [])
  .filter((line) => /"id": "(?:KBS|SSR)-/u.test(line))
  .map((line) => attackSchema.parse(JSON.parse(line)));
/** Those that are no names: a name is only known when it is resolved. */
const privateAddresses = attacks
  .map(({ id, input }) => ({ id, url: /"add (http[^"]*)"/u.exec(input)?.[1] ?? "" }))
  .filter(({ id, url }) => id.startsWith("SSR-") && !url.includes(".test"));

const mustHoldOf = (id: string): string => attacks.find((attack) => attack.id === id)?.must_hold ?? "";

it.skipIf(attacks.length === 0)("the cases of sources behind http are the ones that are run here", () => {
  const ids = attacks.filter(({ id, enters }) => id.startsWith("KBS-") && enters === "http").map(({ id }) => id);
  expect(ids).toEqual(["KBS-01", "KBS-02", "KBS-04"]);
});

describeEachDatabase("a website through a whole sync", (open) => {
  const own = tenantForEachTest(open);
  let workDirectory: string;
  let site: LocalSite;
  let admin: KnowledgeAdmin;
  let embeddings: CountingEmbeddings;

  beforeEach(async () => {
    workDirectory = mkdtempSync(path.join(tmpdir(), "deskhand-web-sync-"));
    site = await localSite({ "/": page("Start", NAMES) });
    for (const name of NAMES) site.pages.set(name, { body: page(`Article ${name}`, ["/"]) });
    embeddings = countingEmbeddings();
    admin = testKnowledge(own.database, embeddings, { workDirectory, fetch: localFetch() });
  });
  afterEach(async () => {
    await site[Symbol.asyncDispose]();
    rmSync(workDirectory, { recursive: true, force: true });
  });

  const add = (changes: Partial<NewSource> = {}) =>
    admin.addSource(own.tenant, {
      name: "site",
      kind: "web",
      location: `${site.origin}/`,
      acl: ["public"],
      options: { delayMs: 0 },
      ...changes,
    });
  const sync = (options: { readonly confirmRemovals?: boolean } = {}) =>
    syncToEnd(admin, "site", { tenantId: own.tenant, ...options });
  const documents = async (): Promise<number | undefined> => (await admin.status(own.tenant))[0]?.documents;

  async function syncedOnce(changes: Partial<NewSource> = {}): Promise<void> {
    await add(changes);
    expect(await sync()).toMatchObject({ state: "done", failed: [] });
    site.forget();
    embeddings.texts.splice(0);
  }

  it("reads 40 pages, and at the second sync downloads and embeds nothing", async () => {
    await add();
    const first = await sync();
    expect([first.state, first.added.length, first.failed]).toEqual(["done", 40, []]);
    expect(embeddings.texts.length).toBeGreaterThan(0);
    site.forget();
    embeddings.texts.splice(0);

    const second = await sync();

    expect(second).toMatchObject({ state: "done", added: [], changed: [], removed: [], unchanged: 40 });
    expect(site.web.requests.filter(({ url }) => url?.startsWith("/help/") === true).length).toBe(39);
    expect(site.downloads).toEqual([]);
    expect(embeddings.texts).toEqual([]);
  });

  it("a changed page is changed, and a page that is gone is gone", async () => {
    await syncedOnce();
    site.pages.set("/help/1", { body: page("Article one, new") });
    site.pages.delete("/help/2");
    expect(await sync()).toMatchObject({
      state: "done",
      changed: [`${site.origin}/help/1`],
      removed: [`${site.origin}/help/2`],
      unchanged: 38,
    });
    expect(site.downloads).toEqual(["/help/1"]);
  });

  it("many pages that are gone at once wait for a confirmation", async () => {
    await syncedOnce();
    for (const name of NAMES.slice(0, 12)) site.pages.delete(name);
    const held = await sync();
    expect([held.state, held.heldRemovals.length, await documents()]).toEqual(["held", 12, 40]);
    const confirmed = await sync({ confirmRemovals: true });
    expect([confirmed.state, confirmed.removed.length, await documents()]).toEqual(["done", 12, 28]);
  });

  it("a page that fails keeps its text, the rest is read, and the next sync reads it again", async () => {
    await syncedOnce();
    site.pages.set("/help/3", { status: 500 });
    site.pages.set("/help/4", { body: page("Article four, new") });
    const diff = await sync();
    expect(diff).toMatchObject({ state: "done", removed: [], changed: [`${site.origin}/help/4`] });
    expect(diff.failed.map(({ code }) => code)).toEqual(["unavailable"]);
    site.pages.set("/help/3", { body: page("Article three, new") });
    expect(await sync()).toMatchObject({ changed: [`${site.origin}/help/3`], failed: [] });
  });

  it("a page that always fails makes no other page be downloaded again", async () => {
    site.pages.set("/help/3", { status: 500 });
    await add();
    expect((await sync()).failed.map(({ code }) => code)).toEqual(["unavailable"]);
    site.forget();
    site.pages.delete("/help/2");

    const second = await sync();

    expect(second).toMatchObject({ state: "done", changed: [], removed: [`${site.origin}/help/2`] });
    expect(site.downloads).toEqual([]);
  });

  const replacement = (id: string, what: string, instead: SitePage) => ({
    id,
    what,
    instead,
    mustHold: mustHoldOf(id),
  });
  const replacements = [
    replacement("KBS-02", "401", { status: 401, body: "sign in" }),
    replacement("KBS-02", "403", { status: 403, body: "no" }),
    replacement("KBS-02", "500", { status: 500, body: "fault" }),
    replacement("KBS-02", "an HTML sign-in with 200", {
      body: '<form>Name <input type="password"></form>',
      hasEtag: false,
    }),
    replacement("KBS-02", "an HTML page with 200 in place of all", {
      body: "<main>Please sign in</main>",
      hasEtag: false,
    }),
    replacement("KBS-04", "redirects without an end", { status: 302, headers: { location: "?page=1" } }),
  ];

  it.each(replacements)("$id: $what changes nothing. $mustHold", async ({ instead }) => {
    site.pages.set("/sitemap.xml", sitemap(NAMES.map((name) => site.origin + name)));
    for (const location of [`${site.origin}/`, `${site.origin}/sitemap.xml`]) {
      site.instead = null;
      if (location.endsWith("/")) await syncedOnce();
      else {
        await admin.updateSource(own.tenant, {
          name: "site",
          kind: "web",
          location,
          acl: ["public"],
          options: { delayMs: 0 },
        });
        await sync();
      }
      const before = await documents();
      site.instead = instead;
      for (let run = 1; run <= 2; run += 1) {
        expect(await sync()).toMatchObject({ state: "failed", added: [], changed: [], removed: [] });
      }
      expect(await documents()).toBe(before);
    }
  });

  it("KBS-01: a sitemap that lists nothing after a fault, or a list without pages, removes nothing", async () => {
    site.pages.set("/sitemap.xml", sitemap(NAMES.map((name) => site.origin + name)));
    await syncedOnce({ location: `${site.origin}/sitemap.xml` });
    for (const answer of [{ status: 500 }, sitemap([]), { body: "[]" }]) {
      site.pages.set("/sitemap.xml", answer);
      expect(await sync()).toMatchObject({ state: "failed", removed: [] });
    }
    site.pages.set("/sitemap.xml", sitemap([`${site.origin}/help/0`]));
    expect(await sync()).toMatchObject({ state: "done", removed: [], unchanged: 39 });
    expect(await documents()).toBe(39);
  });

  it.each(privateAddresses)(
    "$id: $url cannot be added as a website, and the error says what to do",
    async ({ url }) => {
      const added = add({ location: url });
      await expect(added).rejects.toMatchObject({ name: "UsageError" });
      await expect(added).rejects.toThrow(/DESKHAND_ALLOWED_PRIVATE_HOSTS|without a user name/u);
      expect(await admin.status(own.tenant)).toEqual([]);
    },
  );

  it("a name that leads to this machine is refused by the sync, and nothing is asked of it", async () => {
    admin = testKnowledge(own.database, embeddings, {
      workDirectory,
      fetch: createSafeFetch({ version: "1", resolve: () => Promise.resolve(["127.0.0.1"]) }),
    });
    await add();
    const diff = await sync();
    expect(diff).toMatchObject({ state: "failed", failed: [{ code: "source-unavailable" }] });
    expect(diff.failed[0]?.message).toContain("not on the public internet");
    expect(site.web.connections).toBe(0);
  });
});
