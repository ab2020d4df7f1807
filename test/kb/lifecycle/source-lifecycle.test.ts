import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { createKnowledgeAudit } from "../../../kb/lifecycle/audit-store.js";
import { createKnowledgeSearch } from "../../../kb/search/knowledge-search.js";
import { NotFoundError, UsageError, errorCode } from "../../../src/ports/errors.js";
import { newId } from "../../../src/ports/ids.js";
import type { KnowledgeAdmin } from "../../../src/ports/knowledge.js";
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
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";
import { watchedDatabase, type QueryWatch } from "../../support/watched-database.js";

const REMOVED_DAYS_AGO = `
  update source set removed_at = clock_timestamp() - make_interval(days => $2::int) where tenant_id = $1`;

const VERSIONS = `select count(*)::int as count from document_version where tenant_id = $1`;

const INDEXED = `select count(*)::int as count from search_chunk where tenant_id = $1`;
const TERMS = `select count(*)::int as count from search_term where tenant_id = $1`;
const CURRENT_DOCUMENTS = `
  select count(*)::int as count from document where tenant_id = $1 and current_version_id is not null`;

/** Documents of some passages each. */
function manyFiles(count: number): Readonly<Record<string, string>> {
  const part = (name: string) => `## ${name}\n\n${`Reset the router of ${name} and wait for its light. `.repeat(40)}`;
  const text = (index: number) => [1, 2, 3].map((section) => part(`Part ${index} ${section}`)).join("\n\n");
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`d${index}.md`, text(index)]));
}

