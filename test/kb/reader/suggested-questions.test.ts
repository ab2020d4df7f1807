import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { suggestedQuestions } from "../../../kb/reader/suggested-questions.js";
import { countingEmbeddings } from "../../fakes/counting-embeddings.js";
import { describeEachDatabase } from "../../support/database.js";
import { folderSource, syncToEnd, testFolder, testKnowledge } from "../../support/knowledge.js";

const sheet = (questions: readonly string[]) =>
  ["question,answer", ...questions.map((question) => `"${question}","An answer about ${question}"`)].join("\n");

describeEachDatabase("questions offered before the first one is asked", (open) => {
  let database: OpenDatabase;
  let tenant: string;
  let count = 0;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(async () => database[Symbol.asyncDispose]());
  beforeEach(async () => {
    count += 1;
    tenant = `suggest-${count}`;
    await database.coordination.ensureInstallation(tenant, "web", `console-suggest-${count}`);
  });

  async function offered(files: Readonly<Record<string, string>>, limit: number): Promise<readonly string[]> {
    using folder = testFolder(files);
    const admin = testKnowledge(database, countingEmbeddings());
    await admin.addSource(tenant, folderSource(folder.location));
    await syncToEnd(admin, "docs", { tenantId: tenant });
    return await suggestedQuestions(database, tenant, ["public"], limit);
  }

  it("come from different sheets before a sheet gives a second one", async () => {
    const files = {
      "faq/billing.csv": sheet(["Can I pay by card?", "Can I pay monthly?"]),
      "faq/returns.csv": sheet(["How do I send a thing back?"]),
      "faq/wifi.csv": sheet(["Which band is used at home?"]),
    };

    await expect(offered(files, 4)).resolves.toEqual([
      "Can I pay by card?",
      "How do I send a thing back?",
      "Which band is used at home?",
      "Can I pay monthly?",
    ]);
  });

  it("are the shortest of a sheet's first entries, not the shortest of all", async () => {
    const questions = ["What is a rather long first question?", "Is it two?", "Is it three?", "Is it 4th?", "Is it 5?"];

    await expect(offered({ "faq/all.csv": sheet([...questions, "Why?"]) }, 2)).resolves.toEqual([
      "Is it 5?",
      "Is it two?",
    ]);
  });

  it("are offered once when two sheets have the same", async () => {
    const files = { "faq/a.csv": sheet(["Can I pay by card?"]), "faq/b.csv": sheet(["Can I pay by card?"]) };

    await expect(offered(files, 3)).resolves.toEqual(["Can I pay by card?"]);
  });

  it("are none where there are only pages", async () => {
    await expect(offered({ "manual/reset.md": "# Reset\n\nHold the button." }, 3)).resolves.toEqual([]);
  });
});
