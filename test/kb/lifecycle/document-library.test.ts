import { expect, it } from "vitest";
import type { Chunker } from "../../../kb/chunking/chunk-document.js";
import { createDocumentLibrary } from "../../../kb/lifecycle/document-library.js";
import { blocksToMarkdown } from "../../../kb/parsing/blocks-to-markdown.js";
import { createChunkIndexer } from "../../../kb/search/chunk-indexer.js";
import { createKnowledgeSearch } from "../../../kb/search/knowledge-search.js";
import { NotFoundError, UsageError } from "../../../src/ports/errors.js";
import { COMPARED_VERSIONS, type VersionSummary } from "../../../src/ports/document-library.js";
import { newId } from "../../../src/ports/ids.js";
import { countingEmbeddings } from "../../fakes/counting-embeddings.js";
import { describeEachDatabase } from "../../support/database.js";
import {
  folderSource,
  syncedKnowledge,
  syncToEnd,
  testFolder,
  testKnowledge,
  testLifecycle,
} from "../../support/knowledge.js";
import { longestStretch } from "../../support/longest-stretch.js";
import { watchedDatabase } from "../../support/watched-database.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";

const SHARED_CHUNKS = `
  select count(*)::int as shared
    from chunk as left_one
    join chunk as right_one on right_one.document_id = left_one.document_id and right_one.body = left_one.body
         and right_one.tenant_id = $1
   where left_one.tenant_id = $1 and left_one.is_current and not right_one.is_current`;

const LONG_LINES = 8_000;

const ADD_LONG_VERSIONS = `
  insert into document_version (id, tenant_id, document_id, number, hash, kind, title, body)
    select gen_random_uuid(), $1, document.id, 2 + added, 'long', 'page', 'Reset',
           (select string_agg('Version ' || added || ' line ' || line, E'\\n') from generate_series(1, $3::int) as line)
      from document, generate_series(1, $2::int) as added
     where document.tenant_id = $1 and document.external_id = 'reset.md'`;

const CURRENT_CHUNKS = `
  select chunk.body from chunk join document on document.id = chunk.document_id
   where chunk.tenant_id = $1 and document.external_id = 'reset.md' and chunk.is_current order by chunk.ord`;

function longText(word: string): string {
  return Array.from({ length: 90 }, (_, index) => `${word} sentence ${index} tells of the thing.`).join(" ");
}

const unaborted = new AbortController().signal;

