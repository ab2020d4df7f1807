import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sharepointKind } from "../../../kb/sources/sharepoint-kind.js";
import { sharepointRules } from "../../../kb/sources/sharepoint-options.js";
import { createSharepointSource } from "../../../kb/sources/sharepoint-source.js";
import type { FetchedItem, Source, SourceListing } from "../../../kb/sources/source.js";
import { networkSourceContract, type NetworkPlace } from "../../contracts/network-source-contract.js";
import { EVERYBODY_LINK, fakeGraph, forUser, MEMBERS, type FakeGraph } from "../../fakes/graph/fake-graph.js";

const signal = new AbortController().signal;
const DAY_MS = 86_400_000;

async function openPlace(): Promise<NetworkPlace> {
  const graph = await fakeGraph();
  for (const number of [1, 2, 3, 4, 5])
    graph.put(`01F${number}`, `guide-${number}.md`, `Guide number ${number} tells all.`);
  return {
    server: graph,
    record: { kind: "sharepoint", location: graph.location, options: {} },
    secret: graph.secret,
    workDirectory: "/nonexistent",
    documents: [1, 2, 3, 4, 5].map((number) => `01F${number}`),
    asksForDocument: /\/download\//u,
    change: (externalId, text) => graph.touch(externalId, { text }),
    remove: (externalId) => graph.remove(externalId),
    narrow(externalId) {
      graph.share(externalId, [forUser("anna-id")]);
      return ["entra:user:anna-id"];
    },
    [Symbol.asyncDispose]: () => graph[Symbol.asyncDispose](),
  };
}

networkSourceContract("sharepoint", openPlace);

