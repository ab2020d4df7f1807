import { describe, expect, it, vi } from "vitest";
import { createSlackSurface } from "../../../adapters/slack/slack-surface.js";
import { ChatPlatformError } from "../../../src/ports/chat.js";
import { openSlackScene, outgoing } from "./slack-scene.js";

describe("start", () => {
  it("refuses secrets that are there and empty", async () => {
    await using scene = await openSlackScene();
    const deps = { ...unused(scene), botToken: "xoxb-1", signingSecret: "s", appToken: "xapp-1" };

    expect(() => createSlackSurface({ ...deps, signingSecret: "" })).toThrow("signing secret is empty");
    expect(() => createSlackSurface({ ...deps, appToken: "" })).toThrow("app-level token is empty");
    expect(() => createSlackSurface({ ...deps, botToken: "" })).toThrow("bot token");
  });

  it("with neither a signing secret nor an app token lets nothing in, and posts", async () => {
    await using scene = await openSlackScene({ deps: { signingSecret: null } });
    const thread = scene.thread();

    expect(scene.surface.routes).toEqual([]);
    await scene.surface.adapter.post(outgoing(thread, "We open at nine."), new AbortController().signal);

    expect(scene.shown(thread)).toEqual(["We open at nine."]);
  });

  it("says so when Slack refuses the token", async () => {
    await using scene = await openSlackScene();
    const surface = createSlackSurface({
      ...unused(scene),
      botToken: "xoxb-wrong",
      signingSecret: "s",
      appToken: null,
    });

    await expect(surface.start(new AbortController().signal)).rejects.toMatchObject({
      failure: "auth",
      message: "Slack refused the bot token (invalid_auth): check SLACK_BOT_TOKEN",
    });
    await expect(surface.start(new AbortController().signal)).rejects.toBeInstanceOf(ChatPlatformError);
    await surface.stop();
  });

  it("answers 503 until Slack was reached, and then learns who it is by itself", async () => {
    await using scene = await openSlackScene();
    const { slack } = scene;
    let isUp = false;
    await using late = await openSlackScene({
      deps: {
        apiUrl: slack.apiUrl,
        signingSecret: slack.signingSecret,
        installation: () => (isUp ? Promise.resolve({ id: "late" }) : Promise.reject(new Error("database away"))),
      },
    });
    slack.deliverTo(`${late.url}/slack/events`);

    const [refused] = await slack.direct("Anna", "Hello?").acknowledged();
    expect(refused).toMatchObject({ isAcknowledged: false, status: 503 });
    expect(late.surface.agentsChannel()).toBeNull();

    isUp = true;
    await vi.waitFor(
      () => expect(late.surface.agentsChannel()).toEqual({ installationId: "late", key: "C0AGENTS" }),
      5_000,
    );
    await slack.direct("Anna", "Hello?").acknowledged();
    expect(late.inbox.events).toHaveLength(1);
  });

  it("connects Socket Mode again when Slack renews the connection", async () => {
    await using scene = await openSlackScene({ transport: "socket" });
    const { slack, inbox } = scene;
    await slack.direct("Anna", "One").acknowledged();

    slack.sockets.disconnect();
    await vi.waitFor(
      () => expect(slack.calls.filter(({ method }) => method === "apps.connections.open")).toHaveLength(2),
      8_000,
    );
    await slack.direct("Anna", "Two").acknowledged();

    expect(inbox.events.map((event) => "text" in event && event.text)).toEqual(["One", "Two"]);
  });
});

function unused(scene: Awaited<ReturnType<typeof openSlackScene>>) {
  const { inbox, slack } = scene;
  return {
    apiUrl: slack.apiUrl,
    installation: () => Promise.resolve({ id: "i" }),
    sink: inbox,
    interactions: inbox,
    participation: { relayedIn: () => Promise.resolve(null), takesPartIn: () => Promise.resolve(false) },
    agentsChannel: null,
    admins: [],
    audience: ["public"],
    clock: { now: () => new Date() },
    newId: () => "id",
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    botName: "Deskhand",
  };
}
