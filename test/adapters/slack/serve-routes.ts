import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { HttpRequest, HttpRoute } from "../../../src/ports/http.js";

export interface ServedRoutes extends AsyncDisposable {
  readonly url: string;
}

/** Serves an adapter's routes on a port of this machine, bodies raw, as the product's server does. */
export async function serveRoutes(routes: readonly HttpRoute[]): Promise<ServedRoutes> {
  const server = createServer((request, response) => void serve(routes, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(routes: readonly HttpRoute[], incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const request = await toRequest(incoming);
  const route = routes.find(({ method, path }) => method === request.method && path === request.path);
  if (route === undefined) {
    outgoing.writeHead(404).end();
    return;
  }
  const { status, headers, body } = await route.handle(request);
  outgoing.writeHead(status, headers);
  outgoing.end(typeof body === "string" || Buffer.isBuffer(body) ? body : "");
}

async function toRequest(incoming: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const url = new URL(incoming.url ?? "/", "http://localhost");
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: incoming.method ?? "GET",
    path: url.pathname,
    params: {},
    query: url.searchParams,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(chunks),
    remoteAddress: "127.0.0.1",
    signal: new AbortController().signal,
  };
}
