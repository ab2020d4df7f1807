import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { AgentsUnreachableError } from "../../../src/handoff/agents-channel.js";
import type { BusinessHours } from "../../../src/handoff/business-hours.js";
import type { HandoffRules } from "../../../src/handoff/handoff-scene.js";
import { customerText } from "../../../src/handoff/customer-texts.js";
import { handoffTexts } from "../../../src/handoff/texts.js";
import { DEFAULT_TENANT } from "../../../src/ports/ids.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { CoreScene } from "../../support/core-scene.js";
import { describeEachDatabase } from "../../support/database.js";
import { actionFrom, ana, cora, deletionOf, messageFrom, noteFrom } from "../../support/events.js";
import { planOf, routeTo } from "../../support/teams.js";

const ben = { ...ana, id: "ben", displayName: "Ben" };

const MINUTE_MS = 60_000;
const timers = { remindMs: 15 * MINUTE_MS, idleMs: null, reassignMs: null, expireMs: null, settleMs: null };

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

  const write = (author: typeof ana, thread: string, text: string) =>
    scene.play(messageFrom(author, scene.at(thread), text));
  const events = () =>
    query<{ event: string; detail: string | null; actor_name: string }>(
      "select event, detail, actor_name from handoff_event order by at, id",
    );

  it("is passed on by an agent: the new team has the card and what was said, and the customer's words go there", async () => {
    await start();
    await say("Unknown invoice?");
    const former = platform.newestThread("agents-billing");
    await write(ana, former, "Which one?");
    await scene.play(noteFrom(ana, scene.at(former), "Pays late."));
    expect(await write(ana, former, "!team desk")).toBe("recorded: move");

    const thread = platform.newestThread("agents-desk");
    const [card] = platform.texts("agents-desk");
    expect(card).toContain("For desk, passed on by Ana, from billing");
    expect(card).not.toContain("For billing");
    const [said] = platform.texts(thread);
    expect(said).toMatch(/Cora: Unknown invoice\?[^]*Ana: Which one\?[^]*Ana \(internal note\): Pays late\./u);
    expect(platform.texts("agents-billing")[0]).toContain("Has gone to desk");
    expect(platform.texts("c").at(-1)).toBe(customerText("moved", "en", { agent: "Ana" }));
    expect(platform.texts("c").join("\n")).not.toContain("Pays late");
    expect(await query("select state, team, claimed_by_id from handoff")).toEqual([
      { state: "waiting", team: "desk", claimed_by_id: null },
    ]);
    expect((await events()).at(-1)).toEqual({ event: "move", detail: "from billing to desk", actor_name: "Ana" });

    expect(await say("The one of May.")).toBe("relayed: to-agents");
    expect(platform.texts(thread).at(-1)).toBe("The one of May.");
    expect(await write(ben, thread, "Found it.")).toBe("relayed: to-customer");
    expect(platform.texts("c").at(-1)).toBe("Found it.");
    expect(platform.texts("agents-desk")[0]).toContain("Claimed by Ben");
    expect(platform.texts("agents-billing")[0]).toContain("Has gone to desk");
  });

  it("tells who still writes in the former thread that nothing was sent", async () => {
    await start();
    await say("Unknown invoice?");
    const former = platform.newestThread("agents-billing");
    await write(ana, former, "!team desk");
    const told = platform.texts("c").length;
    expect(await write(ana, former, "Hello?")).toBe("recorded: gone");
    expect(await write(ana, former, "!claim")).toBe("recorded: gone");
    expect(await scene.play(noteFrom(ana, scene.at(former), "Hm."))).toBe("recorded: gone");
    expect(platform.texts(former).at(-1)).toBe(handoffTexts.gone("desk"));
    expect(platform.texts("c")).toHaveLength(told);
  });

  it.each(["claim", "resolve", "snooze", "suggest"] as const)(
    "says who has it by now when %s is pressed on the former card, and does nothing",
    async (name) => {
      await start();
      await say("Unknown invoice?");
      const former = platform.newestThread("agents-billing");
      await write(ana, former, "!team desk");
      const [{ id: handoffId } = { id: "" }] = await query<{ id: string }>("select id from handoff");
      const before = { told: platform.texts("c"), events: await events() };
      expect(await scene.play(actionFrom(ana, scene.at(former), { name, handoffId }))).toBe("recorded: gone");
      expect(platform.texts(former).at(-1)).toBe(handoffTexts.pressedGone("desk"));
      expect({ told: platform.texts("c"), events: await events() }).toEqual(before);
      expect(await query("select state, team, claimed_by_id from handoff")).toEqual([
        { state: "waiting", team: "desk", claimed_by_id: null },
      ]);
      const thread = platform.newestThread("agents-desk");
      expect(await scene.play(actionFrom(ben, scene.at(thread), { name: "claim", handoffId }))).toBe(
        "recorded: claimed",
      );
    },
  );

  it("comes back, and the thread in between is told of", async () => {
    await start();
    await say("Unknown invoice?");
    await write(ana, platform.newestThread("agents-billing"), "!team desk");
    const between = platform.newestThread("agents-desk");
    await write(ben, between, "!team billing");
    const thread = platform.newestThread("agents-billing");
    expect(platform.texts("agents-billing").at(-1)).toContain("For billing, passed on by Ben, from desk");
    expect(await write(ben, between, "Hello?")).toBe("recorded: gone");
    expect(await write(ana, thread, "Here I am.")).toBe("relayed: to-customer");
  });

  it.each([
    ["!team desc", "recorded: not-understood", "Did you mean !team desk?"],
    ["!team kitchen", "recorded: not-understood", "The teams are billing, desk."],
    ["!team", "recorded: teams", "The teams are billing, desk."],
    ["!team Billing", "recorded: refused-same-team", "billing has this already."],
    ["!taem desk", "recorded: not-understood", "Did you mean !team?"],
  ])("answers %s, and nothing moves", async (words, outcome, answer) => {
    await start();
    await say("Unknown invoice?");
    const thread = platform.newestThread("agents-billing");
    const told = platform.texts("c").length;
    expect(await write(ana, thread, words)).toBe(outcome);
    expect(platform.texts(thread).at(-1)).toContain(answer);
    expect(platform.texts("c")).toHaveLength(told);
    expect(await query("select team from handoff")).toEqual([{ team: "billing" }]);
  });

  it("stays where it is while the other team cannot be reached, and with who has it", async () => {
    await start();
    await say("Unknown invoice?");
    const thread = platform.newestThread("agents-billing");
    await write(ana, thread, "!claim");
    expect(await write(ben, thread, "!team desk")).toBe("recorded: refused-claimed-by-other");
    scene.agentsChannel = () => {
      throw new AgentsUnreachableError("slack has not been reached yet");
    };
    expect(await write(ana, thread, "!team desk")).toBe("recorded: refused-unreachable");
    expect(await query("select team from handoff")).toEqual([{ team: "billing" }]);
  });

  it("goes to the fallback team as soon as that is reached, when its time came before", async () => {
    await start({ timers: { ...timers, reassignMs: 40 * MINUTE_MS } });
    await say("Unknown invoice?");
    const { agentsChannel } = scene;
    scene.agentsChannel = () => {
      throw new AgentsUnreachableError("slack has not been reached yet");
    };
    nowMs += 40 * MINUTE_MS;
    await vi.waitFor(async () => {
      const due = await query("select due_at from handoff_timer where kind = 'reassign'");
      expect(due).toEqual([{ due_at: new Date(nowMs + 10_000) }]);
    });
    expect((await events()).map(({ event }) => event)).not.toContain("reassign");
    scene.agentsChannel = agentsChannel;
    nowMs += 10_000;
    await vi.waitFor(() => {
      expect(platform.texts("agents-desk")).toHaveLength(1);
    });
    await scene.settled();
    expect((await events()).at(-1)).toMatchObject({ event: "reassign", detail: "from billing to desk" });
  });

  it("is taken back by a deletion in the thread that the handoff has left", async () => {
    await start();
    await say("Unknown invoice?");
    const thread = platform.newestThread("agents-billing");
    const reply = messageFrom(ana, scene.at(thread), "Your code is 1234.");
    await scene.play(reply);
    await write(ana, thread, "!team desk");
    expect(platform.texts("c")).toContain("Your code is 1234.");
    await scene.play(deletionOf(reply));
    await scene.settled();
    expect(platform.texts("c")).not.toContain("Your code is 1234.");
  });

  it("goes to the fallback team once when nobody of its own claims it", async () => {
    await start({ timers: { ...timers, reassignMs: 40 * MINUTE_MS } });
    await say("Unknown invoice?");
    const former = platform.newestThread("agents-billing");
    nowMs += 40 * MINUTE_MS;
    while (platform.texts("agents-desk").length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await scene.settled();

    expect(platform.texts("agents-desk")[0]).toContain("For desk, passed on by Deskhand, from billing");
    expect(platform.texts(former).at(-1)).toContain("it has gone to desk");
    expect((await events()).at(-1)).toMatchObject({ event: "reassign", detail: "from billing to desk" });
    expect(await query("select kind, due_at from handoff_timer")).toEqual([
      { kind: "remind", due_at: new Date(nowMs + 15 * MINUTE_MS) },
    ]);
    expect(await write(ben, platform.newestThread("agents-desk"), "Here I am.")).toBe("relayed: to-customer");
  });

  it("goes to the fallback team when its card is refused where its own works", async () => {
    await start();
    platform.failures.push({ failure: "rejected", at: "agents-billing" });
    await say("Unknown invoice?");
    await scene.settled();
    expect(platform.texts("agents-billing")).toEqual([]);
    expect(platform.texts("agents-desk")[0]).toContain("For desk, passed on by Deskhand, from billing");
    expect(await query("select state, team from handoff")).toEqual([{ state: "waiting", team: "desk" }]);
    expect(await write(ben, platform.newestThread("agents-desk"), "Here I am.")).toBe("relayed: to-customer");
  });

  it("expires when the fallback team's card is refused, too", async () => {
    await start();
    platform.failures.push({ failure: "rejected", at: "agents-billing" }, { failure: "rejected", at: "agents-desk" });
    await say("Unknown invoice?");
    await scene.settled();
    expect(await query("select state, team from handoff")).toEqual([{ state: "expired", team: "desk" }]);
    expect(platform.texts("c").at(-1)).toBe(customerText("unreachable", "en"));
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
