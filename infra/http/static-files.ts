import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** What the bundler put a content hash into never changes under its name. */
const HASHED = /\/assets\/[^/]+-[\w-]{8,}\.\w+$/u;
const YEAR_SECONDS = 31_536_000;

/** Serves the console's files from `root`. */
export async function serveStaticFiles(app: FastifyInstance, root: string): Promise<void> {
  await app.register(fastifyStatic, {
    root,
    wildcard: true,
    index: ["index.html"],
    cacheControl: false,
    setHeaders: (response, path) => {
      const caching = HASHED.test(path.replaceAll("\\", "/"))
        ? `public, max-age=${YEAR_SECONDS}, immutable`
        : "no-cache";
      response.setHeader("cache-control", caching);
    },
  });
}

/** Whether a request that found nothing is a person opening a page of the console, which the page itself resolves. */
export function isPageRequest(request: FastifyRequest): boolean {
  const path = request.url.split("?", 1)[0] ?? "/";
  const lastPart = path.slice(path.lastIndexOf("/") + 1);
  return request.method === "GET" && !lastPart.includes(".") && (request.headers.accept ?? "").includes("text/html");
}

/** Sends the console's page. */
export async function sendPage(reply: FastifyReply, root: string): Promise<void> {
  await reply.header("cache-control", "no-cache").sendFile("index.html", join(root));
}
