import { expect, it, vi } from "vitest";
import { purgeDaily } from "../../infra/purge-daily.js";
import { silentLogger } from "../support/silent-logger.js";

const HOUR_MS = 60 * 60_000;

/** A purge that is counted, on a day that passes as the test says. */
function purging(purge: () => Promise<readonly string[]> = () => Promise.resolve([])) {
  let now = Date.parse("2026-01-02T03:00:00Z");
  const purged: string[] = [];
  const purgeExpired = (tenantId: string) => {
    purged.push(tenantId);
    return purge();
  };
  const stop = new AbortController();
  const looks = { count: 0 };
  const clock = {
    now: () => {
      looks.count += 1;
      return new Date(now);
    },
  };
  const dependencies = {
    tenantId: "default",
    lifecycle: { purgeExpired },
    purgeFiles: () => Promise.resolve(0),
    forgetBudgets: () => Promise.resolve(0),
    clock,
    logger: silentLogger,
    lookEveryMs: 1,
  };
  const ended = purgeDaily(dependencies, stop.signal);
  const looked = async () => {
    const before = looks.count;
    await vi.waitFor(() => expect(looks.count).toBeGreaterThan(before + 2));
  };
  return {
    purged,
    looked,
    pass: (hours: number) => (now += hours * HOUR_MS),
    stop: () => {
      stop.abort();
      return ended;
    },
  };
}

it("purges once a day, and not before a day has passed", async () => {
  const { purged, looked, pass, stop } = purging();
  pass(23);
  await looked();
  const early = purged.length;
  pass(1);
  await looked();
  const first = purged.length;
  pass(25);
  await looked();
  await stop();

  expect([early, first, purged.length]).toEqual([0, 1, 2]);
  expect(purged).toEqual(["default", "default"]);
});

it("goes on after a day on which the database was away", async () => {
  const { purged, looked, pass, stop } = purging(() => Promise.reject(new Error("away")));
  pass(24);
  await looked();
  pass(24);
  await looked();
  await stop();

  expect(purged).toHaveLength(2);
});

it("ends at once when the process stops", async () => {
  const stop = new AbortController();
  const lifecycle = { purgeExpired: () => Promise.resolve([]) };
  const clock = { now: () => new Date() };
  const ended = purgeDaily(
    {
      ...{ tenantId: "default", lifecycle, clock, logger: silentLogger },
      forgetBudgets: () => Promise.resolve(0),
      purgeFiles: () => Promise.resolve(0),
    },
    stop.signal,
  );
  stop.abort();
  await expect(ended).resolves.toBeUndefined();
});
