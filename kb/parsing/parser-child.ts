import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { FetchedItem } from "../sources/source.js";
import { MEMORY_SIGNAL } from "./memory-watch.js";
import type { ParseOutcome } from "./parsed-document.js";
import type { ParseJob, ParseJobResult } from "./parser-process.js";

// On a machine under load the start of a process takes long; no document is to blame for it.
const START_LIMIT_MS = 60_000;

export interface ChildLimits {
  readonly memoryMegabytes: number;
  readonly timeoutMs: number;
  readonly maxOutputCharacters: number;
  readonly maxResidentMegabytes: number;
}

export type DeathReason = "timeout" | "out-of-memory" | "died";

export interface ChildEvents<Job> {
  readonly onOutcome: (job: Job, outcome: ParseOutcome) => void;
  /** The process has ended with these jobs unanswered, in the order it got them. Called once. */
  readonly onEnd: (jobs: readonly Job[], reason: DeathReason) => void;
}

const ABORT_STATUS = 134;

/** One parser process: takes jobs in order, and is killed when one of them takes too long. */
export class ParserChild<Job> {
  readonly #process: ChildProcess;
  readonly #limits: ChildLimits;
  readonly #events: ChildEvents<Job>;
  readonly #pending = new Map<number, Job>();
  readonly #ended: Promise<void>;
  #nextId = 1;
  #timer: NodeJS.Timeout | undefined;
  #isTimedOut = false;
  #isEnded = false;
  #isReady = false;

  constructor(entry: string, limits: ChildLimits, events: ChildEvents<Job>) {
    this.#limits = limits;
    this.#events = events;
    this.#process = fork(entry, [String(limits.maxOutputCharacters), String(limits.maxResidentMegabytes)], {
      execArgv: [`--max-old-space-size=${limits.memoryMegabytes}`, "--max-semi-space-size=64"],
      // No secrets, and no options of the parent: a parser needs neither.
      env: {},
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    this.#ended = new Promise((resolve) => {
      this.#process.once("exit", (code, signal) => {
        this.#handleEnd(code, signal);
        resolve();
      });
      this.#process.once("error", () => {
        this.#handleEnd(null, null);
        resolve();
      });
    });
    this.#process.on("message", (message) => this.#handleMessage(message as ParseJobResult | "ready"));
    this.#keepParentAlive(false);
  }

  get jobs(): readonly Job[] {
    return [...this.#pending.values()];
  }

  give(job: Job, item: FetchedItem): void {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#pending.set(id, job);
    if (this.#pending.size === 1) this.#watchNext();
    // A process that is gone reports its end by itself; nothing is lost by not sending.
    this.#process.send({ id, item } satisfies ParseJob, () => undefined);
  }

  async stop(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#ended;
  }

  #handleMessage(message: ParseJobResult | "ready"): void {
    if (message !== "ready") {
      this.#handleResult(message);
      return;
    }
    this.#isReady = true;
    this.#watchNext();
  }

  #handleResult({ id, outcome }: ParseJobResult): void {
    const job = this.#pending.get(id);
    if (job === undefined) return;
    this.#pending.delete(id);
    this.#watchNext();
    this.#events.onOutcome(job, outcome);
  }

  /** The clock runs for the job in work: it starts again with each answer. */
  #watchNext(): void {
    clearTimeout(this.#timer);
    this.#keepParentAlive(this.#pending.size > 0);
    if (this.#pending.size === 0) return;
    this.#timer = setTimeout(
      () => {
        this.#isTimedOut = true;
        this.#process.kill("SIGKILL");
      },
      this.#isReady ? this.#limits.timeoutMs : START_LIMIT_MS,
    );
  }

  /** An idle parser does not keep the program running. */
  #keepParentAlive(isBusy: boolean): void {
    if (isBusy) {
      this.#process.ref();
      this.#process.channel?.ref();
    } else {
      this.#process.unref();
      this.#process.channel?.unref();
    }
  }

  #handleEnd(code: number | null, signal: NodeJS.Signals | null): void {
    clearTimeout(this.#timer);
    if (this.#isEnded) return;
    this.#isEnded = true;
    const jobs = this.jobs;
    this.#pending.clear();
    // V8 aborts when its heap is full; what is not of the heap, the watch counts.
    const isFull = signal === "SIGABRT" || code === ABORT_STATUS || signal === MEMORY_SIGNAL;
    this.#events.onEnd(jobs, this.#isTimedOut ? "timeout" : isFull ? "out-of-memory" : "died");
  }
}
