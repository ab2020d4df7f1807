import { IncomingMessage, ServerResponse, type RequestListener } from "node:http";
import { Socket } from "node:net";
import type { HttpResponse } from "../../src/ports/http.js";

export interface ListenerRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Never connected: Node's request and response want one each, and nothing is read from it or written to it. */
const NO_SOCKET = new Socket();

/**
 * Runs a listener of Node's kind on a request whose body has been read, and resolves with what it answers. The body is
 * put where Slack's receivers look for one that somebody has read before them.
 */
export function runListener(listener: RequestListener, request: ListenerRequest): Promise<HttpResponse> {
  return new Promise((resolve) => {
    const incoming = new IncomingMessage(NO_SOCKET);
    incoming.method = request.method;
    incoming.url = request.url;
    Object.assign(incoming.headers, request.headers);
    Object.assign(incoming, { rawBody: request.body });
    listener(incoming, new CapturedResponse(incoming, resolve));
  });
}

/** Keeps what is written instead of sending it. */
class CapturedResponse extends ServerResponse {
  readonly #resolve: (response: HttpResponse) => void;
  #headers: Record<string, string> = {};

  constructor(request: IncomingMessage, resolve: (response: HttpResponse) => void) {
    super(request);
    this.#resolve = resolve;
  }

  override writeHead(statusCode: number, ...rest: unknown[]): this {
    const given = rest.find((value) => typeof value === "object" && value !== null) ?? {};
    for (const [name, value] of Object.entries(given)) this.#headers[name.toLowerCase()] = String(value);
    return super.writeHead(statusCode);
  }

  override end(...[body]: unknown[]): this {
    const isContent = typeof body === "string" || Buffer.isBuffer(body);
    this.#resolve({ status: this.statusCode, headers: this.#headers, ...(isContent ? { body } : {}) });
    return this;
  }
}
