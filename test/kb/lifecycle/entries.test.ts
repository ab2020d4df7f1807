import { expect, it } from "vitest";
import { createKnowledgeAudit } from "../../../kb/lifecycle/audit-store.js";
import { createDocumentLibrary } from "../../../kb/lifecycle/document-library.js";
import { createKnowledgeEntries } from "../../../kb/lifecycle/entry-store.js";
import { createChunkIndexer } from "../../../kb/search/chunk-indexer.js";
import { createKnowledgeSearch } from "../../../kb/search/knowledge-search.js";
import { createSyncRequests } from "../../../kb/sync/sync-requests.js";
import { NotFoundError, UsageError } from "../../../src/ports/errors.js";
import { newId } from "../../../src/ports/ids.js";
import type { SyncProgress } from "../../../src/ports/knowledge.js";
import { SyncTakenOverError } from "../../../src/ports/sync-requests.js";
import { countingEmbeddings } from "../../fakes/counting-embeddings.js";
import { describeEachDatabase } from "../../support/database.js";
import { syncToEnd, testKnowledge } from "../../support/knowledge.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";

const ENTRY = { question: "Do you ship to Norway?", answer: "Yes, within five days.", variants: ["Norwegian orders"] };

describeEachDatabase("entries that people write", (open) => {
  const own = tenantForEachTest(open);
  const embeddings = countingEmbeddings();

  function scene(fourEyes = false) {
    const indexer = createChunkIndexer({ embeddings });
    const entries = createKnowledgeEntries({ database: own.database, indexer, newId, fourEyes });
    const admin = testKnowledge(own.database, embeddings);
    const write = (validUntil: string | null = null, eventId: string | null = null) =>
      entries.write(own.tenant, { ...ENTRY, validUntil }, { actor: "slack:U1", eventId });
    const step = (
      id: string,
      name: "approve" | "publish" | "archive",
      actor = "slack:U2",
      eventId: string | null = null,
    ) => entries.step(own.tenant, id, name, { actor, eventId });
    const sync = () => syncToEnd(admin, "entries", { tenantId: own.tenant });
    return { entries, admin, write, step, sync };
  }

  async function found(text = "ship to Norway"): Promise<readonly string[]> {
    const search = createKnowledgeSearch({ database: own.database, embeddings });
    const query = { tenantId: own.tenant, text, audience: ["public"], limit: 5 };
    return (await search.search(query, new AbortController().signal)).passages.map(({ title }) => title);
  }

  it("are answered from once they are published, also by another wording, and no more once they are archived", async () => {
    const { write, step, sync, entries } = scene();
    const { entryId } = await write();
    await expect(sync()).resolves.toMatchObject({ state: "done", added: [] });
    await step(entryId.slice(-6), "approve");
    await step(entryId, "publish");
    await expect(sync()).resolves.toMatchObject({ added: [entryId] });
    const published = [await found(), await found("norwegian orders")];
    await step(entryId, "archive");
    const archived = [await found(), await found("norwegian orders")];
    await expect(sync()).resolves.toMatchObject({ state: "done", added: [], removed: [] });

    expect(published).toEqual([[ENTRY.question], [ENTRY.question]]);
    expect(archived).toEqual([[], []]);
    await expect(found()).resolves.toEqual([]);
    await expect(entries.list(own.tenant, "archived")).resolves.toMatchObject([
      { createdBy: "slack:U1", approvedBy: "slack:U2", updatedBy: "slack:U2" },
    ]);
    const audit = await createKnowledgeAudit({ database: own.database, newId }).newest(own.tenant, 10);
    expect(audit.map(({ action }) => action)).toEqual(["archive", "publish", "approve", "write"]);
    expect(JSON.stringify(audit)).not.toContain("Norway");
  });

  it("are not brought back by a sync that had read them before they were archived", async () => {
    const { admin, write, step, sync } = scene();
    const { entryId } = await write();
    await step(entryId, "approve");
    await step(entryId, "publish");
    const run = admin.sync(own.tenant, "entries", { confirmRemovals: true }, new AbortController().signal);
    const steps: SyncProgress[] = [];
    const running = (async () => {
      for await (const progress of run) {
        steps.push(progress);
        if (progress.kind === "listed") await step(entryId, "archive");
      }
    })();
    await running.catch(() => undefined);
    const during = await found();
    const after = await sync();

    expect(steps[0]).toMatchObject({ kind: "listed", total: 1 });
    expect(during).toEqual([]);
    expect(after).toMatchObject({ state: "done", added: [] });
    await expect(found()).resolves.toEqual([]);
  });

  it("are not answered from again by a restored text once they are archived", async () => {
    const { write, step, sync } = scene();
    const { entryId } = await write();
    await step(entryId, "approve");
    await step(entryId, "publish");
    await sync();
    await step(entryId, "archive");
    const library = createDocumentLibrary({
      database: own.database,
      indexer: createChunkIndexer({ embeddings }),
      newId,
    });
    const reader = { tenantId: own.tenant, audience: null };
    const version = { source: "entries", externalId: entryId, version: 1 };
    const restored = library.restore(reader, version, "slack:U1", new AbortController().signal);

    await expect(restored).rejects.toThrow("An entry is not restored: write it anew");
    await expect(found()).resolves.toEqual([]);
  });

  it("are read again when one was archived while another one was read", async () => {
    const { admin, write, step, sync } = scene();
    const publish = async () => {
      const { entryId } = await write();
      await step(entryId, "approve");
      await step(entryId, "publish");
      return entryId;
    };
    const old = await publish();
    await sync();
    const added = await publish();
    const requests = createSyncRequests(own.database);
    const due = () => requests.claimDue(own.tenant, { minGapSeconds: 0, isRequestedOnly: true });
    const before = await due();
    const run = async () => {
      const progress = admin.sync(own.tenant, "entries", { confirmRemovals: true }, new AbortController().signal);
      for await (const { kind } of progress) if (kind === "listed") await step(old, "archive");
    };

    await expect(run()).rejects.toThrow(SyncTakenOverError);

    expect(before).toBeNull();
    await expect(due()).resolves.toMatchObject({ name: "entries" });
    await expect(sync()).resolves.toMatchObject({ state: "done", added: [added] });
  });

  it("take a step once for an event that is worked on again", async () => {
    const { entries, write, step } = scene();
    const eventId = newId();
    const { entryId } = await write();
    await step(entryId, "approve", "slack:U2", eventId);

    await expect(step(entryId, "approve", "slack:U2", eventId)).resolves.toMatchObject({ state: "approved" });
    await expect(step(entryId, "approve", "slack:U2", newId())).rejects.toThrow(UsageError);
    const audit = await createKnowledgeAudit({ database: own.database, newId }).newest(own.tenant, 10);
    expect(audit.filter(({ action }) => action === "approve")).toHaveLength(1);
    await expect(entries.list(own.tenant, "approved")).resolves.toHaveLength(1);
  });

  it("are written once for an event that is worked on again", async () => {
    const { entries, write, step } = scene();
    const eventId = newId();
    const first = await write(null, eventId);
    await step(first.entryId, "approve");
    await expect(write(null, eventId)).resolves.toMatchObject({ entryId: first.entryId, state: "approved" });
    await write(null, newId());
    await expect(entries.list(own.tenant, null)).resolves.toHaveLength(2);
    const audit = await createKnowledgeAudit({ database: own.database, newId }).newest(own.tenant, 10);
    expect(audit.filter(({ action }) => action === "write")).toHaveLength(2);
  });

  it("take their steps in order only", async () => {
    const { write, step } = scene();
    const { entryId } = await write();
    await expect(step(entryId, "publish")).rejects.toThrow("This entry is draft; only one that is approved can be");
    await expect(step("ffffff", "approve")).rejects.toThrow(NotFoundError);
    await step(entryId, "approve", "slack:U1");
    await expect(step(entryId, "approve")).rejects.toThrow(UsageError);
  });

  it("need another person's approval where four eyes are asked for", async () => {
    const { write, step } = scene(true);
    const { entryId } = await write();
    await expect(step(entryId, "approve", "slack:U1")).rejects.toThrow(/another admin has to approve/u);
    await expect(step(entryId, "approve", "slack:U2")).resolves.toMatchObject({ approvedBy: "slack:U2" });
  });

  it("are not answered from after their last day", async () => {
    const { write, step, sync } = scene();
    const { entryId, validUntil } = await write("2020-05-01");
    await step(entryId, "approve");
    await step(entryId, "publish");
    await sync();
    expect(validUntil).toBe("2020-05-01");
    await expect(found()).resolves.toEqual([]);
  });
});
