import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { Queue } from "bull";
import { errorCode } from "../../src/ports/errors.js";
import type { Logger } from "../../src/ports/logger.js";
import { FIRST_PRIORITY, type JobName, type JobPayloads } from "../../src/ports/queue.js";
import { forgetMark, type RingData } from "./bull-ring.js";

export interface Ring {
  readonly name: JobName;
  readonly key: string;
  readonly payload: JobPayloads[JobName];
  /** 0 for now. */
  readonly delayMs: number;
}

/** How long a caller waits for Redis before it goes on without. */
const PATIENCE_MS = 100;

/**
 * How long a mark outlives the time its job is due, in case Redis has lost the job and not the mark. A queue that is further
 * behind than this takes a ring twice, which costs one look at a lease.
 */
const MARK_SURPLUS_MS = 5 * 60_000;

/**
 * The side of the queue that rings. It never throws and takes at most {@link PATIENCE_MS}; while Redis is known not to answer, no
 * time at all: a ring that gets lost is rung again by the sweeper.
 */
export class BullDoorbell {
  readonly #queue: Queue<RingData>;
  readonly #logger: Logger;
  #isAway = false;
  #unanswered = 0;
  #readiness: Promise<unknown> | null = null;

  constructor(queue: Queue<RingData>, logger: Logger) {
    this.#queue = queue;
    this.#logger = logger;
    queue.client.on("ready", () => {
      // An open connection is not an answer yet: a frozen server still takes connections.
      if (this.#isAway) void this.#watch(() => queue.client.ping());
    });
  }

  /** False when Redis is not known to have taken it. */
  async ring(ring: Ring): Promise<boolean> {
    if (!this.#isAway) {
      if (!(await this.#answersInTime(ring))) this.#wentAway("timeout");
      return !this.#hasGone();
    }
    // One at a time goes out to see whether Redis is back. Nobody waits for it.
    if (this.#unanswered === 0 && this.#queue.client.status === "ready") void this.#watch(() => this.#send(ring));
    return false;
  }

  #hasGone(): boolean {
    return this.#isAway;
  }

  /** Without an AbortSignal: making and aborting one costs more than the ring. */
  #answersInTime(ring: Ring): Promise<boolean> {
    return new Promise((resolve) => {
      const patience = setTimeout(() => {
        // A process that was busy itself for so long reads the answer now.
        setImmediate(() => resolve(false));
      }, PATIENCE_MS);
      void this.#watch(() => this.#send(ring)).then(() => {
        clearTimeout(patience);
        resolve(true);
      });
    });
  }

  /** Whether Redis answers now. */
  async ping(): Promise<boolean> {
    try {
      await this.#whenReady();
      await this.#queue.client.ping();
      return true;
    } catch {
      return false;
    }
  }

  /** Never rejects. */
  async #watch(send: () => Promise<unknown>): Promise<void> {
    this.#unanswered += 1;
    try {
      await send();
      this.#isBack();
    } catch (error) {
      const code = errorCode(error);
      this.#wentAway(code);
      // Not even refused, for seconds: better a new connection, in case this one leads nowhere.
      const { client } = this.#queue;
      if (code !== "ReplyError" && client.status === "ready" && client.stream.writable) client.disconnect(true);
    } finally {
      this.#unanswered -= 1;
    }
  }

  #wentAway(code: string): void {
    if (!this.#isAway) this.#logger.warn("queue does not answer", { code });
    this.#isAway = true;
  }

  #isBack(): void {
    if (this.#isAway) this.#logger.info("queue answers again");
    this.#isAway = false;
  }

  async #send({ name, key, payload, delayMs }: Ring): Promise<void> {
    await this.#whenReady();
    const mark = `${name}:${key}`;
    if (delayMs <= 0) {
      await this.#add(name, { mark, payload }, 0);
      return;
    }
    // Apart from the rings for now: those must not wait for it.
    const later = { mark: `${mark}:later`, payload };
    const { dueAt, id: plannedId } = await this.#add(name, later, delayMs);
    if (dueAt <= Date.now() + delayMs) return;
    // One is planned, for a later time. It stays, since to run once more does no harm, and this one takes over the mark.
    await forgetMark(this.#queue, later.mark, plannedId);
    await this.#add(name, later, delayMs);
  }

  /** The job that stands for this ring: a new one, or the one that already waits. */
  async #add(name: JobName, data: RingData, delayMs: number): Promise<{ readonly id: string; readonly dueAt: number }> {
    const job = await this.#queue.add(name, data, {
      jobId: `${Date.now() + delayMs}:${randomUUID()}`,
      delay: delayMs,
      priority: data.payload.priority ?? FIRST_PRIORITY,
      debounce: { id: data.mark, ttl: delayMs + MARK_SURPLUS_MS },
      removeOnComplete: true,
      removeOnFail: true,
    });
    const id = String(job.id);
    return { id, dueAt: Number.parseInt(id, 10) };
  }

  /** @throws when the connection fails on the way. */
  async #whenReady(): Promise<void> {
    const { client } = this.#queue;
    if (client.status === "ready") return;
    this.#readiness ??= once(client, "ready").finally(() => {
      this.#readiness = null;
    });
    await this.#readiness;
  }
}
