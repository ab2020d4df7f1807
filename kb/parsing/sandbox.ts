import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { DeskhandError, assertNever } from "../../src/ports/errors.js";
import type { FetchedItem } from "../sources/source.js";
import type { ParseFailure, ParseOutcome } from "./parsed-document.js";
import { ParserChild } from "./parser-child.js";
import type { DeathReason } from "./parser-child.js";

export interface SandboxLimits {
  /** Child processes. */
  readonly processes: number;
  /** Heap of each, in megabytes. */
  readonly memoryMegabytes: number;
  /** Heap, buffers and all else of each, in megabytes. */
  readonly maxResidentMegabytes: number;
  /** For one document. */
  readonly timeoutMs: number;
  /** Of a text. */
  readonly maxInputBytes: number;
  /** Of a PDF or an office file, most of which is pictures. */
  readonly maxFileBytes: number;
  readonly maxOutputCharacters: number;
}

export const DEFAULT_SANDBOX_LIMITS: SandboxLimits = {
  processes: 2,
  memoryMegabytes: 512,
  maxResidentMegabytes: 1_000,
  timeoutMs: 20_000,
  maxInputBytes: 10_000_000,
  maxFileBytes: 50_000_000,
  maxOutputCharacters: 20_000_000,
};

/** Parses documents in child processes that can be killed without harm. */
export interface ParserSandbox extends AsyncDisposable {
  /** One outcome for each item, in order. A document that breaks the parser costs nobody but itself. */
  parseInSandbox(items: readonly FetchedItem[], signal: AbortSignal): Promise<readonly ParseOutcome[]>;
}

export type ParseInSandbox = ParserSandbox["parseInSandbox"];

class SandboxError extends DeskhandError {
  override readonly name = "SandboxError";
  readonly code = "sandbox";
  readonly isRetryable = true;
}

/** The compiled entry: beside this file when it is compiled itself, else in the build that `npm ci` makes. */
function defaultParserEntry(): string {
  const candidates = ["./parser-main.js", "../../dist/kb/parsing/parser-main.js"];
  const paths = candidates.map((candidate) => fileURLToPath(new URL(candidate, import.meta.url)));
  const entry = paths.find((candidate) => existsSync(candidate));
  if (entry === undefined) throw new SandboxError("The parser is not built. Run `npm run build:server`.");
  return entry;
}

interface Job {
  readonly item: FetchedItem;
  /** True after a process died with this job in hand: it is then parsed alone, to find the one that kills. */
  isSuspect: boolean;
  readonly finish: (outcome: ParseOutcome) => void;
}

// Enough to keep a child busy while answers are on their way; few enough that a death costs little.
const JOBS_IN_HAND = 8;

/** Children are started when there is work and live until the sandbox is disposed of. */
export function createParserSandbox(
  limits: SandboxLimits = DEFAULT_SANDBOX_LIMITS,
  entry: string = defaultParserEntry(),
): ParserSandbox {
  const pool = new ParserPool(limits, entry);
  return {
    parseInSandbox: (items, signal) => pool.parseAll(items, signal),
    [Symbol.asyncDispose]: () => pool.stop(),
  };
}

class ParserPool {
  readonly #limits: SandboxLimits;
  readonly #entry: string;
  readonly #waiting: Job[] = [];
  readonly #children = new Set<ParserChild<Job>>();
  #isStopped = false;

  constructor(limits: SandboxLimits, entry: string) {
    this.#limits = limits;
    this.#entry = entry;
  }

