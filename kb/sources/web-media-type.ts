import { inTurns } from "./in-turns.js";
import type { MediaType } from "./source.js";
import { textPieces } from "./text-pieces.js";

const PDF = "application/pdf";
const WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
const EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

const BY_CONTENT_TYPE: Readonly<Record<string, MediaType>> = {
  "text/html": "text/html",
  "application/xhtml+xml": "text/html",
  "text/markdown": "text/markdown",
  "text/x-markdown": "text/markdown",
  "text/plain": "text/plain",
  [PDF]: PDF,
  [WORD]: WORD,
  [POWERPOINT]: POWERPOINT,
  [EXCEL]: EXCEL,
};

const BY_EXTENSION: Readonly<Record<string, MediaType>> = {
  md: "text/markdown",
  markdown: "text/markdown",
  txt: "text/plain",
  html: "text/html",
  htm: "text/html",
  pdf: PDF,
  docx: WORD,
  pptx: POWERPOINT,
  xlsx: EXCEL,
};

/** Served by servers that do not know what a file is. */
const SAYS_NOTHING: ReadonlySet<string> = new Set(["", "application/octet-stream", "binary/octet-stream"]);

/** What a page is written in; null for what is not read. Plain text by its type is Markdown when its name says so. */
export function mediaTypeOfPage(contentType: string | undefined, pageUrl: string): MediaType | null {
  const type = (contentType ?? "").replace(/;.*$/su, "").trim().toLowerCase();
  const extension = /\.([a-z0-9]{1,8})$/iu.exec(new URL(pageUrl).pathname)?.[1]?.toLowerCase() ?? "";
  const byName = Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension] : undefined;
  if (SAYS_NOTHING.has(type)) return byName ?? null;
  if (type === "text/plain" && byName === "text/markdown") return byName;
  return Object.hasOwn(BY_CONTENT_TYPE, type) ? (BY_CONTENT_TYPE[type] ?? null) : null;
}

const NO_PAGES =
  /\.(?:png|jpe?g|gif|webp|avif|svg|ico|bmp|tiff?|css|m?js|map|json|xml|rss|atom|woff2?|ttf|otf|eot|mp[34]|m4[av]|webm|mov|avi|og[gv]|wav|zip|gz|tgz|bz2|xz|7z|rar|exe|msi|dmg|pkg|deb|rpm|apk|iso|jar|bin|csv|ics)$/iu;

/** Whether a link by its name leads to something that is no page: not asked for at all. */
export function isNoPage(pageUrl: string): boolean {
  return NO_PAGES.test(new URL(pageUrl).pathname);
}

/** The page's text in the encoding that its server names, else UTF-8. */
export function decodePage(bytes: Uint8Array, contentType: string | undefined): Iterable<string> {
  return textPieces(bytes, charsetOf(contentType) ?? "utf-8");
}

/** Text as UTF-8, when the server names another encoding: a parser has only the bytes. */
export async function asUtf8(
  bytes: Uint8Array,
  mediaType: MediaType,
  contentType: string | undefined,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const charset = charsetOf(contentType);
  if (!mediaType.startsWith("text/") || charset === null || charset === "utf-8") return bytes;
  const pieces: Buffer[] = [];
  for await (const piece of inTurns(textPieces(bytes, charset), signal)) pieces.push(Buffer.from(piece, "utf8"));
  return Buffer.concat(pieces);
}

function charsetOf(contentType: string | undefined): string | null {
  const label = /;\s*charset\s*=\s*"?([\w.:-]+)/iu.exec(contentType ?? "")?.[1];
  if (label === undefined) return null;
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}
