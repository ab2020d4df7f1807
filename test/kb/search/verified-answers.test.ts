import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createVerifiedAnswers } from "../../../kb/search/verified-answers.js";
import { countingEmbeddings } from "../../fakes/counting-embeddings.js";
import { describeEachDatabase } from "../../support/database.js";
import { folderSource, syncToEnd, testFolder, testKnowledge } from "../../support/knowledge.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";

const RESET = {
  question: "How do I reset the Hub?",
  answer: "Hold its button for **10 seconds**.",
  variants: ["Factory reset of the Hub"],
};
const PRICE = { question: "What does Pro cost?", answer: "12 euros a month." };

function faq(...entries: readonly object[]): Record<string, string> {
  return { "faq.json": JSON.stringify(entries) };
}

describeEachDatabase("verified answers", (open) => {
  const own = tenantForEachTest(open);

  async function scene(files: Record<string, string>, acl: readonly string[] = ["public"]) {
    const embeddings = countingEmbeddings();
    const admin = testKnowledge(own.database, embeddings);
    const folder = testFolder(files);
    await admin.addSource(own.tenant, folderSource(folder.location, { acl }));
    const sync = () => syncToEnd(admin, "docs", { tenantId: own.tenant });
    await sync();
    const write = (changed: Record<string, string>) => {
      for (const [name, text] of Object.entries(changed)) writeFileSync(join(folder.location, name), text);
    };
    return { admin, folder, sync, write, embeddings };
  }

  async function find(text: string, audience: readonly string[] = ["public"], tenantId = own.tenant) {
    return (await createVerifiedAnswers(own.database).find({ tenantId, text, audience }))?.text ?? null;
  }

  it("are found by the question and by its other wordings, and by nothing that is only like them", async () => {
    const { embeddings } = await scene(faq(RESET, PRICE));
    const before = embeddings.texts.length;

    await expect(find("Hello, how do I reset my Hub?")).resolves.toBe(RESET.answer);
    await expect(find("factory reset of the hub")).resolves.toBe(RESET.answer);
    await expect(find("How do I reset the camera?")).resolves.toBeNull();
    await expect(find("How do I reset the Hub and the camera?")).resolves.toBeNull();
    await expect(find("reset")).resolves.toBeNull();
    expect(embeddings.texts).toHaveLength(before);
  });

  it("are none for a page, whatever its title", async () => {
    await scene({ "reset.md": "# How do I reset the Hub?\n\nHold its button." });

    await expect(find("How do I reset the Hub?")).resolves.toBeNull();
  });

  it("are none where two entries have the same question", async () => {
    await scene(faq(RESET, { ...RESET, answer: "Pull the plug." }));

    await expect(find(RESET.question)).resolves.toBeNull();
  });

  it("are none where an answer is too long to be quoted in one piece", async () => {
    const answer = Array.from({ length: 900 }, (_, index) => `Step ${index} is to press the button again.`).join(
      "\n\n",
    );
    await scene(faq({ ...RESET, answer }));

    await expect(find(RESET.question)).resolves.toBeNull();
  });

  it("are seen only by those who may read the entry, and only in their tenant", async () => {
    await scene(faq({ ...RESET, audience: "staff" }, { ...PRICE, audience: "staff" }, PRICE));

    await expect(find(RESET.question)).resolves.toBeNull();
    await expect(find(RESET.question, [])).resolves.toBeNull();
    await expect(find(RESET.question, ["staff"])).resolves.toBe(RESET.answer);
    await expect(find(RESET.question, ["staff"], "another")).resolves.toBeNull();
    // What somebody may not read does not show by what is missing either.
    await expect(find(PRICE.question)).resolves.toBe(PRICE.answer);
    await expect(find(PRICE.question, ["public", "staff"])).resolves.toBeNull();
  });

  it("are closed with their source's audience, before the next sync", async () => {
    const { admin, folder } = await scene(faq(RESET));

    await admin.updateSource(own.tenant, folderSource(folder.location, { acl: ["staff"] }));

    await expect(find(RESET.question)).resolves.toBeNull();
  });

  it("change and go with their entry", async () => {
    const { sync, write } = await scene(faq(RESET, PRICE));

    write(faq({ ...RESET, question: "How do I restart the Hub?", variants: [], answer: "Press it." }));
    await sync();

    await expect(find(RESET.question)).resolves.toBeNull();
    await expect(find("Factory reset of the Hub")).resolves.toBeNull();
    await expect(find(PRICE.question)).resolves.toBeNull();
    await expect(find("How do I restart the Hub?")).resolves.toBe("Press it.");
  });

  it("are given only while they are in force", async () => {
    await scene(faq({ ...RESET, valid_until: "2020-01-01" }, { ...PRICE, valid_from: "2020-01-01" }));

    await expect(find(RESET.question)).resolves.toBeNull();
    await expect(find(PRICE.question)).resolves.toBe(PRICE.answer);
  });

  it("go with their source at once", async () => {
    const { admin } = await scene(faq(RESET));

    await admin.removeSource(own.tenant, "docs");

    await expect(find(RESET.question)).resolves.toBeNull();
  });
});
