import { LogLevel, type Logger as BoltLogger } from "@slack/bolt";
import type { Logger } from "../../src/ports/logger.js";

/** Slack's libraries write customers' words into their log lines, so nothing of a line is kept but that there was one. */
export function createBoltLogger(logger: Logger): BoltLogger {
  const nothing = (): void => undefined;
  return {
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: () => logger.warn("slack library reported a problem"),
    setLevel: nothing,
    getLevel: () => LogLevel.ERROR,
    setName: nothing,
  };
}
