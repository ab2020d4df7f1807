import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHttpServer, type HttpServer, type HttpServerOptions } from "../../../infra/http/http-server.js";
import { createMetrics } from "../../../infra/telemetry/metrics.js";
import { NotFoundError, UsageError } from "../../../src/ports/errors.js";
import type { HttpRequest, HttpResponse, HttpRoute } from "../../../src/ports/http.js";
import type { Logger, LogFields } from "../../../src/ports/logger.js";

const servers: HttpServer[] = [];
const logged: { event: string; fields: LogFields }[] = [];
const logger: Logger = {
  info: (event, fields = {}) => logged.push({ event, fields }),
  warn: (event, fields = {}) => logged.push({ event, fields }),
  error: (event, fields = {}) => logged.push({ event, fields }),
};

function route(handle: HttpRoute["handle"], more: Partial<HttpRoute> = {}): HttpRoute {
  return { method: "POST", path: "/try/:name", handle, ...more };
}

async function serverWith(options: Partial<HttpServerOptions> = {}): Promise<{ address: string; server: HttpServer }> {
  const server = await createHttpServer({
    routes: [],
    staticRoot: null,
    readiness: [],
    metrics: createMetrics({ withProcessMetrics: false }),
    logger,
    publicUrl: null,
    ...options,
  });
  servers.push(server);
  const { address } = await server.listen("127.0.0.1", 0);
  return { address, server };
}

