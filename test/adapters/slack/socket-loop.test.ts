import { EventEmitter } from "node:events";
import { expect, it } from "vitest";
import { keepConnected } from "../../../adapters/slack/socket-loop.js";
import type { LogFields } from "../../../src/ports/logger.js";
import { silentLogger } from "../../support/silent-logger.js";

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
  let stops = 0;
  const receiver = {
    client: new EventEmitter(),
    start: () => new Promise<never>(() => undefined),
    stop() {
      stops += 1;
      return Promise.resolve();
    },
  };

  await keepConnected(receiver, logger, stopping.signal, 1);

  expect(warnings).toEqual([["slack socket failed", { code: "chat-platform" }]]);
  // Once for what was half open, once at the end.
  expect(stops).toBe(2);
});

it("stops at once while it waits for a hello", async () => {
  const stopping = new AbortController();
  let stops = 0;
  const receiver = {
    client: new EventEmitter(),
    start() {
      stopping.abort();
      return new Promise<never>(() => undefined);
    },
    stop() {
      stops += 1;
      return Promise.resolve();
    },
  };

  await keepConnected(receiver, silentLogger, stopping.signal, 3_600_000);

  expect(stops).toBe(1);
});
