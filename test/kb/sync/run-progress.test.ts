import { tmpdir } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { ItemError, type Source, type SourceItem } from "../../../kb/sources/source.js";
import type { SyncDependencies } from "../../../kb/sync/sync-context.js";
import type { LiveSignal } from "../../../src/ports/database.js";
import type { SyncReach } from "../../../src/ports/knowledge.js";
import { countingEmbeddings } from "../../fakes/counting-embeddings.js";
import { describeEachDatabase } from "../../support/database.js";
import { folderSource, syncToEnd, testFolder, testKnowledge } from "../../support/knowledge.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";
import { watchedDatabase } from "../../support/watched-database.js";

/** So many are read as the first batch; nothing of them is there. */
const BATCH = 24;
const TOLD_WITHIN = { timeout: 10_000, interval: 50 };

describeEachDatabase("how far a sync is", (open) => {
  const own = tenantForEachTest(open);

  async function added(changes: Partial<SyncDependencies>) {
    const admin = testKnowledge(own.database, countingEmbeddings(), changes);
    await admin.addSource(own.tenant, folderSource(tmpdir()));
    return admin;
  }

  it("stands in its row while it runs, for whichever process looks: what was found, and then of how many", async () => {
    const listing = gate();
    const reading = gate();
    const admin = await added({
      open: (_record, { found }) => Promise.resolve(slowPlace({ listing, reading, found })),
    });
    // Another one, as in another process: it knows what the database knows.
    const other = testKnowledge(own.database, countingEmbeddings());
    const reach = async (): Promise<SyncReach | undefined> => (await other.status(own.tenant))[0]?.lastRun?.progress;
    const heard: LiveSignal[] = [];
    const unsubscribe = own.database.live.subscribe((signal) => {
      if (signal.tenantId === own.tenant && signal.topic === "sync") heard.push(signal);
    });

    const ended = syncToEnd(admin, "docs", { tenantId: own.tenant });
    await expect.poll(reach, TOLD_WITHIN).toEqual({ done: 7, total: null });
    listing.open();
    await expect.poll(reach, TOLD_WITHIN).toEqual({ done: BATCH, total: BATCH + 6 });
    await expect.poll(() => heard.length, TOLD_WITHIN).toBeGreaterThanOrEqual(3);
    reading.open();
    const diff = await ended;
    unsubscribe();

    expect(diff.failed).toHaveLength(BATCH + 6);
    expect(diff).not.toHaveProperty("progress");
    await expect(reach()).resolves.toBeUndefined();
  });

  it("is written once a second at most, however many documents there are", async () => {
    const files = Array.from({ length: 400 }, (_, index) => [`${index}.md`, `Text ${index}.`] as const);
    using folder = testFolder(Object.fromEntries(files));
    let told = 0;
    const before = (text: string): void => {
      if (text.includes("items_done = $3")) told += 1;
    };
    const admin = testKnowledge(watchedDatabase(own.database, { before }), countingEmbeddings());
    await admin.addSource(own.tenant, folderSource(folder.location));
    const startedAt = performance.now();

    const diff = await syncToEnd(admin, "docs", { tenantId: own.tenant });

    expect(diff.added).toHaveLength(400);
    expect(told).toBeLessThanOrEqual((performance.now() - startedAt) / 1_000);
  });

  it("is told no more once somebody has ended the run", async () => {
    const listing = gate();
    const reading = gate();
    reading.open();
    let told = 0;
    let find: (count: number) => void = () => undefined;
    const before = (text: string): void => {
      if (text.includes("items_done = $3")) told += 1;
    };
    const open: SyncDependencies["open"] = (_record, { found }) => {
      find = found ?? find;
      return Promise.resolve(slowPlace({ listing, reading, found }));
    };
    const admin = testKnowledge(watchedDatabase(own.database, { before }), countingEmbeddings(), { open });
    await admin.addSource(own.tenant, folderSource(tmpdir()));
    const ended = syncToEnd(admin, "docs", { tenantId: own.tenant });
    await expect.poll(() => told, TOLD_WITHIN).toBe(1);
    await admin.updateSource(own.tenant, folderSource(tmpdir(), { acl: ["staff"] }));
    for (let count = 8; count < 12; count += 1) {
      find(count);
      await delay(1_100);
    }
    listing.open();

    await expect(ended).resolves.toMatchObject({ state: "failed" });
    expect(told).toBe(2);
  });
});

interface Gate {
  readonly isOpen: Promise<void>;
  open(): void;
}

function gate(): Gate {
  let open = (): void => undefined;
  const isOpen = new Promise<void>((resolve) => (open = resolve));
  return { isOpen, open: () => open() };
}

interface SlowPlace {
  readonly listing: Gate;
  readonly reading: Gate;
  readonly found: ((count: number) => void) | undefined;
}

/** Comes upon seven things and waits; then nothing that it lists can be read, and the second batch waits again. */
function slowPlace({ listing, reading, found }: SlowPlace): Source {
  const items = Array.from({ length: BATCH + 6 }, (_, index): SourceItem => ({
    externalId: `${index}`,
    revision: null,
  }));
  return {
    async list() {
      found?.(7);
      await listing.isOpen;
      const nothing = { removed: [], failures: [], skipped: [] };
      return { scope: "whole", items, ...nothing, isComplete: true, cursor: null };
    },
    async fetch({ externalId }) {
      if (Number(externalId) >= BATCH) await reading.isOpen;
      throw new ItemError("gone", "It is not there.");
    },
  };
}
