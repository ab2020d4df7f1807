import { afterEach, beforeEach, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import type { Assignment, PresenceOf } from "../../../src/handoff/assignment.js";
import { DEFAULT_TENANT } from "../../../src/ports/ids.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { CoreScene } from "../../support/core-scene.js";
import { describeEachDatabase } from "../../support/database.js";
import { ana, cora, messageFrom } from "../../support/events.js";
import { planOf } from "../../support/teams.js";

const MINUTE_MS = 60_000;
const timers = {
  ...{ remindMs: null, idleMs: null, reassignMs: null, expireMs: null, settleMs: null },
  assignMs: 10 * MINUTE_MS,
};
const dan = { ...ana, id: "dan", displayName: "Dan" };

describeEachDatabase("whom of a team a handoff is for", (open) => {
  let database: OpenDatabase;
  let scene: CoreScene;
  let platform: RecordingPlatform;
  let nowMs: number;

  beforeEach(async () => {
    database = await open();
    platform = new RecordingPlatform();
    nowMs = Date.parse("2026-11-27T11:00:00Z");
  });
  afterEach(async () => {
    await scene[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  function options(by: Assignment["by"], presence?: PresenceOf) {
    const members = ["Ana", "Ben", "Cem"].map((name) => ({ id: name.toLowerCase(), name }));
    const week = [null, null, null, null, "Ben", null, null];
    const onCall = by === "on-call" ? { timeZone: "UTC", duties: [], week } : null;
    const teams = planOf([{ name: "desk", hours: null, assignment: { by, members, onCall } }], []);
    return { handoff: { teams, timers, ...(presence && { presence }) }, clock: { now: () => new Date(nowMs) } };
  }
  async function start(...given: Parameters<typeof options>): Promise<void> {
    scene = await CoreScene.start(database, platform, new ScriptedAnswering(), options(...given));
  }
  const say = (text: string, key = "c") => scene.play(messageFrom(cora, scene.at(key), text));
  const write = (author: typeof ana, text: string) =>
    scene.play(messageFrom(author, scene.at(platform.newestThread()), text));
  const query = <Row extends object>(sql: string) =>
    database.withTenant(DEFAULT_TENANT, async (db) => (await db.query<Row>(sql)).rows);
  const asked = () =>
    query<{ detail: string }>("select detail from handoff_event where event = 'ask-next' order by at, id");

  async function askedTimes(times: number): Promise<void> {
    while ((await asked()).length < times) await new Promise((resolve) => setTimeout(resolve, 10));
    await scene.settled();
  }
  const card = () => platform.texts("agents").at(-1);

  it("is said on the card and to them, goes on when nobody claims it, and ends with the last", async () => {
    await start("round-robin");
    await say("Unknown?");
    await askedTimes(1);
    const thread = platform.newestThread();
    expect(card()).toContain("For Ana. Waits for somebody to claim it");
    expect(platform.texts(thread)).toEqual(["Ana, this is for you. Whoever is faster may claim it."]);
    for (const times of [2, 3]) {
      nowMs += 11 * MINUTE_MS;
      await askedTimes(times);
    }
    expect(card()).toContain("For Cem.");
    expect(await asked()).toEqual(["Ana", "Ben", "Cem"].map((name) => ({ detail: `${name}, round-robin` })));
    expect(await query("select from handoff_timer")).toEqual([]);
    const [row] = await database.handoffBoard.list(DEFAULT_TENANT, 9);
    expect(row?.assignedTo).toBe("Cem");

    expect(await write(dan, "Here I am.")).toBe("relayed: to-customer");
    expect(card()).toContain("Claimed by Dan");
    expect(card()).not.toContain("For Cem");
    expect(platform.texts("c").join()).not.toMatch(/Ana|Ben|Cem/u);
  });

  it("goes on without its card, where that could not be posted", async () => {
    await start("round-robin");
    await say("Unknown?");
    await askedTimes(1);
    await query("update delivery set state = 'failed' where id = (select card_delivery_id from handoff)");
    nowMs += 11 * MINUTE_MS;
    await askedTimes(2);
    expect(platform.texts(platform.newestThread()).at(-1)).toContain("Ben, this is for you.");
  });

  it("is asked of another when who held it lets go of it", async () => {
    await start("round-robin");
    await say("Unknown?");
    await askedTimes(1);
    await write({ ...ana, id: "ben", displayName: "Ben" }, "!claim");
    expect(await query("select from handoff_timer")).toEqual([]);
    await write({ ...ana, id: "ben", displayName: "Ben" }, "!release");
    await askedTimes(2);
    expect(card()).toContain("For Cem.");
  });

  it("passes over the away, unless all are", async () => {
    let away = new Set(["ana", "ben"]);
    await start("round-robin", () => Promise.resolve(away));
    await say("Unknown?");
    await askedTimes(1);
    away = new Set(["ana", "ben", "cem"]);
    await say("Unknown?", "d");
    await askedTimes(2);
    expect((await asked()).map(({ detail }) => detail.split(",")[0])).toEqual(["Cem", "Ana"]);
  });

  it("is fair between two processes that ask at once", async () => {
    await start("round-robin");
    const other = scene.beside(options("round-robin"));
    other.start();
    await Promise.all(Array.from({ length: 9 }, (_, index) => say("Unknown?", `c${index}`)));
    await askedTimes(9);
    await other.stop(1_000);
    const names = (await asked()).map(({ detail }) => detail.split(",")[0]!);
    for (const name of ["Ana", "Ben", "Cem"]) expect(names.filter((one) => one === name)).toHaveLength(3);
  });

  it("is whoever has least to do", async () => {
    await start("least-loaded");
    await say("Unknown?", "c1");
    await askedTimes(1);
    await write({ ...ana, id: "ben", displayName: "Ben" }, "!claim");
    await say("Unknown?", "c2");
    await askedTimes(2);
    await say("Unknown?", "c3");
    await askedTimes(3);
    expect((await asked()).map(({ detail }) => detail.split(",")[0])).toEqual(["Ana", "Cem", "Ana"]);
  });

  it("is whoever is on call, and nobody on a day of nobody", async () => {
    await start("on-call");
    await say("Unknown?");
    await askedTimes(1);
    expect(card()).toContain("For Ben.");
    nowMs += 24 * 60 * MINUTE_MS;
    await say("Unknown?", "d");
    while ((await query("select from handoff_timer where round = 0")).length > 0) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await scene.settled();
    expect(card()).not.toMatch(/For (?:Ana|Ben|Cem)/u);
  });
});
