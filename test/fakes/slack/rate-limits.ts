import type { FakeClock } from "./clock.js";
import type { MethodContract } from "./methods.js";

const WINDOW_MS = 60_000;
const CALLS_A_MINUTE = { 2: 20, 3: 50, 4: 100 } as const;
const POST_EVERY_MS = 1_000;

/** Calls a minute by tier, workspace and method; one post a second and channel. */
export class RateLimits {
  readonly #clock: FakeClock;
  readonly #calls = new Map<string, number[]>();

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  /** Counts the call. Seconds to wait when it is one too many, else null. */
  secondsToWait(method: string, contract: MethodContract, teamId: string, channelId: string): number | null {
    if (contract.tier === "unlimited") {
      return null;
    }
    return contract.tier === "message"
      ? this.#count(`${teamId}:${channelId}`, 1, POST_EVERY_MS)
      : this.#count(`${teamId}:${method}`, CALLS_A_MINUTE[contract.tier], WINDOW_MS);
  }

  #count(key: string, most: number, windowMs: number): number | null {
    const now = this.#clock.now();
    const recent = (this.#calls.get(key) ?? []).filter((at) => now - at < windowMs);
    this.#calls.set(key, recent);
    const [oldest] = recent;
    if (recent.length >= most && oldest !== undefined) {
      return Math.max(1, Math.ceil((oldest + windowMs - now) / 1_000));
    }
    recent.push(now);
    return null;
  }
}
