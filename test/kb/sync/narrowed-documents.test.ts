import { tmpdir } from "node:os";
import { beforeEach, expect, it } from "vitest";
import type { KnowledgeAdmin } from "../../../src/ports/knowledge.js";
import { ModelError } from "../../../src/ports/models.js";
import { countingEmbeddings, type CountingEmbeddings } from "../../fakes/counting-embeddings.js";
import { ScriptedSource } from "../../fakes/scripted-source.js";
import { describeEachDatabase } from "../../support/database.js";
import { folderSource, syncedKnowledge, syncToEnd, testFolder, testKnowledge } from "../../support/knowledge.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";

const READERS = `
  select document.external_id, indexed.acl, chunk.body
    from search_chunk as indexed
    join document on document.id = indexed.document_id
    join chunk on chunk.id = indexed.chunk_id
   where indexed.tenant_id = $1 order by document.external_id, chunk.ord`;

describeEachDatabase("a document that fewer people may read", (open) => {
  const own = tenantForEachTest(open);
  let place: ScriptedSource;
  let embeddings: CountingEmbeddings;
  let admin: KnowledgeAdmin;

  beforeEach(async () => {
    place = new ScriptedSource();
    embeddings = countingEmbeddings();
    admin = testKnowledge(own.database, embeddings, { open: () => Promise.resolve(place) });
    await admin.addSource(own.tenant, folderSource(tmpdir()));
    for (const id of ["a", "b", "c", "d", "e", "f"]) place.texts.set(id, `Text of ${id}.`);
  });

  const sync = () => syncToEnd(admin, "docs", { tenantId: own.tenant });
  const readBy = (id: string, ...acl: readonly string[]) =>
    place.facts.set(id, { title: null, url: null, updatedAt: null, editedBy: null, acl });

  interface Readers {
    readonly external_id: string;
    readonly acl: string[];
    readonly body: string;
  }

  async function readers(id: string): Promise<readonly Readers[]> {
    const { rows } = await own.database.withTenant(own.tenant, (db) => db.query<Readers>(READERS, [own.tenant]));
    return rows.filter((row) => row.external_id === id);
  }

  it("is closed to the others though its new text is empty, and is as it was when all is taken back", async () => {
    await sync();
    place.texts.set("a", "");
    readBy("a", "staff");
    const emptied = await sync();
    const closed = await readers("a");
    const again = await sync();
    place.texts.set("a", "Text of a.");
    place.facts.delete("a");
    const mended = await sync();

    expect(emptied).toMatchObject({ state: "done", removed: [], failed: [{ externalId: "a", code: "empty" }] });
    expect(closed).toEqual([{ external_id: "a", acl: ["staff"], body: "Text of a." }]);
    expect(again).toMatchObject({ failed: [{ externalId: "a", code: "empty" }] });
    expect(mended).toMatchObject({ changed: ["a"], failed: [] });
    await expect(readers("a")).resolves.toMatchObject([{ acl: ["public"] }]);
    await expect(readers("b")).resolves.toMatchObject([{ acl: ["public"] }]);
  });

  it("is closed though its new text is no text any more", async () => {
    await sync();
    place.texts.set("a", "\u0089PNG\u0000\u0000\u0000\r");
    readBy("a", "staff");

    await expect(sync()).resolves.toMatchObject({ skipped: [{ externalId: "a" }] });
    await expect(readers("a")).resolves.toMatchObject([{ acl: ["staff"] }]);
  });

  it("is open to those alone who could read it before as well, and to nobody where there are none", async () => {
    readBy("a", "staff", "sales");
    readBy("b", "staff");
    await sync();
    for (const id of ["a", "b"]) {
      place.texts.set(id, "");
      readBy(id, "sales", "press");
    }
    await sync();

    await expect(readers("a")).resolves.toMatchObject([{ acl: ["sales"] }]);
    await expect(readers("b")).resolves.toMatchObject([{ acl: [expect.stringMatching(/^nobody:/u)] }]);
  });

  it("that says so itself is closed though it says nothing else", async () => {
    using folder = testFolder({ "a.md": "Alpha.", "b.md": "Beta." });
    const source = folderSource(folder.location, { name: "pages" });
    const pages = testKnowledge(own.database, embeddings);
    await pages.addSource(own.tenant, source);
    await syncToEnd(pages, "pages", { tenantId: own.tenant });
    folder.write("a.md", "---\naudience: staff\n---\n# A\n");

    const diff = await syncToEnd(pages, "pages", { tenantId: own.tenant });

    expect(diff).toMatchObject({ failed: [{ externalId: "a.md", code: "empty" }] });
    await expect(readers("a.md")).resolves.toMatchObject([{ acl: ["staff"] }]);
  });

  it("is closed while the embedding model is down, and gets its new text when that is back", async () => {
    await sync();
    place.texts.set("a", "Changed first.");
    place.texts.set("f", "Secret of f.");
    readBy("f", "staff");
    embeddings.failNext(new ModelError("unreachable", "embed"));

    const failed = await sync();
    const during = await readers("f");
    const mended = await sync();

    expect(failed).toMatchObject({ state: "failed", changed: [], failed: [{ code: "model" }] });
    expect(during).toEqual([{ external_id: "f", acl: ["staff"], body: "Text of f." }]);
    expect(mended).toMatchObject({ state: "done", changed: ["a", "f"] });
    await expect(readers("f")).resolves.toMatchObject([{ acl: ["staff"], body: "Secret of f." }]);
  });

  it("is closed by a later batch than the one at which the embedding model failed", async () => {
    for (let index = 0; index < 400; index += 1) place.texts.set(`g${index}`, `Page ${index}. ${"Words. ".repeat(20)}`);
    await sync();
    for (let index = 0; index < 399; index += 1) place.texts.set(`g${index}`, `Other ${index}.`);
    place.texts.delete("g399");
    for (let index = 0; index < 800; index += 1) place.texts.set(`new${index}`, `New page ${index}.`);
    place.texts.set("g399", "Last of all.");
    readBy("g399", "staff");
    place.fetched.length = 0;
    const down = { ...embeddings, embed: () => Promise.reject(new ModelError("unreachable", "embed")) };
    const later = testKnowledge(own.database, down, { open: () => Promise.resolve(place) });

    const failed = await syncToEnd(later, "docs", { tenantId: own.tenant });

    expect(failed).toMatchObject({ state: "failed", failed: [{ code: "model" }] });
    await expect(readers("g399")).resolves.toMatchObject([{ acl: ["staff"] }]);
    expect(place.fetched.map(({ externalId }) => externalId)).not.toContain("new799");
  });
});

