import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import { setMaxListeners } from "node:events";
import type { Job, Queue } from "bull";
import { z } from "zod";
import { errorCode } from "../../src/ports/errors.js";
import type { Logger } from "../../src/ports/logger.js";
import { FIRST_PRIORITY, type JobHandlers, type JobName, type JobPayloads } from "../../src/ports/queue.js";
import { forgetMark, type RingData } from "./bull-ring.js";
import { watchConnections } from "./bull-watchdog.js";

const ringSchema = z.object({ mark: z.string(), payload: z.unknown() });

const conversationRing = z.object({ conversationId: z.string(), priority: z.int().optional() });

const PAYLOADS: { readonly [Name in JobName]: z.ZodType<JobPayloads[Name]> } = {
  "conversation.work": conversationRing,
  "conversation.send": conversationRing,
};

/** How long a lost connection may hold up the end. */
const CLOSE_MS = 2_000;

/** A worker blocks on Redis for 5 s at most before it asks again. */
const SILENCE_MS = 11_000;

const SAME_ERROR_EVERY_MS = 60_000;

/**
 * The side of the queue that runs jobs. A failed job is a job that is done: what is left to do stands in the database, and
 * so do its attempts.
 */
export class BullWorker {
  readonly #queue: Queue<RingData>;
  readonly #logger: Logger;
  readonly #running = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  readonly #loggedAt = new Map<string, number>();
  #isStopping = false;
  #endWatch: () => void = () => undefined;

  constructor(queue: Queue<RingData>, logger: Logger) {
    this.#queue = queue;
    this.#logger = logger;
    setMaxListeners(0, this.#abort.signal);
    // It names the connection for Bull's dashboards, and nobody handles its failure.
    queue.setWorkerName = () => Promise.resolve();
    queue.on("error", (error) => this.#logSometimes(error));
    queue.on("lock-extension-failed", (_job: unknown, error: unknown) => this.#logSometimes(error));
  }

  /** Takes jobs as soon as Redis is there. */
  start(handlers: JobHandlers, concurrency: number): void {
    this.#queue
      .process("*", concurrency, (job) => this.#track(this.#run(job, handlers)))
      .catch((error: unknown) => {
        if (!this.#isStopping) this.#logSometimes(error);
      });
    this.#endWatch = watchConnections(this.#queue, SILENCE_MS);
  }

  /** Resolves when the running jobs have ended; after `graceMs` their signals are aborted. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    this.#endWatch();
    // Bull's close() alone would no longer renew the locks of the jobs that are still running.
    const paused = this.#queue.pause(true, true).catch(() => undefined);
    const grace = setTimeout(() => this.#abort.abort(), graceMs);
    await Promise.allSettled(this.#running);
    clearTimeout(grace);
    // By the next turn Bull has sent the end of the last job, so that closing the connection comes after it.
    await nextTurn();
    await Promise.race([paused, pause(CLOSE_MS, undefined, { ref: false })]);
  }

  async #run(job: Job<RingData>, handlers: JobHandlers): Promise<void> {
    const ring = ringSchema.safeParse(job.data);
    if (!ring.success || !isJobName(job.name)) {
      // What is left of a job when Redis is emptied as it starts.
      this.#logger.warn("job is unreadable", { job: job.name });
      await job.remove();
      return;
    }
    const { mark, payload } = ring.data;
    if (this.#isStopping) {
      await this.#giveBack(job);
      return;
    }
    // Before the work: what rings from now on is about something the work may not have seen.
    const isForgotten = await this.#forget(mark, job);
    await this.#handle(job.name, payload, handlers);
    if (!isForgotten) await this.#forget(mark, job);
  }

  async #handle(name: JobName, payload: unknown, handlers: JobHandlers): Promise<void> {
    try {
      await handlers[name](PAYLOADS[name].parse(payload), this.#abort.signal);
    } catch (error) {
      this.#logger.error("job failed", { job: name, code: errorCode(error) });
    }
  }

  /** Fetched in the moment of stopping: another process runs it. */
  async #giveBack(job: Job<RingData>): Promise<void> {
    try {
      await this.#forget(job.data.mark, job);
      const priority = job.data.payload.priority ?? FIRST_PRIORITY;
      await this.#queue.add(job.name, job.data, { priority, removeOnComplete: true, removeOnFail: true });
    } catch (error) {
      this.#logSometimes(error);
    }
  }

  async #forget(mark: string, job: Job<RingData>): Promise<boolean> {
    try {
      await forgetMark(this.#queue, mark, String(job.id));
      return true;
    } catch (error) {
      this.#logSometimes(error);
      return false;
    }
  }

  #track(running: Promise<void>): Promise<void> {
    const tracked = running.finally(() => {
      this.#running.delete(tracked);
    });
    this.#running.add(tracked);
    return tracked;
  }

  /** An outage is one event, not one for each attempt to end it. */
  #logSometimes(error: unknown): void {
    const code = errorCode(error);
    const now = Date.now();
    if (this.#isStopping || now - (this.#loggedAt.get(code) ?? 0) < SAME_ERROR_EVERY_MS) return;
    this.#loggedAt.set(code, now);
    this.#logger.warn("queue reported an error", { code });
  }
}

function isJobName(name: string): name is JobName {
  return Object.hasOwn(PAYLOADS, name);
}
