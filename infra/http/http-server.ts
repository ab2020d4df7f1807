import type { AddressInfo } from "node:net";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { errorCode, UsageError } from "../../src/ports/errors.js";
import { newId } from "../../src/ports/ids.js";
import type { HttpRoute } from "../../src/ports/http.js";
import type { Logger } from "../../src/ports/logger.js";
import { CONNECTION_LIMITS, type ConnectionLimits } from "./connection-limits.js";
import { createHostCheck } from "./host-check.js";
import { HttpRefusal, toHttpFailure, type HttpErrorBody } from "./http-error.js";
import { mayReadMetrics } from "./metrics-access.js";
import { createOpenRequests, type OpenRequests } from "./open-requests.js";
import { checkReadiness, type ReadinessCheck } from "./readiness.js";
import { createAdmission, createRouteHandler } from "./route-handler.js";
import { SECURITY_HEADERS } from "./security-headers.js";
import { isPageRequest, sendPage, serveStaticFiles } from "./static-files.js";

const DEFAULT_BODY_LIMIT = 256 * 1024;
const READINESS_LIMIT_MS = 1000;

export interface HttpServerOptions {
  readonly routes: readonly HttpRoute[];
  /** The folder of the console's built page, with index.html; null for a server without one. */
  readonly staticRoot: string | null;
  readonly readiness: readonly ReadinessCheck[];
  readonly metrics: HttpMetrics;
  readonly logger: Logger;
  readonly publicUrl: string | null;
  /** Opens the metrics to other machines; without one they are for this machine only. */
  readonly metricsToken?: string | null;
  /** How long a handler may take before its signal aborts and the client gets 503; streams are not limited. */
  readonly requestTimeoutMs?: number;
  readonly connectionLimits?: ConnectionLimits;
}

interface HttpMetrics {
  readonly contentType: string;
  render(): Promise<string>;
  httpRequestEnded(route: string, status: number, ms: number): void;
}

export interface HttpServer {
  /** Starts listening and resolves with the address to reach it at. @throws when the port is taken. */
  listen(host: string, port: number): Promise<{ readonly address: string; readonly port: number }>;
  /** From now on it is not ready, answers new requests with 503, and its streams end. */
  drain(): void;
  /** Drains, waits up to `graceMs` for running requests, then cuts them off. */
  close(graceMs: number): Promise<void>;
}

interface ServerState {
  isDraining: boolean;
  isHostAllowed: (host: string | undefined) => boolean;
}

/** The one HTTP server: routes of the adapters, the console's page, health and metrics. */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const open = createOpenRequests();
  const state: ServerState = { isDraining: false, isHostAllowed: createHostCheck("localhost", options.publicUrl) };
  const limits = options.connectionLimits ?? CONNECTION_LIMITS;
  const app = fastify({
    bodyLimit: DEFAULT_BODY_LIMIT,
    requestTimeout: limits.requestMs,
    http: { headersTimeout: limits.headersMs, connectionsCheckingInterval: limits.checkMs },
    return503OnClosing: false,
    forceCloseConnections: "idle",
    genReqId: () => newId(),
    routerOptions: { maxParamLength: 500 },
  });
  app.server.maxConnections = limits.connections;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  addHooks(app, state, options);
  addHealth(app, state, options);
  addRoutes(app, options, open);
  if (options.staticRoot !== null) await serveStaticFiles(app, options.staticRoot);
  return lifecycle(app, state, open, options);
}

function addHooks(app: FastifyInstance, state: ServerState, options: HttpServerOptions): void {
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(SECURITY_HEADERS);
    if (!state.isHostAllowed(request.headers.host)) throw new HttpRefusal(421, "unknown-host");
    if (state.isDraining && request.routeOptions.url !== "/healthz" && request.routeOptions.url !== "/readyz") {
      throw new HttpRefusal(503, "shutting-down");
    }
    done();
  });
  app.addHook("onSend", (_request, reply, payload, done) => {
    if (state.isDraining) reply.header("connection", "close");
    done(null, payload);
  });
  app.addHook("onResponse", (request, reply, done) => {
    options.metrics.httpRequestEnded(request.routeOptions.url ?? "none", reply.statusCode, reply.elapsedTime);
    done();
  });
  app.setErrorHandler((error, request, reply) => sendFailure(error, request, reply, options.logger));
  app.setNotFoundHandler(async (request, reply) => {
    if (options.staticRoot !== null && isPageRequest(request)) return sendPage(reply, options.staticRoot);
    return sendFailure(new HttpRefusal(404, "not-found"), request, reply, options.logger);
  });
}

