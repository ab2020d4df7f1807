import type { Logger } from "../../src/ports/logger.js";
import type { Queue } from "../../src/ports/queue.js";
import { createBullQueue } from "./bull-queue.js";
import { InProcessQueue } from "./in-process-queue.js";

/** Bull on Redis, or in this process where there is none. */
export function createQueue(redisUrl: string | null, logger: Logger): Queue {
  return redisUrl === null ? new InProcessQueue(logger) : createBullQueue({ redisUrl, logger });
}
