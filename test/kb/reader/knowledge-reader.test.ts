import { expect, it } from "vitest";
import { createKnowledgeReader } from "../../../kb/reader/knowledge-reader.js";
import { newId } from "../../../src/ports/ids.js";
import { describeEachDatabase } from "../../support/database.js";
import { syncedKnowledge, syncToEnd, testFolder } from "../../support/knowledge.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";

describeEachDatabase("opening a cited passage", (open) => {
  const own = tenantForEachTest(open);

  async function chunkWith(text: string): Promise<string> {
    const { rows } = await own.database.withTenant(own.tenant, (transaction) =>
      transaction.query<{ id: string }>("select id from chunk where tenant_id = $1 and body like $2", [
        own.tenant,
        `%${text}%`,
      ]),
    );
    return rows[0]!.id;
  }

  async function synced(files: Readonly<Record<string, string>>) {
    const folder = testFolder(files);
    const { admin } = await syncedKnowledge(own, folder);
    const reader = createKnowledgeReader(own.database);
    return { folder, admin, reader, [Symbol.dispose]: () => folder[Symbol.dispose]() };
  }

  const long = (word: string) => `${word} `.repeat(60);

  it("shows it in its document, in order", async () => {
    using knowledge = await synced({
      "a.md": `# Reset\n\n## One\n\n${long("alpha")}\n\n## Two\n\n${long("beta")}`,
    });
    const passage = await knowledge.reader.openPassage(own.tenant, ["public"], await chunkWith("beta"));
    expect(passage).toMatchObject({ title: "Reset", headingPath: ["Two"], externalId: "a.md", isCurrent: true });
    expect(passage.chunks.map((chunk) => [chunk.headingPath, chunk.isCited])).toEqual([
      [["One"], false],
      [["Two"], true],
    ]);
  });

  it("shows the version that was cited after a change or a removal, and says that it is not current", async () => {
    using knowledge = await synced({ "a.md": "Alpha old.", "b.md": "Beta." });
    const changed = await chunkWith("Alpha old.");
    const removed = await chunkWith("Beta.");
    knowledge.folder.write("a.md", "Alpha new.");
    knowledge.folder.remove("b.md");
    await syncToEnd(knowledge.admin, "docs", { tenantId: own.tenant });

    for (const [chunkId, text] of [
      [changed, "Alpha old."],
      [removed, "Beta."],
    ] as const) {
      await expect(knowledge.reader.openPassage(own.tenant, ["public"], chunkId)).resolves.toMatchObject({
        isCurrent: false,
        chunks: [{ text, isCited: true }],
      });
    }
  });

  it("is not there for another audience, another tenant, or an id that is none", async () => {
    using knowledge = await synced({ "a.md": "---\naudience: staff\n---\nAlpha." });
    const chunkId = await chunkWith("Alpha.");
    await expect(knowledge.reader.openPassage(own.tenant, ["staff"], chunkId)).resolves.toMatchObject({
      isCurrent: true,
    });
    for (const [asTenant, audience, id] of [
      [own.tenant, ["public"], chunkId],
      [own.tenant, [], chunkId],
      ["tenant-other", ["staff"], chunkId],
      [own.tenant, ["staff"], newId()],
      [own.tenant, ["staff"], "not-an-id"],
    ] as const) {
      await expect(knowledge.reader.openPassage(asTenant, audience, id)).rejects.toMatchObject({ code: "not-found" });
    }
  });

  it("is closed in all its versions when the document is closed to the audience", async () => {
    using knowledge = await synced({ "a.md": "Alpha.", "b.md": "Beta." });
    const chunkId = await chunkWith("Alpha.");
    knowledge.folder.write("a.md", "---\naudience: staff\n---\nAlpha.");
    await syncToEnd(knowledge.admin, "docs", { tenantId: own.tenant });
    await expect(knowledge.reader.openPassage(own.tenant, ["public"], chunkId)).rejects.toMatchObject({
      code: "not-found",
    });
  });

  it("stays closed when a document that was closed is removed, and is opened by those who could read it last", async () => {
    using knowledge = await synced({ "a.md": "Alpha.", "b.md": "Beta." });
    const chunkId = await chunkWith("Alpha.");
    knowledge.folder.write("a.md", "---\naudience: staff\n---\nAlpha for staff.");
    await syncToEnd(knowledge.admin, "docs", { tenantId: own.tenant });
    const closed = await chunkWith("Alpha for staff.");
    knowledge.folder.remove("a.md");
    await syncToEnd(knowledge.admin, "docs", { tenantId: own.tenant });

    await expect(knowledge.reader.openPassage(own.tenant, ["public"], chunkId)).rejects.toMatchObject({
      code: "not-found",
    });
    await expect(knowledge.reader.openPassage(own.tenant, ["staff"], closed)).resolves.toMatchObject({
      isCurrent: false,
    });
  });
});
