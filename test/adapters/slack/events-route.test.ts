import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { LogFields, Logger } from "../../../src/ports/logger.js";
import { openSlackScene, type SlackScene } from "./slack-scene.js";

interface Sent {
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a body signed as Slack signs it. */
function send({ slack, url }: SlackScene, body: string, { contentType = "application/json", headers }: Sent = {}) {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const hash = createHmac("sha256", slack.signingSecret).update(`v0:${timestamp}:${body}`).digest("hex");
  return fetch(`${url}/slack/events`, {
    method: "POST",
    headers: {
      "content-type": contentType,
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": `v0=${hash}`,
      ...headers,
    },
    body,
  });
}

const ASKED = {
  type: "event_callback",
  team_id: "T0ACME",
  api_app_id: "A1",
  event_id: "Ev1",
  event: {
    type: "message",
    user: "U0ANNA",
    text: "my password is Hunter2!",
    channel: "D1",
    ts: "1700000000.000100",
    channel_type: "im",
  },
};

function commandForm(): string {
  return new URLSearchParams({
    command: "/kb",
    text: "status",
    user_id: "U0ANNA",
    channel_id: "C0GENERAL",
    team_id: "T0ACME",
    trigger_id: "1.2.3",
    response_url: "https://hooks.slack.com/commands/1",
  }).toString();
}

describe("the events route", () => {
  it("answers Slack's look at the address, also before anybody knows who the bot is", async () => {
    await using scene = await openSlackScene({
      deps: { installation: () => Promise.reject(new Error("the database is gone")) },
    });

    const response = await send(scene, JSON.stringify({ type: "url_verification", challenge: "c4", token: "t" }));

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ challenge: "c4" });
    expect((await send(scene, JSON.stringify(ASKED))).status).toBe(503);
  });

  it.each([
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-8",
    "Application/X-WWW-Form-Urlencoded",
  ])("reads forms of type %s", async (contentType) => {
    await using scene = await openSlackScene();

    const response = await send(scene, commandForm(), { contentType });

    expect(response.status).toBe(200);
    expect(scene.inbox.events).toMatchObject([{ kind: "command", line: "kb status", isPrivate: true }]);
  });

  it.each([
    ["null", "application/json", 400],
    ["[]", "application/json", 400],
    ['"x"', "application/json", 400],
    ["", "application/json", 400],
    ['{"type":', "application/json", 400],
    ["payload=null", "application/x-www-form-urlencoded", 400],
    ["payload=%7B", "application/x-www-form-urlencoded", 400],
    [
      JSON.stringify({ ...ASKED, event: { type: "message", channel: "C1", ts: "1.1", user: 7 } }),
      "application/json",
      200,
    ],
    [JSON.stringify({ ...ASKED, event: { type: "team_join", user: {} } }), "application/json", 200],
    [JSON.stringify({ ...ASKED, team_id: "T0OTHER" }), "application/json", 200],
  ])("takes nothing in from %s (%s): %i", async (body, contentType, status) => {
    await using scene = await openSlackScene();

    expect((await send(scene, body, { contentType })).status).toBe(status);
    expect(scene.inbox.events).toEqual([]);
  });

  it("answers in time when nobody else does", async () => {
    await using scene = await openSlackScene({
      deps: {
        participation: {
          relayedIn: () => Promise.resolve(null),
          takesPartIn: () => new Promise<never>(() => undefined),
        },
      },
    });
    const event = { ...ASKED.event, channel: "C0GENERAL", channel_type: "channel", thread_ts: "1600000000.000100" };

    expect((await send(scene, JSON.stringify({ ...ASKED, event }))).status).toBe(503);
  });

  it("takes in a retry whose first delivery never came", async () => {
    await using scene = await openSlackScene();

    await send(scene, JSON.stringify(ASKED), {
      headers: { "x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout" },
    });

    expect(scene.inbox.events).toHaveLength(1);
  });

  it("says in the log that signatures are wrong, once a minute and with how many, and nothing of strangers' requests", async () => {
    const warnings: (readonly [string, LogFields | undefined])[] = [];
    const warn = (event: string, fields?: LogFields): void => void warnings.push([event, fields]);
    let ahead = 0;
    await using scene = await openSlackScene({
      deps: {
        logger: { info: () => undefined, warn, error: () => undefined },
        clock: { now: () => new Date(Date.now() + ahead) },
      },
    });
    const wrong = { headers: { "x-slack-signature": "v0=00" } };

    const stranger = await fetch(`${scene.url}/slack/events`, { method: "POST", body: "{}" });
    const statuses = [];
    for (const later of [0, 0, 59_000, 61_000]) {
      ahead = later;
      statuses.push((await send(scene, JSON.stringify(ASKED), wrong)).status);
    }

    expect([stranger.status, ...statuses]).toEqual([401, 401, 401, 401, 401]);
    const event = "slack signature refused, check SLACK_SIGNING_SECRET and the clock";
    expect(warnings).toEqual([
      [event, { failed: 1 }],
      [event, { failed: 3 }],
    ]);
  });

  it("writes nothing of what people say into the log, whatever goes wrong", async () => {
    const lines: string[] = [];
    const write = (event: string, fields?: LogFields): void => void lines.push(JSON.stringify([event, fields]));
    const logger: Logger = { info: write, warn: write, error: write };
    await using scene = await openSlackScene({ deps: { logger } });
    scene.inbox.failures = 1;

    expect((await send(scene, JSON.stringify(ASKED))).status).toBe(503);
    await send(scene, JSON.stringify(ASKED).slice(0, -3));
    scene.slack.faults.next("users.info", { kind: "cut" });
    await send(scene, JSON.stringify(ASKED));

    expect(scene.inbox.events).toHaveLength(1);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join("\n")).not.toMatch(/Hunter2|xoxb|U0ANNA/u);
  });
});
