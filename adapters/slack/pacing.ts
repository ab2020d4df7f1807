import { ChatPlatformError } from "../../src/ports/chat.js";

/** How fast something may be done: `burst` at once, then one more every `intervalMs`. */
export interface Pace {
  readonly burst: number;
  readonly intervalMs: number;
}

/** Buckets that nobody has used for a while are full again and need not be kept. */
const KEEP = 5_000;

/** One token bucket per key, in this process. Time is read from a clock that never goes back. */
export class Pacing {
  readonly #pace: Pace;
  readonly #nowMs: () => number;
  /** When each key's bucket will be full. */
  readonly #fullAt = new Map<string, number>();

  constructor(pace: Pace, nowMs: () => number = () => performance.now()) {
    this.#pace = pace;
    this.#nowMs = nowMs;
  }

  /** Takes a token if there is one. */
  tryTake(key: string): boolean {
    if (this.#waitMs(key) > 0) return false;
    this.#book(key);
    return true;
  }

  /**
   * Takes a token that will be there within `maxWaitMs` and returns how many milliseconds to wait for it.
   * @throws {ChatPlatformError} `rate-limited` when the wait would be longer.
   */
  reserve(key: string, operation: string, maxWaitMs: number): number {
    const waitMs = this.#waitMs(key);
    if (waitMs > maxWaitMs) throw new ChatPlatformError("rate-limited", operation, { retryAfterMs: waitMs });
    this.#book(key);
    return waitMs;
  }

  #waitMs(key: string): number {
    const { burst, intervalMs } = this.#pace;
    const now = this.#nowMs();
    return Math.max(0, Math.ceil((this.#fullAt.get(key) ?? now) - now - (burst - 1) * intervalMs));
  }

  #book(key: string): void {
    const now = this.#nowMs();
    const fullAt = Math.max(now, this.#fullAt.get(key) ?? now);
    this.#fullAt.delete(key);
    this.#fullAt.set(key, fullAt + this.#pace.intervalMs);
    if (this.#fullAt.size > KEEP) this.#forgetOldest();
  }

  #forgetOldest(): void {
    for (const key of this.#fullAt.keys()) {
      this.#fullAt.delete(key);
      return;
    }
  }
}
