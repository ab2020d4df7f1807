import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { InboundEvent } from "../../src/ports/chat.js";
import { FAILPOINTS, type FailpointName } from "../../src/ports/failpoints.js";
import { expectedText } from "../fakes/scripted-answering.js";
import { MessagePlatform } from "../fakes/message-platform.js";
import { commandFrom, cora, messageFrom } from "../support/events.js";
import { plainChild, type ChildSettings } from "./child-settings.js";
import { CoreProcesses } from "./core-processes.js";
import type { CrashDatabase } from "./crash-database.js";
import { readDeliveryStates, readOutcomes } from "./outcomes.js";
import { seededNumbers, shuffled } from "./seeded.js";

const QUESTION = "How do I reset it?";
const UNKNOWN = "Unknown to everybody?";

/** What one test has for itself; a test that has run out of time keeps its own and cannot disturb the next. */
interface Scene {
  readonly database: CrashDatabase;
  readonly platform: MessagePlatform;
  readonly settings: ChildSettings;
  readonly cores: CoreProcesses;
}

/** Kills a core at every failpoint and looks at what customers saw in the end. The seed chooses the later calls. */
export function crashSuite(title: string, createDatabase: () => Promise<CrashDatabase>, seed: number): void {
  describe(title, () => {
    let scene: Scene;
    beforeEach(async () => {
      const database = await createDatabase();
      const platform = new MessagePlatform();
      const settings = plainChild(database.settings, await platform.start());
      scene = { database, platform, settings, cores: new CoreProcesses() };
    });
    afterEach(async () => {
      await scene.cores.killAll();
      await scene.platform.stop();
      await scene.database.dispose();
    });

    it.each(FAILPOINTS)("loses nothing and says nothing twice when killed at %s", async (failpoint) => {
      await crashAt(scene, `${failpoint}:kill`, 1);
    });

    it.each(AFTER_A_BURST)("answers a burst once, as one question, when killed at %s", async (failpoint) => {
      await crashInBurst(scene, `${failpoint}:kill`);
    });

    it("gets there after three crashes at the same step", async () => {
      await crashAt(scene, "work.after-begin:kill", 3);
    });

    it.each(laterCalls(seed))(
      "answers questions and commands once each and in order when killed at %s, call %i",
      async (failpoint, nth) => {
        const own = scene;
        const events = await askUntilKilled(own, `${failpoint}:kill:${nth}`);
        await recover(own, events);
        await expectAnswersInOrder(own, events);
      },
    );
  });
}

async function crashAt(scene: Scene, failpoint: string, times: number): Promise<void> {
  const events: InboundEvent[] = [];
  for (let crash = 0; crash < times; crash += 1) {
    const core = await scene.cores.start({ ...scene.settings, failpoint });
    if (events.length === 0) events.push(...questions(core.installationId));
    for (const event of events) await core.deliver(event);
    // A failpoint that nothing reaches leaves the process running, and this waits until the test fails.
    expect(await core.ended()).toBe("SIGKILL");
  }
  await recover(scene, events);
  await expectOneReplyEach(scene, events);
}

/** Steps that are reached when all of a burst waits. */
const AFTER_A_BURST = [
  "answer.after-stream-recorded",
  "answer.after-generate",
  "commit.before",
  "commit.inside",
  "commit.after",
  "send.after-record",
] as const satisfies FailpointName[];

async function crashInBurst(scene: Scene, failpoint: string): Promise<void> {
  const settings = { ...scene.settings, burstMs: 1_000 };
  const core = await scene.cores.start({ ...settings, failpoint });
  const at = { installationId: core.installationId, key: "one" };
  const burst = ["hi", "my hub", "is it broken?"].map((text) => messageFrom(cora, at, text));
  for (const event of burst) await core.deliver(event);
  expect(await core.ended()).toBe("SIGKILL");
  await recover({ ...scene, settings }, burst);
  await expectOneReplyToAll(scene, burst);
}

