import { afterEach, beforeEach, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { AgentsUnreachableError } from "../../../src/handoff/agents-channel.js";
import type { BusinessHours } from "../../../src/handoff/business-hours.js";
import type { HandoffRules } from "../../../src/handoff/change-handoff.js";
import { DEFAULT_TENANT } from "../../../src/ports/ids.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { CoreScene } from "../../support/core-scene.js";
import { describeEachDatabase } from "../../support/database.js";
import { ana, cora, messageFrom } from "../../support/events.js";
import { planOf, routeTo } from "../../support/teams.js";

const MINUTE_MS = 60_000;
const timers = { remindMs: 15 * MINUTE_MS, idleMs: null, expireMs: null, settleMs: null };

const hours: BusinessHours = {
  timeZone: "Europe/Berlin",
  week: [0, 1, 2, 3, 4, 5, 6].map((day) => (day < 5 ? [{ from: 9 * 60, to: 17 * 60 }] : [])),
  holidays: new Set(),
};
const teams = planOf(
  [
    { name: "billing", hours },
    { name: "desk", hours: null },
  ],
  [routeTo("billing", { topics: ["invoice"] })],
);

describeEachDatabase("several teams", (open) => {
  let database: OpenDatabase;
  let scene: CoreScene;
  let platform: RecordingPlatform;
  let nowMs: number;

  beforeEach(async () => {
    database = await open();
    platform = new RecordingPlatform();
    // A Friday, noon in Berlin.
    nowMs = Date.parse("2026-11-27T11:00:00Z");
  });
  afterEach(async () => {
    await scene[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  async function start(handoff: Partial<Pick<HandoffRules, "hours" | "timers" | "teams">> = {}): Promise<void> {
    const clock = { now: () => new Date(nowMs) };
    const options = { handoff: { timers, teams, ...handoff }, clock };
    scene = await CoreScene.start(database, platform, new ScriptedAnswering(), options);
    scene.agentsChannel = (team) => scene.at(`agents-${team ?? "nobody"}`);
  }
  const say = (text: string, key = "c") => scene.play(messageFrom(cora, scene.at(key), text));
  const query = <Row extends object>(sql: string) =>
    database.withTenant(DEFAULT_TENANT, async (db) => (await db.query<Row>(sql)).rows);

  it("posts the card to the team that the rules say, and keeps why", async () => {
    await start();
    await say("Unknown invoice?");
    await say("Unknown?", "d");

    expect(platform.texts("agents-billing")).toHaveLength(1);
    expect(platform.texts("agents-billing")[0]).toContain("For billing");
    expect(platform.texts("agents-desk")[0]).toContain("For desk");
    const sql = `select handoff.team, handoff_event.detail from handoff
                   join handoff_event on handoff_event.handoff_id = handoff.id order by handoff.created_at`;
    expect(await query(sql)).toEqual([
      { team: "billing", detail: "rule 1: topic invoice" },
      { team: "desk", detail: "no rule holds" },
    ]);
    expect((await database.handoffBoard.list(DEFAULT_TENANT, 9)).map(({ team }) => team)).toEqual(["billing", "desk"]);
  });

  it("is worked in the team's thread", async () => {
    await start();
    await say("Unknown invoice?");
    const thread = platform.newestThread("agents-billing");
    expect(await scene.play(messageFrom(ana, scene.at(thread), "Page 2."))).toBe("relayed: to-customer");
    expect(platform.texts("c").at(-1)).toBe("Page 2.");
    expect(await say("Which page?")).toBe("relayed: to-agents");
    expect(platform.texts(thread).at(-1)).toBe("Which page?");
  });

  it("tells the customer when that team opens, and reminds it by its own clock", async () => {
    // A Friday evening.
    nowMs = Date.parse("2026-11-27T17:00:00Z");
    await start();
    await say("Unknown invoice?");
    await say("Unknown?", "d");

    expect(platform.texts("c").at(-1)).toMatch(/answers again from Monday/u);
    expect(platform.texts("d").at(-1)).not.toContain("answers again");
    const sql = "select due_at from handoff_timer join handoff on handoff.id = handoff_id order by handoff.created_at";
    expect(await query(sql)).toEqual([
      { due_at: new Date("2026-11-30T08:15:00Z") },
      { due_at: new Date("2026-11-27T17:15:00Z") },
    ]);
  });

  it("goes past a closed team where that is wanted", async () => {
    nowMs = Date.parse("2026-11-27T17:00:00Z");
    await start({ teams: { ...teams, whenClosed: "fallback" } });
    await say("Unknown invoice?");
    expect(platform.texts("agents-billing")).toEqual([]);
    expect(platform.texts("agents-desk")[0]).toContain("For desk");
    expect(platform.texts("c").at(-1)).not.toContain("answers again");
  });

  it("goes to the fallback team while nobody can say where its own works", async () => {
    await start();
    scene.agentsChannel = (team) => {
      if (team === "billing") throw new AgentsUnreachableError("slack has not been reached yet");
      return scene.at(`agents-${team}`);
    };
    expect(await say("Unknown invoice?")).toMatch(/^handed-off/u);
    expect(platform.texts("agents-desk")[0]).toContain("For desk");
    const details = await query<{ detail: string }>("select detail from handoff_event");
    expect(details).toEqual([{ detail: "billing could not be reached (rule 1: topic invoice)" }]);
  });

  it("tells the customer that nothing was done where no team can be reached", async () => {
    await start();
    scene.agentsChannel = () => {
      throw new AgentsUnreachableError("slack has not been reached yet");
    };
    expect(await say("Unknown invoice?")).toBe("failed: fault");
    expect(await query("select from handoff")).toHaveLength(0);
  });

  it("keeps to the hours of the house for a team that is gone from the settings", async () => {
    await start();
    await say("Unknown invoice?");
    const earlier = scene;
    scene = await CoreScene.startAgain(database, platform, new ScriptedAnswering(), earlier, {
      handoff: { timers, teams: null, hours: null },
      clock: { now: () => new Date(nowMs) },
    });
    const thread = platform.newestThread("agents-billing");
    expect(await scene.play(messageFrom(ana, scene.at(thread), "Page 2."))).toBe("relayed: to-customer");
  });
});
