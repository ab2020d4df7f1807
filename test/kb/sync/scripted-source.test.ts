import { tmpdir } from "node:os";
import { beforeEach, expect, it } from "vitest";
import type { KnowledgeAdmin } from "../../../src/ports/knowledge.js";
import { countingEmbeddings } from "../../fakes/counting-embeddings.js";
import { ScriptedSource } from "../../fakes/scripted-source.js";
import { describeEachDatabase } from "../../support/database.js";
import { folderSource, syncToEnd, testKnowledge } from "../../support/knowledge.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";

const VERSIONS = `
  select document.external_id, version.number, version.edited_by, version.acl
    from document_version as version join document on document.id = version.document_id
   where version.tenant_id = $1 order by document.external_id, version.number`;

const KEEP = `update document set kept_at = now() where tenant_id = $1 and external_id = $2`;

describeEachDatabase("a sync of a place that tells of changes", (open) => {
  const own = tenantForEachTest(open);
  let place: ScriptedSource;
  let admin: KnowledgeAdmin;
  const embeddings = countingEmbeddings();

  beforeEach(async () => {
    place = new ScriptedSource();
    admin = testKnowledge(own.database, embeddings, { open: () => Promise.resolve(place) });
    await admin.addSource(own.tenant, folderSource(tmpdir()));
    for (let index = 0; index < 20; index += 1) place.texts.set(`${index}.md`, `Text ${index}.`);
  });

  const sync = (confirmRemovals = false) => syncToEnd(admin, "docs", { tenantId: own.tenant, confirmRemovals });
  const query = <Row extends object>(text: string, ...values: readonly unknown[]) =>
    own.database.withTenant(own.tenant, async (db) => (await db.query<Row>(text, [own.tenant, ...values])).rows);

  it("lists from where the last run ended, and leaves what is not listed as it is", async () => {
    place.listing = { cursor: "one" };
    await sync();
    place.texts.set("3.md", "Text three.");
    place.listing = { scope: "changes", ids: ["3.md"], removed: ["4.md"], cursor: "two" };

    const diff = await sync();
    await sync();

    expect(diff).toMatchObject({ state: "done", changed: ["3.md"], removed: ["4.md"], unchanged: 18, failed: [] });
    expect(place.cursors).toEqual([null, "one", "two"]);
  });

  it("holds a listing of changes that takes away more than a fifth, and lists the same again until it is confirmed", async () => {
    place.listing = { cursor: "one" };
    await sync();
    const removed = ["0.md", "1.md", "2.md", "3.md", "4.md"];
    place.listing = { scope: "changes", ids: [], removed, cursor: "two" };

    const held = await sync();
    const confirmed = await sync(true);
    await sync();

    expect(held).toMatchObject({ state: "held", removed: [], heldRemovals: removed });
    expect(confirmed).toMatchObject({ state: "done", removed, heldRemovals: [] });
    expect(place.cursors).toEqual([null, "one", "one", "two"]);
  });

  it("begins again at the same place after a run in which something failed", async () => {
    place.listing = { cursor: "one" };
    await sync();
    place.listing = { scope: "changes", ids: ["5.md", "new.md"], cursor: "two" };
    place.texts.set("5.md", "Text five.");

    const failed = await sync();
    place.texts.set("new.md", "New.");
    const mended = await sync();

    expect(failed).toMatchObject({
      state: "done",
      changed: ["5.md"],
      failed: [{ externalId: "new.md", code: "gone" }],
    });
    expect(mended).toMatchObject({ added: ["new.md"], failed: [] });
    expect(place.cursors).toEqual([null, "one", "one"]);
  });

  it("does not fetch an item of the same revision, and asks for others with the one they had", async () => {
    for (const id of place.texts.keys()) place.revisions.set(id, `${id}@1`);
    await sync();
    place.fetched.length = 0;
    place.revisions.set("1.md", "1.md@2");
    place.revisions.set("2.md", "2.md@2");
    place.texts.set("1.md", "Text one.");
    place.unchanged.add("2.md");

    const diff = await sync();

    expect(place.fetched).toEqual([
      { externalId: "1.md", revision: "1.md@2", known: "1.md@1" },
      { externalId: "2.md", revision: "2.md@2", known: "2.md@1" },
    ]);
    expect(diff).toMatchObject({ changed: ["1.md"], unchanged: 19, failed: [] });
  });

  it("leaves out the second of two items with one id, and says so", async () => {
    place.listing = { ids: ["0.md", "1.md", "1.md"] };

    await expect(sync()).resolves.toMatchObject({
      added: ["0.md", "1.md"],
      failed: [{ externalId: "1.md (again)", code: "duplicate-id" }],
    });
  });

  it("makes a new version when only the place says something else, and embeds nothing for it", async () => {
    place.listing = { ids: ["0.md"] };
    const facts = { title: null, url: null, updatedAt: null, acl: null };
    place.facts.set("0.md", { ...facts, editedBy: "Ann" });
    await sync();
    const embedded = embeddings.texts.length;
    place.facts.set("0.md", { ...facts, editedBy: "Bob" });

    const diff = await sync();

    expect(diff).toMatchObject({ changed: ["0.md"] });
    expect(embeddings.texts).toHaveLength(embedded);
    await expect(query(VERSIONS)).resolves.toEqual([
      { external_id: "0.md", number: 1, edited_by: "Ann", acl: ["public"] },
      { external_id: "0.md", number: 2, edited_by: "Bob", acl: ["public"] },
    ]);
  });

  it("leaves a document that a person wants kept, until it is found changed", async () => {
    await sync();
    await query(KEEP, "7.md");
    place.texts.delete("7.md");
    const kept = await sync();
    place.texts.set("7.md", "Text seven.");
    const found = await sync();
    place.texts.delete("7.md");
    const gone = await sync();

    expect(kept).toMatchObject({ state: "done", removed: [] });
    expect(found).toMatchObject({ changed: ["7.md"] });
    expect(gone).toMatchObject({ removed: ["7.md"] });
  });
});
