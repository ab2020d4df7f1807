import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MessageEvent } from "../../src/ports/chat.js";
import { expectedText } from "../fakes/scripted-answering.js";
import { MessagePlatform } from "../fakes/message-platform.js";
import { testServerUrl } from "../support/database.js";
import { cora, messageFrom } from "../support/events.js";
import { CoreProcess } from "./child-process.js";
import { plainChild, type ChildSettings } from "./child-settings.js";
import { createServerCrashDatabase, type CrashDatabase } from "./crash-database.js";
import { eventually, readOutcomes } from "./outcomes.js";
import { seededNumbers, shuffled } from "./seeded.js";

describe.skipIf(testServerUrl === undefined)(
  `two processes on PostgreSQL${testServerUrl === undefined ? ": skipped, TEST_DATABASE_URL is not set" : ""}`,
  () => {
    let database: CrashDatabase;
    let platform: MessagePlatform;
    let cores: CoreProcess[];

    async function startTwo(overrides: Partial<ChildSettings>): Promise<[CoreProcess, CoreProcess]> {
      const settings = { ...plainChild(database.settings, await platform.start()), leaseMs: 1_500, ...overrides };
      const pair: [CoreProcess, CoreProcess] = [await CoreProcess.start(settings), await CoreProcess.start(settings)];
      cores.push(...pair);
      return pair;
    }

    beforeEach(async () => {
      database = await createServerCrashDatabase(testServerUrl ?? "");
      platform = new MessagePlatform();
      cores = [];
    });
    afterEach(async () => {
      await Promise.all(cores.map((core) => core.stop()));
      await platform.stop();
      await database.dispose();
    });

    it("reply once to an event delivered five times, and keep the order of its conversation", async () => {
      const [first, second] = await startTwo({ startAtOnce: false });
      const events = Array.from({ length: 10 }, (_, index) => questionAt(first.installationId, "thread", index));
      const fiveTimes = [...events, ...events, ...events, ...events, ...events];
      const deliveries = shuffled(fiveTimes, seededNumbers(7));
      const acknowledged = await Promise.all(
        deliveries.map((event, index) => (index % 2 === 0 ? first : second).deliver(event)),
      );
      expect(acknowledged.every(Boolean)).toBe(true);
      await Promise.all([first.startWorking(), second.startWorking()]);

      await untilAnswered(platform, "thread", 10);
      expect(platform.in("thread").map(({ text }) => text)).toEqual(events.map(({ text }) => expectedText(text)));
    });

    it("work on different conversations at the same time", async () => {
      const [first, second] = await startTwo({ answerMs: 300, startAtOnce: false });
      const events = Array.from({ length: 8 }, (_, index) =>
        questionAt(first.installationId, `thread-${index}`, index),
      );
      for (const event of events) await first.deliver(event);
      await Promise.all([first.startWorking(), second.startWorking()]);

      await Promise.all(events.map((_, index) => untilAnswered(platform, `thread-${index}`, 1)));
      // Were they handled one after the other, the first would be finished before the last is opened.
      expect(platform.calls.lastIndexOf("open")).toBeLessThan(platform.calls.length - 4);
      expect(platform.messages).toHaveLength(8);
    });

    it("refuse the late write of a worker that was frozen beyond its lease", async () => {
      const [frozen, other] = await startTwo({ answerMs: 300 });
      const event = questionAt(frozen.installationId, "thread", 0);
      await frozen.deliver(event);
      await pause(120);
      frozen.send("SIGSTOP");
      await untilAnswered(platform, "thread", 1);
      frozen.send("SIGCONT");
      await pause(800);
      expect(await other.deliver(event)).toBe(true);

      expect(platform.in("thread").map(({ text }) => text)).toEqual([expectedText(event.text)]);
      const opened = await database.open();
      expect(await readOutcomes(opened)).toEqual(new Map([[event.eventId, "answered"]]));
      await opened[Symbol.asyncDispose]();
    });

    it("show a reply once when the platform's response to the post is lost", async () => {
      const [first] = await startTwo({});
      platform.loseReplies = 1;
      await first.deliver(messageFrom(cora, { installationId: first.installationId, key: "thread" }, "Unknown?"));

      await eventually(
        () => [platform.in("thread").length, platform.in("agents").length],
        ([thread, agents]) => thread === 1 && agents === 1,
      );
      await pause(1_500);
      expect(platform.in("thread")).toHaveLength(1);
      expect(platform.in("agents")).toHaveLength(1);
    });

    it("do not repeat a post whose fate the platform cannot tell", async () => {
      const [first] = await startTwo({ canReconcile: false });
      platform.loseReplies = 1;
      await first.deliver(messageFrom(cora, { installationId: first.installationId, key: "thread" }, "Unknown?"));
      await eventually(
        () => [platform.in("thread").length, platform.in("agents").length],
        ([thread, agents]) => thread === 1 && agents === 1,
      );
      await pause(1_500);

      // If it was the card, its handoff expires and the customer is told so: another message, and not the same one again.
      const deliveries = platform.messages.map(({ deliveryId }) => deliveryId);
      expect(new Set(deliveries).size).toBe(deliveries.length);
      expect(platform.in("agents")).toHaveLength(1);
    });
  },
);

/** The platform's time says in which order they were written, whatever order they arrive in. */
function questionAt(installationId: string, key: string, index: number): MessageEvent {
  const occurredAt = new Date(Date.UTC(2026, 0, 1, 12, 0, index));
  return messageFrom(cora, { installationId, key }, `Question ${index}?`, { occurredAt });
}

function untilAnswered(platform: MessagePlatform, conversation: string, count: number): Promise<number> {
  return eventually(
    () => platform.in(conversation).filter(({ state }) => state === "complete").length,
    (complete) => complete >= count,
  );
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
