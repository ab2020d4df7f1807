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

  /** Takes a token and returns 0, or takes none and returns how many milliseconds until there is one. */
  take(key: string): number {
    const { burst, intervalMs } = this.#pace;
    const now = this.#nowMs();
    const fullAt = Math.max(now, this.#fullAt.get(key) ?? now);
    const waitMs = fullAt - now - (burst - 1) * intervalMs;
    if (waitMs > 0) return Math.ceil(waitMs);
    this.#fullAt.delete(key);
    this.#fullAt.set(key, fullAt + intervalMs);
    if (this.#fullAt.size > KEEP) this.#forgetOldest();
    return 0;
  }

  /** Takes a token. @throws {ChatPlatformError} `rate-limited`, saying when there will be one. */
  takeOrRefuse(key: string, operation: string): void {
    const retryAfterMs = this.take(key);
    if (retryAfterMs > 0) throw new ChatPlatformError("rate-limited", operation, { retryAfterMs });
  }

  #forgetOldest(): void {
    for (const key of this.#fullAt.keys()) {
      this.#fullAt.delete(key);
      return;
    }
  }
}
