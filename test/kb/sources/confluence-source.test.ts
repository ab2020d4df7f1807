import { describe, expect, it } from "vitest";
import { confluenceRules } from "../../../kb/sources/confluence-options.js";
import { createConfluenceSource } from "../../../kb/sources/confluence-source.js";
import { readRecord } from "../../../kb/sources/vendor-record.js";
import type { Source, SourceListing } from "../../../kb/sources/source.js";
import { networkSourceContract, type NetworkPlace } from "../../contracts/network-source-contract.js";
import { fakeConfluence, type FakeConfluence, type FakePage } from "../../fakes/confluence/fake-confluence.js";
import { silentLogger } from "../../support/silent-logger.js";

const signal = new AbortController().signal;

async function openPlace(): Promise<NetworkPlace> {
  const confluence = await fakeConfluence();
  for (const id of [101, 102, 103, 104, 105]) confluence.add(id);
  return {
    server: confluence,
    record: { kind: "confluence", location: `${confluence.origin}/wiki`, options: { spaces: ["DOCS"] } },
    secret: confluence.secret,
    workDirectory: "/nonexistent",
    documents: ["101", "102", "103", "104", "105"],
    asksForDocument: /\/api\/v2\/pages\/\d+\?/u,
    change: (externalId, text) => confluence.edit(externalId, `<p>${text}</p>`),
    remove(externalId) {
      confluence.page(externalId).status = "trashed";
    },
    narrow(externalId) {
      confluence.page(externalId).readers = { users: ["5b10-sara"], groups: ["g-legal"] };
      return ["confluence:group:g-legal", "confluence:user:5b10-sara"];
    },
    [Symbol.asyncDispose]: () => confluence[Symbol.asyncDispose](),
  };
}

networkSourceContract("confluence", openPlace);

function sourceOf(confluence: FakeConfluence, options: Record<string, unknown> = {}): Source {
  const record = { name: "wiki", kind: "confluence" as const, location: `${confluence.origin}/wiki`, options };
  const read = readRecord(confluenceRules, record, confluence.secret);
  return createConfluenceSource({ ...read, origin: confluence.origin, fetch: confluence.fetch, logger: silentLogger });
}

const idsOf = ({ items }: SourceListing): readonly string[] => items.map(({ externalId }) => externalId);

async function aclOf(confluence: FakeConfluence, externalId: string): Promise<readonly string[] | null | undefined> {
  const source = sourceOf(confluence);
  await source.list(null, signal);
  const read = await source.fetch({ externalId, revision: null, known: null }, signal);
  return read === "unchanged" ? undefined : read.facts?.acl;
}

const groups = (...ids: string[]): FakePage["readers"] => ({ users: [], groups: ids });

