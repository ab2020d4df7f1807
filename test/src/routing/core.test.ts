import { afterEach, beforeEach, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import type { Answering } from "../../../src/answering/contract.js";
import type { InboundEvent } from "../../../src/ports/chat.js";
import { giveUp, type HopelessEvent } from "../../../src/routing/give-up.js";
import { expectedText, ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { CoreScene } from "../../support/core-scene.js";
import { describeEachDatabase } from "../../support/database.js";
import { actionFrom, ana, commandFrom, cora, editOf, messageFrom, noteFrom } from "../../support/events.js";

const ben = { ...ana, id: "ben", displayName: "Ben" };
const HANDED_OVER = expect.stringContaining("passed your question to a person") as unknown;

describeEachDatabase("the core", (open) => {
  let database: OpenDatabase;
  let scenes: CoreScene[];
  beforeEach(async () => {
    database = await open();
    scenes = [];
  });
  afterEach(async () => {
    for (const scene of scenes) await scene[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  async function start(options: { platform?: RecordingPlatform; answering?: Answering } = {}): Promise<CoreScene> {
    const platform = options.platform ?? new RecordingPlatform();
    const scene = await CoreScene.start(database, platform, options.answering ?? new ScriptedAnswering());
    scenes.push(scene);
    return scene;
  }

  /** Accepts one after the other without waiting for the work in between. */
  async function playInOrder(scene: CoreScene, events: readonly InboundEvent[]): Promise<string[]> {
    for (const event of events) await scene.core.sink.accept(event);
    return Promise.all(events.map((event) => scene.outcome(event)));
  }

  /** A conversation in Ana's hands; resolves with the key of the agents' thread. */
  async function claimed(scene: CoreScene): Promise<string> {
    await scene.play(messageFrom(cora, scene.at("c"), "Unknown?"));
    const thread = scene.platform.newestThread();
    const handoffId = await onlyHandoff(database);
    await scene.play(actionFrom(ana, scene.at(thread), { name: "claim", handoffId }));
    return thread;
  }

  it.each(["append", "none"] as const)("answers once where the platform streams %s", async (stream) => {
    const scene = await start({ platform: new RecordingPlatform({ stream }) });
    const question = messageFrom(cora, scene.at("c"), "How?");

    expect(await scene.play(question)).toBe("answered: confident");
    await scene.core.sink.accept(question);
    expect(scene.platform.texts("c")).toEqual([expectedText("How?")]);
  });

  it("hands over what it is not sure of, with a card for the agents", async () => {
    const scene = await start();

    expect(await scene.play(messageFrom(cora, scene.at("c"), "Unknown?"))).toBe("handed-off: low-confidence");
    expect(scene.platform.texts("c")).toEqual([HANDED_OVER]);
    expect(scene.platform.texts("agents")).toEqual([expect.stringContaining("Unknown?")]);
  });

  it("hands over with the last question when the customer asks for a person", async () => {
    const scene = await start();
    await scene.play(messageFrom(cora, scene.at("c"), "How?"));

    expect(await scene.play(actionFrom(cora, scene.at("c"), { name: "human" }))).toBe("handed-off: user-asked");
    expect(scene.platform.texts("agents")).toEqual([expect.stringContaining("How?")]);
  });

  it("says nothing by itself while a person has the conversation", async () => {
    const scene = await start();
    const thread = await claimed(scene);
    const before = scene.platform.texts("c").length;

    expect(await scene.play(messageFrom(cora, scene.at("c"), "How long?"))).toBe("relayed: to-agents");
    expect(scene.platform.texts("c")).toHaveLength(before);
    expect(scene.platform.texts(thread).at(-1)).toBe("How long?");
  });

  it("carries an agent's reply to the customer, and never a note", async () => {
    const scene = await start();
    const thread = await claimed(scene);

    expect(await scene.play(noteFrom(ana, scene.at(thread), "He is angry"))).toBe("recorded: note");
    expect(await scene.play(messageFrom(ana, scene.at(thread), "I'll look"))).toBe("relayed: to-customer");
    expect(scene.platform.texts("c").at(-1)).toBe("I'll look");
    expect(scene.platform.shown.some(({ text }) => text.includes("angry"))).toBe(false);
  });

  it("shows the agents a note that came from a form, and nobody else", async () => {
    const scene = await start();
    const thread = await claimed(scene);
    const before = scene.platform.texts("c");

    expect(await scene.play({ ...noteFrom(ana, scene.at(thread), "He is angry"), isShown: false })).toBe(
      "recorded: note",
    );
    expect(scene.platform.texts(thread).at(-1)).toMatch(/Internal note by Ana.*\nHe is angry/u);
    expect(scene.platform.texts("c")).toEqual(before);
  });

  it("sends on nothing that others write in the agents' thread, and tells them so", async () => {
    const scene = await start();
    const thread = await claimed(scene);
    const before = scene.platform.texts("c");

    for (const event of [messageFrom(cora, scene.at(thread), "Hello"), noteFrom(cora, scene.at(thread), "Hm")]) {
      expect(await scene.play(event)).toBe("recorded: refused-not-an-agent");
      expect(scene.platform.texts(thread).at(-1)).toContain("nothing was sent to the customer");
    }
    expect(scene.platform.texts("c")).toEqual(before);
  });

  it("gives a handoff to the first who claims it and tells the second who has it", async () => {
    const scene = await start();
    const thread = await claimed(scene);
    const handoffId = await onlyHandoff(database);

    expect(await scene.play(actionFrom(ben, scene.at(thread), { name: "claim", handoffId }))).toBe(
      "recorded: refused-claimed-by-other",
    );
    expect(scene.platform.texts(thread).at(-1)).toContain("Ana has claimed this");
    expect(await scene.play(messageFrom(ben, scene.at(thread), "Hello"))).toBe("recorded: refused-claimed-by-other");
    expect(scene.platform.texts("c")).not.toContain("Hello");
  });

  it("answers again after the handoff is resolved", async () => {
    const scene = await start();
    const thread = await claimed(scene);
    const handoffId = await onlyHandoff(database);

    expect(await scene.play(actionFrom(ana, scene.at(thread), { name: "resolve", handoffId }))).toBe(
      "recorded: resolved",
    );
    expect(await scene.play(messageFrom(ana, scene.at(thread), "One more thing"))).toBe("recorded: refused-closed");
    expect(await scene.play(messageFrom(cora, scene.at("c"), "How?"))).toBe("answered: confident");
  });

  it("runs commands where they were typed", async () => {
    const scene = await start();

    expect(await scene.play(commandFrom(ana, scene.at("c"), "kb status"))).toBe("commanded: command");
    expect(scene.platform.texts("c")).toEqual(["ran kb status"]);
  });

  it("ignores a button that points at nothing", async () => {
    const scene = await start();
    const action = { name: "claim", handoffId: "01900000-0000-7000-8000-000000000000" } as const;

    expect(await scene.play(actionFrom(ana, scene.at("c"), action))).toBe("ignored: not-found");
  });

  it("tries a message again that fails, and the one behind it waits", async () => {
    const failing = new FailingAnswering(2);
    const scene = await start({ answering: failing });
    const events = ["First?", "Second?"].map((text) => messageFrom(cora, scene.at("c"), text));

    expect(await playInOrder(scene, events)).toEqual(["answered: confident", "answered: confident"]);
    expect(scene.platform.texts("c")).toEqual([expectedText("First?"), expectedText("Second?")]);
  });

  it("posts again after the wait that the platform asks for", async () => {
    const platform = new RecordingPlatform({ stream: "none" });
    platform.failures.push({ failure: "rate-limited", retryAfterMs: 50 });
    const scene = await start({ platform });

    expect(await scene.play(messageFrom(cora, scene.at("c"), "How?"))).toBe("answered: confident");
    expect(platform.texts("c")).toEqual([expectedText("How?")]);
  });

  it("shows no answer before what was to be posted earlier and waits for its next attempt", async () => {
    const platform = new RecordingPlatform();
    platform.failures.push({ failure: "rate-limited", retryAfterMs: 50 });
    const scene = await start({ platform });
    const command = commandFrom(cora, scene.at("c"), "kb status");
    const question = messageFrom(cora, scene.at("c"), "How?");

    expect(await playInOrder(scene, [command, question])).toEqual(["commanded: command", "answered: confident"]);
    expect(platform.texts("c")).toEqual(["ran kb status", expectedText("How?")]);
  });

  it("looks before it posts again when the response was lost", async () => {
    const platform = new RecordingPlatform({ stream: "none" });
    platform.failures.push({ failure: "unreachable", isShown: true });
    const scene = await start({ platform });
    await scene.play(messageFrom(cora, scene.at("c"), "How?"));

    expect(platform.texts("c")).toEqual([expectedText("How?")]);
    expect(await scene.deliveryStates()).toEqual(["sent"]);
  });

  it("does not repeat a post whose fate the platform cannot tell", async () => {
    const platform = new RecordingPlatform({ stream: "none", reconcile: false });
    platform.failures.push({ failure: "unreachable", isShown: true });
    const scene = await start({ platform });
    await scene.play(messageFrom(cora, scene.at("c"), "How?"));

    expect(platform.texts("c")).toHaveLength(1);
    expect((await scene.deliveryStates())[0]).toBe("unconfirmed");
  });

  it("gives up at once on what the platform refuses for good", async () => {
    const platform = new RecordingPlatform({ stream: "none" });
    platform.failures.push({ failure: "forbidden" });
    const scene = await start({ platform });
    await scene.play(messageFrom(cora, scene.at("c"), "How?"));

    expect(platform.texts("c")).toEqual([]);
    expect((await scene.deliveryStates())[0]).toBe("failed");
  });
});

describeEachDatabase("the core when things go wrong", (open) => {
  let database: OpenDatabase;
  let scene: CoreScene;
  const platform = () => scene.platform;
  beforeEach(async () => {
    database = await open();
    scene = await CoreScene.start(database, new RecordingPlatform({ reconcile: false }), new ScriptedAnswering());
  });
  afterEach(async () => {
    await scene[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  it.each([{ failure: "forbidden" }, { failure: "unreachable", isShown: false }] as const)(
    "expires a handoff whose card cannot be posted ($failure), says so, and answers again",
    async (failure) => {
      platform().failures.push({ ...failure, at: "agents" });

      await scene.play(messageFrom(cora, scene.at("c"), "Unknown?"));
      const [handoff] = await database.handoffBoard.list("default", 10);
      expect(handoff?.state).toBe("expired");
      expect(platform().texts("c")).toEqual([HANDED_OVER, expect.stringContaining("couldn't reach the team")]);
      expect(await scene.play(messageFrom(cora, scene.at("c"), "How?"))).toBe("answered: confident");
    },
  );

  it("ends an event that cannot be read any more, visibly, and goes on with the next", async () => {
    const broken = messageFrom(cora, scene.at("c"), "Broken?", { occurredAt: new Date(1_000) });
    await scene.core.stop(1_000);
    await database.coordination.acceptEvent(broken);
    await breakPayload(database, broken.eventId);
    scene = await CoreScene.startAgain(database, platform(), new ScriptedAnswering(), scene);

    expect(await scene.outcome(broken)).toBe("failed: fault");
    expect(platform().texts("c")).toEqual([expect.stringMatching(/Reference [0-9a-f]{8}/u)]);
    expect(await scene.play(messageFrom(cora, scene.at("c"), "How?"))).toBe("answered: confident");
  });

  it("refuses to accept an event that it could not read back", async () => {
    const malformed = messageFrom(cora, scene.at("c"), "How?", { audience: [] });

    await expect(scene.core.sink.accept(malformed)).rejects.toMatchObject({ code: "usage" });
  });

  it("says nothing of an edit that it overheard", async () => {
    const question = messageFrom(cora, scene.at("c"), "How?");
    await scene.play(question);
    const hopeless = await hopelessMessage(scene, database);
    const before = platform().texts("c").length;
    const opener = {
      isReachable: () => Promise.resolve(true),
      open: () => Promise.reject(new Error("nobody is to come")),
    };
    const event = { ...editOf(question, "Where?"), addressesBot: false };
    const end = giveUp({ opener, botName: "Deskhand" }, { ...hopeless, event });
    const { outcome, wake } = await database.withStores("default", end);

    expect({ outcome, wake }).toEqual({ outcome: { kind: "failed", reason: "fault" }, wake: [] });
    expect(platform().texts("c")).toHaveLength(before);
  });

  it("tells the agents, not the customer, when a relayed message fails for good", async () => {
    await scene.play(messageFrom(cora, scene.at("c"), "Unknown?"));
    const thread = platform().newestThread();
    const context = { ...(await hopelessMessage(scene, database)), inboxId: "01900000-0000-7000-8000-000000000001" };
    const before = platform().texts("c").length;
    const opener = {
      isReachable: () => Promise.resolve(true),
      open: () => Promise.reject(new Error("no second handoff")),
    };
    await database.withStores("default", giveUp({ opener, botName: "Deskhand" }, context));
    await scene.play(messageFrom(cora, scene.at("c"), "Still there?"));

    expect(
      platform()
        .texts(thread)
        .some((text) => text.includes("could not be passed on")),
    ).toBe(true);
    expect(platform().texts("c")).toHaveLength(before);
  });
});

async function breakPayload(database: OpenDatabase, eventId: string): Promise<void> {
  await database.withTenant("default", (db) =>
    db.query("update inbox set payload = '{}' where tenant_id = current_tenant() and event_id = $1", [eventId]),
  );
}

async function hopelessMessage(scene: CoreScene, database: OpenDatabase): Promise<HopelessEvent> {
  const event = messageFrom(cora, scene.at("c"), "Lost?");
  const [row] = (
    await database.withTenant("default", (db) =>
      db.query<{ id: string }>("select id from conversation where tenant_id = current_tenant() and key = 'c'"),
    )
  ).rows;
  if (row === undefined) throw new Error("there is no conversation");
  const lease = {
    tenantId: "default",
    conversationId: row.id,
    conversation: scene.at("c"),
    platform: "web",
    fence: 0n,
  } as const;
  const cause = { type: "event", id: "01900000-0000-7000-8000-000000000001" } as const;
  return { lease, inboxId: cause.id, cause, event };
}

async function onlyHandoff(database: OpenDatabase): Promise<string> {
  const [handoff] = await database.handoffBoard.list("default", 10);
  if (handoff === undefined) throw new Error("there is no handoff");
  return handoff.handoffId;
}

/** Fails so many times before it answers. */
class FailingAnswering extends ScriptedAnswering {
  #left: number;

  constructor(times: number) {
    super();
    this.#left = times;
  }

  override answer(...args: Parameters<ScriptedAnswering["answer"]>): ReturnType<ScriptedAnswering["answer"]> {
    if (this.#left > 0) {
      this.#left -= 1;
      return Promise.reject(new Error("scripted failure"));
    }
    return super.answer(...args);
  }
}
