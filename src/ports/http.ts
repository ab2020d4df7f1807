import type { Readable } from "node:stream";

/** A route that an adapter gives to the one HTTP server. Bodies are raw: the adapter verifies and parses them itself. */
export interface HttpRoute {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** With `:name` parameters. */
  readonly path: string;
  /** Larger bodies are refused with 413 before the handler runs. */
  readonly bodyLimit?: number;
  /** Asked before the body is read, where bodies are large: an answer is sent at once, and the body is not kept. */
  readonly admit?: (head: HttpRequestHead) => Promise<HttpResponse | null>;
  handle(request: HttpRequest): Promise<HttpResponse>;
}

/** What comes before the body. */
export interface HttpRequestHead {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly remoteAddress: string;
  /** Aborts when the client has gone away. */
  readonly signal: AbortSignal;
}

export interface HttpRequest extends HttpRequestHead {
  readonly body: Buffer;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A stream is sent as it comes (server-sent events). */
  readonly body?: string | Buffer | Readable;
}
