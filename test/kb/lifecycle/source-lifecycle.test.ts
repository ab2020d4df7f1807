import { expect, it } from "vitest";
import { createKnowledgeAudit } from "../../../kb/lifecycle/audit-store.js";
import { createSourceLifecycle } from "../../../kb/lifecycle/source-lifecycle.js";
import { createChunkIndexer } from "../../../kb/search/chunk-indexer.js";
import { createKnowledgeSearch } from "../../../kb/search/knowledge-search.js";
import { NotFoundError, UsageError } from "../../../src/ports/errors.js";
import { newId } from "../../../src/ports/ids.js";
import { countingEmbeddings } from "../../fakes/counting-embeddings.js";
import { describeEachDatabase } from "../../support/database.js";
import { folderSource, syncedKnowledge, syncToEnd, testFolder } from "../../support/knowledge.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";

const REMOVED_DAYS_AGO = `
  update source set removed_at = clock_timestamp() - make_interval(days => $2::int) where tenant_id = $1`;

const VERSIONS = `select count(*)::int as count from document_version where tenant_id = $1`;

describeEachDatabase("the life of a source", (open) => {
  const own = tenantForEachTest(open);
  const embeddings = countingEmbeddings();

  async function synced(files: Readonly<Record<string, string>> = { "a.md": "Reset the router." }) {
    const folder = testFolder(files);
    const { admin } = await syncedKnowledge(own, folder);
    const lifecycle = createSourceLifecycle({
      database: own.database,
      indexer: createChunkIndexer({ embeddings }),
      newId,
    });
    return { folder, admin, lifecycle, [Symbol.dispose]: () => folder[Symbol.dispose]() };
  }

  async function found(): Promise<readonly string[]> {
    const search = createKnowledgeSearch({ database: own.database, embeddings });
    const query = { tenantId: own.tenant, text: "reset the router", audience: ["public"], limit: 10 };
    const { passages } = await search.search(query, new AbortController().signal);
    return passages.map(({ externalId }) => externalId);
  }

  const run = <Row extends object>(sql: string, ...values: readonly unknown[]) =>
    own.database.withTenant(own.tenant, (transaction) => transaction.query<Row>(sql, [own.tenant, ...values]));

  const audited = async () => {
    const entries = await createKnowledgeAudit({ database: own.database, newId }).newest(own.tenant, 50);
    return entries.map(({ actor, action, sourceName }) => `${actor} ${action} ${sourceName ?? ""}`).reverse();
  };

  it("a removed source is answered from no more, at once, and comes back with its history after a sync", async () => {
    using it = await synced();
    const { admin, lifecycle } = it;
    await admin.as("slack:U1").removeSource(own.tenant, "docs");
    const whileRemoved = await found();
    const listed = await admin.status(own.tenant);
    const removed = await lifecycle.removed(own.tenant);

    await lifecycle.restore(own.tenant, "docs", "slack:U1");
    await expect(found()).resolves.toEqual([]);
    const diff = await syncToEnd(admin, "docs", { tenantId: own.tenant });

    expect(whileRemoved).toEqual([]);
    expect(listed).toEqual([]);
    expect(removed).toEqual([{ name: "docs", removedAt: expect.any(String) as string }]);
    expect(diff).toMatchObject({ state: "done", added: ["a.md"] });
    await expect(found()).resolves.toEqual(["a.md"]);
    const { rows } = await run<{ count: number }>(VERSIONS);
    expect(rows[0]?.count).toBe(2);
    await expect(audited()).resolves.toEqual(["deskhand add docs", "slack:U1 remove docs", "slack:U1 restore docs"]);
  });

  it("its name is free meanwhile, and it comes back only when the name is free again", async () => {
    using it = await synced();
    using other = testFolder({ "b.md": "Other." });
    const { admin, lifecycle } = it;
    await admin.removeSource(own.tenant, "docs");
    await admin.addSource(own.tenant, folderSource(other.location));

    await expect(lifecycle.restore(own.tenant, "docs", "terminal")).rejects.toThrow(UsageError);
    await admin.removeSource(own.tenant, "docs");
    await lifecycle.restore(own.tenant, "docs", "terminal");
    const [source] = await admin.status(own.tenant);
    expect(source?.location).toBe(other.location);
  });

  it("a sync that runs while its source is removed writes nothing more", async () => {
    using it = await synced();
    const { admin, folder } = it;
    folder.write("b.md", "Reset the router twice.");
    const steps = admin.sync(own.tenant, "docs", { confirmRemovals: false }, new AbortController().signal);
    for await (const step of steps) {
      if (step.kind === "listed") break;
    }
    await admin.removeSource(own.tenant, "docs");
    await expect(found()).resolves.toEqual([]);
  });

  it("is gone for good after 30 days, or at once when somebody says so", async () => {
    using it = await synced();
    const { admin, lifecycle } = it;
    await admin.removeSource(own.tenant, "docs");
    await run(REMOVED_DAYS_AGO, 29);
    await expect(lifecycle.purgeExpired(own.tenant)).resolves.toEqual([]);
    await run(REMOVED_DAYS_AGO, 31);
    await expect(lifecycle.purgeExpired(own.tenant)).resolves.toEqual(["docs"]);
    await expect(lifecycle.restore(own.tenant, "docs", "terminal")).rejects.toThrow(NotFoundError);

    await admin.addSource(own.tenant, folderSource(it.folder.location));
    await syncToEnd(admin, "docs", { tenantId: own.tenant });
    await lifecycle.purge(own.tenant, "docs", "terminal");
    await expect(found()).resolves.toEqual([]);
    const { rows } = await run<{ count: number }>(VERSIONS);
    expect(rows[0]?.count).toBe(0);
  });

  it("says which names there are when one is wrong", async () => {
    using it = await synced();
    await expect(it.lifecycle.setPaused(own.tenant, "dosc", true, "terminal")).rejects.toThrow("Sources: docs.");
    await expect(it.lifecycle.restore(own.tenant, "docs", "terminal")).rejects.toThrow("Nothing was removed");
  });
});