describeEachDatabase("a sync whose embedding model is down", (open) => {
  const own = tenantForEachTest(open);

  it("takes away what is gone all the same, and ends as failed", async () => {
    using folder = testFolder({ "a.md": "Alpha.", "b.md": "Beta.", "c.md": "Gamma." });
    const { admin, embeddings } = await syncedKnowledge(own, folder);
    folder.remove("a.md");
    folder.write("d.md", "Delta.");
    embeddings.failNext(new ModelError("unreachable", "embed"));

    const failed = await syncToEnd(admin, "docs", { tenantId: own.tenant });
    const [status] = await admin.status(own.tenant);
    const mended = await syncToEnd(admin, "docs", { tenantId: own.tenant });

    expect(failed).toMatchObject({ state: "failed", added: [], removed: ["a.md"], failed: [{ code: "model" }] });
    expect(status).toMatchObject({ documents: 2 });
    expect(mended).toMatchObject({ state: "done", added: ["d.md"], removed: [], unchanged: 2 });
  });

  it("holds removals that wait for a person as every other does", async () => {
    const names = Array.from({ length: 10 }, (_, index) => `${index}.md`);
    using folder = testFolder(Object.fromEntries(names.map((name) => [name, `Text of ${name}.`])));
    const { admin, embeddings } = await syncedKnowledge(own, folder);
    for (const name of names.slice(0, 4)) folder.remove(name);
    folder.write("new.md", "New.");
    embeddings.failNext(new ModelError("unreachable", "embed"));

    await expect(syncToEnd(admin, "docs", { tenantId: own.tenant })).resolves.toMatchObject({
      state: "failed",
      removed: [],
      heldRemovals: names.slice(0, 4),
    });
  });

  it("says that it failed when its end cannot be recorded", async () => {
    using folder = testFolder({ "a.md": "Alpha." });
    const { database } = own;
    const broken = {
      withTenant: <T>(
        tenantId: string,
        work: (db: Parameters<Parameters<typeof database.withTenant>[1]>[0]) => Promise<T>,
      ) =>
        database.withTenant(tenantId, (db) =>
          work({
            query: (text, values) =>
              text.includes("finished_at = clock_timestamp(), added")
                ? Promise.reject(new Error("the disk is full"))
                : db.query(text, values),
          }),
        ),
    };
    const admin = testKnowledge(broken, countingEmbeddings());
    await admin.addSource(own.tenant, folderSource(folder.location));

    const diff = await syncToEnd(admin, "docs", { tenantId: own.tenant });

    expect(diff).toMatchObject({ state: "failed", added: ["a.md"], failed: [{ code: "end-not-recorded" }] });
  });
});
