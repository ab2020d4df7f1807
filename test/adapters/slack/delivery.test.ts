import { describe, expect, it } from "vitest";
import { Pacing } from "../../../adapters/slack/pacing.js";
import { ChatPlatformError } from "../../../src/ports/chat.js";
import { parseReply } from "../../../src/answering/parse-reply.js";
import type { ConversationRef } from "../../../src/ports/chat.js";
import { newId } from "../../../src/ports/ids.js";
import { plainReply, type Reply } from "../../../src/ports/reply.js";
import { openSlackScene, outgoing, type SlackScene } from "./slack-scene.js";

const signal = new AbortController().signal;

/** Of about 28,000 characters: three messages. */
const LONG: Reply = {
  blocks: parseReply(
    Array.from({ length: 400 }, (_, at) => `Sentence ${at} of the long answer, which goes on and on.\n\n`).join(""),
    new Set(),
  ),
  citations: [],
  actions: [{ name: "human" }],
};

function posts(scene: SlackScene): number {
  return scene.slack.calls.filter(({ method }) => method === "chat.postMessage").length;
}

function sentences(shown: readonly string[]): readonly number[] {
  return [...shown.join("\n").matchAll(/Sentence (\d+) of/gu)].map(([, number]) => Number(number));
}

const ALL_SENTENCES = Array.from({ length: 400 }, (_, at) => at);

describe("a reply that is too long for one message", () => {
  it("stands in several, in order, complete, and is found as one", async () => {
    await using scene = await openSlackScene();
    const thread = scene.thread();
    const message = outgoing(thread, LONG);

    const posted = await scene.surface.adapter.post(message, signal);

    expect(posts(scene)).toBeGreaterThan(2);
    expect(sentences(scene.shown(thread))).toEqual(ALL_SENTENCES);
    expect(await scene.surface.adapter.reconcile(thread, message.deliveryId, signal)).toEqual(posted);
  });

  for (const where of ["a thread", "a channel"] as const) {
    it(`is completed after a stop between two messages, in ${where}`, async () => {
      await using scene = await openSlackScene();
      const { slack, surface } = scene;
      const to: ConversationRef =
        where === "a thread" ? scene.thread() : { installationId: scene.installationId, key: "C0AGENTS" };
      const message = outgoing(to, LONG);
      slack.faults.next("chat.postMessage", { kind: "delay", milliseconds: 0 });
      slack.faults.next("chat.postMessage", { kind: "lose-reply" });

      await expect(surface.adapter.post(message, signal)).rejects.toMatchObject({ failure: "unreachable" });
      expect(await surface.adapter.reconcile(to, message.deliveryId, signal)).toBeNull();
      const posted = await surface.adapter.post(message, signal);

      const [channel = ""] = to.key.split(":");
      expect(
        sentences(
          scene.shown({ ...to, key: posted.threadKey }).concat(where === "a channel" ? [scene.shown(to)[0] ?? ""] : []),
        ).toSorted((a, b) => a - b),
      ).toEqual(ALL_SENTENCES);
      expect(slack.messages(channel).filter(({ botId }) => botId !== null)).toHaveLength(3);
      expect(await surface.adapter.reconcile(to, message.deliveryId, signal)).toEqual(posted);
    });
  }

  it("is replaced as a whole by an edit: shorter, and longer again", async () => {
    await using scene = await openSlackScene();
    const { adapter } = scene.surface;
    const thread = scene.thread();
    const message = outgoing(thread, LONG);
    const { platformId } = await adapter.post(message, signal);
    await adapter.edit({ ...message, reply: plainReply("Short.") }, platformId, signal);
    expect(scene.shown(thread)).toEqual(["Short."]);

    await adapter.edit(message, platformId, signal);
    expect(sentences(scene.shown(thread))).toEqual(ALL_SENTENCES);

    await adapter.delete(thread, platformId, signal);
    expect(scene.shown(thread)).toEqual([]);
  });
});

