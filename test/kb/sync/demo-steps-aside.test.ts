import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { createKnowledgeAudit } from "../../../kb/lifecycle/audit-store.js";
import { createKnowledgeEntries } from "../../../kb/lifecycle/entry-store.js";
import { createKnowledgeReader } from "../../../kb/reader/knowledge-reader.js";
import { createChunkIndexer } from "../../../kb/search/chunk-indexer.js";
import { createKnowledgeSearch } from "../../../kb/search/knowledge-search.js";
import { NotFoundError } from "../../../src/ports/errors.js";
import { newId } from "../../../src/ports/ids.js";
import type { KnowledgeAdmin } from "../../../src/ports/knowledge.js";
import { ModelError } from "../../../src/ports/models.js";
import { countingEmbeddings } from "../../fakes/counting-embeddings.js";
import { describeEachDatabase } from "../../support/database.js";
import { folderSource, syncToEnd, testFolder, testKnowledge } from "../../support/knowledge.js";
import type { TestFolder } from "../../support/knowledge.js";

const unaborted = new AbortController().signal;

const RUNS_LOOK_DEAD = `
  update sync_run set heartbeat_at = clock_timestamp() - make_interval(secs => 600) where tenant_id = $1`;

describeEachDatabase("demo documents and the first documents of one's own", (open) => {
  let database: OpenDatabase;
  let tenantId: string;
  let count = 0;
  const embeddings = countingEmbeddings();

  beforeAll(async () => {
    database = await open();
  });
  afterAll(async () => database[Symbol.asyncDispose]());
  beforeEach(async () => {
    count += 1;
    tenantId = `tenant-${count}`;
    await database.coordination.ensureInstallation(tenantId, "web", `console-${count}`);
  });

  async function found(...audience: string[]) {
    const search = createKnowledgeSearch({ database, embeddings });
    const { passages } = await search.search({ tenantId, text: "reset the router", audience, limit: 10 }, unaborted);
    return passages;
  }

  async function foundNames(): Promise<readonly string[]> {
    return (await found("public", "staff")).map((passage) => passage.externalId).sort();
  }

  async function names(admin: KnowledgeAdmin): Promise<readonly string[]> {
    return (await admin.status(tenantId)).map((source) => source.name);
  }

  async function withDemo(own: TestFolder, ownName = "docs"): Promise<KnowledgeAdmin> {
    using demo = testFolder({
      "demo.md": "Reset the router as the demo says.",
      "staff.md": "---\naudience: staff\n---\nReset the router of the staff.",
    });
    const admin = testKnowledge(database, embeddings);
    await admin.addSource(tenantId, folderSource(demo.location, { name: "demo", isDemo: true }));
    await syncToEnd(admin, "demo", { tenantId });
    await admin.addSource(tenantId, folderSource(own.location, { name: ownName }));
    return admin;
  }

  it("are both there until a sync of one's own has ended with a document", async () => {
    using own = testFolder({ "own.md": "Reset the router." });
    const admin = await withDemo(own);
    const before = await admin.status(tenantId);
    const foundBefore = await foundNames();

    const diff = await syncToEnd(admin, "docs", { tenantId });

    expect(before.map(({ name, endsDemo }) => [name, endsDemo])).toEqual([
      ["docs", true],
      ["demo", false],
    ]);
    expect(foundBefore).toEqual(["demo.md", "staff.md"]);
    expect(diff).toMatchObject({ state: "done", added: ["own.md"], demo: "stepped-aside" });
    await expect(foundNames()).resolves.toEqual(["own.md"]);
    await expect(admin.status(tenantId)).resolves.toMatchObject([{ name: "docs", endsDemo: false }]);
    await expect(syncToEnd(admin, "docs", { tenantId })).resolves.toMatchObject({ demo: null });
    await expect(syncToEnd(admin, "demo", { tenantId })).rejects.toThrow(NotFoundError);
  });

  it.each(["learned", "entries"] as const)("goes on with the demo beside what is in the source %s", async (source) => {
    using own = testFolder({ "own.md": "Reset the router." });
    const admin = await withDemo(own);
    const indexer = createChunkIndexer({ embeddings });
    const entries = createKnowledgeEntries({ database, indexer, newId, fourEyes: false });
    const entry = {
      question: "How do I reset the router?",
      answer: "Hold the button.",
      variants: [],
      validUntil: null,
    };
    const { entryId } = await entries.release(tenantId, { ...entry, entryId: newId(), source, writtenBy: "a" }, "b");

    const diff = await syncToEnd(admin, source, { tenantId });

    expect(diff).toMatchObject({ state: "done", added: [entryId], demo: "answering" });
    await expect(foundNames()).resolves.toEqual([entryId, "demo.md", "staff.md"].sort());
    const status = await admin.status(tenantId);
    expect(status.find(({ name }) => name === source)).toMatchObject({ endsDemo: false });
    await expect(syncToEnd(admin, "docs", { tenantId })).resolves.toMatchObject({ demo: "stepped-aside" });
    await expect(foundNames()).resolves.toEqual([entryId, "own.md"].sort());
  });

  it("leaves what was cited of the demo open to whoever could read it, as no longer current", async () => {
    using own = testFolder({ "own.md": "Reset the router." });
    const admin = await withDemo(own);
    const [cited] = await found("public");
    const forStaff = (await found("staff")).find((passage) => passage.externalId === "staff.md");
    await syncToEnd(admin, "docs", { tenantId });

    const reader = createKnowledgeReader(database);

    const opened = await reader.openPassage(tenantId, ["public"], cited!.chunkId);
    expect(opened).toMatchObject({ externalId: "demo.md", isCurrent: false, chunks: [{ text: cited!.text }] });
    await expect(reader.openPassage(tenantId, ["staff"], forStaff!.chunkId)).resolves.toMatchObject({
      isCurrent: false,
    });
    await expect(reader.openPassage(tenantId, ["public"], forStaff!.chunkId)).rejects.toThrow(NotFoundError);
  });

  it("goes on with the demo when the sync brings no document, is stopped, or fails", async () => {
    using own = testFolder({ "notes.rtf": "x" });
    const admin = await withDemo(own);

    const empty = await syncToEnd(admin, "docs", { tenantId });
    own.write("own.md", "Reset the router.");
    embeddings.failNext(new ModelError("unreachable", "embed"));
    const failed = await syncToEnd(admin, "docs", { tenantId });
    for await (const step of admin.sync(tenantId, "docs", { confirmRemovals: false }, unaborted)) {
      if (step.kind === "listed") break;
    }
    const [stopped] = await admin.status(tenantId);
    const foundMeanwhile = await foundNames();
    own.remove("own.md");
    own.remove("notes.rtf");
    const gone = await syncToEnd(admin, "docs", { tenantId });
    own.write("own.md", "Reset the router.");
    const done = await syncToEnd(admin, "docs", { tenantId });

    expect(empty).toMatchObject({ state: "done", demo: "answering", skipped: [{ externalId: "notes.rtf" }] });
    expect(failed).toMatchObject({ state: "failed", demo: "answering" });
    expect(stopped).toMatchObject({ name: "docs", endsDemo: true, lastRun: { state: "failed", demo: "answering" } });
    expect(foundMeanwhile).toEqual(["demo.md", "staff.md"]);
    expect(gone).toMatchObject({ demo: "answering" });
    expect(done).toMatchObject({ state: "done", demo: "stepped-aside" });
    await expect(foundNames()).resolves.toEqual(["own.md"]);
  });

  it("does all of it or nothing: a step that breaks leaves the demo whole, and the next sync does it", async () => {
    using own = testFolder({ "own.md": "Reset the router." });
    const admin = await withDemo(own);
    const indexer = createChunkIndexer({ embeddings });
    const breaking = testKnowledge(database, embeddings, {
      indexer: {
        ...indexer,
        async retire(...given) {
          await indexer.retire(...given);
          throw new Error("the process ends here");
        },
      },
    });

    const broken = await syncToEnd(breaking, "docs", { tenantId });
    const foundAfterwards = await foundNames();
    await database.withTenant(tenantId, (transaction) => transaction.query(RUNS_LOOK_DEAD, [tenantId]));
    const next = await syncToEnd(admin, "docs", { tenantId });

    expect(broken).toMatchObject({ state: "failed", demo: null, failed: [{ code: "end-not-recorded" }] });
    expect(foundAfterwards).toEqual(["demo.md", "own.md", "staff.md"]);
    expect(next).toMatchObject({ state: "done", unchanged: 1, demo: "stepped-aside" });
    await expect(foundNames()).resolves.toEqual(["own.md"]);
  });

  it("ends a sync of the demo that is going on: nothing of it comes back", async () => {
    using own = testFolder({ "own.md": "Reset the router." });
    const admin = await withDemo(own);
    using larger = testFolder({ "0.md": "Reset the router 0.", "1.md": "Reset the router 1." });
    await admin.updateSource(tenantId, folderSource(larger.location, { name: "demo", isDemo: true }));
    embeddings.duringNext(() => syncToEnd(admin, "docs", { tenantId }));

    const run = syncToEnd(admin, "demo", { tenantId, confirmRemovals: true });

    await expect(run).rejects.toMatchObject({ code: "sync-taken-over" });
    await expect(foundNames()).resolves.toEqual(["own.md"]);
  });

  it("steps aside once when two sources end their first sync at the same time", async () => {
    using own = testFolder({ "own.md": "Reset the router." });
    using other = testFolder({ "other.md": "Reset the router." });
    const admin = await withDemo(own);
    await admin.addSource(tenantId, folderSource(other.location, { name: "other" }));

    const diffs = await Promise.all(["docs", "other"].map((name) => syncToEnd(admin, name, { tenantId })));

    const audit = await createKnowledgeAudit({ database, newId }).newest(tenantId, 10);

    expect(diffs.map((diff) => diff.state)).toEqual(["done", "done"]);
    expect(diffs.map((diff) => diff.demo)).toContain("stepped-aside");
    expect(audit.filter(({ action }) => action === "step-aside")).toMatchObject([
      {
        actor: "deskhand",
        sourceName: "demo",
        detail: { after: expect.stringMatching(/^(?:docs|other)$/u) as string },
      },
    ]);
    await expect(foundNames()).resolves.toEqual(["other.md", "own.md"]);
  });

  it("gives its name to a source of one's own, before and after it has stepped aside", async () => {
    using own = testFolder({ "own.md": "Reset the router." });
    const admin = await withDemo(own, "demo");
    const before = await names(admin);
    await syncToEnd(admin, "demo", { tenantId });
    await admin.removeSource(tenantId, "demo");
    await admin.addSource(tenantId, folderSource(own.location, { name: "Deskhand demo" }));

    expect(before).toEqual(["demo", "Deskhand demo"]);
    await expect(names(admin)).resolves.toEqual(["Deskhand demo"]);
  });

  it("comes back as a new one where it is added again", async () => {
    using own = testFolder({ "own.md": "Reset the router." });
    const admin = await withDemo(own);
    await syncToEnd(admin, "docs", { tenantId });
    await admin.removeSource(tenantId, "docs");

    await admin.addSource(tenantId, folderSource(own.location, { name: "demo", isDemo: true }));
    await syncToEnd(admin, "demo", { tenantId });

    await expect(names(admin)).resolves.toEqual(["demo"]);
    await expect(foundNames()).resolves.toEqual(["own.md"]);
  });
});