describe("a document library", () => {
  let graph: FakeGraph;
  let now: Date;
  beforeEach(async () => {
    graph = await fakeGraph();
    now = new Date();
  });
  afterEach(() => graph[Symbol.asyncDispose]());

  function source(options: Readonly<Record<string, unknown>> = {}, location = graph.location): Source {
    return createSharepointSource({
      location,
      options: sharepointRules.options.parse(options),
      secret: graph.secret,
      fetch: graph.fetch,
      clock: { now: () => now },
    });
  }
  const idsOf = ({ items }: SourceListing): readonly string[] => items.map(({ externalId }) => externalId).toSorted();
  async function only(place: Source): Promise<FetchedItem> {
    const [item] = (await place.list(null, signal)).items;
    const fetched = await place.fetch({ ...item!, known: null }, signal);
    if (fetched === "unchanged") throw new Error("it was never read");
    return fetched;
  }

  it("gives files with their names, places and editors, and sends no token with a download", async () => {
    graph.put("01A", "Return-policy.md", "Within 30 days.");
    await expect(only(source())).resolves.toMatchObject({
      externalId: "01A",
      mediaType: "text/markdown",
      bytes: Buffer.from("Within 30 days."),
      facts: {
        title: "Return policy",
        url: "https://contoso.sharepoint.com/sites/support/Shared%20Documents/Return-policy.md",
        updatedAt: "2026-05-01T12:00:00Z",
        editedBy: "Mia",
        acl: null,
      },
    });
    expect(graph.seen.contentHeaders).toHaveLength(1);
    expect(graph.seen.contentHeaders[0]).not.toHaveProperty("authorization");
    expect(graph.seen.tokens).toBe(1);
  });

  it("says what it passes over, and that a file is too large", async () => {
    graph.put("01A", "film.mp4", "x");
    graph.put("01B", "huge.md", "x", { size: 10_000_001 });
    graph.put("01C", ".hidden.md", "x");
    graph.put("01D", "notes.md", "x");
    const listing = await source().list(null, signal);
    expect(idsOf(listing)).toEqual(["01D"]);
    expect(listing.skipped.map(({ externalId, code }) => `${externalId} ${code}`)).toEqual([
      "01A/film.mp4 unsupported-kind",
      "01B/huge.md too-large",
    ]);
  });

  it("takes a file for gone that grows too large or gets a hidden name, in changes and in a whole listing", async () => {
    for (const id of ["01A", "01B", "01C"]) graph.put(id, `${id}.md`, "x");
    const { cursor } = await source().list(null, signal);
    graph.touch("01A", { size: 10_000_001, permissions: [forUser("anna-id")] });
    graph.touch("01B", { name: ".other.md" });
    const changes = await source().list(cursor, signal);
    expect(changes).toMatchObject({ scope: "changes", items: [], removed: ["01A", "01B"] });
    const whole = await source().list(null, signal);
    expect([whole.scope, idsOf(whole)]).toEqual(["whole", ["01C"]]);
    // What is known of an id is kept while that id is told as skipped.
    for (const { skipped } of [changes, whole]) {
      expect(skipped).toMatchObject([{ externalId: "01A/01A.md", code: "too-large" }]);
    }
  });

  it("reads permissions again of a file that was changed after it was listed, after its text", async () => {
    graph.put("01A", "a.md", "x");
    graph.put("01B", "b.md", "x");
    const place = source();
    const [changed, same] = (await place.list(null, signal)).items;
    graph.touch("01A", { text: "For Anna alone.", permissions: [forUser("anna-id")] });
    const before = graph.requests.length;
    await expect(place.fetch({ ...changed!, known: null }, signal)).resolves.toMatchObject({
      bytes: Buffer.from("For Anna alone."),
      facts: { acl: ["entra:user:anna-id"] },
    });
    expect(graph.requests.at(-1)).toContain("/items/01A/permissions");
    await place.fetch({ ...same!, known: null }, signal);
    expect(graph.requests.slice(before).filter((request) => request.includes("/01B/permissions"))).toEqual([]);
  });

  it("asks only for what changed, and takes a file of a kind that is not read any more for gone", async () => {
    for (const id of ["01A", "01B", "01C"]) graph.put(id, `${id}.md`, "x");
    const { cursor } = await source().list(null, signal);
    graph.touch("01A", { name: "01A.mp4" });
    graph.remove("01B");
    graph.put("01D", "new.md", "x");
    const second = await source().list(cursor, signal);
    expect(second).toMatchObject({ scope: "changes", removed: ["01A", "01B"] });
    expect(idsOf(second)).toEqual(["01D"]);
    expect([...graph.seen.prefer]).toContain("deltashowsharingchanges");
  });

  it("lists everything again when Graph forgot, a folder changed, the days are over or the library is open to others", async () => {
    graph.put("01A", "a.md", "x");
    const scopeAfter = async (happens: () => void): Promise<string> => {
      const { cursor } = await source().list(null, signal);
      happens();
      return (await source().list(cursor, signal)).scope;
    };
    await expect(scopeAfter(() => undefined)).resolves.toBe("changes");
    const forget = (): void => {
      graph.put("01B", "b.md", "x");
      graph.forgetBefore();
    };
    await expect(scopeAfter(forget)).resolves.toBe("whole");
    await expect(scopeAfter(() => graph.put("01F", "folder", "", { folder: true }))).resolves.toBe("whole");
    await expect(scopeAfter(() => graph.touch("01B", { isDeleted: true, isBare: true }))).resolves.toBe("whole");
    await expect(scopeAfter(() => (now = new Date(now.getTime() + 7 * DAY_MS)))).resolves.toBe("whole");
    await expect(scopeAfter(() => (graph.libraryPermissions = [forUser("anna-id")]))).resolves.toBe("whole");
    const { cursor } = await source().list(null, signal);
    expect((await source({ permissions: "source" }).list(cursor, signal)).scope).toBe("whole");
    expect((await source().list("nonsense", signal)).scope).toBe("whole");
  });

  const group = { id: "g", roles: ["read"], grantedToV2: { group: { id: "group-id" } } };
  const owners = { id: "o", roles: ["owner"], grantedToV2: { siteGroup: { id: "3" } } };
  const people = {
    id: "p",
    roles: ["read"],
    link: { scope: "users" },
    grantedToIdentitiesV2: [{ user: { id: "ben-id" } }],
  };
  const everybody = {
    id: "e",
    roles: ["read"],
    grantedToV2: { siteUser: { loginName: "c:0-.f|rolemanager|spo-grid-all-users/tenant" } },
  };
  it.each([
    ["what the library grants", [MEMBERS, owners], null],
    ["a link for the organisation", [forUser("anna-id"), EVERYBODY_LINK], null],
    ["a link for anybody", [{ roles: ["read"], link: { scope: "anonymous" } }], null],
    ["everybody of the organisation", [everybody], null],
    [
      "people, groups and those of a link",
      [forUser("anna-id"), group, people],
      ["entra:group:group-id", "entra:user:anna-id", "entra:user:ben-id"],
    ],
    ["one of the site's groups, which is not all", [owners], ["sharepoint:group:3"]],
    [
      "a link that has run out",
      [{ ...EVERYBODY_LINK, expirationDateTime: "2020-01-01T00:00:00Z" }, group],
      ["entra:group:group-id"],
    ],
    ["a link with a password", [{ ...EVERYBODY_LINK, hasPassword: true }, group], ["entra:group:group-id"]],
    ["nothing but a link with a password", [{ ...EVERYBODY_LINK, hasPassword: true }], ["sharepoint:nobody"]],
    ["a link without a password", [{ ...EVERYBODY_LINK, hasPassword: false }], null],
    [
      "a link that grants nothing",
      [{ roles: ["read"], link: { scope: "existingAccess" } }, group],
      ["entra:group:group-id"],
    ],
    ["nobody", [], ["sharepoint:nobody"]],
    ["no right to read", [{ ...EVERYBODY_LINK, roles: ["sp.limitedAccess"] }], ["sharepoint:nobody"]],
  ])("a file with %s is read by them alone", async (_, permissions, acl) => {
    graph.libraryPermissions = [MEMBERS, owners];
    graph.put("01A", "a.md", "x", { permissions });
    expect((await only(source())).facts?.acl).toEqual(acl);
    expect((await only(source({ permissions: "source" }))).facts?.acl).toBeNull();
  });

  it("reads contents from Microsoft's hosts alone, and no page in place of a file", async () => {
    graph.put("01A", "a.md", "x");
    graph.contentType = "text/html; charset=utf-8";
    await expect(only(source())).rejects.toMatchObject({ code: "login-page" });
    graph.contentHost = "sharepoint.com.evil.test";
    await expect(only(source())).rejects.toMatchObject({ code: "no-download" });
    expect(graph.seen.contentHeaders).toHaveLength(1);
  });

  it("a file that is gone meanwhile is told as that", async () => {
    graph.put("01A", "a.md", "x");
    const place = source();
    const [item] = (await place.list(null, signal)).items;
    graph.remove("01A");
    await expect(place.fetch({ ...item!, known: null }, signal)).rejects.toMatchObject({ code: "gone" });
  });

  it("signs in again before its token runs out", async () => {
    graph.put("01A", "a.md", "x");
    const place = source();
    await place.list(null, signal);
    now = new Date(now.getTime() + 3_400_000);
    await place.list(null, signal);
    expect(graph.seen.tokens).toBe(2);
  });

  it("says when there is no such site or library, and which there are", async () => {
    await expect(source({}, "https://contoso.sharepoint.com/sites/other").list(null, signal)).rejects.toThrow(
      /no site at https:\/\/contoso\.sharepoint\.com\/sites\/other/u,
    );
    await expect(source({}, `${graph.location}/Secrets`).list(null, signal)).rejects.toThrow(
      /It has: Manuals, Documents/u,
    );
    graph.put("01A", "a.md", "x");
    expect(idsOf(await source({}, `${graph.location}/Shared%20Documents`).list(null, signal))).toEqual(["01A"]);
  });

  it("finds a library beside one whose address cannot be decoded", async () => {
    graph.otherLibrary = "https://contoso.sharepoint.com/sites/support/100%25%";
    graph.put("01A", "a.md", "x");
    expect(idsOf(await source({}, `${graph.location}/Shared%20Documents`).list(null, signal))).toEqual(["01A"]);
  });

  it("a wrong client secret is told as that, without it", async () => {
    const secret = `${graph.secret}x`;
    const place = createSharepointSource({
      location: graph.location,
      options: sharepointRules.options.parse({}),
      secret,
      fetch: graph.fetch,
    });
    const listing = place.list(null, signal);
    await expect(listing).rejects.toThrow(/Microsoft Entra does not accept the secret.*may have expired/su);
    await expect(listing).rejects.not.toThrow("with~colon");
  });
});