describeEachDatabase("the life of a source", (open) => {
  const own = tenantForEachTest(open);
  const embeddings = countingEmbeddings();

  async function synced(files: Readonly<Record<string, string>> = { "a.md": "Reset the router." }) {
    const folder = testFolder(files);
    const { admin } = await syncedKnowledge(own, folder);
    const lifecycle = testLifecycle(own.database, embeddings);
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

  const count = async (sql: string) => (await run<{ count: number }>(sql)).rows[0]?.count;

  const knowledgeOn = (watch: QueryWatch) => testKnowledge(watchedDatabase(own.database, watch), embeddings);

  /** Removes the source in a process that dies when it has taken out a part. */
  async function removeAndDie(retired: number[] = []): Promise<void> {
    const before = (text: string, values: readonly unknown[]) => {
      if (!text.includes("delete from search_chunk")) return;
      if (retired.length === 1) throw new Error("the process has died");
      const [, ids] = values;
      retired.push(Array.isArray(ids) ? ids.length : Number.NaN);
    };
    await knowledgeOn({ before }).removeSource(own.tenant, "docs");
  }

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
    expect(removed).toMatchObject([{ name: "docs" }]);
    const [{ removedAt, keptUntil } = { removedAt: "", keptUntil: "" }] = removed;
    expect(Date.parse(keptUntil) - Date.parse(removedAt)).toBe(30 * 86_400_000);
    expect(diff).toMatchObject({ state: "done", added: ["a.md"] });
    await expect(found()).resolves.toEqual(["a.md"]);
    const { rows } = await run<{ count: number }>(VERSIONS);
    expect(rows[0]?.count).toBe(2);
    await expect(audited()).resolves.toEqual(["deskhand add docs", "slack:U1 remove docs", "slack:U1 restore docs"]);
  });

  it("a large source is taken out in short transactions, and what a crash left of it is done by the next start", async () => {
    using it = await synced(manyFiles(90));
    const { admin, lifecycle } = it;
    const retired: number[] = [];
    await expect(removeAndDie(retired)).rejects.toThrow("the process has died");
    const left = await count(INDEXED);
    const foundMeanwhile = await found();
    const listed = await admin.status(own.tenant);

    await lifecycle.purgeExpired(own.tenant);

    expect(left).toBeGreaterThan(0);
    expect(Math.max(...retired)).toBeLessThanOrEqual(200);
    expect(foundMeanwhile).toEqual([]);
    expect(listed).toEqual([]);
    await expect(Promise.all([INDEXED, CURRENT_DOCUMENTS, TERMS].map(count))).resolves.toEqual([0, 0, 0]);
  });

  it("a source whose removal was broken off comes back whole", async () => {
    using it = await synced(manyFiles(90));
    const { admin, lifecycle } = it;
    await expect(removeAndDie()).rejects.toThrow("the process has died");
    await lifecycle.restore(own.tenant, "docs", "terminal");
    await expect(found()).resolves.toEqual([]);
    await expect(syncToEnd(admin, "docs", { tenantId: own.tenant })).resolves.toMatchObject({ state: "done" });
    const [status] = await admin.status(own.tenant);
    expect(status?.documents).toBe(90);
    expect((await found()).length).toBeGreaterThan(0);
  });

  it("a change and a removal wait for a sync that writes, and none locks the other out", async () => {
    using it = await synced();
    const { folder } = it;
    const failures: string[] = [];
    const changes: readonly ((admin: KnowledgeAdmin) => Promise<unknown>)[] = [
      (admin) => admin.updateSource(own.tenant, folderSource(folder.location, { acl: ["staff"] })),
      (admin) => admin.removeSource(own.tenant, "docs"),
    ];
    for (const [step, change] of changes.entries()) {
      folder.write(`new-${step}.md`, `Reset the router ${step} times.`);
      const holding = new AbortController();
      const failed = (error: unknown) => void failures.push(errorCode(error));
      // It holds its run here, and needs the source next.
      const before = async (text: string) => {
        if (!text.includes("insert into document (")) return;
        holding.abort();
        await delay(200);
      };
      const syncing = syncToEnd(knowledgeOn({ failed, before }), "docs", { tenantId: own.tenant }).catch(
        () => undefined,
      );
      await once(holding.signal, "abort");
      await change(knowledgeOn({ failed }));
      await syncing;
    }
    expect(failures).toEqual([]);
    await expect(found()).resolves.toEqual([]);
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

  it("is not removed or synced in the name of another one that had its name before", async () => {
    using it = await synced();
    const { admin } = it;
    const [shown] = await admin.status(own.tenant);
    await admin.removeSource(own.tenant, "docs", shown?.sourceId);
    const added = await admin.addSource(own.tenant, folderSource(it.folder.location));
    const meant = { confirmRemovals: true, sourceId: shown?.sourceId ?? "" };
    const steps = admin.sync(own.tenant, "docs", meant, new AbortController().signal)[Symbol.asyncIterator]();

    await expect(admin.removeSource(own.tenant, "docs", shown?.sourceId)).rejects.toThrow(UsageError);
    await expect(steps.next()).rejects.toThrow("Another source is named docs by now");
    await expect(admin.status(own.tenant)).resolves.toMatchObject([{ sourceId: added.sourceId, lastRun: null }]);
  });

  it("is deleted some documents at a time once its days are over", async () => {
    using it = await synced(manyFiles(60));
    await it.admin.removeSource(own.tenant, "docs");
    await run(REMOVED_DAYS_AGO, 31);
    const deleted: string[] = [];
    const before = (text: string) => {
      const [, table] = /delete from (document|source)\s/u.exec(text) ?? [];
      if (table !== undefined) deleted.push(table);
    };
    const lifecycle = testLifecycle(watchedDatabase(own.database, { before }), embeddings);
    await expect(lifecycle.purgeExpired(own.tenant)).resolves.toEqual(["docs"]);
    expect(deleted).toEqual(["document", "document", "source"]);
    expect((await run<{ count: number }>(VERSIONS)).rows[0]?.count).toBe(0);
  });

  it("says which names there are when one is wrong", async () => {
    using it = await synced();
    await expect(it.lifecycle.setPaused(own.tenant, "dosc", true, "terminal")).rejects.toThrow("Sources: docs.");
    await expect(it.lifecycle.restore(own.tenant, "docs", "terminal")).rejects.toThrow("Nothing was removed");
  });
});
