import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type RawData, type WebSocket } from "ws";
import type { Parcel, Retry } from "./courier.js";
import { isObject, parseJson, textAt, type JsonObject } from "./json.js";

const MOST_CONNECTIONS = 10;
const PING_EVERY_MS = 10_000;

type SocketAnswer =
  | { readonly kind: "acknowledged"; readonly payload: string }
  | { readonly kind: "timeout" }
  | { readonly kind: "disconnected" };

interface Waiting {
  readonly socket: WebSocket;
  finish(answer: SocketAnswer): void;
}

/** The other end of Socket Mode: hands out addresses, greets, sends envelopes and waits for their acknowledgement. */
export class SocketModeServer {
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #tickets = new Set<string>();
  readonly #connections = new Set<WebSocket>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #onConnection = new Set<() => void>();
  readonly #appId: string;
  #next = 0;

  constructor(appId: string) {
    this.#appId = appId;
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** A path that one connection may use once. */
  issuePath(): string {
    const ticket = randomUUID();
    this.#tickets.add(ticket);
    return `/link/?ticket=${ticket}&app_id=${this.#appId}`;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const address = new URL(request.url ?? "/", "http://fake");
    const ticket = address.searchParams.get("ticket") ?? "";
    if (address.pathname !== "/link/" || !this.#tickets.delete(ticket)) {
      socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n");
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#greet(webSocket));
  }

  /** Asks every connection to reconnect, as Slack does now and then, and closes it. */
  disconnect(reason: "refresh_requested" | "warning" | "link_disabled" = "refresh_requested"): void {
    for (const socket of this.#connections) {
      socket.send(JSON.stringify({ type: "disconnect", reason, debug_info: { host: "fake" } }));
    }
  }

  /** Cuts every connection without a word. */
  cut(): void {
    for (const socket of this.#connections) {
      socket.terminate();
    }
  }

  /** Reads nothing any more on any connection, so that not even a close is answered. */
  freeze(): void {
    for (const socket of this.#connections) {
      socket.pause();
    }
  }

  /**
   * Brings one parcel to one connection. Resolves with what came with the acknowledgement, or null when none came in
   * time. Waits for a connection where there is none, and sends again on another one when a connection goes away.
   */
  async send(parcel: Parcel, retry: Retry, timeoutMs: number, signal: AbortSignal): Promise<string | null> {
    let next = retry;
    while (!signal.aborted) {
      const socket = this.#pick();
      if (socket === null) {
        if (parcel.kind !== "events_api") {
          return null;
        }
        await this.#connected(signal);
        continue;
      }
      const answer = await this.#sendOn(socket, envelope(parcel, next), timeoutMs, signal);
      if (answer.kind === "acknowledged") {
        return answer.payload;
      }
      if (answer.kind === "timeout" || parcel.kind !== "events_api") {
        return null;
      }
      next = { number: next.number + 1, reason: "timeout" };
    }
    return null;
  }

  stop(): void {
    this.cut();
    this.#server.close();
  }

  #greet(socket: WebSocket): void {
    if (this.#connections.size >= MOST_CONNECTIONS) {
      socket.send(JSON.stringify({ type: "disconnect", reason: "too_many_websockets" }));
      socket.close();
      return;
    }
    this.#connections.add(socket);
    const ping = setInterval(() => socket.ping(), PING_EVERY_MS);
    socket.on("message", (data) => this.#acknowledge(data));
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      clearInterval(ping);
      this.#connections.delete(socket);
      for (const [id, waiting] of this.#waiting) {
        if (waiting.socket === socket) {
          this.#waiting.delete(id);
          waiting.finish({ kind: "disconnected" });
        }
      }
    });
    socket.send(JSON.stringify(this.#hello()));
    for (const wake of this.#onConnection) {
      wake();
    }
  }

  #hello(): JsonObject {
    return {
      type: "hello",
      num_connections: this.#connections.size,
      debug_info: { host: "fake", build_number: 1, approximate_connection_time: 18_060 },
      connection_info: { app_id: this.#appId },
    };
  }

  #pick(): WebSocket | null {
    const open = [...this.#connections].filter((socket) => socket.readyState === socket.OPEN);
    this.#next += 1;
    return open[this.#next % Math.max(open.length, 1)] ?? null;
  }

  #connected(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#onConnection.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      this.#onConnection.add(wake);
      signal.addEventListener("abort", wake, { once: true });
    });
  }

  #sendOn(socket: WebSocket, message: JsonObject, timeoutMs: number, signal: AbortSignal): Promise<SocketAnswer> {
    const id = textAt(message, "envelope_id");
    return new Promise((resolve) => {
      const finish = (answer: SocketAnswer): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", giveUp);
        this.#waiting.delete(id);
        resolve(answer);
      };
      const giveUp = (): void => finish({ kind: "timeout" });
      const timer = setTimeout(giveUp, timeoutMs);
      signal.addEventListener("abort", giveUp, { once: true });
      this.#waiting.set(id, { socket, finish });
      socket.send(JSON.stringify(message));
    });
  }

  #acknowledge(data: RawData): void {
    const message = parseJson(Buffer.isBuffer(data) ? data.toString("utf8") : "");
    const payload = isObject(message) ? message["payload"] : undefined;
    const answer = payload === undefined ? "" : JSON.stringify(payload);
    this.#waiting.get(textAt(message, "envelope_id"))?.finish({ kind: "acknowledged", payload: answer });
  }
}

function envelope(parcel: Parcel, retry: Retry): JsonObject {
  const common = { envelope_id: randomUUID(), type: parcel.kind, payload: parcel.payload };
  return parcel.kind === "events_api"
    ? { ...common, accepts_response_payload: false, retry_attempt: retry.number, retry_reason: retry.reason ?? "" }
    : { ...common, accepts_response_payload: true };
}
