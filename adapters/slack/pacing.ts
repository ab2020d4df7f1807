import { ChatPlatformError } from "../../src/ports/chat.js";

/** How fast something may be done: `burst` at once, then one more every `intervalMs`. */
export interface Pace {
  readonly burst: number;
  readonly intervalMs: number;
}

/** Buckets that nobody has used for a while are full again and need not be kept. */
const KEEP = 5_000;
/** Places in a line that nobody came for. */
const KEEP_PLACES = 20_000;

/** One token bucket per key, in this process. Time is read from a clock that never goes back. */
export class Pacing {
  readonly #pace: Pace;
  readonly #nowMs: () => number;
  /** When each key's bucket will be full. */
  readonly #fullAt = new Map<string, number>();
  /** When the token comes that was put aside for somebody who was told to come back. */
  readonly #places = new Map<string, number>();

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
   * Takes a token that will be there within `maxWaitMs` and returns how many milliseconds to wait for it. Where the wait is
   * longer, the token is put aside for the holder, so that a crowd gets its turns in the order it came.
   * @throws {ChatPlatformError} `rate-limited`, with the time at which this holder's token will be there.
   */
  reserve(key: string, holder: string, operation: string, maxWaitMs: number): number {
    const place = `${key} ${holder}`;
    const waitMs = this.#placeMs(place) ?? this.#waitMs(key);
    if (waitMs <= maxWaitMs) {
      if (!this.#places.delete(place)) this.#book(key);
      return waitMs;
    }
    if (!this.#places.has(place)) {
      this.#places.set(place, this.#nowMs() + waitMs);
      this.#book(key);
      if (this.#places.size > KEEP_PLACES) forgetOldest(this.#places);
    }
    throw new ChatPlatformError("rate-limited", operation, { retryAfterMs: waitMs });
  }

  #placeMs(place: string): number | null {
    const at = this.#places.get(place);
    return at === undefined ? null : Math.max(0, Math.ceil(at - this.#nowMs()));
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
    if (this.#fullAt.size > KEEP) forgetOldest(this.#fullAt);
  }
}

function forgetOldest(map: Map<string, number>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}
