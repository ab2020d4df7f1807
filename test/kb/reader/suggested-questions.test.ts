import { expect, it } from "vitest";
import { suggestedQuestions } from "../../../kb/reader/suggested-questions.js";
import { describeEachDatabase } from "../../support/database.js";
import { syncedKnowledge, testFolder } from "../../support/knowledge.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";

const sheet = (questions: readonly string[]) =>
  ["question,answer", ...questions.map((question) => `"${question}","An answer about ${question}"`)].join("\n");

describeEachDatabase("questions offered before the first one is asked", (open) => {
  const own = tenantForEachTest(open);

  async function offered(files: Readonly<Record<string, string>>, limit: number): Promise<readonly string[]> {
    using folder = testFolder(files);
    await syncedKnowledge(own, folder);
    return await suggestedQuestions(own.database, own.tenant, ["public"], limit);
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
