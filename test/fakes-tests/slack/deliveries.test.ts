import { verifySlackRequest } from "@slack/bolt";
import { describe, expect, it } from "vitest";
import { FakeSlack } from "../../fakes/slack/fake-slack.js";
import { BOT_SCOPES, DEFAULT_WORKSPACE } from "../../fakes/slack/workspace-options.js";
import { rawCall, rawOutcome } from "./raw-call.js";
import { RequestUrl, type AppAnswer } from "./request-url.js";

interface Setting extends AsyncDisposable {
  readonly fake: FakeSlack;
  readonly app: RequestUrl;
}

async function setting(
  answers: readonly AppAnswer[] = [],
  options: Parameters<typeof FakeSlack.start>[0] = {},
): Promise<Setting> {
  const app = await RequestUrl.listen(...answers);
  const fake = await FakeSlack.start({ requestUrl: app.url, retryDelaysMs: [0, 5, 10], ...options });
  return {
    fake,
    app,
    async [Symbol.asyncDispose]() {
      await fake[Symbol.asyncDispose]();
      await app[Symbol.asyncDispose]();
    },
  };
}

/** Only direct messages are read, so that one message is one event. */
const ONE_EVENT = { acknowledgeWithinMs: 100 };

describe("An event", () => {
  it("is signed and in Slack's envelope", async () => {
    await using scene = await setting();
    const { fake, app } = scene;
    const said = fake.direct("Anna", "1 < 2 & @Ben");
    await said.acknowledged();

    const [first] = app.received;
    const headers = first!.headers as Record<string, string>;
    expect(headers["content-type"]).toBe("application/json");
    expect(() =>
      verifySlackRequest({
        signingSecret: fake.signingSecret,
        body: first!.body,
        headers: {
          "x-slack-signature": headers["x-slack-signature"]!,
          "x-slack-request-timestamp": Number(headers["x-slack-request-timestamp"]),
        },
      }),
    ).not.toThrow();
    expect(app.events[0]).toMatchObject({
      type: "event_callback",
      team_id: "T0ACME",
      context_team_id: "T0ACME",
      api_app_id: fake.appId,
      event_id: expect.stringMatching(/^Ev[0-9A-F]{12}$/u) as string,
      event_time: expect.any(Number) as number,
      authorizations: [{ team_id: "T0ACME", user_id: "U0BOT0ACME", is_bot: true }],
      event: {
        type: "message",
        channel_type: "im",
        user: "U0ANNA",
        text: "1 &lt; 2 &amp; <@U0BEN>",
        ts: said.ts,
        channel: said.channel,
      },
    });
  });

  it("comes twice for a mention, under two ids", async () => {
    await using scene = await setting();
    const said = scene.fake.mention("Anna", "general", "hello");
    await said.acknowledged();
    const events = scene.app.events;
    expect(events.map(({ event }) => event["type"]).sort()).toEqual(["app_mention", "message"]);
    expect(new Set(events.map(({ event }) => event["ts"]))).toEqual(new Set([said.ts]));
    expect(new Set(events.map((envelope) => envelope.event_id)).size).toBe(2);
  });

  it.each([
    ["the app was not invited", "without-the-app", BOT_SCOPES],
    ["the app has no scope for it", "general", BOT_SCOPES.filter((scope) => scope !== "channels:history")],
  ])("does not come when %s", async (_why, channel, scopes) => {
    await using scene = await setting([], { workspaces: [{ ...DEFAULT_WORKSPACE, scopes }] });
    expect(scene.fake.say("Anna", channel, "hello").deliveries).toEqual([]);
  });

  it("tells the app about its own messages, edits and deletions as well", async () => {
    await using scene = await setting();
    const { fake, app } = scene;
    const { body } = await rawCall(fake, "chat.postMessage", { channel: "C0GENERAL", text: "one" });
    await fake.settled();
    await rawOutcome(fake, "chat.update", { channel: "C0GENERAL", ts: body["ts"], text: "two" });
    await fake.settled();
    await rawOutcome(fake, "chat.delete", { channel: "C0GENERAL", ts: body["ts"] });
    await fake.settled();
    expect(app.events.map(({ event }) => [event["subtype"] ?? "posted", event["bot_id"] ?? null])).toEqual([
      ["posted", "B00ACME"],
      ["message_changed", null],
      ["message_deleted", null],
    ]);
  });

  it("of somebody from elsewhere says where they are from", async () => {
    await using scene = await setting();
    await scene.fake.say("Eve", "partners", "hello").acknowledged();
    expect(scene.app.events[0]).toMatchObject({
      team_id: "T0ACME",
      is_ext_shared_channel: true,
      event: { user: "U0EVE", team: "T0OTHER", user_team: "T0OTHER", source_team: "T0OTHER" },
    });
  });

  it("of somebody from elsewhere comes from their direct conversation, too", async () => {
    await using scene = await setting();
    await scene.fake.direct("Eve", "hello").acknowledged();
    expect(scene.app.events[0]).toMatchObject({
      team_id: "T0ACME",
      is_ext_shared_channel: true,
      event: { channel_type: "im" },
    });
  });

  it("comes once for each workspace of a shared channel that has the app", async () => {
    const second = {
      id: "T0GLOBEX",
      name: "Globex",
      botToken: "xoxb-globex",
      channels: [{ id: "C0PARTNERS", name: "partners" }],
    };
    await using scene = await setting([], { workspaces: [DEFAULT_WORKSPACE, second] });
    await scene.fake.say("Anna", "partners", "hello").acknowledged();
    expect(scene.app.events.map((envelope) => (envelope as unknown as { team_id: string }).team_id).sort()).toEqual([
      "T0ACME",
      "T0GLOBEX",
    ]);
  });

  it.each([
    ["app_home_opened", (fake: FakeSlack) => fake.people.openHome("Anna")],
    ["reaction_added", (fake: FakeSlack) => fake.people.react("Anna", fake.say("Anna", "general", "hello"), "eyes")],
    ["member_joined_channel", (fake: FakeSlack) => fake.people.join("Eve", "general")],
    ["app_uninstalled", (fake: FakeSlack) => fake.people.uninstall("T0ACME")],
  ])("%s comes when it happens", async (type, happen) => {
    await using scene = await setting();
    happen(scene.fake);
    await scene.fake.settled();
    expect(scene.app.events.map(({ event }) => event["type"])).toContain(type);
  });
});

