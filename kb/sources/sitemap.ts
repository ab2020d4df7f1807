import { SaxesParser } from "saxes";

/** What one sitemap file lists. */
export interface Sitemap {
  readonly kind: "pages" | "index";
  readonly locations: readonly string[];
  /** True when there are more than the limit, and the rest was not read. */
  readonly isCut: boolean;
}

/**
 * Reads a sitemap as it comes. Null: it is none, by its form or for a document type declaration, which is where entities
 * that blow up would be declared.
 */
export function readSitemap(xml: string, maxLocations: number): Sitemap | null {
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
    parser.write(xml).close();
  } catch {
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
    if (this.#path.length === 3) this.#location += text;
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
