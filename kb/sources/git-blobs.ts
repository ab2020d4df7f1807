import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { setImmediate as nextTurn } from "node:timers/promises";
import { fetchBlobs } from "./git-clone.js";
import type { CloneLimits } from "./git-clone.js";
import type { Git } from "./git-program.js";
import { ItemError } from "./source.js";

const IDLE_MS = 1_000;
const MAX_HEAD_BYTES = 1_000;

export interface BlobSettings {
  readonly maxBytes: number;
  readonly limits: CloneLimits;
  /** What is not here yet. */
  readonly missing: Set<string>;
  /** What will be asked for, most likely: brought here with the first blob that is. */
  readonly expected: Iterable<string>;
}

/**
 * Reads what files hold by one `git cat-file`, one after the other. What is not here is fetched before, in one request for
 * all that are asked for at the same time.
 */
export class BlobReader {
  readonly #git: Git;
  readonly #settings: BlobSettings;
  readonly #wanted = new Set<string>();
  #expected: Iterable<string>;
  #fetching: Promise<void> | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  #process: BatchProcess | null = null;

  constructor(git: Git, settings: BlobSettings) {
    this.#git = git;
    this.#settings = settings;
    this.#expected = settings.expected;
  }

  /** @throws {ItemError} when it is too large or not to be had */
  async read(objectId: string, signal: AbortSignal): Promise<Uint8Array> {
    await this.#bringHere(objectId, signal);
    const reading = this.#turn.then(() => this.#readNow(objectId, signal));
    this.#turn = reading.catch(() => undefined);
    return reading;
  }

  async #bringHere(objectId: string, signal: AbortSignal): Promise<void> {
    if (!this.#settings.missing.has(objectId)) return;
    this.#wanted.add(objectId);
    // Whoever asks in the same turn is served by the same request.
    this.#fetching ??= nextTurn().then(() => this.#fetchWanted(signal));
    await this.#fetching;
    if (this.#wanted.has(objectId)) await this.#bringHere(objectId, signal);
  }

  async #fetchWanted(signal: AbortSignal): Promise<void> {
    const { missing, limits } = this.#settings;
    const expected = [...this.#expected].filter((objectId) => missing.has(objectId));
    const blobs = [...new Set([...this.#wanted, ...expected])];
    this.#expected = [];
    this.#wanted.clear();
    try {
      await fetchBlobs(this.#git, blobs, limits, signal);
      for (const objectId of blobs) missing.delete(objectId);
    } finally {
      this.#fetching = null;
    }
  }

  async #readNow(objectId: string, signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted();
    const process = (this.#process ??= new BatchProcess(this.#git.start(["cat-file", "--batch"])));
    const onAbort = (): void => this.#end();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await process.read(objectId, this.#settings.maxBytes);
    } catch (error) {
      this.#end();
      signal.throwIfAborted();
      if (error instanceof ItemError) throw error;
      throw new ItemError("unreadable", "What is kept of the repository has no such content. Sync again.", error);
    } finally {
      signal.removeEventListener("abort", onAbort);
      if (this.#process === process) {
        process.endWhenIdle(() => {
          this.#process = null;
        });
      }
    }
  }

  #end(): void {
    this.#process?.kill();
    this.#process = null;
  }
}

/** `OBJECT SP TYPE SP SIZE LF CONTENT LF`, or `OBJECT SP missing LF` */
const HEAD = /^(?<id>[0-9a-f]+) (?:blob (?<size>\d+)|(?<other>[a-z]+)(?: \d+)?)$/u;

class BatchProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #pieces: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);
  #idle: NodeJS.Timeout | null = null;

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    this.#pieces = (child.stdout as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    child.on("error", () => undefined);
    child.stdin.on("error", () => undefined);
    child.stderr.resume();
  }

  /** The size is known before the content is taken; of one that is too large nothing is. */
  async read(objectId: string, maxBytes: number): Promise<Uint8Array> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#child.stdin.write(`${objectId}\n`);
    const head = HEAD.exec(await this.#line())?.groups;
    const size = Number(head?.["size"] ?? Number.NaN);
    if (head?.["id"] !== objectId || Number.isNaN(size)) throw new TypeError(`no blob: ${head?.["other"] ?? ""}`);
    if (size > maxBytes) throw tooLarge(size, maxBytes);
    const content = await this.#exactly(size + 1);
    return content.subarray(0, size);
  }

  async #line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf(0x0a);
      if (end !== -1) {
        const line = this.#rest.toString("latin1", 0, end);
        this.#rest = this.#rest.subarray(end + 1);
        return line;
      }
      if (this.#rest.length > MAX_HEAD_BYTES) throw new TypeError("git cat-file gave no head");
      this.#rest = Buffer.concat([this.#rest, await this.#next()]);
    }
  }

  async #exactly(length: number): Promise<Buffer> {
    const pieces = [this.#rest];
    for (let total = this.#rest.length; total < length;) {
      const piece = await this.#next();
      pieces.push(piece);
      total += piece.length;
    }
    const all = Buffer.concat(pieces);
    this.#rest = all.subarray(length);
    return all.subarray(0, length);
  }

  async #next(): Promise<Buffer> {
    const step = await this.#pieces.next();
    if (step.done === true) throw new TypeError("git cat-file ended");
    return step.value;
  }

  endWhenIdle(onEnd: () => void): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      this.#child.stdin.end();
      onEnd();
    }, IDLE_MS);
  }

  kill(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#child.kill("SIGKILL");
  }
}

function tooLarge(bytes: number, maxBytes: number): ItemError {
  const megabytes = (value: number): string => (value / 1_000_000).toFixed(1);
  return new ItemError(
    "too-large",
    `The file has ${megabytes(bytes)} MB; at most ${megabytes(maxBytes)} MB are read. Split it or leave it out.`,
  );
}