/** `fetch` does not let a caller choose the Host header. */
function statusWithHost(address: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${address}/healthz`, { headers: { host }, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on("error", reject);
    request.end();
  });
}

beforeEach(() => {
  logged.length = 0;
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close(100)));
});

describe("a route", () => {
  it("gets the raw body, parameters, query and headers", async () => {
    const seen: HttpRequest[] = [];
    const handle = (request: HttpRequest): Promise<HttpResponse> => {
      seen.push(request);
      return Promise.resolve({ status: 201, headers: { "x-answer": "yes" }, body: "made" });
    };
    const { address } = await serverWith({ routes: [route(handle)] });
    const response = await fetch(`${address}/try/a%20b?x=1&x=2`, {
      method: "POST",
      body: '{"not": parsed',
      headers: { "content-type": "application/json", "x-signature": "v0" },
    });
    expect([response.status, response.headers.get("x-answer"), await response.text()]).toEqual([201, "yes", "made"]);
    expect(seen[0]).toMatchObject({ method: "POST", path: "/try/a%20b", params: { name: "a b" } });
    expect(seen[0]?.body.toString()).toBe('{"not": parsed');
    expect(seen[0]?.query.getAll("x")).toEqual(["1", "2"]);
    expect(seen[0]?.headers["x-signature"]).toBe("v0");
  });

  it("gets an empty body when there is none", async () => {
    const handle = (request: HttpRequest) => Promise.resolve({ status: 200, body: String(request.body.length) });
    const { address } = await serverWith({ routes: [route(handle, { method: "GET" })] });
    expect(await (await fetch(`${address}/try/x`)).text()).toBe("0");
  });

  it("is not called with a body over its limit", async () => {
    const { address } = await serverWith({
      routes: [route(() => Promise.resolve({ status: 200 }), { bodyLimit: 10 })],
    });
    const response = await fetch(`${address}/try/x`, { method: "POST", body: "x".repeat(11) });
    expect([response.status, await response.json()]).toEqual([
      413,
      { error: "too-large", reference: expect.any(String) as string },
    ]);
  });

  it.each([
    [new Error("the password is hunter2"), 500, "internal"],
    [new NotFoundError("no such secret thing"), 404, "not-found"],
    [new UsageError("secret thing is wrong"), 400, "bad-request"],
  ])("that fails with %s answers with a fixed word and a reference", async (error, status, word) => {
    const { address } = await serverWith({ routes: [route(() => Promise.reject(error))] });
    const response = await fetch(`${address}/try/x`, { method: "POST" });
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(Object.keys(JSON.parse(text) as object)).toEqual(["error", "reference"]);
    expect(text).toContain(`"error":"${word}"`);
    expect(text + JSON.stringify(logged)).not.toMatch(/secret|hunter2/u);
  });

  it("that never answers is cut off and its signal aborts", async () => {
    let signal: AbortSignal | null = null;
    const handle = (request: HttpRequest) => {
      signal = request.signal;
      return new Promise<never>(() => undefined);
    };
    const { address } = await serverWith({ routes: [route(handle)], requestTimeoutMs: 20 });
    const response = await fetch(`${address}/try/x`, { method: "POST" });
    expect([response.status, signal!.aborted]).toEqual([503, true]);
  });

  it("learns that its client has gone away", async () => {
    let onStart: (signal: AbortSignal) => void = () => undefined;
    const start = new Promise<AbortSignal>((resolve) => (onStart = resolve));
    const handle = (request: HttpRequest) => {
      onStart(request.signal);
      return new Promise<never>(() => undefined);
    };
    const { address } = await serverWith({ routes: [route(handle)] });
    const client = new AbortController();
    const response = fetch(`${address}/try/x`, { method: "POST", signal: client.signal });
    const signal = await start;
    client.abort();
    await expect(response).rejects.toThrow(/abort/u);
    if (!signal.aborted) await once(signal, "abort");
    expect(signal.aborted).toBe(true);
  });
});

describe("a stream", () => {
  it("sends its headers before its first byte, then what comes", async () => {
    const body = new PassThrough();
    const headers = { "content-type": "text/event-stream" };
    const { address } = await serverWith({
      routes: [route(() => Promise.resolve({ status: 200, headers, body }), { method: "GET" })],
    });
    const response = await fetch(`${address}/try/x`);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    body.write("data: 1\n\n");
    const reader = response.body!.getReader();
    expect(Buffer.from((await reader.read()).value).toString()).toBe("data: 1\n\n");
    body.end();
    expect((await reader.read()).done).toBe(true);
  });

  it("is ended in good order when the server drains", async () => {
    const body = new PassThrough();
    const { address, server } = await serverWith({
      routes: [route(() => Promise.resolve({ status: 200, body }), { method: "GET" })],
    });
    const response = await fetch(`${address}/try/x`);
    body.write("last");
    const text = response.text();
    await server.close(1000);
    await expect(text).resolves.toBe("last");
    expect(body.destroyed).toBe(true);
  });

  it("arrives whole, however large, at a slow reader", async () => {
    const part = "x".repeat(200_000);
    const { address } = await serverWith({
      routes: [
        route(() => Promise.resolve({ status: 200, body: Readable.from(Array.from({ length: 20 }, () => part)) }), {
          method: "GET",
        }),
      ],
    });
    const response = await fetch(`${address}/try/x`);
    expect((await response.text()).length).toBe(4_000_000);
  });

  it("that breaks off is cut, not ended as if it were whole, and logged", async () => {
    const body = new PassThrough();
    const { address } = await serverWith({
      routes: [route(() => Promise.resolve({ status: 200, body }), { method: "GET" })],
    });
    const response = await fetch(`${address}/try/x`);
    body.write("first");
    const text = response.text();
    body.destroy(new Error("hunter2"));
    await expect(text).rejects.toThrow(/terminated/u);
    expect(logged).toEqual([
      {
        event: "request failed",
        fields: expect.objectContaining({ route: "/try/:name", code: "Error" }) as LogFields,
      },
    ]);
  });

  it("stops its source when the client goes away", async () => {
    const body = new PassThrough();
    const { address } = await serverWith({
      routes: [route(() => Promise.resolve({ status: 200, body }), { method: "GET" })],
    });
    const client = new AbortController();
    await fetch(`${address}/try/x`, { signal: client.signal });
    client.abort();
    if (!body.destroyed) await once(body, "close");
    expect(body.destroyed).toBe(true);
  });
});

describe("health", () => {
  it("is alive and ready when every check passes", async () => {
    const { address } = await serverWith({ readiness: [{ name: "database", run: () => Promise.resolve() }] });
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${address}/readyz`)).json()).toEqual({ status: "ready" });
  });

  it("names the checks that failed or hang", async () => {
    const readiness = [
      { name: "database", run: () => Promise.reject(new Error("no")) },
      { name: "migrations", run: () => Promise.resolve() },
      { name: "queue", run: () => new Promise<never>(() => undefined) },
    ];
    const { address } = await serverWith({ readiness });
    const response = await fetch(`${address}/readyz`);
    expect([response.status, await response.json()]).toEqual([
      503,
      { status: "not-ready", failed: ["database", "queue"] },
    ]);
  });

  it("refuses new work while draining but stays alive", async () => {
    const { address, server } = await serverWith({ routes: [route(() => Promise.resolve({ status: 200 }))] });
    server.drain();
    const response = await fetch(`${address}/try/x`, { method: "POST" });
    expect([response.status, response.headers.get("connection")]).toEqual([503, "close"]);
    expect((await fetch(`${address}/readyz`)).status).toBe(503);
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
  });

  it("shows its metrics by route, not by address", async () => {
    const { address } = await serverWith({ routes: [route(() => Promise.resolve({ status: 200 }))] });
    await (await fetch(`${address}/try/private-name`, { method: "POST" })).text();
    const text = await (await fetch(`${address}/metrics`)).text();
    expect(text).toMatch(/deskhand_http_request_seconds_count\{route="\/try\/:name",status="200"\} 1/u);
    expect(text).not.toContain("private-name");
  });

  it("shows its metrics to this machine only, or to who has the token", async () => {
    const token = "0123456789abcdef0123456789abcdef";
    const { address } = await serverWith({ metricsToken: token });
    const forwarded = { "x-forwarded-for": "203.0.113.9" };
    const statusWith = async (headers: Record<string, string>) =>
      (await fetch(`${address}/metrics`, { headers })).status;
    await expect(statusWith(forwarded)).resolves.toBe(401);
    await expect(statusWith({ ...forwarded, authorization: `Bearer ${token}` })).resolves.toBe(200);
    await expect(statusWith({})).resolves.toBe(200);
  });

  it("waits for a running request when it closes", async () => {
    let finish: (response: HttpResponse) => void = () => undefined;
    let onStart: () => void = () => undefined;
    const started = new Promise<void>((resolve) => (onStart = resolve));
    const handle = () => {
      onStart();
      return new Promise<HttpResponse>((resolve) => (finish = resolve));
    };
    const { address, server } = await serverWith({ routes: [route(handle)] });
    const response = fetch(`${address}/try/x`, { method: "POST" });
    await started;
    const closed = server.close(5000);
    finish({ status: 200, body: "done" });
    expect(await (await response).text()).toBe("done");
    await closed;
  });
});

