import type { Logger } from "../../src/ports/logger.js";

/** For tests in which the log does not matter. */
export const silentLogger: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
