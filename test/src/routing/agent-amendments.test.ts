import { afterEach, beforeEach, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { relayTexts } from "../../../src/handoff/relay-texts.js";
import type { MessageEvent } from "../../../src/ports/chat.js";
import { DEFAULT_TENANT } from "../../../src/ports/ids.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { CoreScene } from "../../support/core-scene.js";
import { describeEachDatabase } from "../../support/database.js";
import { ana, cora, deletionOf, editOf, messageFrom, noteFrom } from "../../support/events.js";

const KEY = "AKIAIOSFODNN7EXAMPLE";

describeEachDatabase("what agents change of what they have written", (open) => {
  let database: OpenDatabase;
  let scene: CoreScene;
  let platform: RecordingPlatform;
  let thread: string;

  beforeEach(async () => {
    database = await open();
  });
  afterEach(async () => {
    await scene[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  async function handedOver(options: ConstructorParameters<typeof RecordingPlatform>[0] = {}): Promise<void> {
    platform = new RecordingPlatform(options);
    scene = await CoreScene.start(database, platform, new ScriptedAnswering());
    await scene.play(messageFrom(cora, scene.at("c"), "Unknown?"));
    thread = platform.newestThread();
  }

  const write = (text: string, author = ana): MessageEvent => messageFrom(author, scene.at(thread), text);

  async function replied(text: string): Promise<MessageEvent> {
    const reply = write(text);
    expect(await scene.play(reply)).toBe("relayed: to-customer");
    return reply;
  }

  const toCora = () => platform.texts("c");
  /** Of what the agents said and noted. */
  async function transcript(): Promise<string[]> {
    const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
      db.query<{ line: string }>(
        "select speaker || ': ' || body as line from transcript_entry where speaker in ('agent', 'note') order by at, seq",
      ),
    );
    return rows.map(({ line }) => line);
  }

  /** Every row of every table that keeps words. */
  async function everything(): Promise<string> {
    const tables = ["inbox", "delivery", "transcript_entry", "handoff", "handoff_event"];
    const rows = await Promise.all(
      tables.map((table) =>
        database.withTenant(DEFAULT_TENANT, (db) => db.query(`select to_jsonb(stored)::text from ${table} as stored`)),
      ),
    );
    return JSON.stringify(rows.map((found) => found.rows));
  }

  it("an edit changes the customer's copy, and repeats and late ones change nothing", async () => {
    await handedOver();
    const reply = await replied("Press it for 5 s.");
    const shown = platform.shown.length;
    const first = editOf(reply, "Press it for 10 s.");
    const later = { occurredAt: new Date(first.occurredAt.getTime() + 1_000) };
    const second = { ...editOf(reply, "Press it for 12 s."), ...later };

    expect(await scene.play(second)).toBe("relayed: edit");
    expect(await scene.play(first)).toBe("ignored: overtaken");
    expect(await scene.play({ ...second, eventId: "again", revision: second.revision + 1 })).toBe("ignored: unchanged");
    expect(toCora().at(-1)).toBe("Press it for 12 s.");
    expect(toCora()).not.toContain("Press it for 5 s.");
    expect(platform.shown).toHaveLength(shown);
    expect(await transcript()).toEqual(["agent: Press it for 12 s."]);
  });

  it("a deletion takes the copy away once, and taking it back shows it again", async () => {
    await handedOver();
    const reply = await replied("He pays late.");
    const before = toCora().length;

    expect(await scene.play(deletionOf(reply))).toBe("relayed: deletion");
    expect(toCora()).toHaveLength(before - 1);
    expect(toCora().join()).not.toContain("pays late");
    expect(await transcript()).toEqual([]);
    expect(await scene.play(deletionOf(reply))).toBe("ignored: nothing-to-take-back");
    expect(await scene.deliveryStates()).not.toContain("failed");

    expect(await scene.play(editOf(reply, "He pays late."))).toBe("relayed: to-customer");
    expect(toCora().at(-1)).toBe("He pays late.");
    expect(await transcript()).toEqual(["agent: He pays late."]);
    expect(await scene.play(editOf(reply, "They pay."))).toBe("relayed: edit");
    expect(toCora().at(-1)).toBe("They pay.");
  });

  it("a copy that cannot be deleted says that it was taken back", async () => {
    await handedOver();
    const reply = await replied("He pays late.");
    platform.refuseDeletions();
    await scene.play(deletionOf(reply));
    await scene.settled();
    expect(toCora().at(-1)).toBe("(This message was taken back.)");
    expect(platform.texts(thread).join()).not.toContain("may not have reached");
  });

  it("agents are told where the copy can be neither deleted nor changed", async () => {
    await handedOver();
    const reply = await replied("He pays late.");
    platform.refuseDeletions();
    platform.refuseEdits();
    expect(await scene.play(editOf(reply, "He pays."))).toBe("relayed: edit");
    expect(platform.texts(thread).at(-1)).toMatch(/may still see what it said before/u);
    const told = platform.texts(thread).length;
    await scene.play(deletionOf(reply));
    await scene.settled();
    expect(platform.texts(thread).slice(told).join()).toMatch(/may still see what it said before/u);
    expect(toCora().at(-1)).toBe("He pays late.");
  });

  it("agents are told where no message can be changed, and the transcript says what the customer sees", async () => {
    await handedOver({ edit: false });
    const reply = await replied("Press it for 5 s.");
    expect(await scene.play(editOf(reply, "Press it for 10 s."))).toBe("recorded: refused-change");
    expect(platform.texts(thread).at(-1)).toBe(relayTexts.cannotChange);
    expect(await transcript()).toEqual(["agent: Press it for 5 s."]);
  });

  it("a reply that becomes a note is taken back, and stays a note", async () => {
    await handedOver();
    const reply = await replied("He is angry");
    expect(await scene.play(editOf(reply, "// He is angry"))).toBe("recorded: became-note");
    expect(toCora().join()).not.toContain("angry");
    expect(await transcript()).toEqual(["note: He is angry"]);
    expect(await scene.play(editOf(reply, "He is very angry"))).toBe("recorded: note");
    expect(platform.texts(thread).at(-1)).toBe(relayTexts.staysNote);
    expect(toCora().join()).not.toContain("angry");
    expect(await transcript()).toEqual(["note: He is very angry"]);
  });

  it("a note that is changed stays a note", async () => {
    await handedOver();
    const note = noteFrom(ana, scene.at(thread), "on legal hold");
    await scene.play(note);
    const asMessage = messageFrom(ana, scene.at(thread), "", { messageId: note.messageId, channelId: note.channelId });
    const before = platform.shown.length;
    expect(await scene.play({ ...editOf(asMessage, "on legal hold!"), note: "on legal hold!" })).toBe("recorded: note");
    expect(platform.shown).toHaveLength(before);
    expect(await scene.play(editOf(asMessage, "legal hold, I said"))).toBe("recorded: note");
    expect(toCora().join()).not.toContain("legal");
    expect(await transcript()).toEqual(["note: legal hold, I said"]);
    expect(await scene.play(deletionOf(asMessage))).toBe("recorded: note-deleted");
    expect(await transcript()).toEqual([]);
  });

  it("a control and a refused message stay unsent when they are changed", async () => {
    await handedOver();
    const help = write("!help");
    await scene.play(help);
    const before = toCora();
    expect(await scene.play(editOf(help, "Here is help"))).toBe("recorded: refused-change");
    expect(platform.texts(thread).at(-1)).toBe(relayTexts.wasNotSent);
    await replied("Hello");
    const bens = write("Hello from Ben", { ...ana, id: "ben", displayName: "Ben" });
    expect(await scene.play(bens)).toBe("recorded: refused-claimed-by-other");
    expect(await scene.play(editOf(bens, "Hello, Ben here"))).toBe("recorded: refused-change");
    expect(toCora().slice(before.length).join()).not.toContain("Ben");
  });

  it("a reply that is changed to what is typed for the bot is left as it was sent", async () => {
    await handedOver();
    const reply = await replied("Done");
    expect(await scene.play(editOf(reply, "!resolve"))).toBe("recorded: refused-change");
    expect(platform.texts(thread).at(-1)).toBe(relayTexts.noControl);
    expect(toCora().at(-1)).toBe("Done");
  });

  it("a correction arrives after the end, too, and opens nothing", async () => {
    await handedOver();
    const reply = await replied("Press it for 5 s.");
    expect(await scene.play(write("!resolve"))).toBe("recorded: resolved");
    const before = toCora().length;
    expect(await scene.play(editOf(reply, "Press it for 10 s."))).toBe("relayed: edit");
    expect(toCora()).toContain("Press it for 10 s.");
    expect(toCora()).toHaveLength(before);
    expect(await scene.play(deletionOf(reply))).toBe("relayed: deletion");
    expect(await scene.play(editOf(reply, "Press it for 10 s."))).toBe("recorded: refused-closed");
    expect(toCora()).toHaveLength(before - 1);
  });

  it("somebody who is no agent any more changes nothing", async () => {
    await handedOver();
    const reply = await replied("Press it for 5 s.");
    const author = { ...ana, role: "customer" as const };
    expect(await scene.play({ ...editOf(reply, "Pay me"), author })).toBe("ignored: not-an-agent");
    expect(await scene.play({ ...deletionOf(reply), author })).toBe("ignored: not-an-agent");
    expect(toCora().at(-1)).toBe("Press it for 5 s.");
  });

  it("what was not posted yet never is, once it is taken back", async () => {
    await handedOver();
    platform.failures.push({ failure: "rate-limited", at: "c", retryAfterMs: 1_500 });
    const reply = write("He pays late.");
    await scene.core.sink.accept(reply);
    while (platform.failures.length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await scene.play(deletionOf(reply))).toBe("relayed: deletion");
    expect(platform.shown.map(({ text }) => text).join()).not.toContain("pays late");
    expect(await transcript()).toEqual([]);
  });

  it("a reply of several messages is replaced by one", async () => {
    await handedOver({ splitsReplies: true });
    const reply = await replied("First part\n\nSecond part");
    const parts = toCora().filter((text) => text.includes("part"));
    expect(parts).toEqual(["First part", "Second part"]);
    expect(await scene.play(editOf(reply, "All of it"))).toBe("relayed: edit");
    expect(toCora().join()).not.toContain("part");
    expect(toCora().filter((text) => text === "All of it")).toHaveLength(1);
    expect(await scene.play(editOf(reply, "All of this"))).toBe("relayed: edit");
    expect(toCora().at(-1)).toBe("All of this");
  });

  it("a credential in a reply reaches nobody and is kept nowhere; without it the reply is sent", async () => {
    await handedOver();
    const before = toCora();
    const reply = write(`Use ${KEY} for now`);
    expect(await scene.play(reply)).toBe("recorded: held-back: an AWS access key");
    expect(toCora()).toEqual(before);
    expect(platform.texts(thread).at(-1)).toBe(relayTexts.heldBack(["an AWS access key"]));
    expect(await everything()).not.toContain(KEY);
    expect(await transcript()).toEqual([]);
    const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
      db.query("select from_state, to_state, actor_id, actor_role from handoff_event where event = 'held-back'"),
    );
    expect(rows).toEqual([{ from_state: "waiting", to_state: "waiting", actor_id: "ana", actor_role: "agent" }]);

    expect(await scene.play(editOf(reply, "Use your own for now"))).toBe("relayed: to-customer");
    expect(toCora().at(-1)).toBe("Use your own for now");
  });

  it("a credential that a change brings in takes the customer's copy back", async () => {
    await handedOver();
    const reply = await replied("Use your own key");
    expect(await scene.play(editOf(reply, `Use ${KEY}`))).toBe("recorded: held-back: an AWS access key");
    expect(platform.texts(thread).at(-1)).toBe(relayTexts.takenBackForSecret(["an AWS access key"]));
    expect(toCora().join()).not.toMatch(/key|AKIA/u);
    expect(await everything()).not.toContain(KEY);
    expect(await transcript()).toEqual([]);
    expect(await scene.play(editOf(reply, "Use your own, please"))).toBe("relayed: to-customer");
    expect(toCora().at(-1)).toBe("Use your own, please");
  });
});
