import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createBullQueue, type BullQueue } from "../../../infra/queue/bull-queue.js";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import type { Logger } from "../../../src/ports/logger.js";
import { expectedText, ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { CoreScene } from "../../support/core-scene.js";
import { openEmbeddedTestDatabase } from "../../support/database.js";
import { cora, messageFrom } from "../../support/events.js";
import { hasRedisServer, RedisProbe, RedisServer } from "../../support/redis.js";

const suffix = hasRedisServer ? "" : " (skipped, redis-server is not installed)";

// A job that Redis hands over in the moment of a crash is taken again when its lock has run out: 10 to 15 s.
describe.skipIf(!hasRedisServer)(`faults of Redis${suffix}`, { timeout: 60_000 }, () => {
  let database: OpenDatabase;
  let redis: RedisServer;
  let queues: BullQueue[];
  let log: string[];
  beforeAll(async () => {
    database = await openEmbeddedTestDatabase();
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    redis = await RedisServer.prepare();
    queues = [];
    log = [];
  });
  afterEach(async () => {
    await Promise.all(queues.map((queue) => queue.stop(0)));
    await redis[Symbol.asyncDispose]();
  });

  function open(): BullQueue {
    const write = (event: string) => log.push(event);
    const logger: Logger = { info: write, warn: write, error: write };
    const queue = createBullQueue({ redisUrl: redis.url, logger });
    queues.push(queue);
    return queue;
  }

  /** A process that rings, and another that works: only Redis is between them. */
  function openApart(): { queue: BullQueue; worker: Counter } {
    const worker = new Counter();
    worker.work(open());
    return { queue: open(), worker };
  }

  /** Rings as the sweeper does, again and again, until the job has run once more. */
  async function ringUntilRun(queue: BullQueue, worker: Counter): Promise<void> {
    const before = worker.count;
    while (worker.count === before) {
      await queue.enqueue("conversation.work", "a", { conversationId: "a" });
      await pause(20);
    }
  }

  async function ringMany(queue: BullQueue): Promise<void> {
    for (let key = 0; key < 2_000; key += 1) {
      await queue.enqueue("conversation.work", `many-${key}`, { conversationId: "many" });
    }
  }

  it("rings and works by itself once a server is there that was down at the start", async () => {
    const { queue, worker } = openApart();
    await ringMany(queue);
    await redis.start();

    await ringUntilRun(queue, worker);
    expect(await queue.health()).toMatchObject({ answers: true });
  });

  it.each(["down from the start", "gone", "frozen"] as const)(
    "does what it rings itself while the server is %s",
    async (state) => {
      const queue = open();
      const worker = new Counter();
      if (state !== "down from the start") {
        await redis.start();
        worker.work(queue);
        await ringUntilRun(queue, worker);
        if (state === "gone") await redis.kill();
        else redis.freeze();
      } else {
        worker.work(queue);
      }

      await ringUntilRun(queue, worker);
      const before = worker.count;
      await queue.enqueue("conversation.work", "b", { conversationId: "b" }, 50);
      await worker.until(before + 1);
      redis.thaw();
    },
  );

  it.each([false, true])("goes on after a crash in which the data is lost: %s", async (forgetData) => {
    await redis.start();
    const { queue, worker } = openApart();
    await ringUntilRun(queue, worker);
    await redis.kill({ forgetData });
    await ringMany(queue);
    await redis.start();

    await ringUntilRun(queue, worker);
    expect(log).toContain("queue does not answer");
    expect(log).toContain("queue answers again");
  });

  it("still has the jobs that waited when the server crashed and kept its data", async () => {
    await redis.start();
    const queue = open();
    await queue.enqueue("conversation.work", "a", { conversationId: "a" });
    await redis.kill();
    await redis.start();
    const worker = new Counter();
    worker.work(queue);

    await worker.until(1);
    expect(worker.count).toBe(1);
  });

  it("goes on after everything in Redis was deleted, also in the middle of a job", async () => {
    await redis.start();
    await using probe = new RedisProbe(redis.url);
    const queue = open();
    const worker = new Counter();
    const gate = worker.holdNext();
    worker.work(queue);
    await queue.enqueue("conversation.work", "a", { conversationId: "a" });
    await worker.until(1);
    await probe.flush();
    gate.open();

    await ringUntilRun(queue, worker);
    expect(worker.count).toBeGreaterThan(1);
  });

  it("holds nobody up while the server is frozen, and keeps nothing of what was rung meanwhile", async () => {
    await redis.start();
    const { queue, worker } = openApart();
    await ringUntilRun(queue, worker);
    redis.freeze();
    await ringMany(queue);
    expect(await queue.health()).toMatchObject({ answers: false });
    const before = worker.count;
    redis.thaw();

    await ringUntilRun(queue, worker);
    expect(worker.count - before).toBeLessThan(20);
  });

  it.each(["down", "frozen"] as const)("stops while the server is %s", async (state) => {
    await redis.start();
    const queue = open();
    const worker = new Counter();
    worker.work(queue);
    await ringUntilRun(queue, worker);
    if (state === "down") await redis.kill();
    else redis.freeze();

    await queue.stop(0);
    redis.thaw();
  });

  it("loses no event, with the sweeper, whatever happens to Redis", async () => {
    await redis.start();
    await using probe = new RedisProbe(redis.url);
    const platform = new RecordingPlatform();
    await using scene = await CoreScene.start(database, platform, new ScriptedAnswering(), { queue: open() });
    const asked: string[] = [];
    const ask = async () => {
      const text = `Question ${asked.length}?`;
      asked.push(text);
      const event = messageFrom(cora, scene.at(text), text);
      await scene.core.sink.accept(event);
      return event;
    };

    const events = [await ask()];
    await redis.kill({ forgetData: true });
    events.push(await ask(), await ask());
    await redis.start();
    events.push(await ask());
    await probe.flush();
    events.push(await ask());
    redis.freeze();
    events.push(await ask(), await ask());
    redis.thaw();
    events.push(await ask());

    expect(await Promise.all(events.map((event) => scene.outcome(event)))).toEqual(
      events.map(() => "answered: confident"),
    );
    expect(asked.map((text) => platform.texts(text))).toEqual(asked.map((text) => [expectedText(text)]));
  });
});

/** Counts the jobs it is given. */
class Counter {
  count = 0;
  #gate: Promise<void> = Promise.resolve();
  #watchers: (() => void)[] = [];

  work(queue: BullQueue): void {
    const handler = async () => {
      this.count += 1;
      for (const watcher of this.#watchers.splice(0)) watcher();
      await this.#gate;
    };
    queue.start({ "conversation.work": handler, "conversation.send": handler }, 2);
  }

  holdNext(): { open: () => void } {
    let open: () => void = () => undefined;
    this.#gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    return { open: () => open() };
  }

  async until(count: number): Promise<void> {
    while (this.count < count) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }
}
