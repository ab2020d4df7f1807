import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import type { BusinessHours } from "../../../src/handoff/business-hours.js";
import { customerText } from "../../../src/handoff/customer-texts.js";
import { agentsLifeText } from "../../../src/handoff/life-texts.js";
import { isOpen, type HandoffTimerKind } from "../../../src/handoff/state-machine.js";
import { DEFAULT_TENANT } from "../../../src/ports/ids.js";
import type { HandoffActionName } from "../../../src/ports/reply.js";
import type { Handoff, HandoffTimerRow } from "../../../src/ports/handoffs.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { expectedText, ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { CoreScene } from "../../support/core-scene.js";
import { describeEachDatabase } from "../../support/database.js";
import { actionFrom, ana, cora, messageFrom, noteFrom } from "../../support/events.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const ben = { ...ana, id: "ben", displayName: "Ben" };
const timers = {
  reassignMs: null,
  remindMs: 15 * MINUTE_MS,
  idleMs: 15 * MINUTE_MS,
  expireMs: 48 * HOUR_MS,
  settleMs: 24 * HOUR_MS,
};

/** A walk through all that can happen, the same each time. */
const STEPS = fc.sample(
  fc.constantFrom(
    ...(["ask", "write", "note", "claim", "snooze", "release", "return", "resolve"] as const),
    ...(["reopen", "solved", "not-solved", "ask", "claim"] as const),
  ),
  { numRuns: 60, seed: 7 },
);

const anas = { actor: "Ana", holder: { id: "ana", displayName: "Ana" }, snoozedUntil: null };
const bots = { actor: "Deskhand", holder: null, snoozedUntil: null };

