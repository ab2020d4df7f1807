import type { SocketModeReceiver } from "@slack/bolt";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCode } from "../../src/ports/errors.js";
import type { Logger } from "../../src/ports/logger.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** A connection that has not said hello by then never will. */
const CONNECT_WITHIN_MS = 20_000;

/** Keeps one Socket Mode connection open until the signal aborts. Never rejects. */
export async function keepConnected(receiver: SocketModeReceiver, logger: Logger, signal: AbortSignal): Promise<void> {
  let waitMs = FIRST_WAIT_MS;
  while (!signal.aborted) {
    const closed = disconnected(receiver, signal);
    try {
      await connect(receiver);
      waitMs = FIRST_WAIT_MS;
      logger.info("slack socket connected");
      await closed;
    } catch (error) {
      logger.warn("slack socket failed", { code: errorCode(error) });
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    }
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  }
  await receiver.stop().catch(() => undefined);
}

async function connect(receiver: SocketModeReceiver): Promise<void> {
  const late = new AbortController();
  try {
    await Promise.race([
      receiver.start(),
      sleep(CONNECT_WITHIN_MS, undefined, { signal: late.signal }).then(() => {
        throw new Error("no hello in time");
      }),
    ]);
  } finally {
    late.abort();
  }
}

/** Resolves when the connection is gone: Slack renews each every few hours. */
function disconnected(receiver: SocketModeReceiver, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    receiver.client.once("disconnected", () => resolve());
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
