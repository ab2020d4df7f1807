import { afterEach, beforeEach, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { loadReply } from "../../../src/commands/handoff-replies.js";
import type { HandoffRules } from "../../../src/handoff/handoff-scene.js";
import { DEFAULT_TENANT, newId } from "../../../src/ports/ids.js";
import { replyText } from "../../../src/answering/reply-text.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { CoreScene } from "../../support/core-scene.js";
import { describeEachDatabase } from "../../support/database.js";
import { ana, cora, messageFrom } from "../../support/events.js";
import { planOf, routeTo } from "../../support/teams.js";

const MINUTE_MS = 60_000;
const sla = { firstReplyMs: 30 * MINUTE_MS, resolveMs: 120 * MINUTE_MS };
const teams = planOf(
  [
    { name: "billing", hours: null, sla: { firstReplyMs: 10 * MINUTE_MS, resolveMs: null } },
    { name: "desk", hours: null },
  ],
  [routeTo("billing", { topics: ["invoice"] })],
);

describeEachDatabase("what is promised to customers", (open) => {
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

  const options = (handoff: Partial<Pick<HandoffRules, "sla" | "teams" | "showTeamName">>) => ({
    handoff,
    clock: { now: () => new Date(nowMs) },
  });
  async function start(handoff: Parameters<typeof options>[0] = { sla }): Promise<void> {
    scene = await CoreScene.start(database, platform, new ScriptedAnswering(), options(handoff));
    scene.agentsChannel = (team) => scene.at(team === null ? "agents" : `agents-${team}`);
  }
  const say = (text: string, key = "c") => scene.play(messageFrom(cora, scene.at(key), text));
  const write = (text: string, thread = platform.newestThread()) =>
    scene.play(messageFrom(ana, scene.at(thread), text));
  const query = <Row extends object>(sql: string) =>
    database.withTenant(DEFAULT_TENANT, async (db) => (await db.query<Row>(sql)).rows);
  const events = () =>
    query<{ event: string; detail: string | null }>("select event, detail from handoff_event order by at, id");

  async function pass(minutes: number, event: string): Promise<void> {
    nowMs += minutes * MINUTE_MS;
    const happened = async () => (await events()).some((one) => one.event === event);
    while (!(await happened())) await new Promise((resolve) => setTimeout(resolve, 10));
    await scene.settled();
  }

  it("is on the card, and the team is told once when it is overdue, also after a restart", async () => {
    await start();
    await say("Unknown?");
    const thread = platform.newestThread();
    expect(platform.texts("agents")[0]).toContain(
      "Due: first reply by 2026-11-27 11:30 UTC, resolved by 2026-11-27 13:00 UTC",
    );
    await scene.core.stop(1_000);
    nowMs += 31 * MINUTE_MS;
    scene = await CoreScene.startAgain(database, platform, new ScriptedAnswering(), scene, options({ sla }));
    await pass(0, "first-reply-due");
    await say("Hello?");
    expect(platform.texts(thread)).toContain("The customer has had no reply yet: it was due by 2026-11-27 11:30 UTC.");
    expect(platform.texts(thread).filter((text) => text.includes("no reply yet"))).toHaveLength(1);
    expect(platform.texts("agents")[0]).toContain("Due: first reply overdue since 2026-11-27 11:30 UTC");
    expect(platform.texts("agents")[0]!.match(/Due:/gu)).toHaveLength(1);

    nowMs += 9 * MINUTE_MS;
    await write("Hold it.", thread);
    expect(platform.texts("agents")[0]).not.toContain("first reply");
    expect(await events()).toEqual([
      { event: "open", detail: null },
      { event: "first-reply-due", detail: "first reply overdue, due 2026-11-27 11:30 UTC" },
      { event: "reply", detail: "first reply after 40 open minutes, late, due 2026-11-27 11:30 UTC" },
    ]);
    await pass(80, "resolution-due");
    expect(platform.texts(thread).at(-1)).toBe("This is not resolved yet: it was to be by 2026-11-27 13:00 UTC.");
    const [row] = await database.handoffBoard.list(DEFAULT_TENANT, 9);
    expect(row?.due).toEqual({ kind: "resolution", at: new Date("2026-11-27T13:00:00Z") });
  });

  it("is each team's own, and begins again where a handoff is passed on", async () => {
    await start({ sla, teams });
    await say("Unknown invoice?");
    const former = platform.newestThread("agents-billing");
    expect(platform.texts("agents-billing")[0]).toContain("Due: first reply by 2026-11-27 11:10 UTC");
    nowMs += 5 * MINUTE_MS;
    await write("!team desk", former);
    const [card] = platform.texts("agents-desk");
    expect(card).toContain("Due: first reply by 2026-11-27 11:35 UTC, resolved by 2026-11-27 13:05 UTC");
    expect(card).not.toContain("11:10");
    expect(platform.texts("agents-billing")[0]).not.toContain("Due:");
    nowMs += 10 * MINUTE_MS;
    await write("Hold it.", platform.newestThread("agents-desk"));
    const sql = "select team, kind, outcome, open_ms from handoff_target order by started_at, kind";
    expect(await query(sql)).toEqual([
      { team: "billing", kind: "first-reply", outcome: "dropped", open_ms: null },
      { team: "billing", kind: "resolution", outcome: "dropped", open_ms: null },
      { team: "desk", kind: "first-reply", outcome: "met", open_ms: 10 * MINUTE_MS },
      { team: "desk", kind: "resolution", outcome: null, open_ms: null },
    ]);
  });

  async function answered(minutes: number, key: string): Promise<void> {
    await say("Unknown?", key);
    nowMs += minutes * MINUTE_MS;
    await write("Hold it.", platform.newestThread("agents-desk"));
  }

  it("tells how soon a person usually answers, from that team's own replies and never from few", async () => {
    await start({ teams, showTeamName: true });
    for (const [index, minutes] of [1, 2, 3, 17].entries()) await answered(minutes, `c${index}`);
    await answered(90, "c4");
    expect(platform.texts("c4")[0]).toMatch(/It is with this team: desk\.$/u);
    await say("Unknown?", "c5");
    expect(platform.texts("c5")[0]).toMatch(/desk\. Usually the first reply comes within 20 minutes\.$/u);
    await say("Unknown invoice?", "c6");
    expect(platform.texts("c6")[0]).toMatch(/billing\.$/u);
    nowMs += 31 * 24 * 60 * MINUTE_MS;
    await say("Unknown?", "c7");
    expect(platform.texts("c7")[0]).toMatch(/desk\.$/u);
  });

  it("is what a lead sees of each team, and of who holds how many", async () => {
    await start({ sla, teams });
    await answered(4, "c1");
    await answered(40, "c2");
    await write("!resolve", platform.newestThread("agents-desk"));
    await say("Unknown?", "c3");
    await say("Unknown invoice?", "c4");
    nowMs += 5 * MINUTE_MS;

    const now = new Date(nowMs);
    const loads = await database.withStores(DEFAULT_TENANT, ({ reports }) => reports.load(new Date(0)));
    expect(loads).toMatchObject([
      { team: "billing", open: 1, waiting: 1, firstReplies: { count: 0, medianMs: null, promised: 0 }, agents: [] },
      {
        ...{ team: "desk", open: 2, waiting: 1, overdue: 0 },
        firstReplies: { count: 2, medianMs: 22 * MINUTE_MS, promised: 2, kept: 1 },
        resolutions: { count: 1, promised: 1, kept: 1 },
        agents: [{ name: "Ana", holds: 1 }],
      },
    ]);
    const shown = replyText(loadReply(loads, now));
    expect(shown).toMatch(/desk[^]*22 min \(of 2\)[^]*50 % \(1 of 2\)[^]*Ana \(desk\): 1/u);
    expect(replyText(loadReply([], now))).toBe("Nothing was handed over to people yet.");
    expect(await database.withStores(`t-${newId()}`, ({ reports }) => reports.load(new Date(0)))).toEqual([]);
  });
});