describe("the names a server answers to", () => {
  it("are its own on a loopback address", async () => {
    const { address } = await serverWith({ publicUrl: "https://help.example" });
    const port = new URL(address).port;
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, "help.example"]) {
      await expect(statusWithHost(address, host)).resolves.toBe(200);
    }
    for (const host of ["evil.example", `evil.example:${port}`, "localhost.evil.example", "localhost@evil.example"]) {
      await expect(statusWithHost(address, host)).resolves.toBe(421);
    }
  });
});

describe("the console's files", () => {
  let root = "";
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "deskhand-static-"));
    await mkdir(join(root, "assets"));
    await writeFile(join(root, "index.html"), "<title>Deskhand</title>");
    await writeFile(join(root, "assets", "index-Ab12_Cd3.js"), "1");
    await writeFile(join(root, "..", "deskhand-outside.txt"), "outside");
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it("are served with long caching only where the name holds a hash", async () => {
    const { address } = await serverWith({ staticRoot: root });
    const asset = await fetch(`${address}/assets/index-Ab12_Cd3.js`);
    expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    const page = await fetch(`${address}/`);
    expect([page.status, page.headers.get("cache-control")]).toEqual([200, "no-cache"]);
    expect(page.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  });

  it("fall back to the page for addresses of the page, and only for those", async () => {
    const { address } = await serverWith({ staticRoot: root });
    const accept = { headers: { accept: "text/html" } };
    const page = await fetch(`${address}/agents/handoffs`, accept);
    expect([page.status, await page.text()]).toEqual([200, "<title>Deskhand</title>"]);
    expect((await fetch(`${address}/assets/gone.js`, accept)).status).toBe(404);
    expect((await fetch(`${address}/api/unknown`)).status).toBe(404);
    expect((await fetch(`${address}/agents`, { method: "POST", ...accept })).status).toBe(404);
  });

  it("end at their folder", async () => {
    const { address } = await serverWith({ staticRoot: root });
    for (const path of [
      "/..%2fdeskhand-outside.txt",
      "/assets/..%2f..%2fdeskhand-outside.txt",
      "/%2e%2e/deskhand-outside.txt",
    ]) {
      expect(await (await fetch(`${address}${path}`)).text()).not.toContain("outside\n");
      expect((await fetch(`${address}${path}`)).status).toBeGreaterThanOrEqual(400);
    }
  });
});
