import { createHash } from "node:crypto";
import { localWeb, type LocalWeb, type LocalWebOptions } from "./local-web.js";

export interface SitePage {
  readonly body?: string | Uint8Array;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** False: sent whole every time. */
  readonly hasEtag?: boolean;
}

/** A website whose pages a test writes and takes away, with ETags as a good server gives them. */
export interface LocalSite extends AsyncDisposable {
  readonly web: LocalWeb;
  /** Under the name docs.test. */
  readonly origin: string;
  readonly pages: Map<string, SitePage>;
  /** What answers in place of every page, for example a sign-in. */
  instead: SitePage | null;
  /** Paths that were answered with a body since they were last forgotten. */
  readonly downloads: readonly string[];
  forget(): void;
}

export async function localSite(
  pages: Readonly<Record<string, string | SitePage>> = {},
  options: LocalWebOptions = {},
): Promise<LocalSite> {
  const entries = Object.entries(pages).map(
    ([path, page]) => [path, typeof page === "string" ? { body: page } : page] as const,
  );
  const held = new Map<string, SitePage>(entries);
  const downloads: string[] = [];
  const state: { instead: SitePage | null } = { instead: null };
  const web = await localWeb((request, response) => {
    const path = request.url ?? "/";
    const page = state.instead !== null && path !== "/robots.txt" ? state.instead : held.get(path);
    const { body = "", status = 200, headers = {}, hasEtag = true } = page ?? { status: 404 };
    const etag = `"${createHash("sha256").update(body).digest("hex").slice(0, 16)}"`;
    if (hasEtag && status === 200) response.setHeader("etag", etag);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (!response.hasHeader("content-type")) response.setHeader("content-type", "text/html; charset=utf-8");
    if (hasEtag && status === 200 && request.headers["if-none-match"] === etag) {
      response.writeHead(304).end();
      return;
    }
    if (status === 200) downloads.push(path);
    response.writeHead(status).end(body);
  }, options);
  return {
    web,
    origin: `http://docs.test:${web.port}`,
    pages: held,
    downloads,
    get instead() {
      return state.instead;
    },
    set instead(page) {
      state.instead = page;
    },
    forget() {
      downloads.splice(0);
      web.forget();
    },
    [Symbol.asyncDispose]: () => web[Symbol.asyncDispose](),
  };
}

/** A page with text of its own, and links. */
export function page(title: string, links: readonly string[] = [], head = ""): string {
  const list = links.map((link) => `<li><a href="${link}">${link}</a></li>`).join("");
  return `<!doctype html><html><head><title>${title}</title>${head}</head><body><nav><ul>${list}</ul></nav>
<main><h1>${title}</h1><p>Here stands all there is to say about ${title}, and nothing else.</p></main></body></html>`;
}

export function sitemap(urls: readonly string[]): SitePage {
  const entries = urls.map((url) => `<url><loc>${url}</loc></url>`).join("");
  const body = `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${entries}</urlset>`;
  return { body, headers: { "content-type": "application/xml" } };
}

export function sitemapIndex(urls: readonly string[]): SitePage {
  const entries = urls.map((url) => `<sitemap><loc>${url}</loc></sitemap>`).join("");
  return { body: `<sitemapindex>${entries}</sitemapindex>`, headers: { "content-type": "application/xml" } };
}
