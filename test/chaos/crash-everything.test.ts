import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { createScratchDatabase } from "../../infra/postgres/scratch-database.js";
import { seededNumbers } from "../faults/seeded.js";
import type { FakeSlack } from "../fakes/slack/fake-slack.js";
import type { Said } from "../fakes/slack/people.js";
import { ask, crowdedSlack, replies } from "../support/slack-crowd.js";
import { DeskhandProcess, freePort, service, type Machine } from "../support/machines.js";

const databaseUrl = process.env["TEST_DATABASE_URL"] ?? "";
const redisUrl = process.env["TEST_REDIS_URL"] ?? "";
const control = process.env["TEST_SERVICES_CTL"] ?? "";
const isPossible = databaseUrl !== "" && redisUrl !== "" && control !== "";

const EVENTS = Number(process.env["CHAOS_EVENTS"] ?? 300);
const SEEDS = (process.env["CHAOS_SEEDS"] ?? "1").split(",").map(Number);
const EVENTS_PER_SECOND = 12;
/** What was in progress when everything is up again is done after this long, whatever waits behind it. */
const RECOVERED_WITHIN_MS = 20_000;
const GIVE_UP_MS = 120_000;

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

async function askAll(slack: FakeSlack): Promise<readonly Said[]> {
  const said: Said[] = [];
  for (let number = 0; number < EVENTS; number += 1) {
    said.push(ask(slack, number));
    await sleep(1_000 / EVENTS_PER_SECOND);
  }
  return said;
}

async function isAccepted(said: Said): Promise<boolean> {
  return (await said.acknowledged()).some(({ isAcknowledged }) => isAcknowledged);
}

function counts(names: readonly string[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const name of names) sums[name] = (sums[name] ?? 0) + 1;
  return sums;
}

interface InboxRow {
  message_id: string;
  channel_id: string;
  outcome: string | null;
  begun: boolean;
}

async function readInbox(url: string): Promise<readonly InboxRow[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // The superuser of the tests reads past row-level security.
    const { rows } = await client.query<InboxRow>(
      "select message_id, channel_id, outcome, attempts > 0 as begun from inbox order by seq",
    );
    return rows;
  } finally {
    await client.end();
  }
}

/** What was being worked on when everything was up again. */
async function begunEvents(url: string): Promise<ReadonlySet<string>> {
  const begun = (await readInbox(url)).filter((row) => row.begun && row.outcome === null);
  return new Set(begun.map(({ channel_id, message_id }) => `${channel_id} ${message_id}`));
}

/** Milliseconds until all of these have their outcome. */
async function untilFinished(url: string, places: ReadonlySet<string>): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const open = (await readInbox(url)).filter(
      (row) => row.outcome === null && places.has(`${row.channel_id} ${row.message_id}`),
    );
    const ms = performance.now() - startedAt;
    if (open.length === 0 || ms > GIVE_UP_MS) return ms;
    await sleep(250);
  }
}

async function unsentDeliveries(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const text = "select count(*)::int as waiting from delivery where state in ('streaming', 'pending', 'sending')";
    return (await client.query<{ waiting: number }>(text)).rows[0]?.waiting ?? -1;
  } finally {
    await client.end();
  }
}

async function untilDone(url: string, withinMs: number): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const waiting = (await readInbox(url)).filter(({ outcome }) => outcome === null).length;
    if (waiting === 0 && (await unsentDeliveries(url)) === 0) return performance.now() - startedAt;
    if (performance.now() - startedAt > withinMs) return Number.POSITIVE_INFINITY;
    await sleep(500);
  }
}

describe.skipIf(!isPossible)(
  "web, worker, Redis and PostgreSQL killed at random (needs TEST_DATABASE_URL, TEST_REDIS_URL, TEST_SERVICES_CTL)",
  () => {
    it.each(SEEDS)(`${EVENTS} events, seed %i: each accepted one has one outcome and one reply`, async (seed) => {
      await using slack = await crowdedSlack();
      const scratch = await createScratchDatabase(databaseUrl, "chaos");
      const env = {
        DATABASE_URL: scratch.url,
        REDIS_URL: redisUrl,
        DESKHAND_SECRET: "0123456789abcdef0123456789abcdef",
        SLACK_BOT_TOKEN: slack.botToken(),
        SLACK_SIGNING_SECRET: slack.signingSecret,
        SLACK_API_URL: slack.apiUrl,
      };
      const worker = new DeskhandProcess("worker", await freePort(), env);
      const web = new DeskhandProcess("web", await freePort(), env);
      try {
        await worker.start();
        await web.start();
        slack.deliverTo(`${web.origin}/slack/events`);
        const calm = new AbortController();
        const wreaking = wreak(
          [web, worker, service(control, "redis"), service(control, "postgres")],
          seed,
          calm.signal,
        );
        const said = await askAll(slack);
        calm.abort();
        const killed = await wreaking;
        await slack.settled();
        const inProgressMs = await untilFinished(scratch.url, await begunEvents(scratch.url));
        const recoveredMs = await untilDone(scratch.url, 600_000);

        const rows = await readInbox(scratch.url);
        const places = rows.map(({ channel_id, message_id }) => `${channel_id} ${message_id}`);
        const accepted = await Promise.all(said.map(isAccepted));
        const wrong = said.filter((one, index) => {
          const stored = places.filter((place) => place === `${one.channel} ${one.ts}`).length;
          return accepted[index] === true && (stored !== 1 || replies(slack, one) !== 1);
        });
        const doubled = said.filter((one) => replies(slack, one) > 1);
        console.log(
          JSON.stringify({
            chaos: seed,
            events: said.length,
            accepted: accepted.filter(Boolean).length,
            stored: rows.length,
            kills: killed.length,
            killed: counts(killed),
            in_progress_done_after_ms: Math.round(inProgressMs),
            all_done_after_ms: Math.round(recoveredMs),
            outcomes: counts(rows.map(({ outcome }) => outcome ?? "none")),
          }),
        );
        expect(new Set(places).size).toBe(places.length);
        expect(rows.filter(({ outcome }) => outcome === null)).toEqual([]);
        expect(doubled.map(({ channel, ts }) => slack.transcript(channel, ts))).toEqual([]);
        expect(wrong.map(({ channel, ts }) => slack.transcript(channel, ts))).toEqual([]);
        expect(inProgressMs).toBeLessThanOrEqual(RECOVERED_WITHIN_MS);
        expect(killed.length).toBeGreaterThan(3);
      } finally {
        await web.stop();
        await worker.stop();
        await service(control, "postgres").start();
        await service(control, "redis").start();
        await scratch.drop();
      }
    });
  },
);
