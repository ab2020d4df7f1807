const TRACKING_PARAMETER = /^(?:utm_[^=]*|gclid|dclid|fbclid|msclkid|yclid|twclid|mc_cid|mc_eid|_hsenc|_hsmi|igshid)$/u;
const UNRESERVED = /^[A-Za-z0-9._~-]$/u;
/** Longer addresses are made by programs that never end. */
export const MAX_PAGE_URL_LENGTH = 2_000;

/**
 * The one spelling of a page's address: no fragment, no tracking parameters, escapes only where they are needed. Case of
 * the path, order of the parameters and `index.html` are left alone, as they may make another page. Null when this is no
 * address of a page.
 */
export function normalPageUrl(text: string, base?: string): string | null {
  if (text.length > MAX_PAGE_URL_LENGTH * 4 || !URL.canParse(text, base)) return null;
  const url = new URL(text, base);
  if ((url.protocol !== "http:" && url.protocol !== "https:") || url.username !== "" || url.password !== "")
    return null;
  url.hash = "";
  url.hostname = url.hostname.replace(/\.+$/u, "");
  if (url.hostname.endsWith(".")) return null;
  const query = url.search
    .slice(1)
    .split("&")
    .filter((pair) => pair !== "" && !TRACKING_PARAMETER.test(pair.replace(/=.*$/su, "").toLowerCase()))
    .map(normalEscapes)
    .join("&");
  const normal = `${url.origin}${normalEscapes(url.pathname)}${query === "" ? "" : `?${query}`}`;
  // Unescaping may have made dots of a path that the parser resolves.
  return normal.length <= MAX_PAGE_URL_LENGTH ? new URL(normal).href : null;
}

function normalEscapes(text: string): string {
  return text.replace(/%[0-9a-f]{2}/giu, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return UNRESERVED.test(character) ? character : escape.toUpperCase();
  });
}

/** Which pages belong to a source. */
export interface WebScope {
  /** Hosts with their ports, as in `URL.host`. */
  readonly hosts: ReadonlySet<string>;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** The page that the source was added with, which always belongs to it. */
  readonly start: string;
}

export function isInScope(scope: WebScope, pageUrl: string): boolean {
  if (pageUrl === scope.start) return true;
  const { host, pathname } = new URL(pageUrl);
  const isBelow = (prefix: string): boolean => isPathBelow(pathname, prefix);
  return scope.hosts.has(host) && scope.include.some(isBelow) && !scope.exclude.some(isBelow);
}

/** `/help` holds `/help` and `/help/a`, not `/helpdesk`; `/help/` holds `/help/a`. */
function isPathBelow(pathname: string, prefix: string): boolean {
  if (prefix.endsWith("/")) return pathname.startsWith(prefix);
  return pathname === prefix || pathname.startsWith(`${prefix}/`);
}

/** A page's own folder: what is below it belongs to a source unless its options say otherwise. */
export function folderOf(pageUrl: string): string {
  const { pathname } = new URL(pageUrl);
  const last = pathname.slice(pathname.lastIndexOf("/") + 1);
  return last.includes(".") ? pathname.slice(0, pathname.length - last.length) : pathname;
}
