import { setTimeout as pause } from "node:timers/promises";
import { beforeEach, expect, it } from "vitest";
import { CHUNKER, type Chunker } from "../../../kb/chunking/chunk-document.js";
import { createChunkIndexer } from "../../../kb/search/chunk-indexer.js";
import type { KnowledgeAdmin } from "../../../src/ports/knowledge.js";
import { countingEmbeddings, type CountingEmbeddings } from "../../fakes/counting-embeddings.js";
import { describeEachDatabase } from "../../support/database.js";
import { folderSource, syncToEnd, testFolder, testKnowledge } from "../../support/knowledge.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";

const INDEXES = `
  select index.model, index.dimensions, index.chunker, index.is_serving, count(embedded.chunk_id)::int as chunks
    from search_index as index
    left join chunk_embedding as embedded on embedded.index_id = index.id
   where index.tenant_id = $1 group by index.id order by index.created_at`;

const UNEMBEDDED = `
  select chunk_id from search_chunk as indexed
   where tenant_id = $1 and not exists (select from chunk_embedding as embedded where embedded.chunk_id = indexed.chunk_id)`;

const AN_HOUR_LATER = `
  update search_index set served_until = served_until - interval '61 minutes' where tenant_id = $1`;

const A_ROLL_OUT_LATER = `
  update search_index set served_until = served_until - interval '16 minutes' where tenant_id = $1`;

const CUT_ANEW = `
  with hashes as (update document_version set hash = 'cut by another chunker' where tenant_id = $1)
  update source_item set fingerprint = 'cut by another chunker', revision = null where tenant_id = $1`;

const READABLE = `
  select document.external_id from search_chunk as indexed join document on document.id = indexed.document_id
   where indexed.tenant_id = $1 order by document.external_id`;

