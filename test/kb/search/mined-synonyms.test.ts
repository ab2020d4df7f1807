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
    (await synonyms.of("default", audience))?.find(text).flatMap(({ others }) => others) ?? [];

  it("finds what writes it out by the abbreviation, and the other way round", async () => {
    expect(lexical(await search("how is the ztl raised"))).toContain("change.md");
    expect(lexical(await search("alert of zone transfer limits"))).toContain("short.md");
    expect(lexical(await search("ztl", { abbreviations: false }))).not.toContain("change.md");
  });

  it("says in the analysis what was searched for as well", async () => {
    const { analysis } = await search("raise the ztl");
    expect(analysis.terms.find(({ term }) => term === "ztl")).toMatchObject({ synonyms: ["Zone transfer limits"] });
  });

  it("takes none out of documents that somebody may not read", async () => {
    expect(await meanings(house([]), "ztl")).toEqual(["Zone transfer limits"]);
    expect(await meanings(house([]), "ztl", ["group:nobody"])).toEqual([]);
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
    expect(await meanings(synonyms, "qrp")).toEqual(["Quick return parcels"]);
  });
});
