import type { Clock } from "../ports/clock.js";
import { FIRST_PRIORITY, LAST_PRIORITY } from "../ports/queue.js";

export interface FairShareOptions {
  /** Events of one installation that are nobody's burden when they come at once. */
  readonly burst: number;
  /** Events a second at which an installation pays off what it is ahead. */
  readonly perSecond: number;
}

export const FAIR_SHARE: FairShareOptions = { burst: 50, perSecond: 5 };

/** What has been paid off is forgotten when so many are remembered. */
const REMEMBERED = 1_000;

/** How far ahead of its share an installation was, and when that was so. */
interface Account {
  readonly ahead: number;
  readonly at: number;
}

/**
 * Keeps a workspace that sends more than its share from delaying the others: its rings get a later priority, the more so the
 * further it is ahead (a leaky bucket, Turner 1986, that demotes instead of dropping). Alone, it is served as fast as ever.
 * Each process counts what it takes in itself.
 */
export class FairShare {
  readonly #clock: Clock;
  readonly #options: FairShareOptions;
  readonly #accounts = new Map<string, Account>();

  constructor(clock: Clock, options: FairShareOptions = FAIR_SHARE) {
    this.#clock = clock;
    this.#options = options;
  }

  /** Counts one event of the installation. Returns its priority, from {@link FIRST_PRIORITY} to {@link LAST_PRIORITY}. */
  take(installationId: string): number {
    const at = this.#clock.now().getTime();
    const ahead = this.#aheadAt(this.#accounts.get(installationId), at) + 1;
    if (!this.#accounts.has(installationId) && this.#accounts.size >= REMEMBERED) this.#forget(at);
    this.#accounts.set(installationId, { ahead, at });
    if (ahead <= this.#options.burst) return FIRST_PRIORITY;
    return Math.min(LAST_PRIORITY, FIRST_PRIORITY + Math.ceil(Math.log2(ahead / this.#options.burst)));
  }

  #aheadAt(account: Account | undefined, at: number): number {
    if (account === undefined) return 0;
    // A clock that is set back takes nothing away from anybody.
    const seconds = Math.max(0, at - account.at) / 1_000;
    return Math.max(0, account.ahead - seconds * this.#options.perSecond);
  }

  #forget(at: number): void {
    for (const [installationId, account] of this.#accounts) {
      if (this.#aheadAt(account, at) === 0) this.#accounts.delete(installationId);
    }
  }
}