describeEachDatabase("embeddings", (open) => {
  const own = tenantForEachTest(open);
  let embeddings: CountingEmbeddings;
  let admin: KnowledgeAdmin;

  beforeEach(() => {
    embeddings = countingEmbeddings();
    admin = testKnowledge(own.database, embeddings);
  });

  const sync = (name = "docs", by = admin) => syncToEnd(by, name, { tenantId: own.tenant, confirmRemovals: true });
  const query = <Row extends object>(text: string) =>
    own.database.withTenant(own.tenant, async (db) => (await db.query<Row>(text, [own.tenant])).rows);

  it("of one text are made once, whether it stands twice in a source or in two sources", async () => {
    using docs = testFolder({ "a/page.md": "# Page\n\nThe same.", "b/page.md": "# Page\n\nThe same." });
    using more = testFolder({ "c.md": "# Page\n\nThe same.", "d.md": "# Page\n\nAnother." });
    await admin.addSource(own.tenant, folderSource(docs.location));
    await admin.addSource(own.tenant, folderSource(more.location, { name: "more" }));
    await sync();
    await sync("more");

    expect(embeddings.texts).toEqual(["Page\nThe same.", "Page\nAnother."]);
    await expect(query(UNEMBEDDED)).resolves.toEqual([]);
  });

  it("go with the last chunk that says the text: nothing of it is kept", async () => {
    using docs = testFolder({ "a.md": "Alpha.", "b.md": "Beta." });
    await admin.addSource(own.tenant, folderSource(docs.location));
    await sync();
    docs.remove("a.md");
    await sync();
    const [index] = await query<{ chunks: number }>(INDEXES);
    docs.write("a.md", "Alpha.");
    await sync();

    expect(index?.chunks).toBe(1);
    expect(embeddings.texts.filter((text) => text.includes("Alpha"))).toHaveLength(2);
  });

  it("that were to be copied and are gone when they should be are made after all", async () => {
    using docs = testFolder({ "a.md": "# Page\n\nThe same." });
    using more = testFolder({ "b.md": "# Page\n\nThe same.", "c.md": "# Page\n\nAnother." });
    await admin.addSource(own.tenant, folderSource(docs.location));
    await admin.addSource(own.tenant, folderSource(more.location, { name: "more" }));
    await sync();
    // Between the look at what is known and the write, while the other text is embedded.
    embeddings.duringNext(() => admin.removeSource(own.tenant, "docs"));

    await expect(sync("more")).resolves.toMatchObject({ state: "done", added: ["b.md", "c.md"] });
    expect(embeddings.texts.filter((text) => text.includes("The same"))).toHaveLength(2);
    await expect(query(UNEMBEDDED)).resolves.toEqual([]);
  });

  it("are copied into the index of another analysis: it is filled without one request, and serves then", async () => {
    using docs = testFolder({ "a.md": "Alpha.", "b.md": "Beta." });
    await admin.addSource(own.tenant, folderSource(docs.location));
    await sync();
    const later = testKnowledge(own.database, embeddings, {
      indexer: createChunkIndexer({ embeddings, chunker: "analysis-2" }),
    });

    await sync("docs", later);

    expect(embeddings.texts).toHaveLength(2);
    await expect(query(INDEXES)).resolves.toMatchObject([
      { chunker: expect.not.stringMatching("analysis-2") as string, is_serving: false, chunks: 2 },
      { chunker: "analysis-2", is_serving: true, chunks: 2 },
    ]);
  });

  it("of a model with other dimensions fill a second index; the first serves until then and is dropped an hour after", async () => {
    using docs = testFolder({ "a.md": "Alpha.", "b.md": "Beta." });
    await admin.addSource(own.tenant, folderSource(docs.location));
    await sync();
    const wide = { ...countingEmbeddings("wide"), dimensions: 5 };
    const later = testKnowledge(own.database, {
      ...wide,
      embed: async (texts, signal) => {
        const narrow = await wide.embed(texts, signal);
        await expect(query(INDEXES)).resolves.toMatchObject([{ model: "counting", is_serving: true, chunks: 2 }]);
        return narrow.map((vector) => Float32Array.from([...vector, 0, 0]));
      },
    });

    await sync("docs", later);
    const switched = await query(INDEXES);
    await query(AN_HOUR_LATER);
    await sync("docs", later);

    expect(switched).toMatchObject([
      { model: "counting", dimensions: 3, is_serving: false },
      { model: "wide", dimensions: 5, is_serving: true, chunks: 2 },
    ]);
    await expect(query(INDEXES)).resolves.toMatchObject([{ model: "wide", is_serving: true, chunks: 2 }]);
    expect(wide.texts).toHaveLength(2);
  });

  it("of a new model are made of a paused source too, and serve then", async () => {
    using docs = testFolder({ "a.md": "Alpha." });
    using more = testFolder({ "b.md": "Beta." });
    await admin.addSource(own.tenant, folderSource(docs.location));
    await admin.addSource(own.tenant, folderSource(more.location, { name: "more" }));
    await sync();
    await sync("more");
    await query("update source set paused_at = now() where tenant_id = $1 and name = 'more'");
    const other = countingEmbeddings("other");

    await testKnowledge(own.database, other).fillIndex(own.tenant, new AbortController().signal);

    expect(other.texts.toSorted()).toEqual(["A\nAlpha.", "B\nBeta."]);
    await expect(query(INDEXES)).resolves.toMatchObject([
      { model: "counting", is_serving: false },
      { model: "other", is_serving: true, chunks: 2 },
    ]);
  });

  it("that are being made bring nothing back that is removed meanwhile", async () => {
    using docs = testFolder({ "a.md": "Alpha." });
    using more = testFolder({ "b.md": "Beta." });
    await admin.addSource(own.tenant, folderSource(docs.location));
    await admin.addSource(own.tenant, folderSource(more.location, { name: "more" }));
    await sync();
    await sync("more");
    const other = countingEmbeddings("other");
    other.duringNext(() =>
      Promise.all([admin.removeSource(own.tenant, "docs"), admin.removeSource(own.tenant, "more")]),
    );

    await testKnowledge(own.database, other).fillIndex(own.tenant, new AbortController().signal);

    await expect(query(READABLE)).resolves.toEqual([]);
    await expect(query(INDEXES)).resolves.toMatchObject([{ chunks: 0 }]);
  });

  it("of two models, whose processes sync in turns, are not switched to and fro while one takes the place of the other", async () => {
    using docs = testFolder({ "a.md": "Alpha." });
    await admin.addSource(own.tenant, folderSource(docs.location));
    await sync();
    const later = testKnowledge(own.database, countingEmbeddings("other"));
    const serving = async () =>
      (await query<{ model: string; is_serving: boolean }>(INDEXES)).find((index) => index.is_serving)?.model;
    const models: (string | undefined)[] = [];
    await sync("docs", later);
    for (const [text, by] of [
      ["Alpha.", admin],
      ["Alpha two.", admin],
      ["Alpha three.", later],
      ["Alpha four.", admin],
    ] as const) {
      docs.write("a.md", text);
      await sync("docs", by);
      models.push(await serving());
    }
    await query(A_ROLL_OUT_LATER);
    await sync();

    expect(models).toEqual(["other", "other", "other", "other"]);
    await expect(serving()).resolves.toBe("counting");
  });

  it("of documents that another chunker cuts are swapped in one document at a time: each is found all the while", async () => {
    const names = Array.from({ length: 40 }, (_, index) => `page-${String(index).padStart(2, "0")}.md`);
    using docs = testFolder(Object.fromEntries(names.map((name) => [name, `# ${name}\n\nOne.\n\nTwo of ${name}.`])));
    await admin.addSource(own.tenant, folderSource(docs.location));
    await sync();
    const cut: Chunker["cut"] = (document) =>
      document.blocks.flatMap((block) => CHUNKER.cut({ ...document, blocks: [block] }));
    const later = testKnowledge(own.database, embeddings, { chunker: { version: "one for each block", cut } });

    const running = sync("docs", later);
    const over = new AbortController();
    const end = () => {
      over.abort();
    };
    running.then(end, end);
    const looks: (readonly string[])[] = [];
    while (!over.signal.aborted) {
      looks.push((await query<{ external_id: string }>(READABLE)).map((row) => row.external_id));
      await pause(1);
    }

    await expect(running).resolves.toMatchObject({ state: "done", changed: names, removed: [] });
    expect(looks.length).toBeGreaterThan(1);
    for (const look of looks) expect([...new Set(look)]).toEqual(names);
    await expect(query(READABLE)).resolves.toHaveLength(80);
    await expect(sync("docs", later)).resolves.toMatchObject({ unchanged: 40, changed: [] });
  });

  it("are not asked for when documents are cut anew into the same, and each is found all the while", async () => {
    const names = Array.from({ length: 40 }, (_, index) => `page-${String(index).padStart(2, "0")}.md`);
    using docs = testFolder(Object.fromEntries(names.map((name) => [name, `# ${name}\n\nText of ${name}.`])));
    await admin.addSource(own.tenant, folderSource(docs.location));
    await sync();
    await query(CUT_ANEW);
    const embedded = embeddings.texts.length;

    const running = sync();
    const over = new AbortController();
    const end = () => {
      over.abort();
    };
    running.then(end, end);
    const looks: string[][] = [];
    while (!over.signal.aborted) {
      looks.push((await query<{ external_id: string }>(READABLE)).map((row) => row.external_id));
      // The embedded database answers without a turn of the event loop.
      await pause(1);
    }

    await expect(running).resolves.toMatchObject({ state: "done" });
    expect((await running).changed).toHaveLength(40);
    expect(looks.length).toBeGreaterThan(1);
    for (const look of looks) expect(look).toEqual(names);
    expect(embeddings.texts).toHaveLength(embedded);
  });
});
