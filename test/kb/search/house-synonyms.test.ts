import { afterAll, beforeAll, expect, it } from "vitest";
import { createHashedEmbeddings } from "../../../infra/models/local/hashed-embeddings.js";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { createKnowledgeSearch } from "../../../kb/search/knowledge-search.js";
import type { SynonymGroup } from "../../../kb/search/synonyms.js";
import type { SearchResult } from "../../../src/ports/knowledge.js";
import { describeEachDatabase } from "../../support/database.js";
import { folderSource, syncToEnd, testFolder, testKnowledge } from "../../support/knowledge.js";

const PAGES = {
  "invoices.md": "# Paying\n\nAn invoice is paid within thirty days. Ask for a copy of the invoice.",
  "bills.md": "# Paying\n\nA bill is paid within thirty days. Ask for a copy of the bill.",
  "codes.md": "# Sign-in\n\nTwo factor authentication asks for a code of your phone at each sign-in.",
  "halves.md": "# Two ways\n\nThere are two ways to the office, and the traffic is a factor.",
  "trains.md": "# Trains\n\nTrains leave each hour.",
};
const SYNONYMS: readonly SynonymGroup[] = [
  { words: ["invoice", "bill", "zorbon"] },
  { words: ["two-factor authentication", "2FA"] },
];

describeEachDatabase("the knowledge search with the house's synonyms", (open) => {
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

  const ask = (text: string, synonyms = SYNONYMS): Promise<SearchResult> =>
    createKnowledgeSearch({ database, embeddings, synonyms }).search(
      { tenantId: "default", text, audience: ["public"], limit: 5 },
      new AbortController().signal,
    );
  const idsOf = ({ passages }: SearchResult): readonly string[] => passages.map(({ externalId }) => externalId);

  it("finds what says the synonym, after what says the word itself", async () => {
    expect(idsOf(await ask("copy of the bill")).slice(0, 2)).toEqual(["bills.md", "invoices.md"]);
    expect(idsOf(await ask("copy of the invoice")).slice(0, 2)).toEqual(["invoices.md", "bills.md"]);
    expect([...idsOf(await ask("zorbon")).slice(0, 2)].sort()).toEqual(["bills.md", "invoices.md"]);
  });

  it("finds a phrase by its short form", async () => {
    const [without] = (await ask("2fa", [])).passages;
    const found = await ask("how does 2fa work");

    expect(without?.scores.lexical ?? 0).toBe(0);
    expect(idsOf(found)[0]).toBe("codes.md");
    expect(found.analysis.restated).toBe("how does two-factor authentication work");
  });

  it("tells in the analysis what was looked for", async () => {
    const { analysis } = await ask("copy of the zorbon");
    expect(analysis.terms).toContainEqual({
      term: "zorbon",
      idf: 0,
      known: false,
      synonyms: ["invoice", "bill"],
    });
    expect(analysis.restated).toMatch(/^copy of the (?:invoice|bill)$/u);
  });

  it("finds the same as ever for a question without any", async () => {
    const text = "when do trains leave";
    const [found, without] = [await ask(text), await ask(text, [])];
    expect(found).toEqual({ ...without, timings: found.timings });
  });
});
