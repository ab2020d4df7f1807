import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OpenDatabase } from "../../infra/postgres/open-database.js";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import { openEmbeddedTestDatabase } from "../support/database.js";
import type { CrashDatabase } from "./crash-database.js";
import { seededNumbers } from "./seeded.js";
import { readContent, readFaults } from "./sync-content.js";
import { syncDocs, writeEdition } from "./sync-scene.js";

const script = fileURLToPath(new URL("../../dist/faults/test/faults/sync-child.js", import.meta.url));

const KILLS = 20;
const KILLS_OF_ONE_EDITION = 5;

// A run whose process has died is taken over after a minute: here at once.
const FORGET_RUN = `
  update sync_run set heartbeat_at = clock_timestamp() - interval '1 hour' where tenant_id = $1 and state = 'running'`;

/** Kills syncs at moments that the seed chooses, and compares what they leave with what an undisturbed one writes. */
export function syncCrashSuite(title: string, createDatabase: () => Promise<CrashDatabase>, seed: number): void {
  describe(title, () => {
    let database: CrashDatabase;
    let folder: string;
    beforeEach(async () => {
      database = await createDatabase();
      folder = await mkdtemp(join(tmpdir(), "deskhand-sync-crash-"));
    });
    afterEach(async () => {
      await database.dispose();
      await rm(folder, { recursive: true, force: true });
    });

    it(
      `killed at ${KILLS} moments and resumed, it writes what an undisturbed one does, and nobody sees half of a document`,
      { timeout: 900_000 },
      async () => {
        await using undisturbed = await openEmbeddedTestDatabase();
        const below = seededNumbers(seed);
        const location = join(folder, "docs");
        const syncBoth = async (edition: number, kills: number): Promise<number> => {
          writeEdition(location, edition);
          const startedAt = performance.now();
          await syncDocs(undisturbed, location);
          const usualMs = performance.now() - startedAt;
          const killed = await syncWithKills(database, location, kills, () => below(Math.ceil(usualMs)));
          await whileOpen(database, async (opened) => {
            expect(await readFaults(opened)).toEqual([]);
            expect(await readContent(opened)).toEqual(await readContent(undisturbed));
          });
          return killed;
        };
        await syncBoth(0, 0);
        let kills = 0;
        let edition = 0;
        while (kills < KILLS) {
          edition += 1;
          kills += await syncBoth(edition, Math.min(KILLS_OF_ONE_EDITION, KILLS - kills));
        }
        expect(kills).toBe(KILLS);
        expect(edition).toBeLessThanOrEqual(KILLS);
      },
    );
  });
}

/** Kills up to so many processes on the way, then lets one get to its end. Resolves with how many were killed at work. */
async function syncWithKills(
  database: CrashDatabase,
  location: string,
  kills: number,
  delayMs: () => number,
): Promise<number> {
  let killed = 0;
  for (let attempt = 0; attempt < kills; attempt += 1) {
    if (!(await runChild(database, location, delayMs()))) break;
    killed += 1;
    await whileOpen(database, async (opened) => {
      expect(await readFaults(opened)).toEqual([]);
      await opened.withTenant(DEFAULT_TENANT, (db) => db.query(FORGET_RUN, [DEFAULT_TENANT]));
    });
  }
  expect(await runChild(database, location, null)).toBe(false);
  return killed;
}

/** Whether it was killed before its end; with null it is let run. On a server, a reader looks on all the time. */
async function runChild(database: CrashDatabase, location: string, killAfterMs: number | null): Promise<boolean> {
  const settings = JSON.stringify({ database: database.settings, location });
  const child = spawn(process.execPath, [script, settings], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const watch = new AbortController();
  const watching = database.settings.kind === "postgres" ? watchReaders(database, watch.signal) : Promise.resolve([]);
  try {
    const lines = createInterface({ input: child.stdout });
    const first: unknown[] = await Promise.race([once(lines, "line"), ended]);
    expect(first[0]).toBe("begins");
    if (killAfterMs !== null) {
      await Promise.race([pause(killAfterMs), ended]);
      child.kill("SIGKILL");
    }
    const [code, signal] = (await ended) as [number | null, NodeJS.Signals | null];
    if (signal !== "SIGKILL") expect(code).toBe(0);
    return signal === "SIGKILL";
  } finally {
    child.kill("SIGKILL");
    await ended;
    watch.abort();
    expect(await watching).toEqual([]);
  }
}

/** Every fault that a reader has met until it is told to stop. Before the first edition is there, nothing is missing. */
async function watchReaders(database: CrashDatabase, signal: AbortSignal): Promise<readonly string[]> {
  const opened = await database.open();
  try {
    const isFirst = (await readContent(opened)).length === 0;
    const faults: string[] = [];
    while (!signal.aborted) {
      faults.push(...(await readFaults(opened)).filter((fault) => !isFirst || !fault.startsWith("missing")));
      await pause(5);
    }
    return faults;
  } finally {
    await opened[Symbol.asyncDispose]();
  }
}

async function whileOpen(database: CrashDatabase, work: (opened: OpenDatabase) => Promise<void>): Promise<void> {
  const opened = await database.open();
  try {
    await work(opened);
  } finally {
    await opened[Symbol.asyncDispose]();
  }
}
