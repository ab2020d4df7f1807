import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MessageEvent } from "../../src/ports/chat.js";
import { expectedText } from "../fakes/scripted-answering.js";
import { MessagePlatform } from "../fakes/message-platform.js";
import { testServerUrl } from "../support/database.js";
import { cora, messageFrom } from "../support/events.js";
import type { CoreProcess } from "./child-process.js";
import { plainChild, type ChildSettings } from "./child-settings.js";
import { CoreProcesses } from "./core-processes.js";
import { createServerCrashDatabase, type CrashDatabase } from "./crash-database.js";
import { eventually, readOutcomes } from "./outcomes.js";
import { seededNumbers, shuffled } from "./seeded.js";

describe.skipIf(testServerUrl === undefined)(
  `two processes on PostgreSQL${testServerUrl === undefined ? ": skipped, TEST_DATABASE_URL is not set" : ""}`,
  () => {
    let database: CrashDatabase;
    let platform: MessagePlatform;
    let cores: CoreProcesses;

    async function startTwo(overrides: Partial<ChildSettings>): Promise<[CoreProcess, CoreProcess]> {
      const settings = { ...plainChild(database.settings, await platform.start()), leaseMs: 1_500, ...overrides };
      return [await cores.start(settings), await cores.start(settings)];
    }

    beforeEach(async () => {
      database = await createServerCrashDatabase(testServerUrl ?? "");
      platform = new MessagePlatform();
      cores = new CoreProcesses();
    });
    afterEach(async () => {
      await cores.killAll();
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

    // The promise: a worker takes, of the events of a conversation that are stored at that moment, the first by platform time,
    // and finishes what it took before it looks again. So an event that arrives late follows the one being worked on, and
    // precedes all later ones that still wait.
    it.each([11, 12])(
      "keep the order of what is stored while events arrive late and repeatedly (seed %i)",
      async (seed) => {
        const pair = await startTwo({ answerMs: 40 });
        const below = seededNumbers(seed);
        const plans = Array.from({ length: 5 }, (_, index) => planArrivals(pair, `thread-${index}`, below));
        await Promise.all(plans.map((plan) => expectPromisedOrder(plan)));
      },
    );

    async function expectPromisedOrder({ key, newest, arrivals }: ArrivalPlan): Promise<void> {
      // How many replies of the conversation had been opened when the event was known to be stored.
      const openedWhenStored = new Map<string, number>();
      const arrive = async ({ core, event, afterMs }: Arrival) => {
        await pause(afterMs);
        expect(await core.deliver(event)).toBe(true);
        const text = expectedText(event.text);
        openedWhenStored.set(text, openedWhenStored.get(text) ?? platform.in(key).length);
      };
      await arrive(newest);
      await eventually(
        () => platform.in(key).length,
        (opened) => opened === 1,
      );
      await Promise.all(arrivals.map(arrive));
      await newest.core.untilQuiet();

      const replies = platform.in(key).map(({ text }) => text);
      expect(replies[0]).toBe(expectedText(newest.event.text));
      expect(replies.toSorted()).toEqual([...openedWhenStored.keys()].sort());
      // Reply N was chosen after reply N - 1 was opened: all that was stored before that had to be considered. The texts
      // are numbered by platform time.
      const passedOver = replies.flatMap((reply, index) =>
        replies.slice(index + 1).filter((later) => (openedWhenStored.get(later) ?? 0) < index && later < reply),
      );
      expect(passedOver).toEqual([]);
    }

    it("finish a reply that was begun before they answer an earlier question that arrived since", async () => {
      const [first, second] = await startTwo({ startAtOnce: false });
      const [earlier, later] = [0, 1].map((index) => questionAt(first.installationId, "thread", index));
      if (earlier === undefined || later === undefined) throw new Error("unreachable: two questions");
      await first.arm("answer.mid-stream:kill");
      await first.deliver(later);
      await first.startWorking();
      expect(await first.ended()).toBe("SIGKILL");
      expect(platform.in("thread")).toMatchObject([{ state: "streaming" }]);
      expect(await second.deliver(earlier)).toBe(true);
      await second.startWorking();

      await untilAnswered(platform, "thread", 2);
      expect(platform.in("thread").map(({ text }) => text)).toEqual(
        [later, earlier].map(({ text }) => expectedText(text)),
      );
      // The begun reply is completed by an edit before the other is opened.
      expect(platform.calls.filter((call) => call !== "append")).toEqual(["open", "edit", "open", "finish"]);
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

interface Arrival {
  readonly core: CoreProcess;
  readonly event: MessageEvent;
  readonly afterMs: number;
}

interface ArrivalPlan {
  readonly key: string;
  /** Arrives first, and is being answered when the others come. */
  readonly newest: Arrival;
  readonly arrivals: readonly Arrival[];
}

const LATE_EVENTS = 7;
const ARRIVAL_SPREAD_MS = 500;

/** Each event one to five times, at either process, in an order that has nothing to do with platform time. */
function planArrivals(
  pair: readonly [CoreProcess, CoreProcess],
  key: string,
  below: (limit: number) => number,
): ArrivalPlan {
  const arrival = (event: MessageEvent, spreadMs: number): Arrival => {
    return { core: pair[below(2) === 0 ? 0 : 1], event, afterMs: below(spreadMs) };
  };
  const late = Array.from({ length: LATE_EVENTS }, (_, index) => questionAt(pair[0].installationId, key, index));
  const repeated = late.flatMap((event) => Array.from({ length: 1 + below(5) }, () => event));
  return {
    key,
    newest: arrival(questionAt(pair[0].installationId, key, LATE_EVENTS), 1),
    arrivals: repeated.map((event) => arrival(event, ARRIVAL_SPREAD_MS)),
  };
}

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
