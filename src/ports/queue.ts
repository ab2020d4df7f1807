/** Of the jobs that wait, those of a lower number run first, and those of one number in the order in which they were added. */
export const FIRST_PRIORITY = 1;
export const LAST_PRIORITY = 10;

export interface ConversationRing {
  readonly conversationId: string;
  /** Whole, from {@link FIRST_PRIORITY}, which it is when left out, to {@link LAST_PRIORITY}. */
  readonly priority?: number | undefined;
}

/** Every background job and its payload. Payloads are JSON and carry ids, not records: the truth is in the database. */
export interface JobPayloads {
  /** Work through the waiting events of one conversation. */
  "conversation.work": ConversationRing;
  /** Post what is due in one conversation. */
  "conversation.send": ConversationRing;
}

export type JobName = keyof JobPayloads;

/** A handler may run twice for the same payload and at the same time as itself: leases in the database decide. */
export type JobHandlers = {
  readonly [Name in JobName]: (payload: JobPayloads[Name], signal: AbortSignal) => Promise<void>;
};

/**
 * Wakes workers. A doorbell, not a store: losing every job loses nothing, because the sweeper rings again.
 * Implementations: in process, and Bull on Redis.
 */
export interface Queue {
  /**
   * Asks for a job to run soon. Never waits for the job, and never throws for a queue that is down (the sweeper is
   * there for that). A job with the same `key` that has not started yet is not added again.
   */
  enqueue<Name extends JobName>(name: Name, key: string, payload: JobPayloads[Name], delayMs?: number): Promise<void>;
  /** Starts running jobs, at most `concurrency` at once. Called at most once. */
  start(handlers: JobHandlers, concurrency: number): void;
  /** Stops taking jobs and resolves when the running ones have ended; after `graceMs` their signals are aborted. */
  stop(graceMs: number): Promise<void>;
}