describe("A delivery", () => {
  const ok = { status: 200 };
  const broken = { status: 500 };

  it("is repeated three times under one id, with number and reason, and then given up", async () => {
    await using scene = await setting([broken, broken, broken, broken]);
    const [delivery] = scene.fake.direct("Anna", "hello").deliveries;
    await expect(delivery!.outcome).resolves.toMatchObject({ isAcknowledged: false, retryNumber: 3, status: 500 });
    const { received, events } = scene.app;
    expect(new Set(events.map((envelope) => envelope.event_id)).size).toBe(1);
    expect(received.map(({ headers }) => [headers["x-slack-retry-num"], headers["x-slack-retry-reason"]])).toEqual([
      [undefined, undefined],
      ["1", "http_error"],
      ["2", "http_error"],
      ["3", "http_error"],
    ]);
  });

  it("stops being repeated once it is acknowledged", async () => {
    await using scene = await setting([broken, ok]);
    await expect(scene.fake.direct("Anna", "hello").acknowledged()).resolves.toMatchObject([
      { isAcknowledged: true, retryNumber: 1 },
    ]);
    expect(scene.app.received).toHaveLength(2);
  });

  it("is repeated when the answer takes too long", async () => {
    await using scene = await setting([{ status: 200, afterMs: 1_000 }], ONE_EVENT);
    await scene.fake.direct("Anna", "hello").acknowledged();
    expect(scene.app.received[1]?.headers["x-slack-retry-reason"]).toBe("http_timeout");
  });

  it("is not repeated when the app asks for that", async () => {
    await using scene = await setting([{ status: 500, headers: { "x-slack-no-retry": "1" } }]);
    await scene.fake.direct("Anna", "hello").acknowledged();
    expect(scene.app.received).toHaveLength(1);
  });

  it("is repeated when nobody listens", async () => {
    await using scene = await setting([], { retryDelaysMs: [500] });
    const { url } = scene.app;
    scene.fake.deliverTo("http://127.0.0.1:1/slack/events");
    const said = scene.fake.direct("Anna", "hello");
    await expect.poll(() => said.deliveries[0]?.attempts.length).toBeGreaterThan(0);
    scene.fake.deliverTo(url);
    await said.acknowledged();
    expect(scene.app.received[0]?.headers["x-slack-retry-reason"]).toBe("connection_failed");
  });

  it("can come again although it was acknowledged", async () => {
    await using scene = await setting();
    const [delivery] = scene.fake.direct("Anna", "hello").deliveries;
    await delivery!.outcome;
    await scene.fake.redeliver(delivery!).outcome;
    expect(new Set(scene.app.events.map((envelope) => envelope.event_id)).size).toBe(1);
    expect(scene.app.received).toHaveLength(2);
  });
});

