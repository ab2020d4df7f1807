import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { readBody } from "./arguments.js";
import type { FakeState } from "./call.js";
import { serveFile } from "./file-shelf.js";
import type { Fault, FaultPlan } from "./faults.js";
import type { JsonObject } from "./json.js";
import { SlackRefusal } from "./refusal.js";
import type { ResponseUrls } from "./response-urls.js";
import type { SocketModeServer } from "./socket-mode.js";
import type { ApiAnswer, ApiRequest, WebApi } from "./web-api.js";

interface ServerParts {
  readonly api: WebApi;
  readonly faults: FaultPlan;
  readonly responseUrls: ResponseUrls;
  readonly sockets: SocketModeServer;
  readonly state: FakeState;
}

/** Slack's side of the wire: the Web API, the response addresses and the WebSocket upgrade. */
export class FakeHttpServer {
  readonly #server: Server;
  readonly #parts: ServerParts;

  constructor(parts: ServerParts) {
    this.#parts = parts;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        response.writeHead(500, { "content-type": "text/plain" }).end(`The fake broke: ${String(error)}`);
      });
    });
    this.#server.on("upgrade", (request, socket, head) => parts.sockets.upgrade(request, socket, head));
  }

  /** Listens on a free port of this machine; resolves with the origin without the scheme. */
  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, search } = new URL(request.url ?? "/", "http://fake");
    const bytes = await bytesOf(request);
    if (path.startsWith("/files/")) {
      const answer = serveFile(this.#parts.state, request, path, bytes);
      response.writeHead(answer.status, answer.headers).end(answer.body);
      return;
    }
    const body = bytes.toString("utf8");
    if (request.method === "GET" && path.startsWith("/api/")) {
      await this.#call(path.slice("/api/".length), request, search.slice(1), response);
    } else if (request.method !== "POST") {
      response.writeHead(405).end();
    } else if (path.startsWith("/response/")) {
      this.#respond(path, request, body, response);
    } else if (path.startsWith("/api/")) {
      await this.#call(path.slice("/api/".length), request, body, response);
    } else {
      response.writeHead(404).end();
    }
  }

  async #call(method: string, request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
    const isQuery = request.method === "GET";
    const contentType = isQuery ? "application/x-www-form-urlencoded" : (request.headers["content-type"] ?? "");
    const call: ApiRequest = {
      method,
      authorization: request.headers.authorization ?? null,
      given: readBody(contentType, body),
      isForm: !contentType.startsWith("application/json"),
    };
    const fault = this.#parts.faults.take(method);
    if (fault?.kind === "delay") {
      await pause(fault.milliseconds);
    } else if (fault !== null && fault.kind !== "lose-reply") {
      this.#parts.api.note(call, `fault: ${fault.kind}`);
      strike(fault, request, response);
      return;
    }
    const answer = this.#parts.api.answer(call);
    if (fault?.kind === "lose-reply") {
      request.socket.destroy();
      return;
    }
    send(answer, response);
  }

  #respond(path: string, request: IncomingMessage, body: string, response: ServerResponse): void {
    const read = readBody(request.headers["content-type"] ?? "", body);
    try {
      if (read === null) {
        throw new SlackRefusal("invalid_payload");
      }
      this.#parts.responseUrls.respond(path, read);
      response.writeHead(200, { "content-type": "text/plain" }).end("ok");
    } catch (error) {
      if (!(error instanceof SlackRefusal)) {
        throw error;
      }
      const status = error.code === "expired_url" || error.code === "used_url" ? 404 : 400;
      sendJson(response, status, { ok: false, error: error.code, ...error.details });
    }
  }
}

function strike(
  fault: Exclude<Fault, { kind: "delay" | "lose-reply" }>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  switch (fault.kind) {
    case "cut":
      request.socket.destroy();
      return;
    case "status":
      response.writeHead(fault.status, { "content-type": "text/html" }).end("<html>upstream error</html>");
      return;
    case "rate-limit":
      send({ kind: "rate-limited", retryAfterSeconds: fault.retryAfterSeconds }, response);
      return;
    case "error":
      sendJson(response, 200, { ok: false, error: fault.error });
  }
}

function send(answer: ApiAnswer, response: ServerResponse): void {
  if (answer.kind === "rate-limited") {
    sendJson(response, 429, { ok: false, error: "ratelimited" }, { "retry-after": String(answer.retryAfterSeconds) });
  } else {
    sendJson(response, 200, answer.body);
  }
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: JsonObject,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers })
    .end(JSON.stringify(body));
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
