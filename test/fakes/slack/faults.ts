/** What goes wrong with one call. */
export type Fault =
  /** Done, and then the connection is cut before the answer. */
  | { readonly kind: "lose-reply" }
  /** Cut before anything is done. */
  | { readonly kind: "cut" }
  | { readonly kind: "delay"; readonly milliseconds: number }
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "rate-limit"; readonly retryAfterSeconds: number }
  /** Slack's own refusal, for example `unknown_method` or `internal_error`. */
  | { readonly kind: "error"; readonly error: string };

interface Planned {
  readonly method: string;
  readonly fault: Fault;
}

/** Faults waiting for the next call of a method. Each strikes once. */
export class FaultPlan {
  readonly #planned: Planned[] = [];

  /** `times` calls of the method meet this fault, after those planned before. */
  next(method: string, fault: Fault, times = 1): void {
    for (let time = 0; time < times; time += 1) {
      this.#planned.push({ method, fault });
    }
  }

  take(method: string): Fault | null {
    const index = this.#planned.findIndex((planned) => planned.method === method);
    return index < 0 ? null : (this.#planned.splice(index, 1)[0]?.fault ?? null);
  }

  /** True once every planned fault has struck. */
  get isEmpty(): boolean {
    return this.#planned.length === 0;
  }
}
