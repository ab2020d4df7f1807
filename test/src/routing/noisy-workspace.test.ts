import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { createBullQueue } from "../../../infra/queue/bull-queue.js";
import { InProcessQueue } from "../../../infra/queue/in-process-queue.js";
import { DEFAULT_TENANT, newId } from "../../../src/ports/ids.js";
import type { Queue } from "../../../src/ports/queue.js";
import { FAIR_SHARE } from "../../../src/routing/fair-share.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { CoreScene } from "../../support/core-scene.js";
import { describeEachDatabase } from "../../support/database.js";
import { cora, messageFrom } from "../../support/events.js";
import { RedisProbe, testRedisUrl } from "../../support/redis.js";
import { silentLogger } from "../../support/silent-logger.js";

const NOISE = 200;
/** What was taken up before the other workspace's question came, or at the same time. */
const UNDER_WAY = 20;

describeEachDatabase("DOS-07: a workspace that sends hundreds of questions at once", (open) => {
  let database: OpenDatabase;
  beforeEach(async () => {
    database = await open();
  });
  afterEach(() => database[Symbol.asyncDispose]());

  it("leaves another one its place near the front, and gets every answer in the end", () => {
    return crowd(new InProcessQueue(silentLogger));
  });

  it.skipIf(testRedisUrl === undefined)("does so through Redis (needs TEST_REDIS_URL)", async () => {
    const redisUrl = testRedisUrl ?? "";
    const prefix = `{deskhand-test-${randomUUID()}}`;
    await crowd(createBullQueue({ redisUrl, prefix, logger: silentLogger }));
    await using probe = new RedisProbe(redisUrl);
    await probe.delete(`${prefix}*`);
  });

  async function crowd(queue: Queue): Promise<void> {
    const answering = new ScriptedAnswering({ pauseMs: 10 });
    await using scene = await CoreScene.start(database, new RecordingPlatform(), answering, { queue });
    const quiet = await database.coordination.ensureInstallation(DEFAULT_TENANT, "web", newId());
    const noise = Array.from({ length: NOISE }, (_, index) => messageFrom(cora, scene.at(`noise-${index}`), "Noise?"));
    await Promise.all(noise.map((message) => scene.core.sink.accept(message)));

    const before = answering.questions.length;
    const question = messageFrom(cora, { installationId: quiet.id, key: "quiet" }, "Quiet?");
    await scene.core.sink.accept(question);
    expect(before).toBeLessThan(NOISE / 2);

    while (answering.questions.length <= NOISE) await pause(20);
    expect(answering.questions.indexOf("Quiet?") - before).toBeLessThan(FAIR_SHARE.burst + UNDER_WAY);
    await scene.settled();
    expect(answering.questions).toHaveLength(NOISE + 1);
  }
});
