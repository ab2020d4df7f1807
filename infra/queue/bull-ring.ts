import type { Queue } from "bull";
import type { JobName, JobPayloads } from "../../src/ports/queue.js";

/** Every job of every conversation goes through one Bull queue, so that one number bounds how many run at once. */
export const BULL_QUEUE_NAME = "rings";

/**
 * What a job carries. Its mark, `name:key`, stands in Redis from the moment it is added until it starts, holds the job's id,
 * and keeps the same ring from being added again. Bull's own way, a fixed job id, would hold until the job has ended, and
 * would lose what rings while it runs.
 */
export interface RingData {
  readonly mark: string;
  readonly payload: JobPayloads[JobName];
}

// Only the job that made the mark may take it away: by then another one may wait under the same name.
const FORGET_MARK = `
if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) end
return 0`;

/** Lets the next ring with this mark in, if the mark is still the job's own. */
export async function forgetMark(queue: Queue<RingData>, mark: string, jobId: string): Promise<void> {
  await queue.client.eval(FORGET_MARK, 1, queue.toKey(`de:${mark}`), jobId);
}
