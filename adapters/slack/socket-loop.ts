import { setTimeout as sleep } from "node:timers/promises";
import { ChatPlatformError } from "../../src/ports/chat.js";
import { errorCode } from "../../src/ports/errors.js";
import type { Logger } from "../../src/ports/logger.js";
import { orAbort } from "../../src/ports/or-abort.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** A connection that has not said hello by then never will. */
const CONNECT_WITHIN_MS = 20_000;

/** What is used of Bolt's receiver for Socket Mode. */
interface SocketReceiver {
  readonly client: {
    once(event: "disconnected", listener: () => void): unknown;
    off(event: "disconnected", listener: () => void): unknown;
  };
  start(): Promise<unknown>;
  stop(): Promise<void>;
}

/** Keeps one Socket Mode connection open until the signal aborts. Never rejects. */
export async function keepConnected(
  receiver: SocketReceiver,
  logger: Logger,
  signal: AbortSignal,
  connectWithinMs = CONNECT_WITHIN_MS,
): Promise<void> {
  const isStopping = (): boolean => signal.aborted;
  let waitMs = FIRST_WAIT_MS;
  while (!isStopping()) {
    try {
      await orAbort(connect(receiver, connectWithinMs), signal);
      waitMs = FIRST_WAIT_MS;
      logger.info("slack socket connected");
      await disconnected(receiver, signal);
    } catch (error) {
      if (isStopping()) break;
      // What is half open would be found by the next attempt.
      await receiver.stop().catch(() => undefined);
      logger.warn("slack socket failed", { code: errorCode(error) });
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    }
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  }
  await receiver.stop().catch(() => undefined);
}

/** @throws {ChatPlatformError} `unreachable` when there was no hello in time; else what the receiver throws. */
async function connect(receiver: SocketReceiver, withinMs: number): Promise<void> {
  const late = new AbortController();
  try {
    await Promise.race([
      receiver.start(),
      sleep(withinMs, undefined, { signal: late.signal }).then(() => {
        throw new ChatPlatformError("unreachable", "wait for hello");
      }),
    ]);
  } finally {
    late.abort();
  }
}

/** Resolves when the connection is gone, which Slack renews every few hours, or when the signal aborts. */
function disconnected({ client }: SocketReceiver, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      client.off("disconnected", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    client.once("disconnected", done);
    signal.addEventListener("abort", done, { once: true });
    if (signal.aborted) done();
  });
}
