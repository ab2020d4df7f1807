import { setMaxListeners } from "node:events";
import { errorCode } from "../../src/ports/errors.js";
import type { Logger } from "../../src/ports/logger.js";
import type { JobHandlers, JobName, JobPayloads, Queue } from "../../src/ports/queue.js";

interface Job {
  readonly name: JobName;
  readonly id: string;
  readonly run: (handlers: JobHandlers, signal: AbortSignal) => Promise<void>;
}

/**
 * The queue of a single process. Waiting jobs are forgotten when it ends: the sweeper of the next process rings again.
 */
export class InProcessQueue implements Queue {
  readonly #logger: Logger;
  readonly #waiting = new Map<string, Job>();
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
      const job: Job = { name, id, run: (handlers, signal) => handlers[name](payload, signal) };
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
    if (this.#isStopping || this.#waiting.has(job.id)) return;
    this.#waiting.set(job.id, job);
    this.#pump();
  }

  #pump(): void {
    while (this.#handlers !== null && this.#running.size < this.#concurrency) {
      const next = this.#waiting.values().next();
      if (next.done === true) return;
      this.#waiting.delete(next.value.id);
      const running = this.#run(next.value, this.#handlers).finally(() => {
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
