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

  /** Takes a token. @throws {ChatPlatformError} `rate-limited`, saying when there will be one. */
  take(key: string, operation: string): void {
    this.reserve(key, operation, 0);
  }

  /**
   * Takes a token that will be there within `maxWaitMs` and returns how many milliseconds to wait for it.
   * @throws {ChatPlatformError} `rate-limited` when the wait would be longer.
   */
  reserve(key: string, operation: string, maxWaitMs: number): number {
    const { burst, intervalMs } = this.#pace;
    const now = this.#nowMs();
    const fullAt = Math.max(now, this.#fullAt.get(key) ?? now);
    const waitMs = Math.max(0, Math.ceil(fullAt - now - (burst - 1) * intervalMs));
    if (waitMs > maxWaitMs) throw new ChatPlatformError("rate-limited", operation, { retryAfterMs: waitMs });
    this.#fullAt.delete(key);
    this.#fullAt.set(key, fullAt + intervalMs);
    if (this.#fullAt.size > KEEP) this.#forgetOldest();
    return waitMs;
  }

  /** Takes a token if there is one. */
  tryTake(key: string): boolean {
    try {
      this.take(key, "taking a turn");
      return true;
    } catch {
      return false;
    }
  }

  #forgetOldest(): void {
    for (const key of this.#fullAt.keys()) {
      this.#fullAt.delete(key);
      return;
    }
  }
}
