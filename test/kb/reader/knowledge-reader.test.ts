import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { createKnowledgeReader } from "../../../kb/reader/knowledge-reader.js";
import { newId } from "../../../src/ports/ids.js";
import { countingEmbeddings } from "../../fakes/counting-embeddings.js";
import { describeEachDatabase } from "../../support/database.js";
import { folderSource, syncToEnd, testFolder, testKnowledge } from "../../support/knowledge.js";

describeEachDatabase("opening a cited passage", (open) => {
  let database: OpenDatabase;
  let tenant: string;
  let count = 0;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(async () => database[Symbol.asyncDispose]());
  beforeEach(async () => {
    count += 1;
    tenant = `tenant-${count}`;
    await database.coordination.ensureInstallation(tenant, "web", `console-${count}`);
  });

  async function chunkWith(text: string): Promise<string> {
    const { rows } = await database.withTenant(tenant, (transaction) =>
      transaction.query<{ id: string }>("select id from chunk where tenant_id = $1 and body like $2", [
        tenant,
        `%${text}%`,
      ]),
    );
    return rows[0]!.id;
  }

  async function synced(files: Readonly<Record<string, string>>) {
    const folder = testFolder(files);
    const admin = testKnowledge(database, countingEmbeddings());
    await admin.addSource(tenant, folderSource(folder.location));
    await syncToEnd(admin, "docs", { tenantId: tenant });
    const reader = createKnowledgeReader(database);
    return { folder, admin, reader, [Symbol.dispose]: () => folder[Symbol.dispose]() };
  }

  const long = (word: string) => `${word} `.repeat(60);

  it("shows it in its document, in order", async () => {
    using knowledge = await synced({
      "a.md": `# Reset\n\n## One\n\n${long("alpha")}\n\n## Two\n\n${long("beta")}`,
    });
    const passage = await knowledge.reader.openPassage(tenant, ["public"], await chunkWith("beta"));
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
    await syncToEnd(knowledge.admin, "docs", { tenantId: tenant });

    for (const [chunkId, text] of [
      [changed, "Alpha old."],
      [removed, "Beta."],
    ] as const) {
      await expect(knowledge.reader.openPassage(tenant, ["public"], chunkId)).resolves.toMatchObject({
        isCurrent: false,
        chunks: [{ text, isCited: true }],
      });
    }
  });

  it("is not there for another audience, another tenant, or an id that is none", async () => {
    using knowledge = await synced({ "a.md": "---\naudience: staff\n---\nAlpha." });
    const chunkId = await chunkWith("Alpha.");
    await expect(knowledge.reader.openPassage(tenant, ["staff"], chunkId)).resolves.toMatchObject({ isCurrent: true });
    for (const [asTenant, audience, id] of [
      [tenant, ["public"], chunkId],
      [tenant, [], chunkId],
      ["tenant-other", ["staff"], chunkId],
      [tenant, ["staff"], newId()],
      [tenant, ["staff"], "not-an-id"],
    ] as const) {
      await expect(knowledge.reader.openPassage(asTenant, audience, id)).rejects.toMatchObject({ code: "not-found" });
    }
  });

  it("is closed in all its versions when the document is closed to the audience", async () => {
    using knowledge = await synced({ "a.md": "Alpha.", "b.md": "Beta." });
    const chunkId = await chunkWith("Alpha.");
    knowledge.folder.write("a.md", "---\naudience: staff\n---\nAlpha.");
    await syncToEnd(knowledge.admin, "docs", { tenantId: tenant });
    await expect(knowledge.reader.openPassage(tenant, ["public"], chunkId)).rejects.toMatchObject({
      code: "not-found",
    });
  });
});
