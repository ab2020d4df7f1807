import { expect, it } from "vitest";
import { createSyncRuns } from "../../../kb/lifecycle/sync-runs.js";
import type { SyncDiff } from "../../../src/ports/knowledge.js";
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
import { watchedDatabase } from "../../support/watched-database.js";

const SECRET = "---\naudience: staff\n---\n# Secret\n\nBeta.";

const MONTH_LATER = `update document set removed_at = removed_at - interval '31 days' where tenant_id = $1`;

const RUNS_THEN = `update sync_run set started_at = started_at - interval '31 days' where tenant_id = $1`;

describeEachDatabase("the runs of a source", (open) => {
  const own = tenantForEachTest(open);
  const opened = () => createSyncRuns(own.database);

  it("the last change stays in sight behind runs that changed nothing", async () => {
    using folder = testFolder({ "a.md": "# A\n\nAlpha." });
    const { admin, first } = await syncedKnowledge(own, folder);
    folder.write("b.md", "# B\n\nBeta.");
    const second = await syncToEnd(admin, "docs", { tenantId: own.tenant });
    await syncToEnd(admin, "docs", { tenantId: own.tenant });
    const last = await syncToEnd(admin, "docs", { tenantId: own.tenant });

    await expect(opened().lastChange(own.tenant, "docs")).resolves.toEqual({
      changed: { number: 2, diff: second },
      newest: { number: 4, diff: last },
      later: 2,
    });
    await expect(opened().run(own.tenant, "docs", 1)).resolves.toEqual({ number: 1, diff: first });
    const newest = await opened().newest(own.tenant, "docs", 3);
    expect(newest.map(({ number, added, unchanged }) => ({ number, added, unchanged }))).toEqual([
      { number: 4, added: 0, unchanged: 2 },
      { number: 3, added: 0, unchanged: 2 },
      { number: 2, added: 1, unchanged: 1 },
    ]);
  });

  it("counts the runs of each source for itself, and those alone that have ended", async () => {
    using folder = testFolder({ "a.md": "# A\n\nAlpha." });
    using empty = testFolder({});
    const { admin } = await syncedKnowledge(own, folder);
    await admin.addSource(own.tenant, folderSource(empty.location, { name: "empty" }));
    await expect(opened().lastChange(own.tenant, "empty")).resolves.toBeNull();
    await expect(opened().newest(own.tenant, "empty", 10)).resolves.toEqual([]);
    await syncToEnd(admin, "empty", { tenantId: own.tenant });
    await expect(opened().lastChange(own.tenant, "empty")).resolves.toMatchObject({
      changed: null,
      newest: { number: 1 },
      later: 1,
    });
  });

  it("names documents only to those who may read them, and counts the others", async () => {
    using folder = testFolder({
      "a.md": "# A\n\nAlpha.",
      "secret.md": SECRET,
      "broken.json": "{",
    });
    const { admin, first } = await syncedKnowledge(own, folder);
    const shown = (diff: SyncDiff, audience: readonly string[] | null) =>
      opened().shownTo({ tenantId: own.tenant, audience }, diff);
    const all = { added: ["a.md", "secret.md"], failed: [{ externalId: "broken.json" }] };

    expect(first).toMatchObject(all);
    await expect(shown(first, null)).resolves.toEqual(first);
    await expect(shown(first, ["public", "staff"])).resolves.toEqual(first);
    await expect(shown(first, ["public"])).resolves.toMatchObject({ ...all, added: ["a.md"], hidden: 1 });
    await expect(shown(first, ["staff"])).resolves.toMatchObject({ added: ["secret.md"], failed: [], hidden: 2 });
    folder.remove("secret.md");
    const second = await syncToEnd(admin, "docs", { tenantId: own.tenant });
    expect(second.removed).toEqual(["secret.md"]);
    await expect(shown(second, ["public"])).resolves.toMatchObject({ removed: [], hidden: 1 });
  });

  it("tells what a run has done also when its source was removed at its end", async () => {
    using folder = testFolder({ "a.md": "# A\n\nAlpha.", "secret.md": SECRET });
    const { admin, first } = await syncedKnowledge(own, folder);
    await admin.removeSource(own.tenant, "docs");
    const shown = opened().shownTo({ tenantId: own.tenant, audience: ["public"] }, first);
    await expect(shown).resolves.toMatchObject({ added: ["a.md"], hidden: 1 });
  });

  it("names nobody's document that was deleted since, nor what failed to be read of it", async () => {
    using folder = testFolder({ "a.md": "# A\n\nAlpha.", "secret.md": SECRET });
    const { admin, embeddings, first } = await syncedKnowledge(own, folder);
    folder.remove("secret.md");
    const gone = await syncToEnd(admin, "docs", { tenantId: own.tenant, confirmRemovals: true });
    const failed = { ...gone, failed: [{ externalId: "secret.md", code: "too-large", message: "It is too large." }] };
    await own.database.withTenant(own.tenant, (transaction) => transaction.query(MONTH_LATER, [own.tenant]));
    await own.database.withTenant(own.tenant, (transaction) => transaction.query(RUNS_THEN, [own.tenant]));
    await testLifecycle(own.database, embeddings).purgeExpired(own.tenant);

    const shown = (diff: SyncDiff) => opened().shownTo({ tenantId: own.tenant, audience: ["public"] }, diff);
    expect(gone.removed).toEqual(["secret.md"]);
    await expect(shown(first)).resolves.toMatchObject({ added: ["a.md"], hidden: 1 });
    await expect(shown(failed)).resolves.toMatchObject({ removed: [], failed: [], hidden: 1 });
  });

  it("names what could not be read to those whom its own text names, also where its place lists it twice", async () => {
    using folder = testFolder({ "board.md": "---\naudience: board\n---\n", "secret.md": SECRET });
    const { first } = await syncedKnowledge(own, folder);
    const again = { externalId: "secret.md (again)", code: "duplicate-id", message: "The place lists this id twice." };
    const shown = (audience: readonly string[]) =>
      opened().shownTo({ tenantId: own.tenant, audience }, { ...first, failed: [...first.failed, again] });

    expect(first.failed).toMatchObject([{ externalId: "board.md", code: "empty" }]);
    await expect(shown(["public"])).resolves.toMatchObject({ failed: [], hidden: 3 });
    await expect(shown(["public", "board"])).resolves.toMatchObject({
      failed: [{ externalId: "board.md" }],
      hidden: 2,
    });
    await expect(shown(["staff"])).resolves.toMatchObject({ failed: [again], hidden: 1 });
  });

  it("looks at the runs before those that it lists once, and not for each of them", async () => {
    using folder = testFolder({ "a.md": "# A\n\nAlpha." });
    const { admin } = await syncedKnowledge(own, folder);
    for (let run = 0; run < 4; run += 1) await syncToEnd(admin, "docs", { tenantId: own.tenant });
    const listings: { readonly text: string; readonly values: readonly unknown[] }[] = [];
    const before = (text: string, values: readonly unknown[]) => {
      if (text.includes("as held")) listings.push({ text, values });
    };
    const runs = await createSyncRuns(watchedDatabase(own.database, { before })).newest(own.tenant, "docs", 3);
    const { text, values } = listings[0]!;
    const { rows } = await own.database.withTenant(own.tenant, (transaction) =>
      transaction.query<{ "QUERY PLAN": string }>(`explain analyze ${text}`, values),
    );
    const counted = rows.flatMap((row) => /^[ >-]*Aggregate .* loops=(\d+)/u.exec(row["QUERY PLAN"])?.[1] ?? []);

    expect(runs.map(({ number }) => number)).toEqual([5, 4, 3]);
    expect(counted).toEqual(["1"]);
  });

  it("says which runs and which sources there are", async () => {
    using folder = testFolder({ "a.md": "# A\n\nAlpha." });
    await syncedKnowledge(own, folder);
    await expect(opened().run(own.tenant, "docs", 7)).rejects.toThrow("docs has no run 7. The newest is 1.");
    await expect(opened().lastChange(own.tenant, "dosc")).rejects.toThrow('There is no source "dosc". Sources: docs.');
    const admin = testKnowledge(own.database, countingEmbeddings());
    await expect(admin.removeSource(own.tenant, "dosc")).rejects.toThrow("Sources: docs.");
  });
});
