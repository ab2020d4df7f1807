import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeSlack } from "../../fakes/slack/fake-slack.js";
import { DEFAULT_WORKSPACE } from "../../fakes/slack/workspace-options.js";
import { rawCall, rawOutcome } from "./raw-call.js";
import { metadataWith, REJECTIONS, section } from "./rejections.js";
import { sceneIn, validArguments, type Scene } from "./valid-calls.js";

const POST = "chat.postMessage";
const START = "chat.startStream";
const APPEND = "chat.appendStream";
const STOP = "chat.stopStream";

const WORKSPACE = {
  ...DEFAULT_WORKSPACE,
  people: [...(DEFAULT_WORKSPACE.people ?? []), { id: "U0GONE", name: "Gone", isDeactivated: true }],
  channels: [
    ...(DEFAULT_WORKSPACE.channels ?? []),
    { id: "C0SECRET", name: "secret", kind: "private" as const, hasApp: false },
    { id: "C0OLD", name: "old", isArchived: true },
  ],
};

let fake: FakeSlack;
let scene: Scene;

beforeEach(async () => {
  fake = await FakeSlack.start({ workspaces: [WORKSPACE] });
  scene = await sceneIn(fake);
});
afterEach(async () => {
  await fake[Symbol.asyncDispose]();
});

describe("A valid call is refused for one thing that is wrong", () => {
  it.each(REJECTIONS)("$method: $rule", async ({ method, change, error }) => {
    const changed = Object.entries({ ...validArguments(method, scene), ...change(scene) }).filter(
      ([, value]) => value !== undefined,
    );
    await expect(rawOutcome(fake, method, Object.fromEntries(changed))).resolves.toBe(error);
  });

  it("reactions.add: the same reaction twice", async () => {
    const args = validArguments("reactions.add", scene);
    await expect(rawOutcome(fake, "reactions.add", args)).resolves.toBe("ok");
    await expect(rawOutcome(fake, "reactions.add", args)).resolves.toBe("already_reacted");
  });

  it("views.open: a trigger that served before, and one that is too old", async () => {
    const args = validArguments("views.open", scene);
    await expect(rawOutcome(fake, "views.open", args)).resolves.toBe("ok");
    await expect(rawOutcome(fake, "views.open", args)).resolves.toBe("exchanged_trigger_id");

    const later = { ...args, trigger_id: fake.trigger("Anna") };
    fake.clock.advance(3_001);
    await expect(rawOutcome(fake, "views.open", later)).resolves.toBe("expired_trigger_id");
  });
});

describe("A stream", () => {
  it("is closed five minutes after its start, however much is written", async () => {
    const args = validArguments(APPEND, scene);
    fake.clock.advance(299_000);
    await expect(rawOutcome(fake, APPEND, args)).resolves.toBe("ok");
    fake.clock.advance(1_000);
    await expect(rawOutcome(fake, APPEND, args)).resolves.toBe("message_not_in_streaming_state");
    await expect(rawOutcome(fake, STOP, args)).resolves.toBe("message_not_in_streaming_state");
    await expect(
      rawOutcome(fake, "chat.update", { channel: "C0GENERAL", ts: scene.stream, text: "nine" }),
    ).resolves.toBe("ok");
  });

  it("takes nothing more after a person stopped it", async () => {
    fake.people.stopStream("Anna", { channel: "general", ts: scene.stream });
    await expect(rawOutcome(fake, APPEND, validArguments(APPEND, scene))).resolves.toBe("stopped_by_user");
    await expect(rawOutcome(fake, STOP, validArguments(STOP, scene))).resolves.toBe("message_not_in_streaming_state");
  });

  it("takes nothing more after its end", async () => {
    await expect(rawOutcome(fake, STOP, validArguments(STOP, scene))).resolves.toBe("ok");
    await expect(rawOutcome(fake, APPEND, validArguments(APPEND, scene))).resolves.toBe(
      "message_not_in_streaming_state",
    );
  });

  it("needs no recipient in a direct conversation", async () => {
    const said = fake.direct("Anna", "when?");
    await expect(rawOutcome(fake, START, { channel: said.channel, thread_ts: said.thread })).resolves.toBe("ok");
  });
});

describe("With rate limits", () => {
  it.each([
    { tier: 2, method: START, calls: 20 },
    { tier: 3, method: "chat.update", calls: 50 },
    { tier: 4, method: APPEND, calls: 100 },
  ])("tier $tier takes $calls calls a minute", async ({ method, calls }) => {
    await using limited = await FakeSlack.start({ rateLimits: true });
    const own = await sceneIn(limited);
    const earlier = method === START ? 1 : 0;
    for (let call = earlier; call < calls; call += 1) {
      await expect(rawOutcome(limited, method, validArguments(method, own))).resolves.toBe("ok");
    }
    await expect(rawCall(limited, method, validArguments(method, own))).resolves.toMatchObject({
      status: 429,
      retryAfter: expect.stringMatching(/^(59|60)$/u) as string,
      body: { ok: false, error: "ratelimited" },
    });
    limited.clock.advance(60_000);
    await expect(rawOutcome(limited, method, validArguments(method, own))).resolves.not.toBe("ratelimited");
  });

  it("a channel takes one post a second, another channel another", async () => {
    await using limited = await FakeSlack.start({ rateLimits: true });
    const post = (channel: string): Promise<unknown> => rawOutcome(limited, POST, { channel, text: "hello" });
    await expect(post("C0GENERAL")).resolves.toBe("ok");
    await expect(post("C0AGENTS")).resolves.toBe("ok");
    await expect(post("C0GENERAL")).resolves.toBe("ratelimited");
  });
});

describe("What Slack does although one would rather not", () => {
  it("cuts a text at 40,000 characters and says so", async () => {
    const { body } = await rawCall(fake, POST, { channel: "C0GENERAL", text: "x".repeat(40_001) });
    expect(body).toMatchObject({ ok: true, response_metadata: { warnings: ["message_truncated"] } });
    expect(fake.lastAnswer("general")?.text).toHaveLength(40_000);
  });

  it("forgets the blocks of an edit without any, and keeps its metadata", async () => {
    const metadata = metadataWith({ delivery: "d1" });
    const { body } = await rawCall(fake, POST, {
      channel: "C0GENERAL",
      text: "short",
      blocks: [section(10)],
      metadata,
    });
    await rawOutcome(fake, "chat.update", { channel: "C0GENERAL", ts: body["ts"], text: "edited" });
    expect(fake.lastAnswer("general")).toMatchObject({ text: "edited", blocks: [], metadata });
  });
});
