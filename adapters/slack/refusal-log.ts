import type { Clock } from "../../src/ports/clock.js";
import type { Logger } from "../../src/ports/logger.js";

const ONE_LINE_EACH_MS = 60_000;

/** Says in the log that signatures are wrong: the first at once, then at most once a minute, with how many there were. */
export class RefusalLog {
  readonly #logger: Logger;
  readonly #clock: Clock;
  #unsaid = 0;
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger;
    this.#clock = clock;
  }

  refused(): void {
    this.#unsaid += 1;
    const now = this.#clock.now().getTime();
    if (now - this.#saidAt < ONE_LINE_EACH_MS) return;
    this.#logger.warn("slack signature refused, check SLACK_SIGNING_SECRET and the clock", { failed: this.#unsaid });
    this.#unsaid = 0;
    this.#saidAt = now;
  }
}
