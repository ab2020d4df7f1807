import { setTimeout as sleep } from "node:timers/promises";
import { ChatPlatformError } from "../../src/ports/chat.js";
import type { Logger } from "../../src/ports/logger.js";
import { orAbort } from "../../src/ports/or-abort.js";
import { loggedCode } from "./slack-errors.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** A connection that has not said hello by then never will. */
const CONNECT_WITHIN_MS = 20_000;
/** Bolt itself waits 30 s for Slack to answer a close, and the process with it. */
const CLOSE_WITHIN_MS = 1_000;

type ClientEvent = "connecting" | "disconnected";

/** What is used of Bolt's receiver for Socket Mode. */
interface SocketReceiver {
  readonly client: {
    once(event: ClientEvent, listener: () => void): unknown;
    off(event: ClientEvent, listener: () => void): unknown;
  };
  /** Asks Slack for an address, opens a connection there and waits for the hello. A stop ends only the latter two. */
  start(): Promise<unknown>;
  /** Closes the connection; one that is being closed already is cut. */
  stop(): Promise<void>;
}

/** Keeps one Socket Mode connection open until the signal aborts, and leaves none behind. Never rejects. */
export async function keepConnected(
  receiver: SocketReceiver,
  logger: Logger,
  signal: AbortSignal,
  connectWithinMs = CONNECT_WITHIN_MS,
  closeWithinMs = CLOSE_WITHIN_MS,
): Promise<void> {
  const isStopping = (): boolean => signal.aborted;
  let starting: Promise<unknown> = Promise.resolve();
  let waitMs = FIRST_WAIT_MS;
  while (!isStopping()) {
    try {
      starting = receiver.start();
      await orAbort(inTime(starting, connectWithinMs), signal);
      waitMs = FIRST_WAIT_MS;
      logger.info("slack socket connected");
      await disconnected(receiver, signal);
    } catch (error) {
      if (isStopping()) break;
      // What is half open would be found by the next attempt.
      await letGo(receiver, starting, closeWithinMs);
      logger.warn("slack socket failed", { code: loggedCode(error) });
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
      // Two attempts at a time would open two connections, of which the receiver knows one.
      await orAbort(starting, signal).catch(() => undefined);
    }
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  }
  await letGo(receiver, starting, closeWithinMs);
}

/** @throws {ChatPlatformError} `unreachable` when there was no hello in time; else what the receiver threw. */
async function inTime(starting: Promise<unknown>, withinMs: number): Promise<void> {
  const late = new AbortController();
  try {
    await Promise.race([
      starting,
      sleep(withinMs, undefined, { signal: late.signal }).then(() => {
        throw new ChatPlatformError("unreachable", "wait for hello");
      }),
    ]);
  } finally {
    late.abort();
  }
}

/**
 * Closes what is open. A start that still waits for an address goes on by itself: the connection that it opens then is
 * closed in the background. Never rejects.
 */
async function letGo(receiver: SocketReceiver, starting: Promise<unknown>, withinMs: number): Promise<void> {
  // There is something to close only after the receiver's own next step.
  const onConnecting = (): void => queueMicrotask(() => void close(receiver, withinMs));
  const settled = (): void => void receiver.client.off("connecting", onConnecting);
  receiver.client.once("connecting", onConnecting);
  starting.then(settled, settled);
  await close(receiver, withinMs);
}

/** Closes what is open, and cuts it when the other end does not answer in time. Never rejects. */
async function close(receiver: SocketReceiver, withinMs: number): Promise<void> {
  const gone = disconnected(receiver, AbortSignal.timeout(withinMs));
  await receiver.stop().catch(() => undefined);
  if (!(await gone)) await receiver.stop().catch(() => undefined);
}

/**
 * Resolves with true when the connection is gone, which Slack renews every few hours, or with false when the signal
 * aborts.
 */
function disconnected({ client }: SocketReceiver, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const leave = (isGone: boolean): void => {
      client.off("disconnected", onGone);
      signal.removeEventListener("abort", onAbort);
      resolve(isGone);
    };
    const onGone = (): void => leave(true);
    const onAbort = (): void => leave(false);
    client.once("disconnected", onGone);
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
