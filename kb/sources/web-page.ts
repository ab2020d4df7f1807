import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import { Parser } from "htmlparser2";
import { normalPageUrl } from "./web-url.js";

const MAX_LINKS = 5_000;
/** No page of a person is so deep. Each end tag is looked for among all open ones, so that depth costs the square. */
const MAX_DEPTH = 2_000;
/** A page with a field for a password and less text than this (characters) is nothing but a sign-in. */
const MAX_LOGIN_TEXT = 600;
/** A refresh after more seconds is a page that reloads, not one that leads on. */
const MAX_REFRESH_SECONDS = 10;

const NO_TEXT: ReadonlySet<string> = new Set(
  "script style noscript template nav header footer aside svg head".split(" "),
);
const MAIN: ReadonlySet<string> = new Set(["main", "article"]);

/** What a page says about itself and where it leads to. Its text is read elsewhere, behind the sandbox. */
export interface PageFacts {
  /** Normal spellings, in their order, each once. Without those that are not to be followed. */
  readonly links: readonly string[];
  /** The page that this one says it is a copy of, or null. */
  readonly canonical: string | null;
  /** Where it leads on to by itself, or null. */
  readonly refresh: string | null;
  readonly isNoindex: boolean;
  readonly isLogin: boolean;
  /** Of the main text without its markup: pages of the same text have the same. */
  readonly textHash: string;
}

/**
 * Reads the head and the links of a page. A stream of tags and not a tree: linear in the page's size, however it is built.
 * @param pageUrl where it came from; links are resolved against it, or against its `base`
 */
export function readPage(html: string, pageUrl: string, robotsHeader: string): PageFacts {
  const reader = new PageReader(pageUrl);
  reader.readRobots(robotsHeader.replace(/^[\w-]+:/u, ""));
  const parser = new Parser({
    onopentag(name, attributes) {
      reader.open(name, attributes);
      // What comes after is not looked at: the page counts as it is up to there.
      if (reader.depth > MAX_DEPTH) parser.reset();
    },
    onclosetag: (name) => reader.close(name),
    ontext: (text) => reader.text(text),
  });
  parser.end(html);
  return reader.facts();
}

type Attributes = Readonly<Record<string, string | undefined>>;

class TextDigest {
  readonly #hash: Hash = createHash("sha256");
  length = 0;

  add(text: string): void {
    for (const word of text.split(/\s+/u)) {
      if (word === "") continue;
      this.#hash.update(`${word} `);
      this.length += word.length + 1;
    }
  }

  value(): string {
    return this.#hash.digest("base64url").slice(0, 12);
  }
}

class PageReader {
  /** Elements that are open. */
  depth = 0;
  #base: string;
  #hasBase = false;
  #skipped = 0;
  #main = 0;
  readonly #mainText = new TextDigest();
  readonly #bodyText = new TextDigest();
  readonly #links = new Set<string>();
  #canonical: string | null = null;
  #refresh: string | null = null;
  #isNoindex = false;
  #isNofollow = false;
  #hasPassword = false;

  constructor(pageUrl: string) {
    this.#base = pageUrl;
  }

  open(name: string, attributes: Attributes): void {
    this.depth += 1;
    if (NO_TEXT.has(name)) this.#skipped += 1;
    if (MAIN.has(name)) this.#main += 1;
    const { href } = attributes;
    if (name === "base" && href !== undefined) this.#readBase(href);
    else if (name === "a" || name === "area") this.#readLink(attributes);
    else if (name === "link" && href !== undefined) this.#readRelation(href, tokensOf(attributes["rel"]));
    else if (name === "meta") this.#readMeta(attributes);
    else if (name === "input" && attributes["type"]?.toLowerCase() === "password") this.#hasPassword = true;
  }

  close(name: string): void {
    this.depth -= 1;
    if (NO_TEXT.has(name)) this.#skipped -= 1;
    if (MAIN.has(name)) this.#main -= 1;
  }

  text(text: string): void {
    if (this.#skipped > 0) return;
    this.#bodyText.add(text);
    if (this.#main > 0) this.#mainText.add(text);
  }

  readRobots(content: string): void {
    const tokens = content.toLowerCase().split(/[\s,]+/u);
    if (tokens.includes("noindex") || tokens.includes("none")) this.#isNoindex = true;
    if (tokens.includes("nofollow") || tokens.includes("none")) this.#isNofollow = true;
  }

  facts(): PageFacts {
    const text = this.#mainText.length > 0 ? this.#mainText : this.#bodyText;
    return {
      links: this.#isNofollow ? [] : [...this.#links],
      canonical: this.#canonical,
      refresh: this.#refresh,
      isNoindex: this.#isNoindex,
      isLogin: this.#hasPassword && text.length < MAX_LOGIN_TEXT,
      textHash: text.value(),
    };
  }

  /** The first one counts, as in browsers. Links that it leads elsewhere are out of scope like any others. */
  #readBase(href: string): void {
    if (this.#hasBase || !URL.canParse(href, this.#base)) return;
    this.#base = new URL(href, this.#base).href;
    this.#hasBase = true;
  }

  #readLink({ href, rel }: Attributes): void {
    if (href === undefined || tokensOf(rel).includes("nofollow")) return;
    this.#addLink(href);
  }

  #addLink(href: string): void {
    const target = normalPageUrl(href.trim(), this.#base);
    if (target !== null && this.#links.size < MAX_LINKS) this.#links.add(target);
  }

  #readRelation(href: string, relations: readonly string[]): void {
    if (relations.includes("canonical")) this.#canonical ??= normalPageUrl(href.trim(), this.#base);
    if (relations.includes("next") || relations.includes("prev")) this.#addLink(href);
  }

  #readMeta(attributes: Attributes): void {
    const content = attributes["content"] ?? "";
    const name = attributes["name"]?.toLowerCase();
    if (name === "robots" || name === "deskhand") this.readRobots(content);
    if (attributes["http-equiv"]?.toLowerCase() !== "refresh") return;
    const [, seconds, target] =
      /^\s*(\d{1,9})[\d.]*\s*[;,]\s*(?:url\s*=)?\s*["']?([^"']+)/iu.exec(content.slice(0, 5_000)) ?? [];
    if (target === undefined || Number(seconds) > MAX_REFRESH_SECONDS) return;
    this.#refresh ??= normalPageUrl(target.trim(), this.#base);
  }
}

function tokensOf(value: string | undefined): readonly string[] {
  return (value ?? "").toLowerCase().split(/\s+/u);
}