describe("a post", () => {
  it("whose answer was lost is found by its delivery", async () => {
    await using scene = await openSlackScene();
    const thread = scene.thread();
    const message = outgoing(thread, "We open at nine.");
    scene.slack.faults.next("chat.postMessage", { kind: "lose-reply" });

    await expect(scene.surface.adapter.post(message, signal)).rejects.toMatchObject({
      failure: "unreachable",
      isRetryable: true,
    });
    const found = await scene.surface.adapter.reconcile(thread, message.deliveryId, signal);

    expect(scene.shown(thread)).toEqual(["We open at nine."]);
    expect(found?.threadKey).toBe(thread.key);
    expect(posts(scene)).toBe(1);
  });

  it.each([
    [
      { kind: "rate-limit", retryAfterSeconds: 7 },
      { failure: "rate-limited", retryAfterMs: 7_000, isRetryable: true },
    ],
    [
      { kind: "status", status: 503 },
      { failure: "unreachable", isRetryable: true },
    ],
    [{ kind: "cut" }, { failure: "unreachable", isRetryable: true }],
    [
      { kind: "error", error: "internal_error" },
      { failure: "unreachable", isRetryable: true },
    ],
    [
      { kind: "error", error: "token_revoked" },
      { failure: "auth", isRetryable: false },
    ],
    [
      { kind: "error", error: "is_archived" },
      { failure: "forbidden", isRetryable: false },
    ],
    [
      { kind: "error", error: "channel_not_found" },
      { failure: "not-found", isRetryable: false },
    ],
    [
      { kind: "error", error: "invalid_blocks" },
      { failure: "rejected", isRetryable: false },
    ],
  ] as const)("that meets %o is one call and says what went wrong", async (fault, failure) => {
    await using scene = await openSlackScene();
    const thread = scene.thread();
    scene.slack.faults.next("chat.postMessage", fault);

    await expect(scene.surface.adapter.post(outgoing(thread, "Hello."), signal)).rejects.toMatchObject(failure);
    expect(posts(scene)).toBeLessThanOrEqual(1);
  });

  it("is refused here, with a time, before Slack would refuse it", async () => {
    await using scene = await openSlackScene();
    const thread = scene.thread();
    for (const text of ["1", "2", "3"]) await scene.surface.adapter.post(outgoing(thread, text), signal);

    const fourth = scene.surface.adapter.post(outgoing(thread, "4"), signal);

    await expect(fourth).rejects.toMatchObject({ failure: "rate-limited", isRetryable: true });
    expect(scene.shown(thread)).toEqual(["1", "2", "3"]);
  });

  it("by another app with our mark on it is not taken for ours", async () => {
    await using scene = await openSlackScene();
    const thread = scene.thread();
    const message = outgoing(thread, "We open at nine.");
    const { platformId } = await scene.surface.adapter.post(message, signal);
    const [channel = ""] = thread.key.split(":");
    const original = scene.slack.workspace.message(channel, platformId);
    scene.slack.workspace
      .channel(channel)
      .messages.set(platformId, { ...original, userId: "U0ROBOT", botId: "B0OTHER" });

    expect(await scene.surface.adapter.reconcile(thread, message.deliveryId, signal)).toBeNull();
  });
});

describe("a status", () => {
  it("is shown in the thread, and given up for good where Slack has none", async () => {
    await using scene = await openSlackScene();
    const { slack, surface } = scene;
    const thread = scene.thread();
    const [channel = "", ts = ""] = thread.key.split(":");
    await surface.adapter.showStatus(thread, "Looking that up…", signal);
    expect(slack.status(channel, ts)).toBe("Looking that up…");

    slack.faults.next("assistant.threads.setStatus", { kind: "status", status: 500 });
    await surface.adapter.showStatus(thread, "Still looking…", signal);
    slack.faults.next("assistant.threads.setStatus", { kind: "error", error: "unknown_method" });
    await surface.adapter.showStatus(thread, "Still looking…", signal);
    const asked = slack.calls.length;
    await surface.adapter.showStatus(thread, "Still looking…", signal);
    expect(slack.calls).toHaveLength(asked);
  });
});

describe("the pace of posts", () => {
  it("is a burst and then one for each interval, per channel", () => {
    let now = 0;
    const pacing = new Pacing({ burst: 2, intervalMs: 1_000 }, () => now);
    const taken = (key: string, count: number) => Array.from({ length: count }, () => pacing.tryTake(key));

    expect(taken("C1", 3)).toEqual([true, true, false]);
    expect(taken("C2", 1)).toEqual([true]);
    now = 999;
    expect(taken("C1", 1)).toEqual([false]);
    now = 1_000;
    expect(taken("C1", 2)).toEqual([true, false]);
    expect(pacing.reserve("C1", "a", "post", 1_000)).toBe(1_000);
    expect(() => pacing.reserve("C1", "b", "post", 1_000)).toThrow(expect.objectContaining({ retryAfterMs: 2_000 }));
    now = 10_000;
    expect(taken("C1", 3)).toEqual([true, true, false]);
  });

  it("gives everybody of a crowd the turn they were told, in the order they came", () => {
    let now = 0;
    const pacing = new Pacing({ burst: 1, intervalMs: 1_000 }, () => now);
    const told = (holder: string) => {
      try {
        return pacing.reserve("C1", holder, "post", 0);
      } catch (error) {
        return error instanceof ChatPlatformError ? error.retryAfterMs : error;
      }
    };
    const crowd = Array.from({ length: 40 }, (_, index) => String(index));

    expect(crowd.map(told)).toEqual(crowd.map((holder) => Number(holder) * 1_000));
    now = 500;
    expect(told("1")).toBe(500);
    for (const holder of crowd.slice(1)) {
      now = Number(holder) * 1_000;
      expect(told(holder)).toBe(0);
    }
    expect(told("late")).toBe(1_000);
  });
});

it("makes delivery ids that say when they were made", () => {
  expect(newId()).toMatch(/^[\da-f]{8}-[\da-f]{4}-7/u);
});
