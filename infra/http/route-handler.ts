import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { HttpRequest, HttpRequestHead, HttpResponse, HttpRoute } from "../../src/ports/http.js";
import { HttpRefusal } from "./http-error.js";
import type { OpenRequest, OpenRequests } from "./open-requests.js";
import { SECURITY_HEADERS } from "./security-headers.js";

export interface RouteHandlerDependencies {
  readonly open: OpenRequests;
  readonly timeoutMs: number;
  /** A stream broke off after its headers were sent, so nothing can be answered any more. */
  readonly onStreamFailure: (error: unknown, reference: string, route: string) => void;
}

/** Serves one route: builds the port's request, guards its time, sends what comes back. */
export function createRouteHandler(route: HttpRoute, { open, timeoutMs, onStreamFailure }: RouteHandlerDependencies) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const current = open.add();
    const onClose = () => {
      if (!reply.raw.writableFinished) current.abort();
    };
    reply.raw.once("close", onClose);
    try {
      const response = await withTimeout(route.handle(toHttpRequest(request, current.signal)), current, timeoutMs);
      if (response.body instanceof Readable) {
        reply.hijack();
        await sendStream(response, response.body, reply.raw, current).catch((error: unknown) =>
          onStreamFailure(error, request.id, route.path),
        );
      } else await send(response, reply);
    } finally {
      reply.raw.off("close", onClose);
      current.remove();
    }
  };
}

/** Asks a route, before the body of a request is read, whether it takes it. */
export function createAdmission(admit: NonNullable<HttpRoute["admit"]>, { open, timeoutMs }: RouteHandlerDependencies) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const current = open.add();
    const head = toHttpHead(request, current.signal);
    const answer = await withTimeout(admit(head), current, timeoutMs).finally(() => current.remove());
    if (answer === null) return undefined;
    await send(answer, reply);
    return reply;
  };
}

function toHttpRequest(request: FastifyRequest, signal: AbortSignal): HttpRequest {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  return { ...toHttpHead(request, signal), body };
}

function toHttpHead(request: FastifyRequest, signal: AbortSignal): HttpRequestHead {
  const url = new URL(request.raw.url ?? "/", "http://localhost");
  return {
    method: request.method,
    path: url.pathname,
    params: toParams(request.params),
    query: url.searchParams,
    headers: toHeaders(request.headers),
    remoteAddress: request.ip,
    signal,
  };
}

function toParams(params: unknown): Record<string, string> {
  const entries = typeof params === "object" && params !== null ? Object.entries(params) : [];
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function toHeaders(headers: FastifyRequest["headers"]): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );
}

function withTimeout<T>(work: Promise<T>, current: OpenRequest, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new HttpRefusal(503, "timeout"));
      current.abort();
    }, timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

async function send(response: HttpResponse, reply: FastifyReply): Promise<void> {
  await reply
    .code(response.status)
    .headers({ "cache-control": "no-store", ...response.headers })
    .send(response.body ?? "");
}

/** Sends as it comes. Headers go out before the first byte, so that a client knows at once that it is connected. */
async function sendStream(response: HttpResponse, body: Readable, raw: ServerResponse, current: OpenRequest) {
  const { socket } = raw;
  const stop = () => body.destroy();
  raw.writeHead(response.status, {
    ...SECURITY_HEADERS,
    "cache-control": "no-store",
    ...response.headers,
  });
  raw.flushHeaders();
  current.signal.addEventListener("abort", stop, { once: true });
  current.becomesStream(() => {
    for (let rest: unknown = body.read(); rest !== null; rest = body.read()) raw.write(rest);
    current.abort();
  });
  try {
    for await (const chunk of body) {
      if (!raw.write(chunk)) await drained(raw);
      if (raw.destroyed) break;
    }
    raw.end();
  } catch (error) {
    if (!current.signal.aborted && !raw.destroyed) {
      raw.destroy();
      throw error;
    }
    // Ended by draining: the connection must not stay open for a next request.
    raw.end(() => socket?.destroySoon());
  } finally {
    current.signal.removeEventListener("abort", stop);
    body.destroy();
  }
}

/** Resolves when more can be written, or nothing ever can. */
function drained(raw: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      raw.off("drain", done);
      raw.off("close", done);
      resolve();
    };
    raw.on("drain", done);
    raw.on("close", done);
    if (raw.destroyed) done();
  });
}
