import { expect, it } from "vitest";
import { createKnowledgeSearch } from "../../../kb/search/knowledge-search.js";
import { countingEmbeddings } from "../../fakes/counting-embeddings.js";
import { describeEachDatabase } from "../../support/database.js";
import { syncedKnowledge, syncToEnd, testFolder } from "../../support/knowledge.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";

const TABLES = `
  select relname as name from pg_class
   where relnamespace = 'public'::regnamespace and relkind = 'r' and has_table_privilege(oid, 'select')
   order by relname`;

const PURGE = `delete from source where tenant_id = $1`;

const CANARY = "xylocanary";
/** As it is indexed. */
const STEM = "xylocanar";

describeEachDatabase("the words of a document that is gone", (open) => {
  const own = tenantForEachTest(open);

  /** Names of the tables in which a row holds the word, as it is written or as it is searched for. */
  async function holding(word: string): Promise<readonly string[]> {
    return own.database.withTenant(own.tenant, async (db) => {
      const { rows: tables } = await db.query<{ name: string }>(TABLES);
      expect(tables.length).toBeGreaterThan(20);
      const found: string[] = [];
      for (const { name } of tables) {
        const text = `select from "${name}" as each where position($1 in lower(each::text)) > 0 limit 1`;
        if ((await db.query(text, [word])).rows.length > 0) found.push(name);
      }
      return found;
    });
  }

  async function search(text: string, ...audience: string[]): Promise<readonly string[]> {
    const searching = createKnowledgeSearch({ database: own.database, embeddings: countingEmbeddings() });
    const query = { tenantId: own.tenant, text, audience, limit: 10 };
    const { passages } = await searching.search(query, new AbortController().signal);
    return passages.map((passage) => passage.externalId);
  }

  it("stand in its history alone, and nowhere once that is purged", async () => {
    using folder = testFolder({ "a.md": `# Secret\n\nThe ${CANARY} opens it.`, "b.md": "Beta." });
    const { admin } = await syncedKnowledge(own, folder);
    const before = await holding(STEM);
    folder.remove("a.md");
    await syncToEnd(admin, "docs", { tenantId: own.tenant });
    const after = await holding(STEM);
    const found = await search(CANARY, "public");
    await own.database.withTenant(own.tenant, (db) => db.query(PURGE, [own.tenant]));

    expect(before).toEqual(["chunk", "document_version", "search_posting", "search_term"]);
    expect(after).toEqual(["chunk", "document_version"]);
    expect(found).not.toContain("a.md");
    await expect(holding(STEM)).resolves.toEqual([]);
  });

  it("that were taken out of a page are not searched for, and the page is still found by the others", async () => {
    using folder = testFolder({ "a.md": `# Router\n\nThe ${CANARY} resets the router.` });
    const { admin } = await syncedKnowledge(own, folder);
    folder.write("a.md", "# Router\n\nA button resets the router.");
    await syncToEnd(admin, "docs", { tenantId: own.tenant });

    await expect(holding(STEM)).resolves.toEqual(["chunk", "document_version"]);
    await expect(search("router button", "public")).resolves.toEqual(["a.md"]);
  });

  it("are shown to nobody any more who may not read it since it was restricted", async () => {
    using folder = testFolder({ "a.md": `The ${CANARY} opens it.`, "b.md": "Beta." });
    const { admin } = await syncedKnowledge(own, folder);
    const open = await search(CANARY, "public");
    folder.write("a.md", `---\naudience: staff\n---\nThe ${CANARY} opens it.`);
    await syncToEnd(admin, "docs", { tenantId: own.tenant });

    expect(open).toContain("a.md");
    await expect(search(CANARY, "public")).resolves.not.toContain("a.md");
    await expect(search(CANARY, "staff")).resolves.toContain("a.md");
  });

  it("are found and cited only within the document's dates", async () => {
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const page = (from: string, until: string) =>
      `---\nvalid_from: ${from}\nvalid_until: ${until}\n---\nThe ${CANARY}.`;
    using folder = testFolder({
      "over.md": page(day(-9), day(-1)),
      "coming.md": page(day(1), day(9)),
      "today.md": page(day(0), day(0)),
    });
    const { first } = await syncedKnowledge(own, folder);

    expect(first.added).toHaveLength(3);
    await expect(search(CANARY, "public")).resolves.toEqual(["today.md"]);
  });
});
