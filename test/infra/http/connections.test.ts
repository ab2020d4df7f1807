import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { PassThrough } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { CONNECTION_LIMITS, type ConnectionLimits } from "../../../infra/http/connection-limits.js";
import { createHttpServer, type HttpServer } from "../../../infra/http/http-server.js";
import { createMetrics } from "../../../infra/telemetry/metrics.js";
import type { HttpRoute } from "../../../src/ports/http.js";
import { silentLogger } from "../../support/silent-logger.js";

const BODY_LIMIT = 64 * 1024;
const KILOBYTE = "a".repeat(1024);
/** Far more than what an operating system holds for two ends of a connection. */
const TOO_MUCH = 200 * 1024 * 1024;
const SHORT: ConnectionLimits = { ...CONNECTION_LIMITS, headersMs: 60, requestMs: 120, checkMs: 10 };
const MINUTE_MS = 60_000;

const servers: HttpServer[] = [];
const sockets: Socket[] = [];
let handled = 0;

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => server.close(100)));
  handled = 0;
});

const TAKE: HttpRoute = {
  method: "POST",
  path: "/take",
  bodyLimit: BODY_LIMIT,
  handle: () => {
    handled += 1;
    return Promise.resolve({ status: 200 });
  },
};

async function serve(connectionLimits?: ConnectionLimits, routes: readonly HttpRoute[] = [TAKE]): Promise<string> {
  const server = await createHttpServer({
    routes,
    staticRoot: null,
    readiness: [],
    metrics: createMetrics({ withProcessMetrics: false }),
    logger: silentLogger,
    publicUrl: null,
    ...(connectionLimits === undefined ? {} : { connectionLimits }),
  });
  servers.push(server);
  return (await server.listen("127.0.0.1", 0)).address;
}

interface Client {
  readonly socket: Socket;
  /** What the server sent until it closed the connection. */
  readonly received: Promise<string>;
}

async function open(address: string): Promise<Client> {
  const socket = connect(Number(new URL(address).port), "127.0.0.1");
  sockets.push(socket);
  const parts: Buffer[] = [];
  socket.on("data", (part: Buffer) => parts.push(part));
  // A server that does not read on resets the connection.
  socket.on("error", () => undefined);
  const received = new Promise<string>((resolve) => {
    socket.once("close", () => resolve(Buffer.concat(parts).toString()));
  });
  await once(socket, "connect");
  return { socket, received };
}

function head(address: string, method: string, path: string, ...headers: readonly string[]): string {
  return [`${method} ${path} HTTP/1.1`, `host: ${new URL(address).host}`, ...headers, "", ""].join("\r\n");
}

function status(received: string): string | undefined {
  return /^HTTP\/1\.1 (\d{3})/u.exec(received)?.[1];
}

/** Sends until the server has closed the connection or so many bytes are out; resolves with how many are. */
async function flood(socket: Socket, part: string): Promise<number> {
  let sent = 0;
  while (!socket.destroyed && sent < TOO_MUCH) {
    sent += part.length;
    if (!socket.write(part)) await drained(socket);
  }
  return sent;
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off("drain", done);
      socket.off("close", done);
      resolve();
    };
    socket.on("drain", done);
    socket.on("close", done);
  });
}

describe("a request that comes slowly (SIG-09)", () => {
  it("is cut after ten seconds at most, headers sooner", () => {
    const { headersMs, requestMs, checkMs } = CONNECTION_LIMITS;
    expect(requestMs + checkMs).toBeLessThanOrEqual(10_000);
    expect(headersMs).toBeLessThan(requestMs);
  });

  it.each([
    ["that sends nothing", ""],
    ["whose headers do not end", "POST /take HTTP/1.1\r\nhost: "],
  ])("%s is cut when the time for headers is over", async (_, words) => {
    const address = await serve({ ...SHORT, requestMs: MINUTE_MS });
    const { socket, received } = await open(address);
    socket.write(words);
    expect(["408", undefined]).toContain(status(await received));
    expect(handled).toBe(0);
  });

  it("whose body comes byte by byte is cut when the time for the whole is over", async () => {
    const address = await serve(SHORT);
    const { socket, received } = await open(address);
    socket.write(head(address, "POST", "/take", `content-length: ${BODY_LIMIT}`));
    const dripping = setInterval(() => socket.write("a"), 5);
    try {
      expect(status(await received)).toBe("408");
    } finally {
      clearInterval(dripping);
    }
    expect(handled).toBe(0);
  });
});

describe("a stream", () => {
  it("stays open for longer than a request may take to come", async () => {
    const body = new PassThrough();
    const stream: HttpRoute = {
      method: "GET",
      path: "/events",
      handle: () => Promise.resolve({ status: 200, headers: { "content-type": "text/event-stream" }, body }),
    };
    const address = await serve(SHORT, [TAKE, stream]);
    const response = await fetch(`${address}/events`);

    // By the time that this one is cut, the stream is older than every limit.
    const slow = await open(address);
    slow.socket.write(head(address, "POST", "/take", `content-length: ${BODY_LIMIT}`));
    await slow.received;
    await (
      await open(address)
    ).received;

    body.end("data: still here\n\n");
    await expect(response.text()).resolves.toBe("data: still here\n\n");
  });
});

describe("more connections than there may be", () => {
  it("are closed as they open, until others end", async () => {
    const address = await serve({ ...SHORT, headersMs: MINUTE_MS, requestMs: MINUTE_MS, connections: 2 });
    const [first, second] = [await open(address), await open(address)];
    const third = await open(address);
    await expect(third.received).resolves.toBe("");

    first.socket.write(head(address, "POST", "/take", "content-length: 0", "connection: close"));
    expect(status(await first.received)).toBe("200");
    const fourth = await open(address);
    fourth.socket.write(head(address, "POST", "/take", "content-length: 0", "connection: close"));
    expect(status(await fourth.received)).toBe("200");
    expect(second.socket.destroyed).toBe(false);
  });
});

describe("a body over the limit (SIG-08)", () => {
  it("is refused by the length that it says, before any of it comes", async () => {
    const address = await serve();
    const { socket, received } = await open(address);
    socket.write(head(address, "POST", "/take", "content-type: application/json", "content-length: 314572800"));
    expect(status(await received)).toBe("413");
    expect(handled).toBe(0);
  });

  it("is not read on when it is sent nevertheless", async () => {
    const address = await serve();
    const { socket, received } = await open(address);
    socket.write(head(address, "POST", "/take", `content-length: ${TOO_MUCH}`));
    expect(await flood(socket, KILOBYTE.repeat(64))).toBeLessThan(TOO_MUCH / 10);
    await received;
    expect(handled).toBe(0);
  });

  it("that says no length is cut once it is over the limit", async () => {
    const address = await serve();
    const { socket, received } = await open(address);
    socket.write(head(address, "POST", "/take", "transfer-encoding: chunked"));
    socket.write(`${BODY_LIMIT.toString(16)}\r\n${"a".repeat(BODY_LIMIT)}\r\n`);
    socket.write("1\r\na\r\n");
    expect(status(await received)).toBe("413");
    expect(handled).toBe(0);
  });

  it("that says no length is not read on", async () => {
    const address = await serve();
    const { socket, received } = await open(address);
    socket.write(head(address, "POST", "/take", "transfer-encoding: chunked"));
    expect(await flood(socket, `400\r\n${KILOBYTE}\r\n`)).toBeLessThan(TOO_MUCH / 10);
    await received;
    expect(handled).toBe(0);
  });
});
