import { expect, it } from "vitest";
import { runSyncLoop } from "../../../infra/sync-loop.js";
import { createPushedDocuments } from "../../../kb/push/pushed-documents.js";
import { openSource } from "../../../kb/sources/open-source.js";
import type { Source } from "../../../kb/sources/source.js";
import { createSyncRequests } from "../../../kb/sync/sync-requests.js";
import { newId } from "../../../src/ports/ids.js";
import type { KnowledgeAdmin } from "../../../src/ports/knowledge.js";
import type { DueSync, SyncRequests } from "../../../src/ports/sync-requests.js";
import { countingEmbeddings } from "../../fakes/counting-embeddings.js";
import { describeEachDatabase } from "../../support/database.js";
import { folderSource, syncToEnd, testFolder, testKnowledge } from "../../support/knowledge.js";
import { silentLogger } from "../../support/silent-logger.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";

const AGE_RUNS = `
  update sync_run set started_at = started_at - make_interval(mins => $2::int),
                      finished_at = finished_at - make_interval(mins => $2::int) where tenant_id = $1`;
const SET = (assignment: string) => `update source set ${assignment} where tenant_id = $1`;

describeEachDatabase("requested syncs", (open) => {
  const own = tenantForEachTest(open);

  async function withSource(location: string): Promise<{ admin: KnowledgeAdmin; requests: SyncRequests }> {
    const admin = testKnowledge(own.database, countingEmbeddings());
    await admin.addSource(own.tenant, folderSource(location));
    return { admin, requests: createSyncRequests(own.database) };
  }

  const run = (statement: string, ...values: readonly unknown[]) =>
    own.database.withTenant(own.tenant, (transaction) => transaction.query(statement, [own.tenant, ...values]));
  const claim = (requests: SyncRequests, gap = 0) =>
    requests.claimDue(own.tenant, { minGapSeconds: gap, isRequestedOnly: false });
  const settle = (requests: SyncRequests, due: DueSync | null, end: "served" | "failed" | "not-run") =>
    requests.settle(own.tenant, due!, end);

  it("are due once for any number of requests, and once more for one that came during the run", async () => {
    using folder = testFolder({ "a.md": "A" });
    const { requests } = await withSource(folder.location);
    const before = await claim(requests);
    for (let count = 0; count < 3; count += 1) await requests.request(own.tenant, "docs");
    const first = await claim(requests);
    const whileClaimed = await claim(requests);
    await requests.request(own.tenant, "docs");
    await settle(requests, first, "served");
    const second = await claim(requests);
    await settle(requests, second, "served");

    expect(before).toBeNull();
    expect(first).toMatchObject({ name: "docs", requests: 3n });
    expect(whileClaimed).toBeNull();
    expect(second).toMatchObject({ requests: 4n });
    await expect(claim(requests)).resolves.toBeNull();
    await expect(requests.request(own.tenant, "none")).resolves.toBe(false);
  });

  it("are claimed by one of many workers", async () => {
    using folder = testFolder({ "a.md": "A" });
    const { requests } = await withSource(folder.location);
    await requests.request(own.tenant, "docs");
    const claims = await Promise.all(Array.from({ length: 8 }, () => claim(requests)));
    expect(claims.filter((one) => one !== null)).toHaveLength(1);
  });

  it("wait for the gap, for a run that goes on, and while the source is paused", async () => {
    using folder = testFolder({ "a.md": "A" });
    const { admin, requests } = await withSource(folder.location);
    await syncToEnd(admin, "docs", { tenantId: own.tenant });
    await requests.request(own.tenant, "docs");

    await expect(claim(requests, 60)).resolves.toBeNull();
    await run(AGE_RUNS, 2);
    await run(SET("paused_at = now()"));
    await expect(claim(requests, 60)).resolves.toBeNull();
    await run(SET("paused_at = null"));
    await run("update sync_run set state = 'running' where tenant_id = $1");
    await run("update sync_run set heartbeat_at = clock_timestamp() where tenant_id = $1");
    await expect(claim(requests, 60)).resolves.toBeNull();
    await run("update sync_run set heartbeat_at = clock_timestamp() - interval '2 minutes' where tenant_id = $1");
    await expect(claim(requests, 60)).resolves.toMatchObject({ name: "docs" });
  });

  it("are due when the interval of the source has passed since its last run began", async () => {
    using folder = testFolder({ "a.md": "A" });
    const { admin, requests } = await withSource(folder.location);
    await run(SET("sync_every_minutes = 30"));
    const never = await claim(requests);
    await settle(requests, never, "served");
    await syncToEnd(admin, "docs", { tenantId: own.tenant });
    const justSynced = await claim(requests);
    await run(AGE_RUNS, 31);

    expect(never).toMatchObject({ name: "docs" });
    expect(justSynced).toBeNull();
    await expect(claim(requests)).resolves.toMatchObject({ name: "docs" });
  });

  it("that failed are not lost, and tried again later each time", async () => {
    const folder = testFolder({ "a.md": "A" });
    const { admin, requests } = await withSource(folder.location);
    folder[Symbol.dispose]();
    await requests.request(own.tenant, "docs");
    for (let failures = 0; failures < 3; failures += 1) {
      const due = await claim(requests);
      expect(due).toMatchObject({ requests: 1n });
      await expect(syncToEnd(admin, "docs", { tenantId: own.tenant })).resolves.toMatchObject({ state: "failed" });
      await settle(requests, due, "failed");
      await run(SET("sync_claimed_until = null"));
      await expect(claim(requests)).resolves.toBeNull();
      await run(AGE_RUNS, 2 ** failures);
    }
    await run(AGE_RUNS, 60);
    const due = await claim(requests);
    await settle(requests, due, "served");
    await expect(claim(requests)).resolves.toBeNull();
  });

  it("are done by the loop soon after a push, by one of two processes, and all of them in the end", async () => {
    const admin = testKnowledge(own.database, countingEmbeddings(), { secretOf: () => "s".repeat(32) });
    await admin.addSource(own.tenant, { name: "crm", kind: "push", location: "", acl: ["public"] });
    const documents = createPushedDocuments(own.database, newId);
    const requests = createSyncRequests(own.database);
    const stop = new AbortController();
    const timings = { lookEveryMs: 200, minGapSeconds: 0.2, atOnce: 2, forRequestsOnly: 1, maxRunMs: 60_000 };
    const { live } = own.database;
    const loops = [1, 2].map(() =>
      runSyncLoop(
        { tenantId: own.tenant, requests, knowledge: admin, live, logger: silentLogger, timings },
        stop.signal,
      ),
    );
    const ids = Array.from({ length: 12 }, (_, index) => `d${index}`);
    for (const id of ids) {
      const document = { id, title: null, content: { kind: "text", text: `Text ${id}` } as const, url: null };
      const push = { documents: [{ ...document, updatedAt: null, acl: null, lang: null }], deleted: [] };
      await documents.store(own.tenant, "crm", push);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }

    await expect
      .poll(
        async () => {
          const states = await Promise.all(ids.map((id) => documents.stateOf(own.tenant, "crm", id)));
          return states.filter((state) => state?.state === "indexed").length;
        },
        { timeout: 15_000 },
      )
      .toBe(ids.length);
    stop.abort();
    await Promise.all(loops);
    const { rows } = await run("select state, failures from sync_run where tenant_id = $1 and state <> 'done'");
    expect(rows).toEqual([]);
  });

  it("end with the loop: a run that is stopped on the way is done again", async () => {
    using folder = testFolder({ "a.md": "A" });
    const { requests } = await withSource(folder.location);
    await requests.request(own.tenant, "docs");
    const stop = new AbortController();
    const knowledge: Pick<KnowledgeAdmin, "sync"> = {
      // eslint-disable-next-line @typescript-eslint/require-await -- a run that its signal ends
      async *sync(_tenant, _name, _options, signal) {
        stop.abort();
        signal.throwIfAborted();
        yield { kind: "listed", runId: "", total: 0 };
      },
    };
    const { live } = own.database;
    await runSyncLoop({ tenantId: own.tenant, requests, knowledge, live, logger: silentLogger }, stop.signal);
    await run(SET("sync_claimed_until = null"));
    await expect(claim(requests)).resolves.toMatchObject({ requests: 1n });
  });

  it("are answered by whichever run ends well that began after them", async () => {
    using folder = testFolder({ "a.md": "A" });
    const { admin, requests } = await withSource(folder.location);
    const isRequested = async () => (await admin.status(own.tenant))[0]?.isSyncRequested;
    await requests.request(own.tenant, "docs");
    const before = await isRequested();
    const progress = admin.sync(own.tenant, "docs", { confirmRemovals: false }, new AbortController().signal);
    for await (const { kind } of progress) if (kind === "listed") await requests.request(own.tenant, "docs");
    const during = await isRequested();
    await syncToEnd(admin, "docs", { tenantId: own.tenant });

    expect([before, during, await isRequested()]).toEqual([true, true, false]);
    await expect(claim(requests)).resolves.toBeNull();
  });

  it("are passed over by a claim of requested ones while only their interval has passed", async () => {
    using folder = testFolder({ "a.md": "A" });
    const { requests } = await withSource(folder.location);
    await run(SET("sync_every_minutes = 30"));
    const rules = { minGapSeconds: 0, isRequestedOnly: true };
    await expect(requests.claimDue(own.tenant, rules)).resolves.toBeNull();
    await requests.request(own.tenant, "docs");
    await expect(requests.claimDue(own.tenant, rules)).resolves.toMatchObject({ name: "docs", isRequested: true });
    await run(SET("sync_requests_served = sync_requests, sync_claimed_until = null"));
    await expect(claim(requests)).resolves.toMatchObject({ name: "docs", isRequested: false });
  });

  it("go on beside sources without an end, which fail after a while and say what to do", async () => {
    using folder = testFolder({ "a.md": "A" });
    const admin = testKnowledge(own.database, countingEmbeddings(), {
      open: (record, place) => (record.name === "docs" ? openSource(record, place) : Promise.resolve(endless)),
    });
    for (const name of ["slow", "slower", "docs"]) {
      await admin.addSource(own.tenant, folderSource(folder.location, { name }));
    }
    await run("update source set sync_every_minutes = 30 where tenant_id = $1 and name <> 'docs'");
    const requests = createSyncRequests(own.database);
    const stop = new AbortController();
    const timings = { lookEveryMs: 50, minGapSeconds: 60, atOnce: 2, forRequestsOnly: 1, maxRunMs: 4_000 };
    const { live } = own.database;
    const loop = runSyncLoop(
      { tenantId: own.tenant, requests, knowledge: admin, live, logger: silentLogger, timings },
      stop.signal,
    );
    const lastRuns = async () => {
      const sources = await admin.status(own.tenant);
      return Object.fromEntries(sources.map(({ name, lastRun }) => [name, lastRun?.state ?? "none"]));
    };
    const soon = { timeout: 20_000, interval: 50 };

    await expect
      .poll(async () => Object.values(await lastRuns()).filter((state) => state === "running"), soon)
      .toHaveLength(1);
    await requests.request(own.tenant, "docs");
    await expect.poll(lastRuns, soon).toMatchObject({ docs: "done" });
    const beside = Object.values(await lastRuns()).sort();
    await expect.poll(lastRuns, soon).toEqual({ docs: "done", slow: "failed", slower: "failed" });
    stop.abort();
    await loop;

    expect(beside).toEqual(["done", "none", "running"]);
    const diff = await admin.lastDiff(own.tenant, "slow");
    expect(diff?.failed).toMatchObject([
      { code: "sync-timeout", message: expect.stringContaining("read less") as string },
    ]);
  });
});

/** Lists until it is told to stop. */
const endless: Source = {
  list: (_cursor, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("aborted")))),
  fetch: () => Promise.reject(new Error("nothing is listed")),
};