async function sendFailure(error: unknown, request: FastifyRequest, reply: FastifyReply, logger: Logger) {
  const { status, word } = toHttpFailure(error);
  if (status >= 500 && !(error instanceof HttpRefusal && word === "shutting-down")) {
    const route = request.routeOptions.url ?? "none";
    logger.error("request failed", { reference: request.id, method: request.method, route, code: errorCode(error) });
  }
  if (reply.raw.headersSent) return;
  const body: HttpErrorBody = { error: word, reference: request.id };
  await reply.code(status).type("application/json").header("cache-control", "no-store").send(JSON.stringify(body));
}

function addHealth(app: FastifyInstance, state: ServerState, options: HttpServerOptions): void {
  app.get("/healthz", (_request, reply) => sendJson(reply, 200, { status: "ok" }));
  app.get("/readyz", async (_request, reply) => {
    if (state.isDraining) return sendJson(reply, 503, { status: "not-ready", failed: ["draining"] });
    const { isReady, failed } = await checkReadiness(options.readiness, READINESS_LIMIT_MS);
    return isReady ? sendJson(reply, 200, { status: "ready" }) : sendJson(reply, 503, { status: "not-ready", failed });
  });
  app.get("/metrics", async (request, reply) => {
    const isAllowed = mayReadMetrics(request.ip, request.headers, options.metricsToken ?? null);
    if (!isAllowed) throw new HttpRefusal(401, "unauthorized");
    const text = await options.metrics.render();
    await reply.type(options.metrics.contentType).header("cache-control", "no-store").send(text);
  });
}

async function sendJson(reply: FastifyReply, status: number, body: object): Promise<void> {
  await reply.code(status).type("application/json").header("cache-control", "no-store").send(JSON.stringify(body));
}

function addRoutes(app: FastifyInstance, options: HttpServerOptions, open: OpenRequests): void {
  const timeoutMs = options.requestTimeoutMs ?? 30_000;
  const onStreamFailure = (error: unknown, reference: string, route: string) =>
    options.logger.error("request failed", { reference, route, code: errorCode(error) });
  const deps = { open, timeoutMs, onStreamFailure };
  for (const route of options.routes) {
    app.route({
      method: route.method,
      url: route.path,
      exposeHeadRoute: false,
      bodyLimit: route.bodyLimit ?? DEFAULT_BODY_LIMIT,
      ...(route.admit === undefined ? {} : { onRequest: createAdmission(route.admit, deps) }),
      handler: createRouteHandler(route, deps),
    });
  }
}

function lifecycle(
  app: FastifyInstance,
  state: ServerState,
  open: OpenRequests,
  options: HttpServerOptions,
): HttpServer {
  const drain = () => {
    state.isDraining = true;
    open.endStreams();
  };
  return {
    listen: async (host, port) => {
      state.isHostAllowed = createHostCheck(host, options.publicUrl);
      await listenOn(app, host, port);
      return boundAddress(app, host);
    },
    drain,
    close: async (graceMs) => {
      drain();
      const timer = setTimeout(() => {
        open.abortAll();
        app.server.closeAllConnections();
      }, graceMs);
      try {
        await app.close();
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** An address that works on this machine: a server bound to every interface is reached through loopback. */
async function listenOn(app: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const code = errorCode(error);
    const advice = LISTEN_ADVICE[code] ?? `Set HOST and PORT to an address of this machine that is free (${code}).`;
    throw new UsageError(`Deskhand cannot listen on ${host}:${port}. ${advice}`, { cause: error });
  }
}

const LISTEN_ADVICE: Readonly<Record<string, string>> = {
  EADDRINUSE: "Something else uses the port: stop it, or choose another, for example PORT=3001.",
  EACCES: "This user may not use the port: choose one above 1023, for example PORT=3001.",
  EADDRNOTAVAIL: "HOST is not an address of this machine.",
};

function boundAddress(app: FastifyInstance, host: string): { address: string; port: number } {
  const { port } = addressOf(app);
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return { address: `http://${name.includes(":") ? `[${name}]` : name}:${port}`, port };
}

function addressOf(app: FastifyInstance): AddressInfo {
  const address = app.server.address();
  if (address === null || typeof address === "string") throw new Error("unreachable: the server listens on a port");
  return address;
}
