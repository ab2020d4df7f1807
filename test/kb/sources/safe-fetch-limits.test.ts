import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createSafeFetch, type SafeFetch, type SafeFetchSettings } from "../../../kb/sources/safe-fetch.js";
import { localWeb } from "../../support/local-web.js";

const signal = new AbortController().signal;

/** Waits are noted and not waited for. */
function fetcher(settings: Partial<SafeFetchSettings> = {}): { readonly fetch: SafeFetch; readonly waits: number[] } {
  const waits: number[] = [];
  const fetch = createSafeFetch({
    version: "1",
    allowedPrivateHosts: ["127.0.0.1"],
    wait: (ms) => Promise.resolve(void waits.push(ms)),
    ...settings,
  });
  return { fetch, waits };
}

describe("the time limits of a fetch", () => {
  it.each([
    ["no head", { idleMs: 50 }, "sent nothing for 50 ms"],
    ["half a body", { idleMs: 50 }, "sent nothing for 50 ms"],
    ["a byte now and then", { totalMs: 200 }, "took longer than 200 ms"],
  ])("end a server that sends %s", async (kind, times, message) => {
    await using web = await localWeb((_, response) => {
      if (kind === "no head") return;
      response.writeHead(200, { "content-length": 1_000 });
      response.write("a");
      if (kind === "half a body") return;
      const timer = setInterval(() => response.write("a"), 10);
      response.once("close", () => clearInterval(timer));
    });
    const { fetch } = fetcher({ times });
    await expect(fetch(`http://127.0.0.1:${web.port}/`, {}, signal)).rejects.toMatchObject({
      failure: "timeout",
      message: expect.stringContaining(message) as string,
    });
  });

  it("end a TLS handshake that is not answered", async () => {
    const server = createServer((socket) => void socket.on("error", () => undefined)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { fetch } = fetcher({ times: { connectMs: 50 } });
    await expect(fetch(`https://127.0.0.1:${port}/`, {}, signal)).rejects.toMatchObject({
      failure: "timeout",
      message: expect.stringContaining("no connection within 50 ms") as string,
    });
    server.close();
  });

  it.each(["gzip", "br", "deflate"])("end a server that sends a %s head and no byte of its body", async (encoding) => {
    await using web = await localWeb((_, response) => {
      response.writeHead(200, { "content-encoding": encoding }).flushHeaders();
    });
    const url = `http://127.0.0.1:${web.port}/`;
    await expect(fetcher({ times: { totalMs: 100 } }).fetch(url, {}, signal)).rejects.toMatchObject({
      failure: "timeout",
      message: expect.stringContaining("took longer than 100 ms") as string,
    });
    await expect(fetcher({ times: { idleMs: 50 } }).fetch(url, {}, signal)).rejects.toMatchObject({
      failure: "timeout",
    });
    const reason = new Error("stopped by the operator");
    const stop = new AbortController();
    const asked = fetcher().fetch(url, {}, stop.signal);
    setTimeout(() => stop.abort(reason), 50);
    await expect(asked).rejects.toBe(reason);
  });

  it("give way to the caller's signal, whose reason is thrown", async () => {
    await using web = await localWeb(() => undefined);
    const stop = new AbortController();
    const { fetch } = fetcher();
    const asked = fetch(`http://127.0.0.1:${web.port}/`, {}, stop.signal);
    setTimeout(() => stop.abort(new Error("stopped by the operator")), 30);
    await expect(asked).rejects.toThrow("stopped by the operator");
  });
});

describe("trying again", () => {
  it.each([429, 502, 503, 504])("a %i is tried four times, and then told to the caller", async (status) => {
    await using web = await localWeb((_, response) => response.writeHead(status).end());
    const { fetch, waits } = fetcher();
    expect((await fetch(`http://127.0.0.1:${web.port}/`, {}, signal)).status).toBe(status);
    expect([web.requests.length, waits]).toEqual([4, [1_000, 4_000, 15_000]]);
  });

  it.each([200, 304, 401, 403, 404, 410, 500])("a %i is an answer at once", async (status) => {
    await using web = await localWeb((_, response) => response.writeHead(status).end());
    await fetcher().fetch(`http://127.0.0.1:${web.port}/`, {}, signal);
    expect(web.requests.length).toBe(1);
  });

  it("Retry-After is honoured as seconds and as a date, and one that is too long ends it", async () => {
    const now = new Date("2026-05-01T12:00:00Z");
    const answers = ["7", "Fri, 01 May 2026 12:00:30 GMT", "3600"];
    await using web = await localWeb((_, response) => {
      const retryAfter = answers[web.requests.length - 1] ?? "";
      response.writeHead(429, { "retry-after": retryAfter }).end();
    });
    const { fetch, waits } = fetcher({ clock: { now: () => now } });
    expect((await fetch(`http://127.0.0.1:${web.port}/`, {}, signal)).status).toBe(429);
    expect([web.requests.length, waits]).toEqual([3, [7_000, 30_000]]);
  });

  it("a connection that is reset is tried again; a POST is not, unless it may be repeated", async () => {
    await using web = await localWeb((request, response) => {
      if (web.requests.length % 2 === 1) request.socket.destroy();
      else response.end("second");
    });
    const url = `http://127.0.0.1:${web.port}/`;
    const { fetch } = fetcher();
    expect((await fetch(url, {}, signal)).status).toBe(200);
    await expect(fetch(url, { method: "POST", body: "x" }, signal)).rejects.toMatchObject({ failure: "unreachable" });
    web.forget();
    expect((await fetch(url, { method: "POST", body: "x", isRepeatable: true }, signal)).status).toBe(200);
  });
});

describe("a packed answer whose connection is reset", () => {
  const packed = gzipSync("What stands on the page. ".repeat(1_000));

  it.each([
    ["before its first byte", 0],
    ["in the middle", packed.length >> 1],
    ["after its last byte, when more was announced", packed.length],
  ])("%s is no answer, and is tried again", async (_when, length) => {
    await using web = await localWeb((request, response) => {
      const isFirst = web.requests.length === 1;
      response.writeHead(200, { "content-encoding": "gzip", "content-length": packed.length + (isFirst ? 1 : 0) });
      if (!isFirst) return void response.end(packed);
      response.flushHeaders();
      response.write(packed.subarray(0, length));
      setTimeout(() => request.socket.destroy(), 30);
    });
    const url = `http://127.0.0.1:${web.port}/`;
    const once = fetcher({ retries: { waitsMs: [] } });
    await expect(once.fetch(url, {}, signal)).rejects.toMatchObject({ failure: "unreachable" });
    web.forget();
    const { fetch, waits } = fetcher();
    expect((await fetch(url, {}, signal)).bytes.length).toBe(25_000);
    expect(waits).toEqual([1_000]);
  });

  it("is no answer either when it is sent in chunks; one that the sender ends without a byte is empty", async () => {
    await using web = await localWeb((request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).flushHeaders();
      if (request.url === "/empty") response.end();
      else setTimeout(() => request.socket.destroy(), 30);
    });
    const { fetch } = fetcher({ retries: { waitsMs: [] } });
    const url = `http://127.0.0.1:${web.port}`;
    await expect(fetch(`${url}/reset`, {}, signal)).rejects.toMatchObject({ failure: "unreachable" });
    await expect(fetch(`${url}/empty`, {}, signal)).resolves.toMatchObject({ status: 200, bytes: Buffer.alloc(0) });
  });
});