  /** Aborting rejects at once; documents that wait are dropped, one in work is finished for nobody. */
  async parseAll(items: readonly FetchedItem[], signal: AbortSignal): Promise<readonly ParseOutcome[]> {
    signal.throwIfAborted();
    const jobs = new Set<Job>();
    const outcomes = Promise.all(items.map((item) => this.#parse(item, jobs)));
    let onAbort = (): void => undefined;
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => {
        const others = this.#waiting.filter((job) => !jobs.has(job));
        this.#waiting.splice(0, this.#waiting.length, ...others);
        reject(new SandboxError("Parsing was stopped.", { cause: signal.reason }));
      };
    });
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await Promise.race([outcomes, aborted]);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  #parse(item: FetchedItem, jobs: Set<Job>): Promise<ParseOutcome> {
    const tooLarge = this.#refuse(item);
    if (tooLarge !== null) return Promise.resolve(tooLarge);
    if (this.#isStopped) return Promise.resolve(STOPPED);
    return new Promise((finish) => {
      const job: Job = { item, isSuspect: false, finish };
      jobs.add(job);
      this.#waiting.push(job);
      this.#assign();
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const job of this.#waiting.splice(0)) job.finish(STOPPED);
    await Promise.all([...this.#children].map((child) => child.stop()));
  }

  #refuse({ bytes, mediaType }: FetchedItem): ParseOutcome | null {
    const isFile = mediaType === "application/pdf" || mediaType.startsWith("application/vnd.openxmlformats");
    const limit = isFile ? this.#limits.maxFileBytes : this.#limits.maxInputBytes;
    if (bytes.length <= limit) return null;
    return failed("too-large", `The document has ${bytes.length} bytes; at most ${limit} are read. Split it.`);
  }

  /** Gives waiting jobs to children with room; a suspect gets a child of its own. */
  #assign(): void {
    while (!this.#isStopped && this.#waiting.length > 0) {
      const child = this.#freeChild();
      if (child === null) return;
      const job = this.#waiting.shift();
      if (job !== undefined) child.give(job, job.item);
    }
  }

  #freeChild(): ParserChild<Job> | null {
    const next = this.#waiting[0];
    const candidates = [...this.#children].filter((child) => {
      const jobs = child.jobs;
      if (next?.isSuspect === true) return jobs.length === 0;
      return jobs.length < JOBS_IN_HAND && !jobs.some((job) => job.isSuspect);
    });
    const idle = candidates.find((child) => child.jobs.length === 0);
    if (idle !== undefined) return idle;
    if (this.#children.size < this.#limits.processes) return this.#startChild();
    return candidates.sort((left, right) => left.jobs.length - right.jobs.length)[0] ?? null;
  }

  #startChild(): ParserChild<Job> {
    const child: ParserChild<Job> = new ParserChild<Job>(this.#entry, this.#limits, {
      onOutcome: (job, outcome) => {
        job.finish(outcome);
        this.#assign();
      },
      onEnd: (jobs, reason) => {
        this.#children.delete(child);
        this.#handleDeath(jobs, reason);
      },
    });
    this.#children.add(child);
    return child;
  }

  /** Which of the jobs in hand killed it is certain only if there was one; the others get another chance, alone. */
  #handleDeath(jobs: readonly Job[], reason: DeathReason): void {
    const [first] = jobs;
    if (this.#isStopped) jobs.forEach((job) => job.finish(STOPPED));
    else if (jobs.length === 1 && first?.isSuspect === true) first.finish(this.#deathOutcome(reason));
    else {
      for (const job of jobs) job.isSuspect = true;
      this.#waiting.unshift(...jobs);
    }
    this.#assign();
  }

  #deathOutcome(reason: DeathReason): ParseOutcome {
    const { timeoutMs, memoryMegabytes, maxResidentMegabytes } = this.#limits;
    switch (reason) {
      case "timeout":
        return failed(reason, `Parsing took more than ${timeoutMs / 1000} s. Split the document or simplify it.`);
      case "out-of-memory":
        return failed(
          reason,
          `Parsing took more memory than ${memoryMegabytes} MB, or ${maxResidentMegabytes} MB with what it unpacked. Split the document or simplify it.`,
        );
      case "died":
        return failed("parser-died", "The parser process ended. Simplify the document; if all fail, reinstall.");
      default:
        return assertNever(reason);
    }
  }
}

const STOPPED = failed("stopped", "The parser was stopped.");

function failed(code: ParseFailure["code"], message: string): ParseOutcome {
  return { ok: false, failure: { code, message } };
}
