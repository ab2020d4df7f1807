import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { brotliCompressSync, constants, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createAddressPolicy } from "../../../kb/sources/http/address-policy.js";
import { refusePrivatePeer } from "../../../kb/sources/http/safe-connection.js";
import { createSafeFetch, type SafeFetch, type SafeFetchSettings } from "../../../kb/sources/safe-fetch.js";
import { LOCAL_CERTIFICATE, localNames, localWeb } from "../../support/local-web.js";

const signal = new AbortController().signal;
const NAMES = ["docs.test", "other.test"];

/** Two names that mean this machine and may. Nothing is tried again unless a test says so. */
function fetcher(settings: Partial<SafeFetchSettings> = {}): SafeFetch {
  return createSafeFetch({
    version: "1.2.3",
    allowedPrivateHosts: NAMES,
    resolve: localNames(Object.fromEntries(NAMES.map((name) => [name, [["127.0.0.1"]]]))).resolve,
    retries: { waitsMs: [] },
    ...settings,
  });
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe("a safe fetch", () => {
  it("gives status, headers, unpacked bytes and the final address, and says who asks", async () => {
    await using web = await localWeb((request, response) => {
      if (request.url === "/a") response.writeHead(301, { location: "/b?x=1#part" }).end();
      else response.writeHead(404, { "Content-Encoding": "gzip", "X-Note": "n" }).end(gzipSync("not here"));
    });
    const response = await fetcher()(`http://docs.test.:${web.port}/a#top`, {}, signal);
    expect(response).toMatchObject({
      status: 404,
      url: `http://docs.test:${web.port}/b?x=1`,
      headers: { "x-note": "n" },
    });
    expect(text(response.bytes)).toBe("not here");
    expect(web.requests[0]?.headers["user-agent"]).toBe("Deskhand/1.2.3");
  });

  it.each([
    ["gzip", gzipSync],
    ["br", (zeros: Buffer) => brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
    ["deflate", deflateSync],
  ] as const)("stops a %s bomb at the limit", async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(60_000_000));
    await using web = await localWeb((_, response) => {
      response.writeHead(200, { "content-encoding": encoding }).end(bomb);
    });
    const before = process.memoryUsage().rss;
    await expect(fetcher()(`http://docs.test:${web.port}/`, { maxBytes: 1_000_000 }, signal)).rejects.toMatchObject({
      failure: "too-large",
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });

  it("stops a body without an end, and one whose announced length is too large before it is sent", async () => {
    await using web = await localWeb((request, response) => {
      if (request.url === "/announced") {
        response.writeHead(200, { "content-length": 2_000_001 }).flushHeaders();
        return;
      }
      const write = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on("drain", write);
      write();
    });
    for (const place of ["endless", "announced"]) {
      const asked = fetcher()(`http://docs.test:${web.port}/${place}`, { maxBytes: 2_000_000 }, signal);
      await expect(asked).rejects.toMatchObject({ failure: "too-large" });
    }
  });

  it("refuses headers without measure, encodings that were not asked for, and data that cannot be unpacked", async () => {
    await using web = await localWeb((request, response) => {
      const kind = request.url?.slice(1) ?? "";
      if (kind === "headers") response.setHeader("x-long", "a".repeat(40_000)).end();
      else if (kind === "cut")
        response.setHeader("content-encoding", "gzip").end(gzipSync("x".repeat(99)).subarray(0, 20));
      else response.setHeader("content-encoding", kind).end("plain text, and the secret");
    });
    const failures: unknown[] = [];
    for (const kind of ["headers", "zstd", "gzip", "gzip, gzip", "cut"]) {
      await fetcher()(`http://docs.test:${web.port}/${kind}`, {}, signal).catch((error: unknown) =>
        failures.push(error),
      );
    }
    expect(failures).toMatchObject([
      { failure: "too-large" },
      ...Array.from({ length: 4 }, () => ({ failure: "bad-encoding" })),
    ]);
    expect(failures.map(String).join("\n")).not.toContain("secret");
  });

  it("follows five redirects and not a sixth, nor a circle", async () => {
    await using web = await localWeb((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end("there");
      else response.writeHead(302, { location: left === 9 ? "/9" : `/${left - 1}` }).end();
    });
    const fetch = fetcher();
    expect(text((await fetch(`http://docs.test:${web.port}/5`, {}, signal)).bytes)).toBe("there");
    for (const start of [6, 9]) {
      await expect(fetch(`http://docs.test:${web.port}/${start}`, {}, signal)).rejects.toMatchObject({
        failure: "too-many-redirects",
      });
    }
  });

  it("tells what was meant for one origin to no other, not even on the way back", async () => {
    await using web = await localWeb((request, response) => {
      const port = web.port;
      if (request.url === "/start") response.writeHead(302, { location: `http://other.test:${port}/on` }).end();
      else if (request.url === "/on") response.writeHead(302, { location: `http://docs.test:${port}/back` }).end();
      else response.end();
    });
    const headers = { Authorization: "Bearer x", Cookie: "s=1", "X-Api-Key": "k", Accept: "text/html" };
    await fetcher()(`http://docs.test:${web.port}/start`, { headers }, signal);
    const seen = web.requests.map(({ headers: h }) => [h.authorization, h.cookie, h["x-api-key"], h.accept]);
    expect(seen).toEqual([
      ["Bearer x", "s=1", "k", "text/html"],
      [undefined, undefined, undefined, "text/html"],
      [undefined, undefined, undefined, "text/html"],
    ]);
  });

  it("takes https to http and another port for another origin", async () => {
    await using plain = await localWeb((_, response) => response.end());
    await using secure = await localWeb(
      (_, response) => response.writeHead(302, { location: `http://docs.test:${plain.port}/` }).end(),
      { isSecure: true },
    );
    const fetch = fetcher({ trusted: [LOCAL_CERTIFICATE] });
    await fetch(`https://docs.test:${secure.port}/`, { headers: { authorization: "Bearer x" } }, signal);
    expect(plain.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it("does not send a body on to another origin", async () => {
    await using web = await localWeb((request, response) => {
      if (request.url === "/take") response.end();
      else response.writeHead(307, { location: `http://other.test:${web.port}/take` }).end();
    });
    const sent = fetcher()(`http://docs.test:${web.port}/`, { method: "POST", body: "client_secret=1" }, signal);
    await expect(sent).rejects.toMatchObject({ failure: "bad-redirect" });
    expect(web.requests.map(({ url }) => url)).toEqual(["/"]);
  });

  it("asks the caller whether a redirect may be followed, and whether the body is wanted", async () => {
    await using web = await localWeb((request, response) => {
      if (request.url === "/away") response.writeHead(302, { location: `http://other.test:${web.port}/` }).end();
      else response.setHeader("content-type", "video/mp4").end("film");
    });
    const fetch = fetcher();
    await expect(
      fetch(`http://docs.test:${web.port}/away`, { mayFollow: (to) => to.hostname === "docs.test" }, signal),
    ).rejects.toMatchObject({ failure: "refused-redirect", redirectedTo: `http://other.test:${web.port}/` });
    const { bytes } = await fetch(
      `http://docs.test:${web.port}/film`,
      { wantsBody: ({ headers }) => headers["content-type"] !== "video/mp4" },
      signal,
    );
    expect(bytes.length).toBe(0);
  });

  it.each([
    ["ftp://docs.test/", "bad-scheme"],
    ["file:///etc/passwd", "bad-scheme"],
    ["gopher://127.0.0.1:6379/_x", "bad-scheme"],
    ["https://user@docs.test/", "credentials-in-url"],
    ["docs.test", "bad-url"],
    [`https://docs.test/${"a".repeat(4_000)}`, "bad-url"],
    ["http://metadata.google.internal/", "blocked-address"],
    ["http://LOCALHOST./", "blocked-address"],
    ["http://a.localhost/", "blocked-address"],
    ["http://printer.local/", "blocked-address"],
  ])("refuses %s: %s", async (url, failure) => {
    await expect(fetcher()(url, {}, signal)).rejects.toMatchObject({ name: "FetchError", failure });
  });

  it("refuses a redirect to another scheme, and a header with a line break", async () => {
    await using web = await localWeb((_, response) =>
      response.writeHead(302, { location: "file:///etc/passwd" }).end(),
    );
    const url = `http://docs.test:${web.port}/`;
    await expect(fetcher()(url, {}, signal)).rejects.toMatchObject({ failure: "bad-scheme" });
    await expect(fetcher()(url, { headers: { authorization: "a\r\nx: s3cret" } }, signal)).rejects.toMatchObject({
      failure: "bad-header",
      message: expect.not.stringContaining("s3cret") as string,
    });
  });

  it("names a certificate that is not trusted, a name that is not known and a port that nothing listens on", async () => {
    await using secure = await localWeb((_, response) => response.end(), { isSecure: true });
    const gone = await localWeb(() => undefined);
    await gone[Symbol.asyncDispose]();
    const fetch = fetcher();
    const rejects = async (url: string, failure: string): Promise<void> =>
      expect(fetch(url, {}, signal)).rejects.toMatchObject({ failure });
    await rejects(`https://docs.test:${secure.port}/`, "bad-certificate");
    await rejects("https://nowhere.example/", "unknown-host");
    await expect(fetch("https://nowhere.invalid/", {}, signal)).rejects.toMatchObject({
      failure: "unknown-host",
      message: expect.stringContaining("nowhere.invalid does not resolve") as string,
    });
    await rejects(`http://docs.test:${gone.port}/`, "unreachable");
    expect(secure.requests).toEqual([]);
  });
});

describe("the last check of a connection", () => {
  it("ends a socket whose other side is not public before anything is sent", async () => {
    const received: Buffer[] = [];
    const server = createServer((socket) => socket.on("data", (piece) => received.push(piece))).listen(0, "127.0.0.1");
    await once(server, "listening");
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    await once(socket, "connect");
    refusePrivatePeer(createAddressPolicy([]), "docs.example", socket);
    const [error] = (await once(socket, "error").catch((thrown: unknown) => [thrown])) as [unknown];
    server.close();
    expect(error).toMatchObject({ failure: "blocked-address" });
    expect(received).toEqual([]);
  });
});
