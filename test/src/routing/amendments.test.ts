import { afterEach, beforeEach, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import type { Answering } from "../../../src/answering/contract.js";
import type { InboundEvent } from "../../../src/ports/chat.js";
import { DEFAULT_TENANT } from "../../../src/ports/ids.js";
import { expectedText, ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { CoreScene } from "../../support/core-scene.js";
import { describeEachDatabase } from "../../support/database.js";
import { actionFrom, ana, commandFrom, cora, deletionOf, editOf, messageFrom } from "../../support/events.js";

const REPLACES = "Your question has changed";

describeEachDatabase("what comes after a message", (open) => {
  let database: OpenDatabase;
  let scene: CoreScene | null;
  beforeEach(async () => {
    database = await open();
    scene = null;
  });
  afterEach(async () => {
    await scene?.[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  async function start(
    options: { platform?: RecordingPlatform; answering?: Answering; burstMs?: number } = {},
  ): Promise<CoreScene> {
    const { platform = new RecordingPlatform(), answering = new ScriptedAnswering(), burstMs = 0 } = options;
    scene = await CoreScene.start(database, platform, answering, { burstMs });
    return scene;
  }

  async function transcript(): Promise<string[]> {
    const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
      db.query<{ line: string }>(
        `select speaker || ': ' || body as line from transcript_entry where tenant_id = current_tenant() order by seq`,
      ),
    );
    return rows.map(({ line }) => line);
  }

  /** What the traces say of questions and answers. */
  async function traced(): Promise<string> {
    const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
      db.query<{ words: string }>(
        `select question || body as words from answer where tenant_id = current_tenant()
          union all select output::text from answer_stage where tenant_id = current_tenant() and output <> '{}'`,
      ),
    );
    return rows.map(({ words }) => words).join("");
  }

  async function acceptAll(events: readonly InboundEvent[], { core }: CoreScene): Promise<void> {
    for (const event of events) await core.sink.accept(event);
  }

  it("answers a burst as one question, with one reply, and ends each of its events", async () => {
    const answering = new ScriptedAnswering();
    const { core, platform, outcome } = await start({ answering, burstMs: 150 }).then((started) => ({
      core: started.core,
      platform: started.platform,
      outcome: started.outcome.bind(started),
    }));
    const at = scene!.at("c");
    const burst = ["hi", "my hub", "shows a red light?"].map((text) => messageFrom(cora, at, text));
    for (const event of burst) await core.sink.accept(event);

    expect(await Promise.all(burst.map(outcome))).toEqual([
      "answered: confident",
      "recorded: joined",
      "recorded: joined",
    ]);
    expect(answering.questions).toEqual(["hi\nmy hub\nshows a red light?"]);
    expect(platform.texts("c")).toEqual([expectedText("hi\nmy hub\nshows a red light?")]);
    expect((await transcript()).slice(0, 3)).toEqual([
      "customer: hi",
      "customer: my hub",
      "customer: shows a red light?",
    ]);
  });

  it("answers a greeting that nothing follows after the time, and a whole question at once", async () => {
    const started = await start({ burstMs: 400 });
    const greeting = messageFrom(cora, started.at("greeting"), "hi");
    const question = messageFrom(cora, started.at("question"), "Where is it?");

    const begun = performance.now();
    expect(await started.play(question)).toBe("answered: confident");
    expect(performance.now() - begun).toBeLessThan(400);
    const greeted = performance.now();
    expect(await started.play(greeting)).toBe("answered: confident");
    expect(performance.now() - greeted).toBeGreaterThanOrEqual(390);
  });

  it("joins again, and replies once, when the first attempt at a burst failed", async () => {
    const answering = failingOnce(new ScriptedAnswering());
    const started = await start({ answering, burstMs: 100 });
    const burst = ["hi", "where is it?"].map((text) => messageFrom(cora, started.at("c"), text));
    await acceptAll(burst, started);

    expect(await Promise.all(burst.map((event) => started.outcome(event)))).toEqual([
      "answered: confident",
      "recorded: joined",
    ]);
    expect(started.platform.texts("c")).toEqual([expectedText("hi\nwhere is it?")]);
  });

  it.each(["append", "none"] as const)(
    "puts the answer to an edited question in the place of the former (%s)",
    async (stream) => {
      const started = await start({ platform: new RecordingPlatform({ stream }) });
      const question = messageFrom(cora, started.at("c"), "Where is my hbu?");
      await started.play(question);
      await started.play(messageFrom(cora, started.at("c"), "And the lamp?"));

      expect(await started.play(editOf(question, "Where is my hub?"))).toBe("answered: confident");
      expect(await started.play(editOf(question, "Where is my sensor?"))).toBe("answered: confident");
      expect(started.platform.texts("c")).toEqual([expectedText("Where is my sensor?"), expectedText("And the lamp?")]);
      expect(await transcript()).toEqual([
        "customer: Where is my sensor?",
        `bot: ${expectedText("Where is my sensor?")}`,
        "customer: And the lamp?",
        `bot: ${expectedText("And the lamp?")}`,
      ]);
    },
  );

  it("reads an edited question with what had been said before it, and nothing after", async () => {
    const histories: string[][] = [];
    const inner = new ScriptedAnswering();
    const answering: Answering = {
      answer: (request, listener, signal) => {
        histories.push(request.history.map(({ text }) => text));
        return inner.answer(request, listener, signal);
      },
    };
    const started = await start({ answering });
    await started.play(messageFrom(cora, started.at("c"), "One?"));
    const two = messageFrom(cora, started.at("c"), "Two?");
    await started.play(two);
    await started.play(messageFrom(cora, started.at("c"), "Three?"));
    await started.play(editOf(two, "Zwei?"));

    expect(histories.at(-1)).toEqual(["One?", expectedText("One?")]);
  });

  it("does nothing about an edit that changes no word", async () => {
    const started = await start();
    const question = messageFrom(cora, started.at("c"), "Where is it");
    await started.play(question);

    expect(await started.play(editOf(question, "where  is it?"))).toBe("ignored: unchanged");
    expect(started.platform.texts("c")).toEqual([expectedText("Where is it")]);
  });

  it("says in a new message that it replaces the former one, where that cannot be changed", async () => {
    const platform = new RecordingPlatform();
    const started = await start({ platform });
    const question = messageFrom(cora, started.at("c"), "Where?");
    await started.play(question);
    platform.refuseEdits();
    await started.play(editOf(question, "When?"));

    expect(platform.texts("c").at(-1)).toContain(REPLACES);
    expect(platform.texts("c").at(-1)).toContain(expectedText("When?"));
  });

  it("takes all messages of a former answer away where it had several", async () => {
    const reply = { blocks: ["One.", "Two."].map(paragraph), citations: [], actions: [] };
    const platform = new RecordingPlatform({ stream: "none", splitsReplies: true });
    const started = await start({ platform, answering: new ScriptedAnswering({ reply }) });
    const question = messageFrom(cora, started.at("c"), "Where?");
    await started.play(question);
    await started.play(editOf(question, "When?"));

    expect(platform.texts("c")).toEqual([expect.stringContaining(REPLACES), "One.", "Two."]);
  });

  it("hands an edited question over when it is not sure of it, and lets the former answer go", async () => {
    const started = await start();
    const question = messageFrom(cora, started.at("c"), "Where?");
    await started.play(question);

    expect(await started.play(editOf(question, "Unknown?"))).toBe("handed-off: low-confidence");
    expect(started.platform.texts("c")).toEqual([expect.stringContaining("passed your question to a person")]);
  });

  it("withdraws the answer to a deleted question, and forgets both", async () => {
    const started = await start();
    const question = messageFrom(cora, started.at("c"), "Where?");
    await started.play(question);
    await started.play(editOf(question, "When?"));

    expect(await started.play(deletionOf(question))).toBe("recorded: withdrawn");
    expect(started.platform.texts("c")).toEqual([]);
    expect(await transcript()).toEqual([]);
    expect(await traced()).toBe("");
    expect(await started.play(editOf(question, "When then?"))).toBe("answered: confident");
    expect(started.platform.texts("c")).toEqual([expectedText("When then?")]);
  });

  it("does not answer a question that was deleted before its turn", async () => {
    const started = await start({ answering: new ScriptedAnswering({ pauseMs: 100 }) });
    const first = messageFrom(cora, started.at("c"), "One?");
    const second = messageFrom(cora, started.at("c"), "Two?");
    const deletion = deletionOf(second);
    await acceptAll([first, second, deletion], started);

    expect(await started.outcome(second)).toBe("recorded: withdrawn");
    expect(await started.outcome(deletion)).toBe("recorded: withdrawn");
    expect(started.platform.texts("c")).toEqual([expectedText("One?")]);
  });

  it("answers what is left of a burst when one of its messages is deleted or changed", async () => {
    const started = await start({ burstMs: 100 });
    const [hub, lamp] = ["my hub", "and my lamp?"].map((text) => messageFrom(cora, started.at("c"), text));
    await acceptAll([hub!, lamp!], started);
    await started.outcome(lamp!);

    await started.play(editOf(lamp!, "and my sensor?"));
    expect(started.platform.texts("c")).toEqual([expectedText("my hub\nand my sensor?")]);
    await started.play(deletionOf(hub!));
    expect(started.platform.texts("c")).toEqual([expectedText("and my sensor?")]);
    await started.play(deletionOf(lamp!));
    expect(started.platform.texts("c")).toEqual([]);
  });

  it("answers a question to which an edit added the bot's name", async () => {
    const started = await start();
    const talk = messageFrom(cora, started.at("c"), "Where?", { addressesBot: false });

    expect(await started.play(talk)).toBe("ignored: not-addressed");
    expect(await started.play(editOf(talk, "Where, then?"))).toBe("ignored: not-addressed");
    expect(await started.play({ ...editOf(talk, "Where?"), addressesBot: true })).toBe("answered: confident");
    expect(await started.play({ ...editOf(talk, "When?"), addressesBot: true })).toBe("answered: confident");
    expect(started.platform.texts("c")).toEqual([expectedText("When?")]);
  });

  it("runs no command again, and withdraws nothing it does not know", async () => {
    const started = await start();
    const command = commandFrom(cora, started.at("c"), "help");
    await started.play(command);
    const asMessage = { ...messageFrom(cora, started.at("c"), "help"), messageId: command.messageId };

    expect(await started.play(editOf(asMessage, "kb status"))).toBe("ignored: not-a-question");
    expect(await started.play(deletionOf(messageFrom(cora, started.at("c"), "?")))).toBe("ignored: unknown-message");
    expect(started.platform.texts("c")).toEqual(["ran help"]);
  });

  it("tells the agents of an edit and of a deletion while they have the conversation, and says nothing itself", async () => {
    const started = await start();
    const question = messageFrom(cora, started.at("c"), "Unknown?");
    await started.play(question);
    const thread = started.platform.newestThread();
    const before = started.platform.texts("c");

    expect(await started.play(editOf(question, "Where is it?"))).toBe("relayed: edit");
    expect(started.platform.texts(thread).at(-1)).toBe("Changed an earlier message. It now says:\nWhere is it?");
    expect(await started.play(editOf(question, "Where is it"))).toBe("ignored: unchanged");
    expect(await started.play(deletionOf(question))).toBe("relayed: deletion");
    expect(started.platform.texts(thread).at(-1)).toContain("Cora has deleted one of their messages");
    expect(started.platform.texts("c")).toEqual(before);
    expect((await transcript()).join()).not.toContain("Where is it");
  });

  it("has the handoff and its card say what the customer asks now, whatever else they change", async () => {
    const started = await start({ burstMs: 150 });
    const burst = ["Unknown:", "is my hub on?"].map((text) => messageFrom(cora, started.at("c"), text));
    await acceptAll(burst, started);
    await Promise.all(burst.map((event) => started.outcome(event)));
    const card = () => started.platform.texts("agents").at(-1);
    const asked = async () => {
      const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
        db.query<{ question: string; reply: string }>(
          `select question, reply::text as reply from handoff
             join delivery on delivery.id = handoff.card_delivery_id`,
        ),
      );
      return rows[0];
    };
    expect(card()).toContain("is my hub on?");

    expect(await started.play(editOf(burst[1]!, "is my lamp on?"))).toBe("relayed: edit");
    expect(card()).toContain("is my lamp on?");
    expect(card()).not.toContain("hub");
    expect((await asked())?.question).toBe("Unknown:\nis my lamp on?");
    expect((await asked())?.reply).toContain("is my lamp on?");

    const later = messageFrom(cora, started.at("c"), "is my lamp on?");
    expect(await started.play(later)).toBe("relayed: to-agents");
    expect(await started.play(editOf(later, "Hello?"))).toBe("relayed: edit");
    expect((await asked())?.question).toBe("Unknown:\nis my lamp on?");

    await started.play(deletionOf(burst[1]!));
    expect((await asked())?.question).not.toContain("lamp");
  });

  async function resolveNewest(started: CoreScene): Promise<void> {
    const thread = started.platform.newestThread();
    const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
      db.query<{ id: string }>("select id from handoff where tenant_id = current_tenant()"),
    );
    for (const name of ["claim", "resolve"] as const) {
      await started.play(actionFrom(ana, started.at(thread), { name, handoffId: rows[0]!.id }));
    }
  }

  it("leaves what a person answered alone in all parts of a burst", async () => {
    const started = await start({ burstMs: 150 });
    const burst = ["Unknown", "is my hub?"].map((text) => messageFrom(cora, started.at("c"), text));
    await acceptAll(burst, started);
    expect(await Promise.all(burst.map((event) => started.outcome(event)))).toContain("recorded: joined");
    await resolveNewest(started);
    const before = started.platform.texts("c");

    expect(await started.play(editOf(burst[1]!, "is my lamp?"))).toBe("ignored: answered-by-a-person");
    expect(await started.play(deletionOf(burst[1]!))).toBe("recorded: withdrawn");
    expect(started.platform.texts("c")).toEqual(before);
  });

  it("hears what somebody goes on with whose mention came by an edit", async () => {
    const started = await start();
    const overheard = messageFrom(cora, started.at("c"), "Where?", { addressesBot: false });
    expect(await started.play(overheard)).toContain("ignored");
    expect(await started.play({ ...editOf(overheard, "Where is it?"), addressesBot: true })).toBe(
      "answered: confident",
    );

    expect(await started.play(messageFrom(cora, started.at("c"), "And when?", { addressesBot: false }))).toBe(
      "answered: confident",
    );
  });

  it("leaves an answer of a person alone once they are done", async () => {
    const started = await start();
    const question = messageFrom(cora, started.at("c"), "Unknown?");
    await started.play(question);
    await resolveNewest(started);
    const before = started.platform.texts("c");

    expect(await started.play(editOf(question, "Where?"))).toBe("ignored: answered-by-a-person");
    expect(await started.play(deletionOf(question))).toBe("recorded: withdrawn");
    expect(started.platform.texts("c")).toEqual(before);
  });
});

function paragraph(text: string) {
  return { kind: "paragraph", children: [{ kind: "text", text }] } as const;
}

function failingOnce(inner: Answering): Answering {
  let isFirst = true;
  return {
    answer(request, listener, signal) {
      if (!isFirst) return inner.answer(request, listener, signal);
      isFirst = false;
      return Promise.reject(new Error("the search is away"));
    },
  };
}