describe("the pace", () => {
  it("no more requests than allowed go to a host at once, and all are answered", async () => {
    let open = 0;
    let most = 0;
    await using web = await localWeb((_, response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        response.end();
      }, 10);
    });
    const { fetch } = fetcher({ pacing: { maxConcurrent: 3 } });
    await Promise.all(Array.from({ length: 20 }, () => fetch(`http://127.0.0.1:${web.port}/`, {}, signal)));
    expect([most, web.requests.length]).toEqual([3, 20]);
  });

  it("between the beginnings of two requests to a host lies the larger of both gaps", async () => {
    const at = new Date(1_000_000);
    await using web = await localWeb((_, response) => response.end());
    const { fetch, waits } = fetcher({ pacing: { minGapMs: 200 }, clock: { now: () => at } });
    const url = `http://127.0.0.1:${web.port}/`;
    await fetch(url, {}, signal);
    await fetch(url, { minGapMs: 500 }, signal);
    await fetch(url, {}, signal);
    expect(waits).toEqual([200, 700]);
  });

  it("who gives up while waiting for a turn does not take it", async () => {
    const held: (() => void)[] = [];
    await using web = await localWeb((_, response) => void held.push(() => response.end()));
    const { fetch } = fetcher({ pacing: { maxConcurrent: 1 } });
    const url = `http://127.0.0.1:${web.port}/`;
    const stop = new AbortController();
    const first = fetch(url, {}, signal);
    const second = fetch(url, {}, stop.signal);
    const third = fetch(url, {}, signal);
    await expect.poll(() => held.length).toBe(1);
    stop.abort(new Error("given up"));
    await expect(second).rejects.toThrow("given up");
    held[0]?.();
    await first;
    await expect.poll(() => held.length).toBe(2);
    held[1]?.();
    expect((await third).status).toBe(200);
  });
});
