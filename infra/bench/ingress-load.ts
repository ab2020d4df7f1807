import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { planArrivals, type Arrival } from "./ingress-schedule.js";
import { slackDelivery } from "./slack-delivery.js";

/**
 * The process that sends, so that its work does not hold up the one that is measured. One job in, one result out, over the
 * channel to the process that forked it.
 */

interface Target {
  readonly url: string;
  readonly secret: string;
  readonly channel: string;
  readonly startedAtS: number;
}

export type LoadJob = Target &
  (
    | { readonly kind: "open"; readonly perSecond: number; readonly seconds: number; readonly seed: number }
    | { readonly kind: "closed"; readonly seconds: number; readonly concurrency: number }
  );

export interface LoadResult {
  /** From the time a request was due to its answer. */
  readonly latenciesMs: readonly number[];
  /** How late requests were sent: where it is not small, this process was the bottleneck. */
  readonly sentLateMs: readonly number[];
  /** Status or code to how often. */
  readonly errors: Readonly<Record<string, number>>;
  /** The messages that were acknowledged, each once. */
  readonly acknowledged: readonly number[];
  readonly elapsedMs: number;
}

const TIMEOUT_MS = 10_000;

class Load {
  readonly #target: Target;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #latenciesMs: number[] = [];
  readonly #sentLateMs: number[] = [];
  readonly #errors: Record<string, number> = {};
  readonly #acknowledged = new Set<number>();

  constructor(target: Target) {
    this.#target = target;
  }

  /** Sends at the planned times, however long the answers take. */
  async open(arrivals: readonly Arrival[]): Promise<LoadResult> {
    const startedAt = performance.now();
    const sent: Promise<void>[] = [];
    for (const { atMs, index, isRedelivery } of arrivals) {
      const waitMs = startedAt + atMs - performance.now();
      if (waitMs > 0) await pause(waitMs);
      sent.push(this.#send(index, isRedelivery, startedAt + atMs));
    }
    await Promise.all(sent);
    return this.#result(startedAt);
  }

  /** Sends the next as soon as one is answered. */
  async closed(seconds: number, concurrency: number): Promise<LoadResult> {
    const startedAt = performance.now();
    const endsAt = startedAt + seconds * 1_000;
    let next = 0;
    const lane = async () => {
      while (performance.now() < endsAt) {
        next += 1;
        await this.#send(next, false, performance.now());
      }
    };
    await Promise.all(Array.from({ length: concurrency }, lane));
    return this.#result(startedAt);
  }

  async #send(index: number, isRedelivery: boolean, dueAt: number): Promise<void> {
    const { url, secret, channel, startedAtS } = this.#target;
    const message = { channel, index, startedAtS, isRedelivery };
    const delivery = slackDelivery(message, secret, Math.floor(Date.now() / 1_000));
    this.#sentLateMs.push(performance.now() - dueAt);
    const outcome = await post(url, this.#agent, delivery.headers, delivery.body);
    this.#latenciesMs.push(performance.now() - dueAt);
    if (outcome === "200") this.#acknowledged.add(index);
    else this.#errors[outcome] = (this.#errors[outcome] ?? 0) + 1;
  }

  #result(startedAt: number): LoadResult {
    this.#agent.destroy();
    return {
      latenciesMs: this.#latenciesMs,
      sentLateMs: this.#sentLateMs,
      errors: this.#errors,
      acknowledged: [...this.#acknowledged],
      elapsedMs: performance.now() - startedAt,
    };
  }
}

/** The status as text, or the code of what went wrong. */
function post(url: string, agent: Agent, headers: Readonly<Record<string, string>>, body: string): Promise<string> {
  return new Promise((resolve) => {
    const sending = request(url, { method: "POST", agent, headers, timeout: TIMEOUT_MS }, (response) => {
      response.resume();
      response.on("end", () => resolve(String(response.statusCode)));
      response.on("error", () => resolve("cut"));
    });
    sending.on("timeout", () => sending.destroy(Object.assign(new Error("no answer"), { code: "timeout" })));
    sending.on("error", (error: Error & { readonly code?: string }) => resolve(error.code ?? error.name));
    sending.end(body);
  });
}

function run(job: LoadJob): Promise<LoadResult> {
  const load = new Load(job);
  return job.kind === "open" ? load.open(planArrivals(job)) : load.closed(job.seconds, job.concurrency);
}

process.on("message", (job: LoadJob) => {
  void run(job).then((result) => process.send?.(result));
});
