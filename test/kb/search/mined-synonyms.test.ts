import { afterAll, beforeAll, expect, it } from "vitest";
import { createHashedEmbeddings } from "../../../infra/models/local/hashed-embeddings.js";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { HouseSynonyms } from "../../../kb/search/house-synonyms.js";
import { createKnowledgeSearch, type SearchOptions } from "../../../kb/search/knowledge-search.js";
import type { SynonymGroup } from "../../../kb/search/synonyms.js";
import type { SearchResult } from "../../../src/ports/knowledge.js";
import { describeEachDatabase } from "../../support/database.js";
import { folderSource, syncToEnd, testFolder, testKnowledge } from "../../support/knowledge.js";

const PAGES = {
  "glossary.md": "# Words\n\nZone transfer limits (ZTL) are set by the provider.",
  "change.md": "# Raising limits\n\nZone transfer limits are raised in the settings of the zone.",
  "short.md": "# Alerts\n\nAn alert is sent when the ZTL is reached.",
  "sales.md": "# Kiosk sales items (KSIs)\n\nThey are counted daily.",
  "other.md": "# Other\n\nTransfers of money take a day.",
};

describeEachDatabase("abbreviations that documents explain", (open) => {
  let database: OpenDatabase;
  const embeddings = createHashedEmbeddings();

  beforeAll(async () => {
    database = await open();
    const admin = testKnowledge(database, embeddings);
    using pages = testFolder(PAGES);
    await admin.addSource("default", folderSource(pages.location));
    await syncToEnd(admin);
  }, 60_000);
  afterAll(() => database[Symbol.asyncDispose]());

  const search = (text: string, options: SearchOptions = {}, audience = ["public"]): Promise<SearchResult> =>
    createKnowledgeSearch({ database, embeddings, ...options }).search(
      { tenantId: "default", text, audience, limit: 5 },
      new AbortController().signal,
    );
  const lexical = ({ passages }: SearchResult): readonly string[] =>
    passages.filter(({ scores }) => scores.lexical > 0).map(({ externalId }) => externalId);
  const house = (told: readonly SynonymGroup[], now = () => 0) =>
    new HouseSynonyms({ database, told, mines: true, now });
  const meanings = async (synonyms: HouseSynonyms, text: string, audience = ["public"]): Promise<readonly string[]> =>
    (await synonyms.find("default", audience, text)).flatMap(({ others }) => others);

  it("finds what writes it out by the abbreviation, and the other way round", async () => {
    expect(lexical(await search("how is the ztl raised"))).toContain("change.md");
    expect(lexical(await search("alert of zone transfer limits"))).toContain("short.md");
    expect(lexical(await search("ztl", { abbreviations: false }))).not.toContain("change.md");
  });

  it("says in the analysis what was searched for as well", async () => {
    const { analysis } = await search("raise the ztl");
    expect(analysis.terms.find(({ term }) => term === "ztl")).toMatchObject({
      synonyms: ["ZTLs", "Zone transfer limits"],
    });
  });

  it("takes none out of documents that somebody may not read, whoever asked before", async () => {
    const synonyms = house([]);
    expect(await meanings(synonyms, "ztl", ["group:nobody"])).toEqual([]);
    expect(await meanings(synonyms, "ztl")).toEqual(["ZTLs", "Zone transfer limits"]);
    expect(await meanings(synonyms, "ztl", ["group:nobody"])).toEqual([]);
  });

  it("takes none out of another tenant's documents", async () => {
    await database.coordination.ensureInstallation("other", "web", "console");
    const synonyms = house([]);
    expect(await meanings(synonyms, "ztl")).not.toEqual([]);
    expect(await synonyms.find("other", ["public"], "ztl")).toEqual([]);
  });

  it("knows the plural of an abbreviation", async () => {
    expect(await meanings(house([]), "all ztls")).toContain("Zone transfer limits");
    expect(await meanings(house([]), "my ksi")).toEqual(["KSIs", "Kiosk sales items"]);
    expect(await meanings(house([]), "all ksis")).toEqual(["KSI", "Kiosk sales items"]);
  });

  it("leaves the word to the house where it was told one", async () => {
    expect(await meanings(house([{ words: ["ZTL", "zonal toll"] }]), "ztl")).toEqual(["zonal toll"]);
  });

  it("knows within a minute what is explained since", async () => {
    let now = 0;
    const synonyms = house([], () => now);
    expect(await meanings(synonyms, "qrp")).toEqual([]);
    const admin = testKnowledge(database, embeddings);
    using more = testFolder({ "more.md": "# More\n\nQuick return parcels (QRP) are collected." });
    await admin.addSource("default", folderSource(more.location, { name: "more" }));
    await syncToEnd(admin, "more");
    expect(await meanings(synonyms, "qrp")).toEqual([]);
    now = 60_000;
    expect(await meanings(synonyms, "qrp")).toEqual(["QRPs", "Quick return parcels"]);
  });

  it("says none of a document that is gone, at once", async () => {
    const admin = testKnowledge(database, embeddings);
    using folder = testFolder({
      "gone.md": "# Gone\n\nQuiet restructuring tasks (QRT) begin.",
      "stays.md": "# Stays",
    });
    await admin.addSource("default", folderSource(folder.location, { name: "gone" }));
    await syncToEnd(admin, "gone");
    const synonyms = house([]);
    expect(await meanings(synonyms, "qrt")).toEqual(["QRTs", "Quiet restructuring tasks"]);
    folder.remove("gone.md");
    await syncToEnd(admin, "gone", { confirmRemovals: true });
    expect(await meanings(synonyms, "qrt")).toEqual([]);
  });

  it("reads again after a read that failed", async () => {
    let isDown = true;
    const flaky: Pick<OpenDatabase, "withTenant"> = {
      withTenant: (...call) => (isDown ? Promise.reject(new Error("down")) : database.withTenant(...call)),
    };
    const synonyms = new HouseSynonyms({ database: flaky, told: [], mines: true, now: () => 0 });
    await expect(meanings(synonyms, "ztl")).rejects.toThrow("down");
    isDown = false;
    expect(await meanings(synonyms, "ztl")).toEqual(["ZTLs", "Zone transfer limits"]);
  });
});
