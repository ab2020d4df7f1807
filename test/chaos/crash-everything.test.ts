import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { seededNumbers } from "../faults/seeded.js";
import type { FakeSlack } from "../fakes/slack/fake-slack.js";
import type { Said } from "../fakes/slack/people.js";
import { canDeploy, deploy } from "../support/deployment.js";
import { service, type Machine } from "../support/machines.js";
import { ask, crowdedSlack, replies } from "../support/slack-crowd.js";
import {
  readInbox,
  untilAllDone,
  untilFinished,
  untilMoreIsBegun,
  workInProgress,
  type InboxRow,
} from "./open-work.js";

const control = process.env["TEST_SERVICES_CTL"] ?? "";

const EVENTS = Number(process.env["CHAOS_EVENTS"] ?? 300);
const SEEDS = (process.env["CHAOS_SEEDS"] ?? "1").split(",").map(Number);
const EVENTS_PER_SECOND = 12;
/** Asked all at once after these: more than a worker does at a time, so that it is killed in the middle of its work. */
const LAST_EVENTS = 36;
/** Slack tries again for 14 s. What it cannot deliver by then was never accepted, and proves nothing. */
const ACCEPTED_SHARE = 0.9;
/** What was in progress when everything was up again is done after this long, whatever waits behind it. */
const RECOVERED_WITHIN_MS = 20_000;
/** How long it is watched, so that a miss shows by how much. */
const WATCHED_MS = 120_000;
const ALL_DONE_WITHIN_MS = 600_000;

/** Kills one after the other at random until told to stop; resolves when all are up again, with what was killed. */
async function wreak(machines: readonly Machine[], seed: number, signal: AbortSignal): Promise<readonly string[]> {
  const below = seededNumbers(seed);
  const killed: string[] = [];
  while (!signal.aborted) {
    await sleep(1_500 + below(3_000));
    const machine = machines[below(machines.length)];
    if (machine === undefined) break;
    await machine.kill();
    killed.push(machine.name);
    await sleep(below(2_000));
    await machine.start();
  }
  return killed;
}

async function askSteadily(slack: FakeSlack, count: number): Promise<readonly Said[]> {
  const said: Said[] = [];
  for (let number = 0; number < count; number += 1) {
    said.push(ask(slack, number));
    await sleep(1_000 / EVENTS_PER_SECOND);
  }
  return said;
}

interface Scene {
  readonly slack: FakeSlack;
  readonly databaseUrl: string;
  readonly worker: Machine;
  readonly machines: readonly Machine[];
}

/** Asks everything while the machines are killed, the worker last of all; resolves as soon as they are all up again. */
async function askAmidKills({ slack, databaseUrl, worker, machines }: Scene, seed: number) {
  const calm = new AbortController();
  const [killed, said] = await Promise.all([
    wreak(machines, seed, calm.signal),
    askSteadily(slack, EVENTS).finally(() => {
      calm.abort();
    }),
  ]);
  const before = await workInProgress(databaseUrl);
  const last = Array.from({ length: LAST_EVENTS }, (_, number) => ask(slack, EVENTS + number));
  await untilMoreIsBegun(databaseUrl, before, WATCHED_MS);
  await worker.kill();
  await worker.start();
  return { killed: [...killed, worker.name], said: [...said, ...last] };
}

async function isAccepted(said: Said): Promise<boolean> {
  return (await said.acknowledged()).some(({ isAcknowledged }) => isAcknowledged);
}

function counts(names: readonly string[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const name of names) sums[name] = (sums[name] ?? 0) + 1;
  return sums;
}

function place({ channel_id, message_id }: InboxRow): string {
  return `${channel_id} ${message_id}`;
}

/** Every accepted one stands in the inbox once, with its outcome, and everybody got one reply. */
function expectOneReplyEach(
  slack: FakeSlack,
  said: readonly Said[],
  accepted: readonly boolean[],
  rows: readonly InboxRow[],
): void {
  const places = rows.map(place);
  const wrong = said.filter((one, index) => {
    const stored = places.filter((stored) => stored === `${one.channel} ${one.ts}`).length;
    return accepted[index] === true && (stored !== 1 || replies(slack, one) !== 1);
  });
  const doubled = said.filter((one) => replies(slack, one) > 1);
  expect(new Set(places).size).toBe(places.length);
  expect(rows.filter(({ outcome }) => outcome === null)).toEqual([]);
  expect(doubled.map(({ channel, ts }) => slack.transcript(channel, ts))).toEqual([]);
  expect(wrong.map(({ channel, ts }) => slack.transcript(channel, ts))).toEqual([]);
}

async function crashEverything(scene: Scene, seed: number) {
  const { slack, databaseUrl: url } = scene;
  const { killed, said } = await askAmidKills(scene, seed);
  // Slack delivers again for many seconds yet: what is in progress has to be done whether or not that is over.
  const upSince = performance.now();
  const work = await workInProgress(url);
  const inProgressMs = await untilFinished(url, work, upSince, WATCHED_MS);
  await slack.settled();
  const recoveredMs = await untilAllDone(url, performance.now(), ALL_DONE_WITHIN_MS);

  const rows = await readInbox(url);
  const accepted = await Promise.all(said.map(isAccepted));
  const acceptedCount = accepted.filter(Boolean).length;
  console.log(
    JSON.stringify({
      chaos: seed,
      events: said.length,
      accepted: acceptedCount,
      stored: rows.length,
      kills: killed.length,
      killed: counts(killed),
      in_progress: { events: work.events.length, deliveries: work.deliveries.length },
      in_progress_done_after_ms: Math.round(inProgressMs),
      all_done_after_ms: Math.round(recoveredMs),
      outcomes: counts(rows.map(({ outcome }) => outcome ?? "none")),
    }),
  );
  expect(acceptedCount).toBeGreaterThanOrEqual((EVENTS + LAST_EVENTS) * ACCEPTED_SHARE);
  expectOneReplyEach(slack, said, accepted, rows);
  expect(work.events.length).toBeGreaterThan(0);
  expect(inProgressMs).toBeLessThanOrEqual(RECOVERED_WITHIN_MS);
  expect(killed.length).toBeGreaterThan(4);
}

describe.skipIf(!canDeploy || control === "")(
  "web, worker, Redis and PostgreSQL killed at random (needs TEST_DATABASE_URL, TEST_REDIS_URL, TEST_SERVICES_CTL)",
  () => {
    it.each(SEEDS)(`${EVENTS} events, seed %i: each accepted one has one outcome and one reply`, async (seed) => {
      const services = [service(control, "redis"), service(control, "postgres")];
      await using slack = await crowdedSlack();
      await using deployment = await deploy(slack, { purpose: "chaos", processes: 1 });
      const { databaseUrl, webs, workers } = deployment;
      slack.deliverTo(`${webs[0]?.origin ?? ""}/slack/events`);
      try {
        const [worker] = workers;
        if (worker === undefined) throw new Error("unreachable: one worker was deployed");
        await crashEverything({ slack, databaseUrl, worker, machines: [...webs, ...workers, ...services] }, seed);
      } finally {
        // The processes end as they would, and the database can be dropped.
        for (const each of services) await each.start();
      }
    });
  },
);
