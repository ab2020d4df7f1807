/** The platform's own time: real time, plus what a test let pass. */
export class FakeClock {
  #passedMs = 0;
  #lastMicroseconds = 0;

  now(): number {
    return Date.now() + this.#passedMs;
  }

  advance(milliseconds: number): void {
    this.#passedMs += milliseconds;
  }

  /** A message id: seconds and microseconds, never twice the same. */
  timestamp(): string {
    this.#lastMicroseconds = Math.max(this.#lastMicroseconds + 100, this.now() * 1_000);
    const seconds = Math.floor(this.#lastMicroseconds / 1_000_000);
    return `${seconds}.${String(this.#lastMicroseconds % 1_000_000).padStart(6, "0")}`;
  }
}