describe("A fault strikes the next call of its method, once", () => {
  const post = (fake: FakeSlack): ReturnType<typeof rawCall> =>
    rawCall(fake, "chat.postMessage", { channel: "C0GENERAL", text: "once" });

  it.each([
    ["lose-reply does the work and cuts the connection", { kind: "lose-reply" as const }, "Deskhand: once"],
    ["cut does nothing and cuts the connection", { kind: "cut" as const }, ""],
  ])("%s", async (_what, fault, shown) => {
    await using fake = await FakeSlack.start();
    fake.faults.next("chat.postMessage", fault);
    await expect(post(fake)).rejects.toThrow("fetch failed");
    expect(fake.transcript("general")).toBe(shown);
    await expect(post(fake)).resolves.toMatchObject({ body: { ok: true } });
  });

  it("rate-limit says how long to wait", async () => {
    await using fake = await FakeSlack.start();
    fake.faults.next("chat.postMessage", { kind: "rate-limit", retryAfterSeconds: 7 }, 2);
    await expect(post(fake)).resolves.toMatchObject({ status: 429, retryAfter: "7", body: { error: "ratelimited" } });
    await expect(post(fake)).resolves.toMatchObject({ status: 429 });
    await expect(post(fake)).resolves.toMatchObject({ body: { ok: true } });
  });

  it("status answers like something in between", async () => {
    await using fake = await FakeSlack.start();
    fake.faults.next("chat.postMessage", { kind: "status", status: 503 });
    const response = await fetch(`${fake.apiUrl}chat.postMessage`, { method: "POST" });
    expect(response.status).toBe(503);
    expect(fake.calls.map((call) => call.outcome)).toEqual(["fault: status"]);
  });

  it("error answers with a refusal", async () => {
    await using fake = await FakeSlack.start();
    fake.faults.next("chat.postMessage", { kind: "error", error: "unknown_method" });
    await expect(post(fake)).resolves.toMatchObject({ status: 200, body: { ok: false, error: "unknown_method" } });
    expect(fake.transcript("general")).toBe("");
  });

  it("delay does it later", async () => {
    await using fake = await FakeSlack.start();
    fake.faults.next("chat.postMessage", { kind: "delay", milliseconds: 50 });
    const answer = post(fake);
    await expect.poll(() => fake.faults.isEmpty).toBe(true);
    expect(fake.transcript("general")).toBe("");
    await expect(answer).resolves.toMatchObject({ body: { ok: true } });
  });
});