describe("a Confluence site", () => {
  it("gives a page with its place, address, editor and the time of its version", async () => {
    await using confluence = await fakeConfluence();
    confluence.add(1, { title: "Handbook" });
    confluence.add(2, {
      title: "Refunds",
      parentId: "1",
      parentType: "page",
      storage: "<p>Within 5&nbsp;days &amp; free.</p>",
    });
    const source = sourceOf(confluence);
    await source.list(null, signal);
    const read = await source.fetch({ externalId: "2", revision: null, known: null }, signal);
    if (read === "unchanged") throw new Error("was read as unchanged");
    expect(read.facts).toEqual({
      title: "Refunds",
      url: "https://acme.atlassian.net/wiki/spaces/DOCS/pages/2/Refunds",
      updatedAt: "2026-03-01T08:00:00.000Z",
      editedBy: "Mia Meyer",
      acl: null,
    });
    const html = Buffer.from(read.bytes).toString();
    expect(html).toContain("<h1>Refunds</h1>\n<h1>Handbook</h1>\n<p>Within 5&nbsp;days &amp; free.</p>");
  });

  it("leaves out what is archived or in the trash, personal spaces, and pages without a wanted label", async () => {
    await using confluence = await fakeConfluence();
    confluence.add(1, { labels: ["customer"] });
    confluence.add(2, { status: "archived" });
    confluence.add(3, { status: "trashed" });
    confluence.add(4, { spaceId: "9" });
    confluence.add(5, { labels: ["Customer"], isIndexed: false });
    confluence.add(6);
    expect(idsOf(await sourceOf(confluence).list(null, signal))).toEqual(["1", "5", "6"]);
    expect(idsOf(await sourceOf(confluence, { labels: "customer" }).list(null, signal))).toEqual(["1", "5"]);
    expect(idsOf(await sourceOf(confluence, { spaces: "~mia" }).list(null, signal))).toEqual(["4"]);
  });

  it("lists nothing when a space that is asked for cannot be seen", async () => {
    await using confluence = await fakeConfluence();
    confluence.add(1);
    const listing = sourceOf(confluence, { spaces: ["DOCS", "HR"] }).list(null, signal);
    await expect(listing).rejects.toThrow("Confluence shows no space HR, so nothing was changed");
  });

  it("lets a page below a restricted one be read by those who may read both", async () => {
    await using confluence = await fakeConfluence();
    confluence.add(1, { readers: groups("legal", "finance") });
    confluence.add(2, { parentId: "1", parentType: "page" });
    confluence.add(3, { parentId: "2", parentType: "page", readers: groups("finance", "sales") });
    await expect(aclOf(confluence, "2")).resolves.toEqual(["confluence:group:finance", "confluence:group:legal"]);
    await expect(aclOf(confluence, "3")).resolves.toEqual(["confluence:group:finance"]);
  });

  it("closes a page to all, and says so, when nobody is named at every level", async () => {
    await using confluence = await fakeConfluence();
    confluence.add(1, { readers: groups("legal") });
    confluence.add(2, { parentId: "1", parentType: "page", readers: { users: ["5b10-sara"], groups: [] } });
    const listing = await sourceOf(confluence).list(null, signal);
    await expect(aclOf(confluence, "2")).resolves.toEqual(["confluence:nobody"]);
    expect(listing.skipped).toMatchObject([{ externalId: "2#restrictions", code: "closed-to-all" }]);
  });

  it("asks for the restrictions of a page that the search index does not know yet", async () => {
    await using confluence = await fakeConfluence();
    confluence.add(1, { readers: groups("legal"), isIndexed: false });
    await expect(aclOf(confluence, "1")).resolves.toEqual(["confluence:group:legal"]);
  });

  it("follows folders up to their restrictions, and closes what lies in one that tells nothing", async () => {
    await using confluence = await fakeConfluence();
    confluence.folders.push({ id: "50", title: "Inside", parentId: "51", parentType: "folder" });
    confluence.folders.push({ id: "51", title: "Outside", parentId: null, parentType: null });
    confluence.folders.push({ id: "52", title: "Silent", parentId: null, parentType: null });
    confluence.folderReaders.set("50", groups()).set("51", groups("legal"));
    confluence.add(1, { parentId: "50", parentType: "folder" });
    confluence.add(2, { parentId: "52", parentType: "folder" });
    confluence.add(3, { parentId: "404", parentType: "folder" });
    await expect(aclOf(confluence, "1")).resolves.toEqual(["confluence:group:legal"]);
    await expect(aclOf(confluence, "2")).resolves.toEqual(["confluence:nobody"]);
    await expect(aclOf(confluence, "3")).resolves.toEqual(["confluence:nobody"]);
  });

  it("reads restrictions again, up to the top, of a page that was changed after it was listed", async () => {
    await using confluence = await fakeConfluence();
    confluence.add(1);
    confluence.add(2, { parentId: "1", parentType: "page" });
    confluence.add(3);
    const source = sourceOf(confluence);
    await source.list(null, signal);
    confluence.page("1").readers = groups("legal");
    confluence.edit("2", "<p>For the lawyers.</p>");
    const changed = await source.fetch({ externalId: "2", revision: null, known: null }, signal);
    expect(changed).toMatchObject({ facts: { acl: ["confluence:group:legal"] } });
    const before = confluence.requests.length;
    await source.fetch({ externalId: "3", revision: null, known: null }, signal);
    expect(confluence.requests.slice(before).filter((request) => request.includes("restriction"))).toEqual([]);
  });

  it("closes a page below one that is narrowed without a new version of either", async () => {
    await using confluence = await fakeConfluence();
    confluence.add(1);
    confluence.add(2, { parentId: "1", parentType: "page" });
    const source = sourceOf(confluence);
    const before = await source.list(null, signal);
    confluence.page("1").readers = groups("legal");
    const after = await source.list(before.cursor, signal);
    expect(after.items.map(({ revision }) => revision)).not.toContain(before.items[1]?.revision);
  });

  it.each([
    ["https://acme.atlassian.net/wiki/spaces/DOCS", {}, "m@x.org:abc", "location"],
    ["http://acme.atlassian.net/wiki", {}, "m@x.org:abc", "location"],
    ["https://wiki.acme.example", {}, "m@x.org:abc", "location"],
    ["https://acme.atlassian.net/wiki", { spaces: ["a b"] }, "m@x.org:abc", "options.spaces"],
    ["https://acme.atlassian.net/wiki", { labels: 'x" or type=blogpost' }, "m@x.org:abc", "options.labels"],
    ["https://acme.atlassian.net/wiki", {}, "token-alone", "SOURCE_WIKI_SECRET"],
  ])("refuses %s with %j and a secret of the wrong form", (location, options, secret, named) => {
    const record = { name: "wiki", kind: "confluence" as const, location, options };
    const read = (): unknown => readRecord(confluenceRules, record, secret);
    expect(read).toThrow(named);
    expect(read).not.toThrow(secret);
  });
});