describeEachDatabase("documents and their versions", (open) => {
  const own = tenantForEachTest(open);
  const embeddings = countingEmbeddings();

  async function twoVersions(first = "Hold the button for ten seconds.", second = "Hold the button for five seconds.") {
    const folder = testFolder({ "reset.md": `# Reset\n\n${first}`, "other.md": "# Other\n\nSomething else." });
    const { admin } = await syncedKnowledge(own, folder);
    folder.write("reset.md", `# Reset\n\n${second}`);
    const sync = () => syncToEnd(admin, "docs", { tenantId: own.tenant });
    await sync();
    const library = createDocumentLibrary({
      database: own.database,
      indexer: createChunkIndexer({ embeddings }),
      newId,
    });
    const reader = { tenantId: own.tenant, audience: null };
    const restore = (version: number) =>
      library.restore(reader, { source: "docs", externalId: "reset.md", version }, "slack:U1", unaborted);
    return { folder, admin, sync, library, reader, restore, [Symbol.dispose]: () => folder[Symbol.dispose]() };
  }

  async function answeredFrom(audience: readonly string[] = ["public"]): Promise<string> {
    const search = createKnowledgeSearch({ database: own.database, embeddings });
    const query = { tenantId: own.tenant, text: "hold the button seconds", audience, limit: 10 };
    const { passages } = await search.search(query, unaborted);
    return passages.map(({ text }) => text).join("\n");
  }

  /** Versions of the document that have no line in common. */
  async function addLongVersions(count: number, lines = LONG_LINES): Promise<void> {
    await own.database.withTenant(own.tenant, (db) => db.query(ADD_LONG_VERSIONS, [own.tenant, count, lines]));
  }

  async function currentChunks(): Promise<readonly string[]> {
    const { rows } = await own.database.withTenant(own.tenant, (transaction) =>
      transaction.query<{ body: string }>(CURRENT_CHUNKS, [own.tenant]),
    );
    return rows.map(({ body }) => body);
  }

  it("a file of which every row is a document has its rows for a list", async () => {
    using folder = testFolder({ "faq.csv": "question,answer\nOne?,Yes.\nTwo?,No.\n", "a.md": "# A\n\nAlpha." });
    await syncedKnowledge(own, folder);
    const library = createDocumentLibrary({
      database: own.database,
      indexer: createChunkIndexer({ embeddings }),
      newId,
    });
    const reader = { tenantId: own.tenant, audience: null };
    const { documents, total } = await library.documents(reader, "docs", "faq.csv");
    expect(documents.map(({ title }) => title)).toEqual(["One?", "Two?"]);
    expect(total).toBe(2);
    await expect(library.documents({ ...reader, audience: [] }, "docs", "faq.csv")).resolves.toMatchObject({
      total: 0,
    });
  });

  it("are listed with what is current, and compared", async () => {
    using it = await twoVersions();
    const { library, reader } = it;
    const { documents, total } = await library.documents(reader, "docs", null);
    expect(total).toBe(2);
    expect(documents).toMatchObject([
      { externalId: "other.md", state: "current", version: 1, lastError: null },
      { externalId: "reset.md", title: "Reset", state: "current", version: 2 },
    ]);
    await expect(library.document(reader, "docs", "reset.md")).resolves.toMatchObject({
      body: expect.stringContaining("five seconds") as string,
    });
    await expect(library.versions(reader, "docs", "reset.md")).resolves.toMatchObject([
      { number: 2, isCurrent: true, changes: { addedLines: 1, removedLines: 1 } },
      { number: 1, isCurrent: false, changes: null },
    ]);
    const diff = await library.compare(reader, "docs", "reset.md", { from: 1, to: 2 });
    expect(diff).toContain("--- reset.md (version 1)");
    expect(diff).toContain("-Hold the button for ten seconds.\n+Hold the button for five seconds.");
    await expect(library.compare(reader, "docs", "reset.md", { from: 1, to: 3 })).rejects.toThrow("Versions: 2, 1.");
    await expect(library.document(reader, "docs", "none.md")).rejects.toThrow(NotFoundError);
  });

  it("are compared without holding up everything else, however long and different they are", async () => {
    using it = await twoVersions();
    await addLongVersions(6);
    let versions: readonly VersionSummary[] = [];
    const stretch = await longestStretch(async () => {
      versions = await it.library.versions(it.reader, "docs", "reset.md");
    });

    expect(stretch).toBeLessThan(400);
    expect(versions.map(({ number, changes }) => [number, changes])).toMatchObject([
      ...[8, 7, 6, 5, 4].map((number) => [number, { addedLines: LONG_LINES, removedLines: LONG_LINES }]),
      [3, { addedLines: LONG_LINES }],
      [2, { addedLines: 1, removedLines: 1 }],
      [1, null],
    ]);
    const compared = it.library.compare(it.reader, "docs", "reset.md", { from: 7, to: 8 });
    await expect(compared).rejects.toThrow(`too many lines to be shown: +${LONG_LINES} -${LONG_LINES}.`);
  });

  it("of very many only the newest are compared, and of the others no text is read", async () => {
    using it = await twoVersions();
    await addLongVersions(COMPARED_VERSIONS + 10, 3);
    let texts = 0;
    const watched = watchedDatabase(own.database, {
      before: (statement) => void (texts += statement.includes("select body") ? 1 : 0),
    });
    const library = createDocumentLibrary({ database: watched, indexer: createChunkIndexer({ embeddings }), newId });
    const versions = await library.versions(it.reader, "docs", "reset.md");

    expect(versions).toHaveLength(COMPARED_VERSIONS + 12);
    expect(versions.findIndex(({ changes }) => changes === null)).toBe(COMPARED_VERSIONS);
    expect(texts).toBe(COMPARED_VERSIONS + 1);
  });

  it("a restored text is answered from at once and stays until its source has another one", async () => {
    using it = await twoVersions();
    await expect(it.restore(2)).rejects.toThrow(UsageError);
    await expect(it.restore(1)).resolves.toBe(3);
    const atOnce = await answeredFrom();
    const unchanged = await it.sync();
    const afterSync = await answeredFrom();
    const { documents } = await it.library.documents(it.reader, "docs", null);
    it.folder.write("reset.md", "# Reset\n\nHold the button for one second.");
    const changed = await it.sync();

    expect(atOnce).toContain("ten seconds");
    expect(atOnce).not.toContain("five seconds");
    expect(unchanged).toMatchObject({ state: "done", changed: [], removed: [] });
    expect(afterSync).toContain("ten seconds");
    expect(documents[1]).toMatchObject({ externalId: "reset.md", state: "kept", version: 3, editedBy: "slack:U1" });
    expect(changed).toMatchObject({ changed: ["reset.md"] });
    await expect(answeredFrom()).resolves.toContain("one second");
  });

  it("a restored text stays when its source is opened to fewer or to more, and so do its readers", async () => {
    using it = await twoVersions();
    await it.restore(1);
    const open = (...acl: readonly string[]) =>
      it.admin.updateSource(own.tenant, folderSource(it.folder.location, { acl }));
    await open("staff");
    const narrowed = await it.sync();
    const closed = [await answeredFrom(["public"]), await answeredFrom(["staff"])];
    await open("public");
    const opened = await it.sync();
    const { documents } = await it.library.documents(it.reader, "docs", null);

    expect(narrowed).toMatchObject({ state: "done", failed: [] });
    expect(closed[0]).toBe("");
    expect(closed[1]).toContain("ten seconds");
    expect(closed[1]).not.toContain("five seconds");
    expect(opened).toMatchObject({ state: "done", failed: [] });
    await expect(answeredFrom()).resolves.toContain("ten seconds");
    expect(documents[1]).toMatchObject({ state: "kept", editedBy: "slack:U1" });
    await expect(it.sync()).resolves.toMatchObject({ changed: [] });
    it.folder.write("reset.md", "# Reset\n\nHold the button for one second.");
    await it.sync();
    await expect(answeredFrom()).resolves.toContain("one second");
    await expect(it.library.documents(it.reader, "docs", null)).resolves.toMatchObject({
      documents: [{}, { externalId: "reset.md", state: "current" }],
    });
  });

  it("a restored text stays when its source is removed and comes back", async () => {
    using it = await twoVersions();
    await it.restore(1);
    const away = async () => {
      await it.admin.removeSource(own.tenant, "docs");
      await testLifecycle(own.database).restore(own.tenant, "docs", "slack:U1");
      await it.sync();
    };
    await away();
    const first = await answeredFrom();
    await away();
    const again = await answeredFrom();
    const { documents } = await it.library.documents(it.reader, "docs", null);
    await it.admin.removeSource(own.tenant, "docs");
    it.folder.write("reset.md", "# Reset\n\nHold the button for one second.");
    await testLifecycle(own.database).restore(own.tenant, "docs", "slack:U1");
    await it.sync();

    expect([first, again]).toEqual([expect.stringContaining("ten seconds"), expect.stringContaining("ten seconds")]);
    expect(documents[1]).toMatchObject({ externalId: "reset.md", state: "kept" });
    await expect(answeredFrom()).resolves.toContain("one second");
  });

  it("a restored text stays when its source names other readers of the document", async () => {
    using it = await twoVersions();
    await it.restore(1);
    it.folder.write("reset.md", "---\naudience: staff\n---\n# Reset\n\nHold the button for five seconds.");
    await it.sync();

    await expect(answeredFrom(["public"])).resolves.not.toContain("seconds");
    await expect(answeredFrom(["staff"])).resolves.toContain("ten seconds");
  });

  it("a restored text stays, cut anew, when documents are cut in another way", async () => {
    const parts = ["one", "two"].map((word) => `## Part ${word}\n\n${longText(word)}`).join("\n\n");
    using it = await twoVersions(parts, "Hold the button for five seconds.");
    await it.restore(1);
    const whole: Chunker = {
      version: "whole",
      cut: ({ blocks }) => [{ headingPath: [], body: blocksToMarkdown(blocks), variants: [], page: null }],
    };
    const other = testKnowledge(own.database, embeddings, { chunker: whole });
    const before = await currentChunks();
    const recut = await syncToEnd(other, "docs", { tenantId: own.tenant });
    const after = await currentChunks();

    expect(before.length).toBeGreaterThan(1);
    expect(recut).toMatchObject({ state: "done", failed: [], changed: ["other.md", "reset.md"] });
    expect(after).toEqual([expect.stringContaining("one sentence 1 ")]);
    expect(after[0]).toContain("two sentence 89 ");
    const { documents } = await it.library.documents(it.reader, "docs", null);
    expect(documents[1]).toMatchObject({ externalId: "reset.md", state: "kept" });
    await expect(syncToEnd(other, "docs", { tenantId: own.tenant })).resolves.toMatchObject({ changed: [] });
  });

  it("a restored text whose Markdown does not say where its pages are keeps the cut that it has", async () => {
    using it = await twoVersions();
    await it.restore(1);
    const paged = "update chunk set page = 3 where tenant_id = $1 and is_current";
    await own.database.withTenant(own.tenant, (transaction) => transaction.query(paged, [own.tenant]));
    const none: Chunker = {
      version: "odd",
      cut: () => [{ headingPath: [], body: "Odd.", variants: [], page: null }],
    };
    await syncToEnd(testKnowledge(own.database, embeddings, { chunker: none }), "docs", { tenantId: own.tenant });

    await expect(currentChunks()).resolves.toEqual(["Hold the button for ten seconds."]);
  });

  it("a document whose last day is over is out of date, and that day is told as it was written", async () => {
    using it = await twoVersions();
    it.folder.write("faq.csv", "question,answer,valid until\nIs it on sale?,Yes.,2026-01-31\n");
    await it.sync();
    const { documents } = await it.library.documents(it.reader, "docs", null);
    const stale = await it.library.stale(it.reader, 100_000);
    const sale = documents.find(({ externalId }) => externalId.startsWith("faq.csv"));
    expect(sale).toMatchObject({ state: "expired", validUntil: expect.stringMatching(/^2026-01-31/u) as string });
    expect(stale.documents).toMatchObject([
      { reason: "expired", since: expect.stringMatching(/^2026-01-31/u) as string },
    ]);
  });

  it("a removed document that is restored stays although its source has it no more", async () => {
    using it = await twoVersions();
    it.folder.remove("reset.md");
    await it.sync();
    const removed = await answeredFrom();
    await it.restore(2);
    const diff = await it.sync();

    expect(removed).toBe("Something else.");
    expect(diff).toMatchObject({ removed: [], heldRemovals: [] });
    await expect(answeredFrom()).resolves.toContain("five seconds");
  });

  it("a text that was open to everybody is restored only for those who may read the document today", async () => {
    using it = await twoVersions("Hold ten seconds.", "Hold five seconds.");
    it.folder.write("reset.md", "---\naudience: staff\n---\n# Reset\n\nHold three seconds.");
    await it.sync();
    await it.restore(1);
    await expect(answeredFrom(["public"])).resolves.not.toContain("ten seconds");
    await expect(answeredFrom(["staff"])).resolves.toContain("ten seconds");
    const outsider = { tenantId: own.tenant, audience: ["public"] };
    await expect(it.library.documents(outsider, "docs", null)).resolves.toMatchObject({ total: 1 });
    await expect(it.library.document(outsider, "docs", "reset.md")).rejects.toThrow(NotFoundError);
  });

  it("a text is restored that has passages in common with the one whose place it takes", async () => {
    const common = `## Keep\n\n${longText("kept")}`;
    using it = await twoVersions(
      `## First\n\n${longText("before")}\n\n${common}`,
      `## First\n\n${longText("after")}\n\n${common}`,
    );
    const { rows } = await own.database.withTenant(own.tenant, (transaction) =>
      transaction.query<{ shared: number }>(SHARED_CHUNKS, [own.tenant]),
    );
    expect(rows[0]?.shared).toBeGreaterThan(0);
    await expect(it.restore(1)).resolves.toBe(3);
    const { body } = await it.library.document(it.reader, "docs", "reset.md");
    expect(body).toContain("before sentence 1 ");
    await expect(it.sync()).resolves.toMatchObject({ state: "done", changed: [] });
  });

  it("another tenant knows nothing of them", async () => {
    using it = await twoVersions();
    const stranger = { tenantId: "default", audience: null };
    await expect(it.library.documents(stranger, "docs", null)).rejects.toThrow(NotFoundError);
  });

  it("are reported when nobody has changed them for long, and sources that nobody owns", async () => {
    using it = await twoVersions();
    const aged = `update document_version set created_at = clock_timestamp() - interval '400 days' where tenant_id = $1`;
    const before = await it.library.stale(it.reader, 180);
    await own.database.withTenant(own.tenant, (transaction) => transaction.query(aged, [own.tenant]));
    const after = await it.library.stale(it.reader, 180);
    expect(before).toMatchObject({ documents: [], total: 0, ownerless: [{ source: "docs", documents: 2 }] });
    expect(after).toMatchObject({ total: 2, documents: [{ reason: "unchanged" }, { reason: "unchanged" }] });
  });
});
