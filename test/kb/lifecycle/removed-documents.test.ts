import { expect, it } from "vitest";
import { describeEachDatabase } from "../../support/database.js";
import { syncedKnowledge, syncToEnd, testFolder, testLifecycle } from "../../support/knowledge.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";

const LONG_GONE = `
  update document set removed_at = removed_at - interval '31 days' where tenant_id = $1 and external_id <> 'new.md'`;

const KEPT = `
  select document.external_id, count(chunk.id)::int as chunks
    from document left join chunk on chunk.document_id = document.id
   where document.tenant_id = $1 group by document.id order by document.external_id`;

const RUNNING = `
  update sync_run set state = 'running' where tenant_id = $1
     and id = (select id from sync_run where tenant_id = $1 order by started_at desc limit 1)`;

const ENDED = `update sync_run set state = 'done' where tenant_id = $1`;

describeEachDatabase("documents that are gone at their source", (open) => {
  const own = tenantForEachTest(open);

  const query = <Row extends object>(text: string) =>
    own.database.withTenant(own.tenant, async (db) => (await db.query<Row>(text, [own.tenant])).rows);

  it("are deleted with their versions once they are gone for a month, and never while their source is synced", async () => {
    using folder = testFolder({ "old.md": "Old.", "new.md": "New.", "there.md": "There.", "more.md": "More." });
    const { admin, embeddings } = await syncedKnowledge(own, folder);
    const lifecycle = testLifecycle(own.database, embeddings);
    folder.remove("old.md");
    folder.remove("new.md");
    await syncToEnd(admin, "docs", { tenantId: own.tenant });
    await query(LONG_GONE);

    await query(RUNNING);
    await lifecycle.purgeExpired(own.tenant);
    const duringSync = await query(KEPT);
    await query(ENDED);
    await lifecycle.purgeExpired(own.tenant);

    expect(duringSync).toHaveLength(4);
    await expect(query(KEPT)).resolves.toEqual([
      { external_id: "more.md", chunks: 1 },
      { external_id: "new.md", chunks: 1 },
      { external_id: "there.md", chunks: 1 },
    ]);
    folder.write("old.md", "Old and back.");
    await expect(syncToEnd(admin, "docs", { tenantId: own.tenant })).resolves.toMatchObject({ added: ["old.md"] });
  });
});