describeEachDatabase("the life of a handoff", (open) => {
  let database: OpenDatabase;
  let scene: CoreScene;
  let platform: RecordingPlatform;
  let thread: string;
  let nowMs: number;
  const clock = { now: () => new Date(nowMs) };
  const hours: BusinessHours = {
    timeZone: "Europe/Berlin",
    week: [0, 1, 2, 3, 4, 5, 6].map((day) => (day < 5 ? [{ from: 9 * 60, to: 17 * 60 }] : [])),
    holidays: new Set(),
  };

  beforeEach(async () => {
    database = await open();
    platform = new RecordingPlatform();
    nowMs = Date.now();
  });
  afterEach(async () => {
    await scene[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  interface Options {
    readonly hours?: BusinessHours;
    readonly burstMs?: number;
    readonly answering?: ScriptedAnswering;
    readonly platform?: RecordingPlatform;
  }

  async function handedOver(options: Options = {}): Promise<void> {
    const handoff = { timers, hours: options.hours ?? null };
    platform = options.platform ?? platform;
    const answering = options.answering ?? new ScriptedAnswering();
    scene = await CoreScene.start(database, platform, answering, { handoff, clock, burstMs: options.burstMs ?? 0 });
    await scene.play(messageFrom(cora, scene.at("c"), "Unknown?"));
    thread = platform.newestThread();
  }

  async function newest(): Promise<Handoff> {
    const sql = "select conversation_id as id from handoff order by created_at desc limit 1";
    const { rows } = await database.withTenant(DEFAULT_TENANT, (db) => db.query<{ id: string }>(sql));
    return database.withStores(DEFAULT_TENANT, async ({ handoffs }) => (await handoffs.newestOf(rows[0]!.id))!);
  }

  async function running(): Promise<readonly HandoffTimerRow[]> {
    const { handoffId } = await newest();
    return database.withStores(DEFAULT_TENANT, ({ handoffs }) => handoffs.timers(handoffId));
  }

  async function press(author: typeof ana, name: HandoffActionName): Promise<string> {
    const { handoffId } = await newest();
    return scene.play(actionFrom(author, scene.at(author.role === "customer" ? "c" : thread), { name, handoffId }));
  }
  const write = (author: typeof ana, text: string) => scene.play(messageFrom(author, scene.at(thread), text));
  const say = (text: string) => scene.play(messageFrom(cora, scene.at("c"), text));

  /** Lets that much time pass, and waits until its timer has run out and everything was posted. */
  async function pass(ms: number, kind: HandoffTimerKind): Promise<void> {
    const ranOut = async () => {
      const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
        db.query("select from handoff_event where event = $1", [kind]),
      );
      return rows.length;
    };
    const before = await ranOut();
    nowMs += ms;
    while ((await ranOut()) === before) await new Promise((resolve) => setTimeout(resolve, 10));
    await scene.settled();
  }

  it("shows on the card how it stands", async () => {
    await handedOver();
    const card = () => platform.texts("agents")[0];
    await press(ana, "claim");
    expect(card()).toContain("Claimed by Ana");
    await press(ana, "snooze");
    expect(card()).toContain("Snoozed by Ana until");
    await press(ana, "release");
    expect(card()).toContain("Waits for somebody to claim it");
    expect(card()).not.toContain("Ana");
  });

  it("is worked from its thread", async () => {
    await handedOver();
    await write(ana, "Look at the red lamp.");
    expect(await write(ana, "!snooze 2h")).toBe("recorded: snoozed");
    expect((await newest()).snoozedUntil).toEqual(new Date(nowMs + 2 * HOUR_MS));
    expect(await write(ben, "!take")).toBe("recorded: assign");
    expect(await write(ana, "Me again")).toBe("recorded: refused-claimed-by-other");
    expect(await write(ben, "!resolve")).toBe("recorded: resolved");
    expect(await write(ben, "!reslove")).toBe("recorded: not-understood");
    const toCora = platform.texts("c").join("\n");
    expect(toCora).toContain("Look at the red lamp.");
    expect(toCora).not.toMatch(/!|Me again/u);
    expect(platform.texts(thread).at(-1)).toContain("Did you mean !resolve?");
  });

  it("hands back to the bot, which answers the next question", async () => {
    await handedOver();
    await press(ana, "claim");
    await press(ana, "return");
    expect(platform.texts("c").at(-1)).toBe(customerText("returned", "en", { agent: "Ana" }));
    expect(await say("How?")).toBe("answered: confident");
  });

  it("asks whether it is solved, and takes yes, no, more words and a new question for what they are", async () => {
    await handedOver();
    await write(ana, "Look at the red lamp of the box.");
    await press(ana, "resolve");
    expect(await say("The red lamp is still off")).toBe("relayed: to-agents");
    expect(await newest()).toMatchObject({ state: "reopened", claimedBy: null });
    expect(platform.texts("c").at(-1)).toBe(customerText("reopened", "en"));
    expect(platform.texts(thread)).toContain("The red lamp is still off");

    await press(ben, "claim");
    await press(ben, "resolve");
    expect(await press(cora, "not-solved")).toBe("recorded: not-solved");
    await press(ben, "claim");
    await press(ben, "resolve");
    expect(await say("How do I order another?")).toBe("answered: confident");
    expect(await newest()).toMatchObject({ state: "resolved", isSettled: true });

    // Complaint 6: what is over is not opened again by old words.
    expect(await say("The red lamp is still off?")).toBe("answered: confident");
    // Nobody is promised a person who will not come.
    expect(await press(cora, "not-solved")).toBe("ignored: over");
    expect(await newest()).toMatchObject({ state: "resolved", isSettled: true });
  });

  it("is confirmed by a word of thanks, which is no question", async () => {
    await handedOver();
    await press(ana, "claim");
    await press(ana, "resolve");
    expect(await say("Thanks, Ana!")).toBe("recorded: confirmed");
    expect(await newest()).toMatchObject({ state: "resolved", isSettled: true });
    expect(platform.texts(thread).slice(-2)).toEqual(
      expect.arrayContaining(["Thanks, Ana!", agentsLifeText("confirmed", bots)]),
    );
    expect(await say("How?")).toBe("answered: confident");
  });

  it("is not confirmed by thanks that somebody goes on from, and the agents read all of it", async () => {
    await handedOver({ burstMs: 300 });
    await write(ana, "The parcel is on its way.");
    await press(ana, "resolve");
    const first = messageFrom(cora, scene.at("c"), "Thanks");
    const second = messageFrom(cora, scene.at("c"), "but the second parcel is not here");
    await scene.core.sink.accept(first);
    await scene.core.sink.accept(second);
    expect(await scene.outcome(first)).toBe("relayed: to-agents");
    expect(await scene.outcome(second)).toBe("relayed: to-agents");
    expect(await newest()).toMatchObject({ state: "reopened" });
    expect(platform.texts(thread)).toEqual(expect.arrayContaining(["Thanks", "but the second parcel is not here"]));
  });

  it("is opened again while the bot writes an answer: the agent gets the question, and the customer no answer", async () => {
    await handedOver({
      answering: new ScriptedAnswering({ pauseMs: 400 }),
      platform: new RecordingPlatform({ stream: "none" }),
    });
    await press(ana, "claim");
    await press(ana, "return");
    const question = messageFrom(cora, scene.at("c"), "How?");
    await scene.core.sink.accept(question);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await write(ana, "!reopen")).toBe("recorded: reopened");
    expect(await scene.outcome(question)).toBe("relayed: to-agents");
    expect(platform.texts("c")).not.toContain(expectedText("How?"));
    expect(platform.texts(thread)).toContain("How?");
  });

  it("lets nobody but its own customer say that it is solved", async () => {
    await handedOver();
    await press(ana, "claim");
    await press(ana, "resolve");
    const { handoffId } = await newest();
    const dora = { ...cora, id: "dora", displayName: "Dora" };
    await scene.play(messageFrom(dora, scene.at("d"), "How?"));
    const elsewhere = actionFrom(dora, scene.at("d"), { name: "solved", handoffId });
    expect(await scene.play(elsewhere)).toBe("ignored: not-found");
    // She reads along, and has asked nothing there.
    const asReader = actionFrom(dora, scene.at("c"), { name: "solved", handoffId });
    expect(await scene.play(asReader)).toBe("ignored: not-the-customer");
    expect(await newest()).toMatchObject({ isSettled: false });
  });

  it("reminds the team, then gives it up and tells the customer", async () => {
    await handedOver();
    await pass(15 * MINUTE_MS, "remind");
    expect(platform.texts(thread)).toEqual([agentsLifeText("reminder", bots)]);
    await pass(48 * HOUR_MS, "expire");
    expect(await newest()).toMatchObject({ state: "expired" });
    expect(platform.texts("c").at(-1)).toBe(customerText("nobodyCame", "en"));
    expect(await say("How?")).toBe("answered: confident");
  });

  it("reminds whoever has it of a customer who waits, and of nobody else", async () => {
    await handedOver();
    await write(ana, "Look at the red lamp.");
    await say("It is off.");
    await pass(15 * MINUTE_MS, "idle");
    expect(platform.texts(thread).at(-1)).toBe(agentsLifeText("idle", anas));
    await write(ana, "Then press it.");
    expect(await running()).toEqual([]);
  });

  it("wakes on time, also when nothing ran at that time", async () => {
    await handedOver();
    await write(ana, "I will ask the workshop.");
    await write(ana, "!snooze 1d");
    const earlier = scene;
    await earlier.core.stop(1_000);
    nowMs += 25 * HOUR_MS;
    scene = await CoreScene.startAgain(database, platform, new ScriptedAnswering(), earlier, {
      handoff: { timers, hours: null },
      clock,
    });
    while ((await newest()).state !== "claimed") await new Promise((resolve) => setTimeout(resolve, 10));
    await scene.settled();
    expect(platform.texts(thread).filter((text) => text === agentsLifeText("woken", anas))).toHaveLength(1);
  });

  it("wakes for a customer who writes", async () => {
    await handedOver();
    await press(ana, "claim");
    await press(ana, "snooze");
    expect(await say("Hello?")).toBe("relayed: to-agents");
    expect(await newest()).toMatchObject({ state: "claimed", snoozedUntil: null });
    expect(platform.texts(thread)).toContain(agentsLifeText("woken-by-customer", anas));
  });

  it("does what time brings once, however many processes look", async () => {
    await handedOver();
    const other = scene.beside({ handoff: { timers, hours: null }, clock });
    await pass(15 * MINUTE_MS, "remind");
    await new Promise((resolve) => setTimeout(resolve, 300));
    await other.stop(1_000);
    expect(platform.texts(thread)).toEqual([agentsLifeText("reminder", bots)]);
  });

  it("settles by silence", async () => {
    await handedOver();
    await press(ana, "claim");
    await press(ana, "resolve");
    const told = platform.texts("c").length;
    await pass(24 * HOUR_MS, "settle");
    expect(await newest()).toMatchObject({ state: "resolved", isSettled: true });
    expect(platform.texts("c")).toHaveLength(told);
  });

  it("says outside of hours when the team opens, and reminds nobody before", async () => {
    // A Friday evening in Berlin.
    nowMs = Date.parse("2026-11-27T17:00:00Z");
    await handedOver({ hours });
    expect(platform.texts("c").at(-1)).toMatch(/answers again from Monday,? (?:30 November|November 30).*0?9:00/u);
    expect((await running()).find(({ kind }) => kind === "remind")?.dueAt).toEqual(new Date("2026-11-30T08:15:00Z"));
  });

  it("keeps the bot silent while a person has it, whatever happens in whatever order", async () => {
    const answering = new ScriptedAnswering();
    await handedOver({ answering });
    for (const [index, step] of STEPS.entries()) {
      const { state, isSettled } = await newest();
      const asked = answering.questions.length;
      const question = `How many lamps has box ${index}?`;
      if (step === "ask") await say(question);
      else if (step === "write") await write(ana, `Words ${index}`);
      else if (step === "note") await scene.play(noteFrom(ben, scene.at(thread), `Note ${index}`));
      else await press(step === "solved" || step === "not-solved" ? cora : ana, step);
      if (step !== "ask" || isOpen(state)) expect(answering.questions.length, step).toBe(asked);
      else if (state !== "resolved" || isSettled) expect(answering.questions.at(-1)).toBe(question);
    }
    expect(platform.texts("c").join("\n")).not.toContain("Note");
  });

  it("keeps the note inside while it is snoozed", async () => {
    await handedOver();
    await press(ana, "claim");
    await press(ana, "snooze");
    await scene.play(noteFrom(ben, scene.at(thread), "They are on the old contract."));
    await say("How?");
    expect(platform.texts("c").join("\n")).not.toContain("old contract");
    expect(platform.texts("c")).not.toContain(expectedText("How?"));
  });
});
