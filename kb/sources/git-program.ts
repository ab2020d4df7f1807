import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { DeskhandError, errorCode } from "../../src/ports/errors.js";

export type GitEnvironment = Readonly<Record<string, string>>;

export type GitFailureReason = "not-installed" | "failed" | "timeout" | "too-much-output" | "too-large";

/** A run of the program that did not end well. What it said is for {@link toSourceError} alone. */
export class GitFailure extends DeskhandError {
  override readonly name = "GitFailure";
  readonly code = "git";
  readonly isRetryable = true;
  readonly reason: GitFailureReason;
  readonly said: string;

  constructor(reason: GitFailureReason, command: string, said = "", cause?: unknown) {
    super(`git ${command}: ${reason}`, { cause });
    this.reason = reason;
    this.said = said;
  }
}

export interface GitRun {
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  readonly maxOutputBytes?: number;
  readonly input?: string;
  /** Ends the run when the clone grows beyond. */
  readonly maxCloneBytes?: number;
}

const DEFAULT_TIMEOUT_MS = 120_000;
const DEFAULT_OUTPUT_BYTES = 64_000_000;
const MAX_SAID = 20_000;
const LOOK_AT_SIZE_EVERY_MS = 1_000;
const KILL_AFTER_MS = 3_000;

/** The program `git` on one repository. There is never a shell: each argument arrives as it is. */
export interface Git {
  readonly directory: string;
  /** Resolves with all that it writes to its output. @throws {GitFailure} */
  run(args: readonly string[], run: GitRun): Promise<Buffer>;
  /** Starts it with open pipes. It is the caller's to end. */
  start(args: readonly string[]): ChildProcessWithoutNullStreams;
}

/** @param directory of the bare repository; it is where the program runs, too */
export function createGit(directory: string, environment: GitEnvironment): Git {
  const start = (args: readonly string[]): ChildProcessWithoutNullStreams =>
    spawn("git", args, {
      cwd: directory,
      env: { ...environment, GIT_DIR: directory },
      stdio: ["pipe", "pipe", "pipe"],
      shell: false,
    });
  return { directory, start, run: (args, run) => runToEnd(start(args), args[0] ?? "", directory, run) };
}

async function runToEnd(
  child: ChildProcessWithoutNullStreams,
  command: string,
  directory: string,
  run: GitRun,
): Promise<Buffer> {
  const stop = new Stopper(child);
  const output = new Collected(run.maxOutputBytes ?? DEFAULT_OUTPUT_BYTES, () => stop.because("too-much-output"));
  const said = new Collected(MAX_SAID, () => undefined);
  child.stdout.on("data", (piece: Buffer) => output.add(piece));
  child.stderr.on("data", (piece: Buffer) => said.add(piece));
  const timer = setTimeout(() => stop.because("timeout"), run.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const watch = watchSize(directory, run.maxCloneBytes, () => stop.because("too-large"));
  const onAbort = (): void => stop.because("failed");
  run.signal.addEventListener("abort", onAbort, { once: true });
  if (run.signal.aborted) onAbort();
  // A program that ends early reads no more of its input.
  child.stdin.on("error", () => undefined).end(run.input ?? "");
  try {
    const [exitCode] = (await once(child, "close")) as [number | null];
    run.signal.throwIfAborted();
    if (stop.reason !== null || exitCode !== 0) throw new GitFailure(stop.reason ?? "failed", command, said.text());
    return output.bytes();
  } catch (error) {
    run.signal.throwIfAborted();
    if (errorCode(error) === "ENOENT") throw new GitFailure("not-installed", command, "", error);
    throw error;
  } finally {
    run.signal.removeEventListener("abort", onAbort);
    clearTimeout(timer);
    clearInterval(watch);
    stop[Symbol.dispose]();
  }
}

/** Asks the program to end, which takes its helpers along, and ends it when it does not. */
class Stopper implements Disposable {
  reason: GitFailureReason | null = null;
  readonly #child: ChildProcessWithoutNullStreams;
  #timer: NodeJS.Timeout | null = null;

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
  }

  because(reason: GitFailureReason): void {
    if (this.reason !== null) return;
    this.reason = reason;
    this.#child.kill("SIGTERM");
    this.#timer = setTimeout(() => this.#child.kill("SIGKILL"), KILL_AFTER_MS);
  }

  [Symbol.dispose](): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }
}

class Collected {
  readonly #pieces: Buffer[] = [];
  readonly #limit: number;
  readonly #onFull: () => void;
  #length = 0;

  constructor(limit: number, onFull: () => void) {
    this.#limit = limit;
    this.#onFull = onFull;
  }

  add(piece: Buffer): void {
    if (this.#length + piece.length > this.#limit) this.#onFull();
    else this.#pieces.push(piece);
    this.#length += piece.length;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  text(): string {
    return this.bytes().toString("utf8");
  }
}

function watchSize(directory: string, limit: number | undefined, onLarge: () => void): NodeJS.Timeout | undefined {
  if (limit === undefined) return undefined;
  return setInterval(() => {
    sizeOf(directory).then(
      (bytes) => {
        if (bytes > limit) onLarge();
      },
      // Files come and go while the program works; the next look sees what is there then.
      () => undefined,
    );
  }, LOOK_AT_SIZE_EVERY_MS).unref();
}

/** Of all files below. What goes away meanwhile is not counted. */
export async function sizeOf(directory: string): Promise<number> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(path.join(entry.parentPath, entry.name)).then(
          (stats) => stats.size,
          () => 0,
        ),
      ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
