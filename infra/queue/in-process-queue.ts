import { setMaxListeners } from "node:events";
import { errorCode } from "../../src/ports/errors.js";
import type { Logger } from "../../src/ports/logger.js";
import { FIRST_PRIORITY, type JobHandlers, type JobName, type JobPayloads, type Queue } from "../../src/ports/queue.js";

interface Job {
  readonly name: JobName;
  readonly id: string;
  readonly priority: number;
  readonly run: (handlers: JobHandlers, signal: AbortSignal) => Promise<void>;
}

/**
 * The queue of a single process. Waiting jobs are forgotten when it ends: the sweeper of the next process rings again.
 */
export class InProcessQueue implements Queue {
  readonly #logger: Logger;
  /** In the order in which they run. */
  readonly #waiting = new WaitingJobs();
  readonly #timers = new Map<string, { readonly dueAt: number; readonly timer: NodeJS.Timeout }>();
  readonly #running = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  #handlers: JobHandlers | null = null;
  #concurrency = 0;
  #isStopping = false;

  constructor(logger: Logger) {
    this.#logger = logger;
    // One listener for each running job and its calls: more than the ten that Node warns about.
    setMaxListeners(0, this.#abort.signal);
  }

  enqueue<Name extends JobName>(name: Name, key: string, payload: JobPayloads[Name], delayMs = 0): Promise<void> {
    if (!this.#isStopping) {
      const id = `${name}:${key}`;
      const { priority = FIRST_PRIORITY } = payload;
      const job: Job = { name, id, priority, run: (handlers, signal) => handlers[name](payload, signal) };
      if (delayMs > 0) this.#addLater(job, delayMs);
      else this.#add(job);
    }
    return Promise.resolve();
  }

  start(handlers: JobHandlers, concurrency: number): void {
    this.#handlers = handlers;
    this.#concurrency = concurrency;
    this.#pump();
  }

  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#waiting.clear();
    const grace = setTimeout(() => this.#abort.abort(), graceMs);
    await Promise.allSettled(this.#running);
    clearTimeout(grace);
  }

  /** A later ring never postpones an earlier one. */
  #addLater(job: Job, delayMs: number): void {
    const dueAt = Date.now() + delayMs;
    const planned = this.#timers.get(job.id);
    if (planned !== undefined && planned.dueAt <= dueAt) return;
    clearTimeout(planned?.timer);
    const timer = setTimeout(() => {
      this.#timers.delete(job.id);
      this.#add(job);
    }, delayMs);
    this.#timers.set(job.id, { dueAt, timer });
  }

  #add(job: Job): void {
    if (this.#isStopping) return;
    this.#waiting.add(job);
    this.#pump();
  }

  #pump(): void {
    while (this.#handlers !== null && this.#running.size < this.#concurrency) {
      const next = this.#waiting.takeFirst();
      if (next === null) return;
      const running = this.#run(next, this.#handlers).finally(() => {
        this.#running.delete(running);
        this.#pump();
      });
      this.#running.add(running);
    }
  }

  async #run(job: Job, handlers: JobHandlers): Promise<void> {
    try {
      await job.run(handlers, this.#abort.signal);
    } catch (error) {
      this.#logger.error("job failed", { job: job.name, code: errorCode(error) });
    }
  }
}

/** Jobs by their priority, each once for its id. */
class WaitingJobs {
  readonly #byPriority = new Map<number, Map<string, Job>>();

  /** One that waits already stays where it is. */
  add(job: Job): void {
    for (const jobs of this.#byPriority.values()) if (jobs.has(job.id)) return;
    const jobs = this.#byPriority.get(job.priority) ?? new Map<string, Job>();
    this.#byPriority.set(job.priority, jobs.set(job.id, job));
  }

  takeFirst(): Job | null {
    if (this.#byPriority.size === 0) return null;
    const priority = Math.min(...this.#byPriority.keys());
    const jobs = this.#byPriority.get(priority);
    const job = jobs?.values().next().value;
    if (jobs === undefined || job === undefined) return null;
    jobs.delete(job.id);
    if (jobs.size === 0) this.#byPriority.delete(priority);
    return job;
  }

  clear(): void {
    this.#byPriority.clear();
  }
}