async function expectOneReplyToAll({ database, platform }: Scene, burst: readonly InboundEvent[]): Promise<void> {
  const opened = await database.open();
  try {
    const [first, ...others] = burst.map(({ eventId }) => eventId);
    expect(await readOutcomes(opened)).toEqual(
      new Map([[first, "answered"], ...others.map((eventId) => [eventId, "recorded"] as const)]),
    );
    expect(await readDeliveryStates(opened)).toEqual(["sent"]);
  } finally {
    await opened[Symbol.asyncDispose]();
  }
  expect(platform.in("one").map(({ text }) => text)).toEqual([expectedText("hi\nmy hub\nis it broken?")]);
}

/** Starts a core that is not killed, and ends it when it has nothing left to do. */
async function recover({ cores, settings }: Scene, events: readonly InboundEvent[]): Promise<void> {
  const core = await cores.start(settings);
  // The platform delivers again what was not acknowledged, and now and then what was.
  for (const event of events) expect(await core.deliver(event)).toBe(true);
  await core.untilQuiet();
  expect(core.isRunning).toBe(true);
  await core.stop();
}

/** Asks three things at once and then one after the other, until the failpoint is reached. */
async function askUntilKilled({ cores, settings }: Scene, failpoint: string): Promise<InboundEvent[]> {
  const events: InboundEvent[] = [];
  const core = await cores.start({ ...settings, failpoint });
  while (core.isRunning) {
    const event = questionOrCommand(core.installationId, events.length);
    events.push(event);
    await core.deliver(event);
    if (events.length >= 3) await core.untilQuiet();
  }
  expect(await core.ended()).toBe("SIGKILL");
  return events;
}

async function expectAnswersInOrder({ database, platform }: Scene, events: readonly InboundEvent[]): Promise<void> {
  const opened = await database.open();
  try {
    expect(await readOutcomes(opened)).toEqual(
      new Map(events.map(({ eventId, kind }) => [eventId, kind === "command" ? "commanded" : "answered"])),
    );
    expect(await readDeliveryStates(opened)).toEqual(events.map(() => "sent"));
  } finally {
    await opened[Symbol.asyncDispose]();
  }
  expect(platform.in("one").map(({ text }) => text)).toEqual(
    events.map((event) => (event.kind === "message" ? expectedText(event.text) : "done")),
  );
}

async function expectOneReplyEach({ database, platform }: Scene, events: readonly InboundEvent[]): Promise<void> {
  const opened = await database.open();
  try {
    expect(await readOutcomes(opened)).toEqual(
      new Map([
        [events[0]?.eventId, "answered"],
        [events[1]?.eventId, "handed-off"],
      ]),
    );
    expect(await readDeliveryStates(opened)).toEqual(["sent", "sent", "sent"]);
  } finally {
    await opened[Symbol.asyncDispose]();
  }
  expect(platform.in("one").map(({ text }) => text)).toEqual([expectedText(QUESTION)]);
  expect(platform.in("two").map(({ text }) => text)).toEqual([expect.stringContaining("passed your question")]);
  expect(platform.in("agents").map(({ text }) => text)).toEqual([expect.stringContaining(UNKNOWN)]);
}

const LATER_CALLS_TRIED = 5;

/** Some failpoints, and at which of their later calls. */
function laterCalls(seed: number): [FailpointName, number][] {
  const all = FAILPOINTS.flatMap((name) => [2, 3, 4].map((nth): [FailpointName, number] => [name, nth]));
  return shuffled(all, seededNumbers(seed)).slice(0, LATER_CALLS_TRIED);
}

function questions(installationId: string): InboundEvent[] {
  return [
    messageFrom(cora, { installationId, key: "one" }, QUESTION),
    messageFrom(cora, { installationId, key: "two" }, UNKNOWN),
  ];
}

/** By turns: an answer is streamed, and what a command says is posted. */
function questionOrCommand(installationId: string, index: number): InboundEvent {
  const at = { installationId, key: "one" };
  const occurredAt = new Date(Date.UTC(2026, 0, 1, 12, 0, index));
  return index % 2 === 0
    ? messageFrom(cora, at, `Question ${index}?`, { occurredAt })
    : { ...commandFrom(cora, at, "kb status"), occurredAt };
}
