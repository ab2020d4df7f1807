import { SaxesParser } from "saxes";
import { inTurns } from "./in-turns.js";

/** A longer one is no address, and is told as one that is too long by whoever asks for it. */
const MAX_LOCATION_LENGTH = 10_000;

/** What one sitemap file lists. */
export interface Sitemap {
  readonly kind: "pages" | "index";
  readonly locations: readonly string[];
  /** True when there are more than the limit, and the rest was not read. */
  readonly isCut: boolean;
}

/**
 * Reads a sitemap as it comes, in turns with the other work of the process, up to its end or the limit. Null: it is none,
 * by its form or for a document type declaration, which is where entities that blow up would be declared.
 * @param xml in small pieces
 */
export async function readSitemap(
  xml: Iterable<string>,
  maxLocations: number,
  signal: AbortSignal,
): Promise<Sitemap | null> {
  const reader = new SitemapReader(maxLocations);
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("doctype", () => {
    throw new SyntaxError("a document type declaration");
  });
  parser.on("opentag", ({ name }) => reader.open(name));
  parser.on("closetag", () => reader.close());
  parser.on("text", (text) => reader.text(text));
  parser.on("cdata", (text) => reader.text(text));
  try {
    for await (const piece of inTurns(xml, signal)) {
      parser.write(piece);
      if (reader.isCut) return reader.sitemap();
    }
    parser.close();
  } catch {
    signal.throwIfAborted();
    return null;
  }
  return reader.sitemap();
}

const KINDS: Readonly<Record<string, Sitemap["kind"]>> = { urlset: "pages", sitemapindex: "index" };
const ENTRY_PATHS: ReadonlySet<string> = new Set(["urlset/url/loc", "sitemapindex/sitemap/loc"]);

class SitemapReader {
  readonly #maxLocations: number;
  readonly #path: string[] = [];
  readonly #locations: string[] = [];
  #kind: Sitemap["kind"] | null = null;
  #location = "";
  #isCut = false;

  constructor(maxLocations: number) {
    this.#maxLocations = maxLocations;
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  open(name: string): void {
    const local = name.slice(name.indexOf(":") + 1);
    if (this.#path.length === 0) {
      this.#kind = Object.hasOwn(KINDS, local) ? (KINDS[local] ?? null) : null;
      if (this.#kind === null) throw new SyntaxError("not a sitemap");
    }
    // Entries of pictures and videos have a loc as well, below a prefix or deeper down.
    this.#path.push(this.#path.length < 3 ? local : name);
    this.#location = "";
  }

  text(text: string): void {
    if (this.#path.length === 3) this.#location += text.slice(0, MAX_LOCATION_LENGTH - this.#location.length);
  }

  close(): void {
    if (this.#path.length === 3 && ENTRY_PATHS.has(this.#path.join("/"))) this.#add(this.#location.trim());
    this.#path.pop();
  }

  sitemap(): Sitemap | null {
    return this.#kind === null ? null : { kind: this.#kind, locations: this.#locations, isCut: this.#isCut };
  }

  #add(location: string): void {
    if (this.#locations.length >= this.#maxLocations) this.#isCut = true;
    else if (location !== "") this.#locations.push(location);
  }
}
