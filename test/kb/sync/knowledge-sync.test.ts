import { rmdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { UsageError } from "../../../src/ports/errors.js";
import { ModelError } from "../../../src/ports/models.js";
import { newId } from "../../../src/ports/ids.js";
import { countingEmbeddings } from "../../fakes/counting-embeddings.js";
import { describeEachDatabase } from "../../support/database.js";
import { folderSource, syncedKnowledge, syncToEnd, testFolder, testKnowledge } from "../../support/knowledge.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";

const CURRENT_BODIES = `
  select document.external_id, chunk.body
    from search_chunk
    join chunk on chunk.id = search_chunk.chunk_id
    join document on document.id = chunk.document_id and document.current_version_id = chunk.version_id
   where chunk.tenant_id = $1 and chunk.is_current
   order by document.external_id, chunk.ord`;

const RUNNING_RUN = `
  insert into sync_run (id, tenant_id, source_id, state, heartbeat_at)
    select $1::uuid, $2, id, 'running', clock_timestamp() - make_interval(secs => $3::int) from source where tenant_id = $2`;

describeEachDatabase("knowledge sync", (open) => {
  const own = tenantForEachTest(open);

  async function searchable(): Promise<Record<string, string[]>> {
    const { rows } = await own.database.withTenant(own.tenant, (transaction) =>
      transaction.query<{ external_id: string; body: string }>(CURRENT_BODIES, [own.tenant]),
    );
    const bodies: Record<string, string[]> = {};
    for (const row of rows) (bodies[row.external_id] ??= []).push(row.body);
    return bodies;
  }

  it("adds, changes and removes what the folder says", async () => {
    using folder = testFolder({ "a.md": "# A\n\nAlpha.", "b.md": "# B\n\nBeta.", "c.txt": "Gamma." });
    const { admin, first } = await syncedKnowledge(own, folder);
    folder.write("a.md", "# A\n\nAlpha two.");
    folder.remove("b.md");
    folder.write("sub/d.md", "# D\n\nDelta.");

    const second = await syncToEnd(admin, "docs", { tenantId: own.tenant });

    expect(first).toMatchObject({ state: "done", added: ["a.md", "b.md", "c.txt"], failed: [] });
    expect(second).toMatchObject({
      state: "done",
      added: ["sub/d.md"],
      changed: ["a.md"],
      removed: ["b.md"],
      unchanged: 1,
    });
    await expect(searchable()).resolves.toEqual({
      "a.md": ["Alpha two."],
      "c.txt": ["Gamma."],
      "sub/d.md": ["Delta."],
    });
    await expect(admin.lastDiff(own.tenant, "docs")).resolves.toEqual(second);
    await expect(admin.status(own.tenant)).resolves.toMatchObject([{ documents: 3, chunks: 3, lastRun: second }]);
  });

  it("asks for no embedding when nothing has changed, and only for changed chunks when something has", async () => {
    const page = (tail: string) =>
      `# A\n\n## One\n\n${"First section. ".repeat(30)}\n\n## Two\n\n${"Second. ".repeat(60)}${tail}`;
    using folder = testFolder({ "a.md": page("") });
    const { admin, embeddings } = await syncedKnowledge(own, folder);
    const before = embeddings.texts.length;

    const unchanged = await syncToEnd(admin, "docs", { tenantId: own.tenant });
    const afterUnchanged = embeddings.texts.length;
    folder.write("a.md", page("Changed."));
    await syncToEnd(admin, "docs", { tenantId: own.tenant });

    expect(before).toBe(2);
    expect(unchanged).toMatchObject({ unchanged: 1, changed: [] });
    expect(afterUnchanged).toBe(before);
    expect(embeddings.texts.slice(before)).toEqual([expect.stringContaining("Changed.")]);
  });

  it("takes a removed document back when it returns", async () => {
    using folder = testFolder({ "a.md": "Alpha.", "b.md": "Beta." });
    const { admin } = await syncedKnowledge(own, folder);
    folder.remove("b.md");
    await syncToEnd(admin, "docs", { tenantId: own.tenant });
    folder.write("b.md", "Beta.");

    await expect(syncToEnd(admin, "docs", { tenantId: own.tenant })).resolves.toMatchObject({ added: ["b.md"] });
    await expect(searchable()).resolves.toEqual({ "a.md": ["Alpha."], "b.md": ["Beta."] });
  });

  it("keeps the old version of a file that has become unreadable, and says why", async () => {
    using folder = testFolder({ "faq.csv": "question,answer\nWhy?,Because.\nHow?,Thus.\n", "b.md": "Beta." });
    const { admin } = await syncedKnowledge(own, folder);
    folder.write("faq.csv", 'question,answer\nWhy?,"Because.\nHow?,Thus.\n');

    const diff = await syncToEnd(admin, "docs", { tenantId: own.tenant });

    expect(diff).toMatchObject({ state: "done", removed: [], unchanged: 1 });
    expect(diff.failed).toEqual([
      { externalId: "faq.csv", code: "bad-syntax", message: expect.stringMatching(/line \d/u) as string },
    ]);
    await expect(searchable()).resolves.toEqual({
      "b.md": ["Beta."],
      "faq.csv#1": ["Because."],
      "faq.csv#2": ["Thus."],
    });
  });

  it("holds back the removal of more than a fifth until it is confirmed", async () => {
    const files = Array.from({ length: 15 }, (_, index) => [`${index}.md`, `Text ${index}.`] as const);
    using folder = testFolder(Object.fromEntries(files));
    const { admin } = await syncedKnowledge(own, folder);
    for (const index of [0, 1, 2, 3]) folder.remove(`${index}.md`);

    const held = await syncToEnd(admin, "docs", { tenantId: own.tenant });
    const answeredWhileHeld = Object.keys(await searchable()).length;
    const confirmed = await syncToEnd(admin, "docs", { tenantId: own.tenant, confirmRemovals: true });

    expect(held).toMatchObject({ state: "held", removed: [], heldRemovals: ["0.md", "1.md", "2.md", "3.md"] });
    expect(answeredWhileHeld).toBe(15);
    expect(confirmed).toMatchObject({ state: "done", removed: ["0.md", "1.md", "2.md", "3.md"], heldRemovals: [] });
    expect(Object.keys(await searchable())).toHaveLength(11);
  });

  it("removes nothing when the folder is empty, even if removals are confirmed", async () => {
    using folder = testFolder({ "a.md": "Alpha.", "b.md": "Beta." });
    const { admin } = await syncedKnowledge(own, folder);
    folder.remove("a.md");
    folder.remove("b.md");

    const diff = await syncToEnd(admin, "docs", { tenantId: own.tenant, confirmRemovals: true });

    expect(diff).toMatchObject({ state: "held", removed: [], heldRemovals: ["a.md", "b.md"] });
    expect(Object.keys(await searchable())).toEqual(["a.md", "b.md"]);
  });

  it("removes nothing when the folder is gone, and fails with its path", async () => {
    const folder = testFolder({ "a.md": "Alpha." });
    const { admin } = await syncedKnowledge(own, folder);
    folder[Symbol.dispose]();

    const diff = await syncToEnd(admin, "docs", { tenantId: own.tenant });

    expect(diff).toMatchObject({ state: "failed", removed: [], failed: [{ code: "source-unavailable" }] });
    expect(Object.keys(await searchable())).toEqual(["a.md"]);
  });

  it("removes nothing while a line of a corpus cannot be read", async () => {
    using folder = testFolder({
      "corpus.jsonl": '{"id":"1","title":"One","text":"A."}\n{"id":"2","title":"Two","text":"B."}\n',
    });
    const { admin } = await syncedKnowledge(own, folder);
    folder.write("corpus.jsonl", '{"id":"1","title":"One","text":"A."}\n{"id":"2","title":"Tw');

    const diff = await syncToEnd(admin, "docs", { tenantId: own.tenant });

    expect(diff).toMatchObject({
      state: "held",
      heldRemovals: ["2"],
      failed: [{ externalId: "line 2", code: "bad-syntax" }],
    });
  });

  it("keeps what an unreadable line of a corpus may stand for, even if removals are confirmed", async () => {
    using folder = testFolder({
      "corpus.jsonl": '{"id":"1","title":"One","text":"A."}\n{"id":"2","title":"Two","text":"B."}\n',
    });
    const { admin } = await syncedKnowledge(own, folder);
    folder.write("corpus.jsonl", '{"id":"1","title":"One","text":"A."}\n{"id":"2","title":"Tw');

    const diff = await syncToEnd(admin, "docs", { tenantId: own.tenant, confirmRemovals: true });

    expect(diff).toMatchObject({ state: "held", removed: [], heldRemovals: ["2"] });
    expect(Object.keys(await searchable())).toEqual(["1", "2"]);
  });

  it("keeps what lay below a folder that has become a link, even if removals are confirmed", async () => {
    using folder = testFolder({ "a.md": "Alpha.", "b.md": "Beta.", "sub/c.md": "Gamma." });
    using elsewhere = testFolder({ "c.md": "Gamma." });
    const { admin } = await syncedKnowledge(own, folder);
    folder.remove("b.md");
    folder.remove("sub/c.md");
    rmdirSync(path.join(folder.location, "sub"));
    symlinkSync(elsewhere.location, path.join(folder.location, "sub"));

    const diff = await syncToEnd(admin, "docs", { tenantId: own.tenant, confirmRemovals: true });

    expect(diff).toMatchObject({ removed: ["b.md"], failed: [{ externalId: "sub", code: "symlink" }] });
    expect(Object.keys(await searchable())).toEqual(["a.md", "sub/c.md"]);
  });

  it("goes on where an interrupted run stopped, without embedding anything twice", async () => {
    const files = Array.from({ length: 120 }, (_, index) => [`${index}.md`, `Text ${index}.`] as const);
    using folder = testFolder(Object.fromEntries(files));
    const embeddings = countingEmbeddings();
    const admin = testKnowledge(own.database, embeddings);
    await admin.addSource(own.tenant, folderSource(folder.location));
    for await (const step of admin.sync(own.tenant, "docs", { confirmRemovals: false }, new AbortController().signal)) {
      if (step.kind === "document") break;
    }
    const [stopped] = await admin.status(own.tenant);

    const diff = await syncToEnd(admin, "docs", { tenantId: own.tenant });

    expect(stopped).toMatchObject({ lastRun: { state: "failed", failed: [{ code: "interrupted" }] } });
    expect(stopped!.documents).toBeGreaterThan(0);
    expect(diff).toMatchObject({ state: "done", unchanged: stopped!.documents });
    expect(embeddings.texts).toHaveLength(120);
    expect(new Set(embeddings.texts).size).toBe(120);
  });

  it("keeps what is indexed when the embedding model is down, and goes on later", async () => {
    using folder = testFolder({ "a.md": "Alpha." });
    const { admin, embeddings } = await syncedKnowledge(own, folder);
    folder.write("a.md", "Alpha two.");
    embeddings.failNext(new ModelError("unreachable", "embed"));

    const failed = await syncToEnd(admin, "docs", { tenantId: own.tenant });
    const during = await searchable();
    const repaired = await syncToEnd(admin, "docs", { tenantId: own.tenant });

    expect(failed).toMatchObject({ state: "failed", failed: [{ code: "model" }] });
    expect(during).toEqual({ "a.md": ["Alpha."] });
    expect(repaired).toMatchObject({ state: "done", changed: ["a.md"] });
  });

  it("refuses a second run of a source while one is going on", async () => {
    using folder = testFolder({ "a.md": "Alpha." });
    const { admin } = await syncedKnowledge(own, folder);
    await own.database.withTenant(own.tenant, (transaction) =>
      transaction.query(RUNNING_RUN, [newId(), own.tenant, 5]),
    );

    await expect(syncToEnd(admin, "docs", { tenantId: own.tenant })).rejects.toThrow(UsageError);
  });

  it("takes over a run whose holder has died", async () => {
    using folder = testFolder({ "a.md": "Alpha." });
    const { admin } = await syncedKnowledge(own, folder);
    await own.database.withTenant(own.tenant, (transaction) =>
      transaction.query(RUNNING_RUN, [newId(), own.tenant, 600]),
    );

    await expect(syncToEnd(admin, "docs", { tenantId: own.tenant })).resolves.toMatchObject({ state: "done" });
  });

  it("writes nothing more once its source was removed", async () => {
    using folder = testFolder({ "a.md": "Alpha.", "b.md": "Beta." });
    const embeddings = countingEmbeddings();
    const admin = testKnowledge(own.database, embeddings);
    await admin.addSource(own.tenant, folderSource(folder.location));
    embeddings.duringNext(() => admin.removeSource(own.tenant, "docs"));

    await expect(syncToEnd(admin, "docs", { tenantId: own.tenant })).rejects.toMatchObject({
      code: "sync-taken-over",
    });
    await expect(searchable()).resolves.toEqual({});
  });

  const servingModels = (): Promise<readonly string[]> =>
    own.database.withTenant(own.tenant, async (db) => {
      const text = "select model from search_index where tenant_id = $1 and is_serving";
      return (await db.query<{ model: string }>(text, [own.tenant])).rows.map(({ model }) => model);
    });

  it("indexes what is there for a new embedding model, without new versions", async () => {
    using folder = testFolder({ "a.md": "Alpha.", "b.md": "Beta." });
    await syncedKnowledge(own, folder);
    const other = countingEmbeddings("other-model");

    const diff = await syncToEnd(testKnowledge(own.database, other), "docs", { tenantId: own.tenant });

    expect(diff).toMatchObject({ unchanged: 2, changed: [] });
    expect(other.texts).toHaveLength(2);
  });

  it("serves from the index of a new embedding model once that holds every source, and not before", async () => {
    using docs = testFolder({ "a.md": "Alpha." });
    const more = testFolder({ "b.md": "Beta." });
    const { admin } = await syncedKnowledge(own, docs);
    await admin.addSource(own.tenant, folderSource(more.location, { name: "more" }));
    await syncToEnd(admin, "more", { tenantId: own.tenant });
    more[Symbol.dispose]();
    const other = countingEmbeddings("other-model");
    const seen: (readonly string[])[] = [];
    const embed: typeof other.embed = async (texts, signal) => {
      seen.push(await servingModels());
      return other.embed(texts, signal);
    };
    const later = testKnowledge(own.database, { ...other, embed });

    await syncToEnd(later, "more", { tenantId: own.tenant });

    expect(seen).toEqual([["counting"], ["counting"]]);
    await expect(servingModels()).resolves.toEqual(["other-model"]);
  });

  it("reports what it passes over, and keeps the text of a file that holds none any more", async () => {
    using folder = testFolder({ "a.md": "Alpha.", "b.txt": "Beta.", "manual.rtf": "x", "sub/Plan.ODT": "x" });
    folder.write("photo.txt", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13));
    folder.write(".DS_Store", "x");
    const { admin, first } = await syncedKnowledge(own, folder);
    folder.write("b.txt", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13));

    const second = await syncToEnd(admin, "docs", { tenantId: own.tenant });

    expect(first).toMatchObject({ state: "done", added: ["a.md", "b.txt"], failed: [] });
    expect(first.skipped.map(({ externalId, code }) => [externalId, code])).toEqual([
      ["manual.rtf", "unsupported-kind"],
      ["sub/Plan.ODT", "unsupported-kind"],
      ["photo.txt", "binary-content"],
    ]);
    expect(first.skipped[0]?.message).toMatch(/^Files of the kind \.rtf are not read\. Save /u);
    expect(second).toMatchObject({ state: "done", removed: [], unchanged: 1 });
    expect(second.skipped.map((item) => item.externalId)).toContain("b.txt");
    await expect(searchable()).resolves.toEqual({ "a.md": ["Alpha."], "b.txt": ["Beta."] });
  });

  it("goes on past broken YAML, and says in which file and line it is and what to do", async () => {
    using folder = testFolder({
      "a.md": "---\ntitle: A: b\n---\nAlpha.",
      "b.md": "Beta.",
      "faq.yaml": "- question: Why?\n  answer: Because.\n- question: How?\n  answer: like this: so\n",
    });
    const { first } = await syncedKnowledge(own, folder);

    expect(first).toMatchObject({ state: "done", added: ["b.md"] });
    expect(first.failed).toEqual([
      { externalId: "a.md", code: "bad-front-matter", message: expect.stringMatching(/line 2\).*quotes/u) as string },
      { externalId: "faq.yaml", code: "bad-syntax", message: expect.stringMatching(/line 4\).*quotes/u) as string },
    ]);
  });

  it("refuses a source with a taken name, a path that is not there, or nobody who may read it", async () => {
    using folder = testFolder({ "a.md": "Alpha." });
    const { admin } = await syncedKnowledge(own, folder);

    await expect(admin.addSource(own.tenant, folderSource(folder.location))).rejects.toThrow(/named docs/u);
    await expect(admin.addSource(own.tenant, folderSource("/not/there", { name: "x" }))).rejects.toThrow(/not there/u);
    await expect(admin.addSource(own.tenant, folderSource(folder.location, { name: "y", acl: [] }))).rejects.toThrow(
      UsageError,
    );
  });

  it("gives a document the audience of its front matter, and everything else that of its source", async () => {
    using folder = testFolder({ "a.md": "---\naudience: [staff, partners]\n---\nAlpha.", "b.md": "Beta." });
    await syncedKnowledge(own, folder);

    const { rows } = await own.database.withTenant(own.tenant, (transaction) =>
      transaction.query<{ body: string; acl: string[] }>(
        "select body, acl from chunk where tenant_id = $1 order by body",
        [own.tenant],
      ),
    );

    expect(rows).toEqual([
      { body: "Alpha.", acl: ["partners", "staff"] },
      { body: "Beta.", acl: ["public"] },
    ]);
  });
});
