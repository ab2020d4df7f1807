import { EventEmitter } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { createSocketReceiver } from "../../../adapters/slack/bolt-app.js";
import { keepConnected } from "../../../adapters/slack/socket-loop.js";
import type { LogFields } from "../../../src/ports/logger.js";
import { FakeSlack } from "../../fakes/slack/fake-slack.js";
import { silentLogger } from "../../support/silent-logger.js";

const HOUR_MS = 3_600_000;

/** A receiver that never gets a hello, and whose connections close at once when `answers` is true. */
function deafReceiver({ answers = true, onStart }: { readonly answers?: boolean; readonly onStart?: () => void } = {}) {
  const client = new EventEmitter();
  const counts = { stops: 0 };
  return {
    client,
    counts,
    start() {
      onStart?.();
      return new Promise<never>(() => undefined);
    },
    stop() {
      counts.stops += 1;
      if (answers) client.emit("disconnected");
      return Promise.resolve();
    },
  };
}

it("a connection without a hello is closed, and said to be out of reach", async () => {
  const stopping = new AbortController();
  const warnings: (readonly [string, LogFields | undefined])[] = [];
  const logger = {
    ...silentLogger,
    warn(event: string, fields?: LogFields) {
      warnings.push([event, fields]);
      stopping.abort();
    },
  };
  const receiver = deafReceiver();

  await keepConnected(receiver, logger, stopping.signal, 1, HOUR_MS);

  expect(warnings).toEqual([["slack socket failed", { code: "chat-platform" }]]);
  // Once for what was half open, once at the end.
  expect(receiver.counts.stops).toBe(2);
});

it("stops at once while it waits for a hello", async () => {
  const stopping = new AbortController();
  const receiver = deafReceiver({ onStart: () => stopping.abort() });

  await keepConnected(receiver, silentLogger, stopping.signal, HOUR_MS, HOUR_MS);

  expect(receiver.counts.stops).toBe(1);
});

it("cuts a connection whose close is not answered", async () => {
  const stopping = new AbortController();
  const receiver = deafReceiver({ answers: false, onStart: () => stopping.abort() });

  await keepConnected(receiver, silentLogger, stopping.signal, HOUR_MS, 1);

  expect(receiver.counts.stops).toBe(2);
});

describe("with Bolt's receiver", () => {
  it("carries Slack's own error when the app-level token is wrong", async () => {
    await using slack = await FakeSlack.start();
    const stopping = new AbortController();
    const warnings: (readonly [string, LogFields | undefined])[] = [];
    const warn = (event: string, fields?: LogFields): void => {
      if (event === "slack socket failed") stopping.abort();
      warnings.push([event, fields]);
    };
    const receiver = watched(slack, "xapp-wrong");

    await keepConnected(receiver, { ...silentLogger, warn }, stopping.signal);

    expect(warnings).toContainEqual(["slack socket failed", { code: "invalid_auth" }]);
  });

  it("leaves no connection when it is stopped while Slack is asked for an address", async () => {
    await using slack = await FakeSlack.start();
    slack.faults.next("apps.connections.open", { kind: "delay", milliseconds: 200 });
    const stopping = new AbortController();
    const receiver = watched(slack);

    const kept = keepConnected(receiver, silentLogger, stopping.signal);
    await vi.waitFor(() => expect(slack.faults.isEmpty).toBe(true));
    stopping.abort();
    await kept;
    const wasAnswered = receiver.outcomes.length > 0;
    await vi.waitFor(() => expect(receiver.outcomes).toHaveLength(1), 5_000);

    expect(wasAnswered).toBe(false);
    expect(slack.calls.map(({ method }) => method)).toEqual(["apps.connections.open"]);
    expect(receiver.outcomes).toEqual(["refused"]);
    expect(slack.sockets.connections).toBe(0);
    expect(receiver.client.listenerCount("connecting")).toBe(0);
  });

  it("opens one connection when an address came too late for the first attempt", async () => {
    await using slack = await FakeSlack.start();
    slack.faults.next("apps.connections.open", { kind: "delay", milliseconds: 900 });
    const stopping = new AbortController();
    const receiver = watched(slack);

    const kept = keepConnected(receiver, silentLogger, stopping.signal, 300);
    await vi.waitFor(() => expect(receiver.outcomes).toContain("connected"), 8_000);
    expect(receiver.outcomes[0]).toBe("refused");
    expect(slack.sockets.connections).toBe(1);
    stopping.abort();
    await kept;

    await vi.waitFor(() => expect(slack.sockets.connections).toBe(0), 5_000);
  });

  it("is disconnected at the end, also from a Slack that answers nothing any more", async () => {
    await using slack = await FakeSlack.start();
    const stopping = new AbortController();
    const receiver = watched(slack);
    const kept = keepConnected(receiver, silentLogger, stopping.signal, HOUR_MS, 50);
    await vi.waitFor(() => expect(receiver.outcomes).toEqual(["connected"]), 5_000);
    slack.sockets.freeze();

    let losses = 0;
    receiver.client.on("disconnected", () => (losses += 1));
    stopping.abort();
    await kept;

    expect(losses).toBe(1);
  });
});

/** Bolt's own receiver, and what became of its starts. */
function watched(slack: FakeSlack, appToken = slack.appToken) {
  const nothing = () => Promise.resolve();
  const receiver = createSocketReceiver(
    {
      botToken: slack.botToken(),
      apiUrl: slack.apiUrl,
      logger: silentLogger,
      identity: () => null,
      intake: {
        message: nothing,
        reaction: nothing,
        action: nothing,
        command: () => Promise.resolve({ text: "" }),
        view: () => Promise.resolve(null),
      },
    },
    appToken,
  );
  const outcomes: ("connected" | "refused")[] = [];
  return {
    client: receiver.client,
    outcomes,
    start() {
      const starting = receiver.start();
      starting.then(
        () => outcomes.push("connected"),
        () => outcomes.push("refused"),
      );
      return starting;
    },
    stop: () => receiver.stop(),
  };
}
