import { setMaxListeners } from "node:events";
import { Agent } from "node:http";
import { postSigned } from "./signed-post.js";
import { isObject, parseJson, textAt, type JsonObject } from "./json.js";
import type { SocketModeServer } from "./socket-mode.js";

export interface Parcel {
  readonly kind: "events_api" | "slash_commands" | "interactive";
  readonly payload: JsonObject;
}

export interface Attempt {
  readonly retryNumber: number;
  readonly reason: string | null;
  /** What the app answered over HTTP; null when nothing came, and in Socket Mode. */
  readonly status: number | null;
  readonly isAcknowledged: boolean;
  /** What the app sent with its acknowledgement. */
  readonly answer: string;
  readonly tookMs: number;
  readonly refusesRetries: boolean;
}

/** One event or interaction on its way to the app. */
export interface Delivery {
  readonly eventId: string;
  readonly parcel: Parcel;
  readonly attempts: readonly Attempt[];
  /** Resolves with the last attempt: acknowledged, or given up. */
  readonly outcome: Promise<Attempt>;
}

export interface CourierOptions {
  readonly signingSecret: string;
  readonly acknowledgeWithinMs: number;
  /** How long after a failed attempt the next one follows; as many retries as there are entries. */
  readonly retryDelaysMs: readonly number[];
}

/** Brings events to the app: to its request URL when it has one, else over Socket Mode. */
export class Courier {
  /** Where the app listens. Null: Socket Mode. */
  requestUrl: string | null;
  readonly deliveries: Delivery[] = [];
  readonly #options: CourierOptions;
  readonly #sockets: SocketModeServer;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 });
  readonly #stop = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(options: CourierOptions, sockets: SocketModeServer, requestUrl: string | null) {
    this.#options = options;
    this.#sockets = sockets;
    this.requestUrl = requestUrl;
    setMaxListeners(0, this.#stop.signal);
  }

  deliver(parcel: Parcel): Delivery {
    const attempts: Attempt[] = [];
    const outcome = this.#bring(parcel, attempts);
    this.#underWay.add(outcome);
    void outcome.finally(() => this.#underWay.delete(outcome));
    const delivery = { eventId: textAt(parcel.payload, "event_id"), parcel, attempts, outcome };
    this.deliveries.push(delivery);
    return delivery;
  }

  /** Resolves when nothing is on its way any more, retries included. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) {
      await Promise.all(this.#underWay);
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.settled();
    this.#agent.destroy();
  }

  async #bring(parcel: Parcel, attempts: Attempt[]): Promise<Attempt> {
    const delays = parcel.kind === "events_api" ? this.#options.retryDelaysMs : [];
    let last = await this.#attempt(parcel, 0, null);
    attempts.push(last);
    for (const [index, delayMs] of delays.entries()) {
      if (last.isAcknowledged || last.refusesRetries || this.#stop.signal.aborted) {
        break;
      }
      await pause(delayMs, this.#stop.signal);
      last = await this.#attempt(parcel, index + 1, last.reason);
      attempts.push(last);
    }
    return last;
  }

  async #attempt(parcel: Parcel, retryNumber: number, reason: string | null): Promise<Attempt> {
    const startedAt = performance.now();
    const retry = { number: retryNumber, reason };
    const sent =
      this.requestUrl === null
        ? await this.#throughSocket(parcel, retry)
        : await this.#overHttp(this.requestUrl, parcel, retry);
    return { retryNumber, ...sent, tookMs: performance.now() - startedAt };
  }

  async #overHttp(url: string, parcel: Parcel, retry: Retry): Promise<Sent> {
    const isEvent = parcel.kind === "events_api";
    const body = isEvent ? JSON.stringify(parcel.payload) : formBody(parcel);
    const answer = await postSigned(url, {
      secret: this.#options.signingSecret,
      body,
      contentType: isEvent ? "application/json" : "application/x-www-form-urlencoded",
      headers: retryHeaders(retry),
      timeoutMs: this.#options.acknowledgeWithinMs,
      signal: this.#stop.signal,
      // An interaction is not repeated, so it never meets a connection that the app is just about to close.
      agent: isEvent ? this.#agent : null,
    });
    if (answer.kind === "failed") {
      return { status: null, isAcknowledged: false, answer: "", reason: answer.reason, refusesRetries: false };
    }
    const isAcknowledged = answer.status >= 200 && answer.status < 300;
    const reason = isAcknowledged ? null : "http_error";
    const refusesRetries = answer.headers["x-slack-no-retry"] === "1";
    return { status: answer.status, isAcknowledged, answer: answer.body, reason, refusesRetries };
  }

  async #throughSocket(parcel: Parcel, retry: Retry): Promise<Sent> {
    const answer = await this.#sockets.send(parcel, retry, this.#options.acknowledgeWithinMs, this.#stop.signal);
    const isAcknowledged = answer !== null;
    return {
      status: null,
      isAcknowledged,
      answer: answer ?? "",
      reason: isAcknowledged ? null : "timeout",
      refusesRetries: false,
    };
  }
}

export interface Retry {
  readonly number: number;
  readonly reason: string | null;
}

type Sent = Omit<Attempt, "retryNumber" | "tookMs">;

/** What the app sent with its acknowledgement, read as JSON where it is any. */
export function answeredJson(attempt: Attempt): JsonObject | null {
  const parsed = parseJson(attempt.answer);
  return isObject(parsed) ? parsed : null;
}

function formBody(parcel: Parcel): string {
  if (parcel.kind === "interactive") {
    return new URLSearchParams({ payload: JSON.stringify(parcel.payload) }).toString();
  }
  const form = new URLSearchParams();
  for (const key of Object.keys(parcel.payload)) {
    form.set(key, textAt(parcel.payload, key));
  }
  return form.toString();
}

function retryHeaders(retry: Retry): Record<string, string> {
  return retry.number === 0
    ? {}
    : { "x-slack-retry-num": String(retry.number), "x-slack-retry-reason": retry.reason ?? "unknown_error" };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
