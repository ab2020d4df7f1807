import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";
import { Sender } from "../../../src/routing/sender.js";
import type { ClaimedDelivery, CoreStores } from "../../../src/ports/stores.js";
import { plainReply } from "../../../src/ports/reply.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { silentLogger } from "../../support/silent-logger.js";

const DELIVERY: ClaimedDelivery = {
  tenantId: "default",
  conversationId: "one",
  conversation: { installationId: "i", key: "one" },
  platform: "web",
  fence: 1n,
  deliveryId: "d",
  cause: { type: "event", id: "e" },
  purpose: "reply",
  part: 0,
  operation: "post",
  speaker: { role: "bot", name: "Deskhand" },
  reply: plainReply("Hold the button."),
  platformId: "p",
  attempt: 1,
  isUncertain: false,
  isStreamed: true,
  createdAt: new Date(),
};

it("finishes a stream through itself although another look for what is due finds nothing and drops what is open", async () => {
  // The first look takes longer than the second.
  const claims = [() => setTimeout(20, DELIVERY)];
  const stored = { deliveries: { markSent: () => Promise.resolve(null) } } as unknown as CoreStores;
  const sender = new Sender({
    coordination: { claimDelivery: () => claims.shift()?.() ?? Promise.resolve(null) },
    withStores: (_, work) => work(stored),
    adapterFor: () => new RecordingPlatform(),
    queue: { enqueue: () => Promise.resolve() },
    clock: { now: () => new Date() },
    logger: silentLogger,
    metrics: { deliveryEnded: () => undefined },
    failpoint: () => Promise.resolve(),
    owner: "test",
    leaseMs: 10_000,
    afterUnsent: () => Promise.resolve([]),
  });
  const called: string[] = [];
  const call = (name: string) => () => Promise.resolve(void called.push(name));
  const posted = { platformId: "p", threadKey: "one" };
  sender.holdStream("one", "d", { posted, append: call("append"), finish: call("finish"), abort: call("abort") });

  const { signal } = new AbortController();
  const bySweep = sender.send("one", signal);
  const byWorker = sender.send("one", signal).then(() => sender.dropStreams("one"));
  await Promise.all([bySweep, byWorker]);

  expect(called).toEqual(["finish"]);
});
