import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { InProcessQueue } from "../../../infra/queue/in-process-queue.js";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import type { Answering } from "../../../src/answering/contract.js";
import type { ChatFailure } from "../../../src/ports/chat.js";
import { plainReply } from "../../../src/ports/reply.js";
import { expectedText, ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { CoreScene } from "../../support/core-scene.js";
import { describeEachDatabase } from "../../support/database.js";
import { silentLogger } from "../../support/silent-logger.js";
import { actionFrom, ana, commandFrom, cora, messageFrom, noteFrom } from "../../support/events.js";

const LOST = [{ failure: "forbidden" }, { failure: "unreachable", isShown: false }] as const;

describeEachDatabase("what becomes of deliveries", (open) => {
  let database: OpenDatabase;
  let scene: CoreScene;
  const platform = () => scene.platform;
  beforeEach(async () => {
    database = await open();
  });
  afterEach(async () => {
    await scene[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  async function start(
    options: ConstructorParameters<typeof RecordingPlatform>[0],
    answering: Answering = new ScriptedAnswering(),
  ): Promise<void> {
    scene = await CoreScene.start(database, new RecordingPlatform(options), answering);
  }

  async function handedOff(): Promise<{ thread: string; handoffId: string }> {
    await scene.play(messageFrom(cora, scene.at("c"), "Unknown?"));
    const [handoff] = await database.handoffBoard.list("default", 10);
    if (handoff === undefined) throw new Error("there is no handoff");
    return { thread: platform().newestThread(), handoffId: handoff.handoffId };
  }

  it.each(LOST)("tells the customer when their words do not reach the agents ($failure)", async (failure) => {
    await start({ reconcile: false });
    const { thread } = await handedOff();
    platform().failures.push({ ...failure, at: thread });

    expect(await scene.play(messageFrom(cora, scene.at("c"), "It still blinks red"))).toBe("relayed: to-agents");
    expect(platform().texts("c").at(-1)).toMatch(/send it once more.*Reference [0-9a-f]{8}.*It still blinks red/su);
    expect(platform().texts(thread)).toEqual([]);
  });

  it.each(LOST)("tells the agents when their words do not reach the customer ($failure)", async (failure) => {
    await start({ reconcile: false });
    const { thread, handoffId } = await handedOff();
    await scene.play(actionFrom(ana, scene.at(thread), { name: "claim", handoffId }));
    const before = platform().texts("c").length;
    platform().failures.push({ ...failure, at: "c" });

    await scene.play(messageFrom(ana, scene.at(thread), "Hold it for ten seconds"));
    expect(platform().texts(thread).at(-1)).toMatch(/not have reached the customer.*Hold it for ten seconds/su);
    expect(platform().texts("c")).toHaveLength(before);
  });

  it("repeats every one of an agent's words that were not seen, also when the first of them claimed", async () => {
    await start({ reconcile: false });
    const { thread } = await handedOff();
    platform().failures.push({ failure: "forbidden", at: "c" }, { failure: "forbidden", at: "c" });

    expect(await scene.play(messageFrom(ana, scene.at(thread), "Hold it for ten seconds"))).toBe(
      "relayed: to-customer",
    );
    expect(platform().texts(thread).slice(-2)).toEqual([
      expect.stringContaining("Ana has joined"),
      expect.stringContaining("Hold it for ten seconds"),
    ]);
  });

  it("tells the agents of a card that is not whole", async () => {
    await start({ reconcile: false, splitsReplies: true });
    platform().failures.push({ failure: "forbidden", part: 1 });

    const { thread } = await handedOff();
    expect(platform().texts(thread)).toEqual([expect.stringMatching(/part of this card.*Reference/u)]);
  });

  it("tells the agents of a resolved handoff that its end was not seen", async () => {
    await start({ reconcile: false });
    const { thread, handoffId } = await handedOff();
    await scene.play(actionFrom(ana, scene.at(thread), { name: "claim", handoffId }));
    platform().failures.push({ failure: "forbidden", at: "c" });

    await scene.play(actionFrom(ana, scene.at(thread), { name: "resolve", handoffId }));
    expect(platform().texts(thread).at(-1)).toMatch(/not have reached the customer.*marked this as solved/su);
  });

  it("tells the agents' channel of an answer that did not arrive, and nobody of a command's reply", async () => {
    await start({ stream: "none" });
    await scene.play(messageFrom(cora, scene.at("d"), "And how long?"));
    platform().failures.push({ failure: "forbidden", at: "c" }, { failure: "forbidden", at: "d" });

    await scene.play(messageFrom(cora, scene.at("c"), "How?"));
    await scene.play(commandFrom(ana, scene.at("d"), "kb status"));
    expect(platform().texts("agents")).toEqual([expect.stringMatching(/answer to Cora may not have.*How\?/su)]);
  });

  it("tells the channel, and not the thread of a handoff that is over", async () => {
    await start({ stream: "none" });
    const { thread, handoffId } = await handedOff();
    await scene.play(actionFrom(ana, scene.at(thread), { name: "claim", handoffId }));
    await scene.play(actionFrom(ana, scene.at(thread), { name: "resolve", handoffId }));
    const before = platform().texts(thread).length;
    platform().failures.push({ failure: "forbidden", at: "c" });

    await scene.play(messageFrom(cora, scene.at("c"), "How?"));
    expect(platform().texts("agents").at(-1)).toMatch(/answer to Cora may not have/u);
    expect(platform().texts(thread)).toHaveLength(before);
  });

  it("does not tell of what it could not tell", async () => {
    await start({ reconcile: false });
    const { thread } = await handedOff();
    platform().failures.push({ failure: "forbidden", at: thread }, { failure: "forbidden", at: "c" });

    await scene.play(messageFrom(cora, scene.at("c"), "It still blinks red"));
    expect((await scene.deliveryStates()).filter((state) => state === "failed")).toHaveLength(2);
    expect(platform().texts("c")).toHaveLength(1);
  });

  const LONG = ["One.", "Two.", "Three."];
  const longAnswer = () => ({ ...plainReply(""), blocks: LONG.flatMap((text) => plainReply(text).blocks) });

  it.each(["append", "none"] as const)("delivers a long answer part by part (%s)", async (stream) => {
    await start({ stream, reconcile: false, splitsReplies: true }, new ScriptedAnswering({ reply: longAnswer() }));

    expect(await scene.play(messageFrom(cora, scene.at("c"), "How?"))).toBe("answered: confident");
    expect(platform().texts("c")).toEqual(LONG);
  });

  it.each<readonly [ChatFailure, readonly string[]]>([
    ["rate-limited", LONG],
    ["unreachable", ["One."]],
  ])("goes on with the part that failed, and repeats none (%s)", async (failure, shown) => {
    await start(
      { stream: "none", reconcile: false, splitsReplies: true },
      new ScriptedAnswering({ reply: longAnswer() }),
    );
    platform().failures.push({ failure, part: 1, retryAfterMs: 1 });

    await scene.play(messageFrom(cora, scene.at("c"), "How?"));
    expect(platform().texts("c")).toEqual(shown);
  });

  it("lets nothing come between the parts", async () => {
    await start({ stream: "none", splitsReplies: true }, new ScriptedAnswering({ reply: longAnswer() }));
    const question = messageFrom(cora, scene.at("c"), "How?");
    platform().failures.push({ failure: "rate-limited", retryAfterMs: 300, at: "c" });
    await scene.core.sink.accept(question);
    await scene.core.sink.accept(commandFrom(cora, scene.at("c"), "kb status"));

    await scene.outcome(question);
    await expect.poll(() => platform().texts("c"), { timeout: 5_000 }).toEqual([...LONG, "ran kb status"]);
  });

  it("calls an answer certain whose stream the platform refused to open", async () => {
    await start({ reconcile: false });
    platform().refuseStreams("rate-limited");
    platform().failures.push({ failure: "rate-limited", retryAfterMs: 1, at: "c" });

    expect(await scene.play(messageFrom(cora, scene.at("c"), "How?"))).toBe("answered: confident");
    expect(platform().texts("c")).toEqual([expectedText("How?")]);
  });

  it("does not post an answer again whose stream may have been opened", async () => {
    await start({ reconcile: false });
    platform().refuseStreams("unreachable");

    await scene.play(messageFrom(cora, scene.at("c"), "How?"));
    expect(platform().texts("c")).toEqual([]);
    expect((await scene.deliveryStates())[0]).toBe("unconfirmed");
  });

  it("keeps what an agent writes below a card that is not recorded yet, and sends it on", async () => {
    await start({});
    const release = platform().holdAnswerTo("agents");
    await scene.core.sink.accept(messageFrom(cora, scene.at("c"), "Unknown?"));
    await expect.poll(() => platform().texts("agents"), { timeout: 5_000 }).toHaveLength(1);
    const thread = platform().newestThread();
    const early = { addressesBot: false, mayBeUnderCard: true };
    const words = messageFrom(ana, scene.at(thread), "I'll look", early);
    const note = { ...noteFrom(ana, scene.at(thread), "Angry"), mayBeUnderCard: true };
    await scene.core.sink.accept(words);
    await scene.core.sink.accept(note);
    await expect.poll(() => scene.isPutBack(words), { timeout: 5_000 }).toBe(true);
    release();

    expect(await scene.outcome(words)).toBe("relayed: to-customer");
    expect(await scene.outcome(note)).toBe("recorded: note");
    expect(platform().texts("c").at(-1)).toBe("I'll look");
  });

  it("waits its turn on a busy platform for as long as it is told to", async () => {
    await start({ stream: "none", reconcile: false });
    for (let time = 0; time < 9; time += 1) platform().failures.push({ failure: "rate-limited", retryAfterMs: 1 });

    expect(await scene.play(commandFrom(cora, scene.at("c"), "help"))).toBe("commanded: command");
    expect(platform().texts("c")).toEqual(["ran help"]);
  });

  it("pauses also when a busy platform says that it need not", async () => {
    const queue = new InProcessQueue(silentLogger);
    const rings = vi.spyOn(queue, "enqueue");
    const busy = new RecordingPlatform({ stream: "none" });
    busy.failures.push({ failure: "rate-limited", retryAfterMs: 0 }, { failure: "rate-limited", retryAfterMs: 0 });
    scene = await CoreScene.start(database, busy, new ScriptedAnswering(), { queue });

    await scene.play(commandFrom(cora, scene.at("c"), "help"));
    const delays = rings.mock.calls.filter(([name, , , ms]) => name === "conversation.send" && ms !== undefined);
    expect(delays.map(([, , , ms]) => ms)).toEqual([500, 500]);
  });

  it("passes on what a customer writes to a person, also when it reads like a command", async () => {
    await start({});
    const { thread } = await handedOff();

    expect(await scene.play(commandFrom(cora, scene.at("c"), "help"))).toBe("relayed: to-agents");
    expect(await scene.play(commandFrom(ana, scene.at("c"), "kb status"))).toBe("commanded: command");
    expect(platform().texts(thread)).toEqual(["help"]);
  });

  it("ends a delivery also when nobody can be told of it", async () => {
    await start({ stream: "none" });
    scene.agentsChannel = () => ({ installationId: "01900000-0000-7000-8000-000000000000", key: "agents" });
    platform().failures.push({ failure: "forbidden", at: "c" });

    await scene.play(messageFrom(cora, scene.at("c"), "How?"));
    await scene.play(commandFrom(cora, scene.at("c"), "help"));
    expect(await scene.deliveryStates()).toEqual(["failed", "sent"]);
  });

  it("leaves alone what people write below something else in the agents' channel", async () => {
    await start({});
    const words = messageFrom(ana, scene.at("agents/other"), "Lunch?", { addressesBot: false, mayBeUnderCard: true });

    expect(await scene.play(words)).toBe("ignored: not-addressed");
  });
});
