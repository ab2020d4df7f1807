import { App, HTTPReceiver, LogLevel, SocketModeReceiver, webApi, type AppOptions } from "@slack/bolt";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { FakeSlack } from "../../fakes/slack/fake-slack.js";

function clientOf(fake: FakeSlack): webApi.WebClient {
  return new webApi.WebClient(fake.botToken(), {
    slackApiUrl: fake.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
  });
}

/** A Bolt app that answers every mention in its thread. */
function answering(app: App): void {
  app.event("app_mention", async ({ event, client }) => {
    await client.chat.postMessage({
      channel: event.channel,
      thread_ts: event.thread_ts ?? event.ts,
      text: "At *nine*.",
    });
  });
  app.command("/deskhand", async ({ ack }) => {
    await ack("Looking.");
  });
}

interface Running extends AsyncDisposable {
  readonly fake: FakeSlack;
}

async function overHttp(): Promise<Running> {
  const fake = await FakeSlack.start();
  const receiver = new HTTPReceiver({ signingSecret: fake.signingSecret, logLevel: LogLevel.ERROR });
  answering(new App({ receiver, ...appOptions(fake) }));
  const server = await receiver.start({ port: 0, host: "127.0.0.1" });
  fake.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  return running(fake, () => receiver.stop());
}

async function overSocketMode(): Promise<Running> {
  const fake = await FakeSlack.start();
  const receiver = new SocketModeReceiver({
    appToken: fake.appToken,
    clientPingTimeout: 100,
    installerOptions: { clientOptions: { slackApiUrl: fake.apiUrl } },
    logLevel: LogLevel.ERROR,
  });
  const app = new App({ receiver, ...appOptions(fake) });
  answering(app);
  await app.start();
  return running(fake, () => app.stop());
}

function appOptions(fake: FakeSlack): Pick<AppOptions, "token" | "clientOptions" | "logLevel"> {
  return { token: fake.botToken(), clientOptions: { slackApiUrl: fake.apiUrl }, logLevel: LogLevel.ERROR };
}

function running(fake: FakeSlack, stop: () => Promise<unknown>): Running {
  return {
    fake,
    async [Symbol.asyncDispose]() {
      await stop();
      await fake[Symbol.asyncDispose]();
    },
  };
}

describe.each([
  ["HTTP", overHttp],
  ["Socket Mode", overSocketMode],
])("Bolt over %s works against the fake", (_name, start) => {
  it("answers a mention in its thread", async () => {
    await using bolt = await start();
    const { fake } = bolt;

    const said = fake.mention("Anna", "general", "when do you open?");
    await said.acknowledged();
    await expect
      .poll(() => fake.transcript("general", said.thread))
      .toBe("Anna: @Deskhand when do you open?\nDeskhand: At nine.");
  });

  it("acknowledges a slash command with words that only the person sees", async () => {
    await using bolt = await start();
    const { fake } = bolt;

    await expect(fake.slash("Anna", "general", "/deskhand ask when?")).resolves.toMatchObject({ isAcknowledged: true });
    expect(fake.transcript("general")).toBe("Deskhand (only Anna sees this): Looking.");
  });
});

describe("Socket Mode", () => {
  it("brings an event again to the next connection when the first one was cut before the acknowledgement", async () => {
    await using bolt = await overSocketMode();
    const { fake } = bolt;
    expect(fake.sockets.connections).toBe(1);

    const said = fake.mention("Anna", "general", "hello");
    fake.sockets.cut();
    await said.acknowledged();
    await expect.poll(() => fake.transcript("general", said.thread)).toContain("Deskhand: At nine.");
  });

  it("survives being asked to reconnect", async () => {
    await using bolt = await overSocketMode();
    const { fake } = bolt;
    fake.sockets.disconnect();
    await expect.poll(() => fake.sockets.connections).toBe(0);

    const said = fake.mention("Anna", "general", "hello");
    await expect(said.acknowledged()).resolves.toMatchObject([{ isAcknowledged: true }, { isAcknowledged: true }]);
  });
});

describe("The real WebClient works against the fake", () => {
  it("streams a message with blocks and metadata at its end", async () => {
    await using fake = await FakeSlack.start();
    const client = clientOf(fake);
    const said = fake.direct("Anna", "when?");
    const stream = client.chatStream({ channel: said.channel, thread_ts: said.thread });
    await stream.append({ markdown_text: "At **nine**, " });
    await stream.append({ markdown_text: "[see](https://acme.test/hours)." });
    await stream.stop({
      blocks: [
        {
          type: "actions",
          elements: [{ type: "button", action_id: "yes", text: { type: "plain_text", text: "Helpful" } }],
        },
      ],
      metadata: { event_type: "answered", event_payload: { delivery: "d1" } },
    });

    expect(fake.transcript(said.channel, said.thread)).toBe(
      "Anna: when?\nDeskhand: At nine, see (https://acme.test/hours).\n  [Helpful]",
    );
    const read = await client.conversations.replies({
      channel: said.channel,
      ts: said.thread,
      include_all_metadata: true,
    });
    expect(read.messages?.[1]?.metadata).toEqual({ event_type: "answered", event_payload: { delivery: "d1" } });
  });

  it("sees a rate limit with the seconds to wait", async () => {
    await using fake = await FakeSlack.start({ rateLimits: true });
    const client = clientOf(fake);
    await client.chat.postMessage({ channel: "C0GENERAL", text: "one" });
    await expect(client.chat.postMessage({ channel: "C0GENERAL", text: "two" })).rejects.toMatchObject({
      retryAfter: 1,
    });
    fake.clock.advance(1_000);
    await expect(client.chat.postMessage({ channel: "C0GENERAL", text: "two" })).resolves.toMatchObject({ ok: true });
  });

  it("does not learn that a message was posted when the reply is lost", async () => {
    await using fake = await FakeSlack.start();
    fake.faults.next("chat.postMessage", { kind: "lose-reply" });
    await expect(clientOf(fake).chat.postMessage({ channel: "C0GENERAL", text: "once" })).rejects.toThrow("request");
    expect(fake.transcript("general")).toBe("Deskhand: once");
  });
});