describe("a source of the kind sharepoint", () => {
  const check = (location: string) =>
    sharepointKind.check({ name: "files", kind: "sharepoint", location, options: {} }, {
      secretOf: () => "contoso.onmicrosoft.com:66666666-7777-8888-9999-000000000000:secret~value",
    } as never);

  it.each([
    "https://contoso.sharepoint.com/sites/support",
    "https://contoso.sharepoint.com/sites/support/Shared%20Documents/",
    "https://contoso-my.sharepoint.com/personal/mia_contoso_com",
    "https://contoso.sharepoint.us/teams/help",
    "https://contoso.sharepoint.com",
  ])("is %s", async (location) => {
    await expect(check(location)).resolves.toBeUndefined();
  });

  it.each([
    "https://contoso.sharepoint.com.evil.test/sites/a",
    "http://contoso.sharepoint.com/sites/a",
    "https://contoso.sharepoint.com/sites",
    "https://contoso.sharepoint.com/sites/a/b/c",
    "https://contoso.sharepoint.com/:f:/s/a/token?e=1",
    "https://contoso.sharepoint.com/sites/a/100%",
    "https://contoso.sharepoint.com/sites/a%ff/Documents",
  ])("is not %s", async (location) => {
    await expect(check(location)).rejects.toThrow("location: is https://TENANT.sharepoint.com/sites/NAME");
  });
});
