import { setTimeout as pause } from "node:timers/promises";
import Bull from "bull";
import type { Logger } from "../../src/ports/logger.js";
import type { JobHandlers, JobName, JobPayloads, Queue } from "../../src/ports/queue.js";
import { BullConnections } from "./bull-connections.js";
import { BullDoorbell } from "./bull-doorbell.js";
import { BULL_QUEUE_NAME, type RingData } from "./bull-ring.js";
import { BullWorker } from "./bull-worker.js";
import { InProcessQueue } from "./in-process-queue.js";

export interface BullQueueOptions {
  /**
   * redis:// or rediss:// with user, password and database number where needed. `?prefix=` keeps several Deskhands on
   * one Redis apart.
   */
  readonly redisUrl: string;
  /** Before every key, instead of the address's. */
  readonly prefix?: string;
  readonly logger: Logger;
}

/** The queue of many processes, and what operators want to know about it. */
export interface BullQueue extends Queue {
  /** What can be said of Redis within a second. */
  health(): Promise<QueueHealth>;
  /** Deletes every job with this prefix, also those of other processes. @throws when Redis cannot be reached. */
  clear(): Promise<void>;
}

export interface QueueHealth {
  readonly answers: boolean;
  /** Null when unknown. With anything but `noeviction`, Redis may throw waiting jobs away when its memory is full. */
  readonly evictionPolicy: string | null;
}

// The braces keep all keys in one slot of a cluster.
const DEFAULT_PREFIX = "{deskhand}";

const ANSWER_MS = 5_000;
const HEALTH_MS = 1_000;
const CLOSE_MS = 2_000;

const WORKER_SETTINGS = {
  // A job of a killed worker is taken again after 10 to 15 s.
  lockDuration: 10_000,
  stalledInterval: 5_000,
  // Attempts are counted in the database; a job that takes its worker down each time is dropped, and rung again.
  maxStalledCount: 10,
  retryProcessDelay: 500,
};

/**
 * Bull on Redis or Valkey. Every process may ring; those that call `start` also work. It connects in the background: while
 * Redis is down, what a working process rings (its sweeper does, every few seconds) it works on itself.
 */
export function createBullQueue({ redisUrl, prefix, logger }: BullQueueOptions): BullQueue {
  const ownPrefix = prefix ?? new URL(redisUrl).searchParams.get("prefix") ?? DEFAULT_PREFIX;
  return new BullRings(new BullConnections(redisUrl), ownPrefix, logger);
}

interface Working {
  readonly queue: Bull.Queue<RingData>;
  readonly worker: BullWorker;
  /** What this process rings while Redis is away it does itself: leases keep two from doing the same. */
  readonly local: InProcessQueue;
}

class BullRings implements BullQueue {
  readonly #connections: BullConnections;
  readonly #prefix: string;
  readonly #logger: Logger;
  readonly #ringing: Bull.Queue<RingData>;
  readonly #doorbell: BullDoorbell;
  #working: Working | null = null;
  #isStopping = false;

  constructor(connections: BullConnections, prefix: string, logger: Logger) {
    this.#connections = connections;
    this.#prefix = prefix;
    this.#logger = logger;
    this.#ringing = new Bull<RingData>(BULL_QUEUE_NAME, { redis: connections.failFast(ANSWER_MS), prefix });
    this.#doorbell = new BullDoorbell(this.#ringing, logger);
  }

  async enqueue<Name extends JobName>(name: Name, key: string, payload: JobPayloads[Name], delayMs = 0): Promise<void> {
    if (this.#isStopping || (await this.#doorbell.ring({ name, key, payload, delayMs }))) return;
    await this.#working?.local.enqueue(name, key, payload, delayMs);
  }

  start(handlers: JobHandlers, concurrency: number): void {
    // Its own connections: a worker waits for Redis, a ring does not.
    const redis = this.#connections.patient();
    const queue = new Bull<RingData>(BULL_QUEUE_NAME, { redis, prefix: this.#prefix, settings: WORKER_SETTINGS });
    const worker = new BullWorker(queue, this.#logger);
    worker.start(handlers, concurrency);
    const local = new InProcessQueue(this.#logger);
    local.start(handlers, concurrency);
    this.#working = { queue, worker, local };
  }

  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    await Promise.all([this.#working?.worker.stop(graceMs), this.#working?.local.stop(graceMs)]);
    this.#connections.end();
    const queues = this.#working === null ? [this.#ringing] : [this.#ringing, this.#working.queue];
    await Promise.all(queues.map(close));
  }

  async health(): Promise<QueueHealth> {
    const unknown = { answers: false, evictionPolicy: null };
    return Promise.race([this.#askHealth().catch(() => unknown), pause(HEALTH_MS, unknown, { ref: false })]);
  }

  async clear(): Promise<void> {
    await this.#doorbell.ping();
    await this.#ringing.obliterate({ force: true });
  }

  async #askHealth(): Promise<QueueHealth> {
    if (!(await this.#doorbell.ping())) return { answers: false, evictionPolicy: null };
    const memory = await this.#ringing.client.info("memory");
    return { answers: true, evictionPolicy: /^maxmemory_policy:(\S+)/mu.exec(memory)?.[1] ?? null };
  }
}

/** Says goodbye to Redis where it listens, and ends the connections in any case. */
async function close(queue: Bull.Queue<RingData>): Promise<void> {
  const closed = queue.close(true).catch(() => undefined);
  await Promise.race([closed, pause(CLOSE_MS, undefined, { ref: false })]);
  for (const client of queue.clients) {
    if (client.status !== "end") client.disconnect();
  }
}
