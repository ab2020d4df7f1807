import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { createBullQueue } from "../../../infra/queue/bull-queue.js";
import { queueContract } from "../../contracts/queue-contract.js";
import { RedisProbe, testRedisUrl } from "../../support/redis.js";
import { silentLogger } from "../../support/silent-logger.js";

const suffix = testRedisUrl === undefined ? " (skipped, TEST_REDIS_URL is not set)" : "";

describe.skipIf(testRedisUrl === undefined)(`the Bull queue${suffix}`, () => {
  const redisUrl = testRedisUrl ?? "";
  const run = `deskhand-test-${randomUUID()}`;
  const openQueue = (prefix = `{${run}-${randomUUID()}}`) =>
    createBullQueue({ redisUrl, prefix, logger: silentLogger });

  afterAll(async () => {
    await using probe = new RedisProbe(redisUrl);
    await probe.delete(`{${run}*`);
  });

  queueContract("the Bull queue", () => openQueue());

  it("runs in one process what another has rung for", async () => {
    const prefix = `{${run}-two}`;
    const web = openQueue(prefix);
    const worker = openQueue(prefix);
    await web.enqueue("conversation.work", "a", { conversationId: "a" });
    const ran = await new Promise<string>((resolve) => {
      worker.start(
        {
          "conversation.work": ({ conversationId }) => {
            resolve(conversationId);
            return Promise.resolve();
          },
          "conversation.send": () => Promise.resolve(),
        },
        1,
      );
    });
    await Promise.all([web.stop(0), worker.stop(0)]);
    expect(ran).toBe("a");
  });

  it("leaves the same few keys behind after any number of jobs", async () => {
    const prefix = `{${run}-keys}`;
    await using probe = new RedisProbe(redisUrl);
    const keysAfter = async (count: number) => {
      const queue = openQueue(prefix);
      let ended = 0;
      await new Promise<void>((resolve) => {
        const handler = () => {
          ended += 1;
          if (ended === count) resolve();
          return ended % 3 === 0 ? Promise.reject(new Error("a job that fails")) : Promise.resolve();
        };
        queue.start({ "conversation.work": handler, "conversation.send": handler }, 4);
        for (let job = 0; job < count; job += 1) {
          void queue.enqueue("conversation.work", `${count}-${job}`, { conversationId: "a" }, job % 2);
        }
      });
      await queue.stop(1_000);
      const keys = await probe.keys(`${prefix}*`);
      return keys.filter((key) => !key.endsWith(":stalled-check") && !key.endsWith(":stalled")).toSorted();
    };

    const few = await keysAfter(5);
    expect(await keysAfter(60)).toEqual(few);
    expect(few).toEqual([`${prefix}:rings:id`]);
  });

  it("writes ids to Redis and nothing else of a job, also when it fails", async () => {
    const prefix = `{${run}-content}`;
    const queue = openQueue(prefix);
    await queue.enqueue("conversation.work", "a", { conversationId: "a" }, 60_000);
    await using probe = new RedisProbe(redisUrl);
    const [job] = (await probe.keys(`${prefix}:rings:*`)).filter((key) => /:\d+:[0-9a-f-]{36}$/u.test(key));
    const { data, name } = await probe.hash(job ?? "");
    await queue.stop(0);
    expect(name).toBe("conversation.work");
    expect(JSON.parse(data ?? "")).toEqual({
      mark: "conversation.work:a:later",
      payload: { conversationId: "a" },
    });
  });

  it("deletes the jobs of its own prefix, which may stand in the address", async () => {
    const open = (name: string) =>
      createBullQueue({
        redisUrl: `${redisUrl}?prefix=${encodeURIComponent(`{${run}-${name}}`)}`,
        logger: silentLogger,
      });
    const queues = [open("cleared"), open("kept")] as const;
    for (const queue of queues) {
      await queue.enqueue("conversation.work", "a", { conversationId: "a" });
      await queue.enqueue("conversation.work", "b", { conversationId: "b" }, 60_000);
    }
    await queues[0].clear();
    await using probe = new RedisProbe(redisUrl);
    const kept = await probe.keys(`{${run}-kept}*`);
    const left = await probe.keys(`{${run}-cleared}*`);
    await Promise.all(queues.map((queue) => queue.stop(0)));

    expect(left.filter((key) => !key.includes(":de:"))).toEqual([]);
    expect(kept.length).toBeGreaterThan(4);
  });

  it("tells how Redis is", async () => {
    const queue = openQueue();
    const health = await queue.health();
    await queue.stop(0);
    expect(health).toEqual({ answers: true, evictionPolicy: "noeviction" });
  });

  it("says that it does not answer where nothing listens", async () => {
    const queue = createBullQueue({ redisUrl: "redis://127.0.0.1:1", logger: silentLogger });
    const health = await queue.health();
    await queue.stop(0);
    expect(health).toEqual({ answers: false, evictionPolicy: null });
  });
});
