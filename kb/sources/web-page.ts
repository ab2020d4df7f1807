import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import { Parser } from "htmlparser2";
import { inTurns } from "./in-turns.js";
import { MAX_PAGE_URL_LENGTH, normalPageUrl } from "./web-url.js";

/** Different spellings that are looked at, whatever they lead to. */
const MAX_LINKS = 5_000;
/** Of an attribute more is not read. */
const MAX_ATTRIBUTE_LENGTH = 5_000;
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
 * Reads the head and the links of a page. A stream of tags and not a tree: linear in the page's size, however it is built,
 * and in turns with the other work of the process.
 * @param html in small pieces
 * @param pageUrl where it came from; links are resolved against it, or against its `base`
 */
export async function readPage(
  html: Iterable<string>,
  pageUrl: string,
  robotsHeader: string,
  signal: AbortSignal,
): Promise<PageFacts> {
  const reader = new PageReader(pageUrl);
  reader.readRobots(robotsHeader.replace(/^[\w-]+:/u, ""));
  const parser = new Parser({
    onopentag(name, attributes) {
      reader.open(name, attributes);
      // What comes after is not looked at: the page counts as it is up to there.
      if (reader.isTooDeep) parser.reset();
    },
    onclosetag: (name) => reader.close(name),
    ontext: (text) => reader.text(text),
  });
  for await (const piece of inTurns(html, signal)) {
    parser.write(piece);
    if (reader.isTooDeep) return reader.facts();
  }
  parser.end();
  return reader.facts();
}

type Attributes = Readonly<Record<string, string | undefined>>;

/** Of words, wherever a text is cut into pieces. */
class TextDigest {
  readonly #hash: Hash = createHash("sha256");
  #isInWord = false;
  length = 0;

  add(text: string): void {
    for (const [index, part] of text.split(/\s+/u).entries()) {
      if (index > 0) this.endWord();
      if (part === "") continue;
      this.#hash.update(part);
      this.length += part.length;
      this.#isInWord = true;
    }
  }

  endWord(): void {
    if (!this.#isInWord) return;
    this.#hash.update(" ");
    this.length += 1;
    this.#isInWord = false;
  }

  value(): string {
    this.endWord();
    return this.#hash.digest("base64url").slice(0, 12);
  }
}

class PageReader {
  /** Elements that are open. */
  #depth = 0;
  #isTooDeep = false;
  #base: string;
  #hasBase = false;
  #skipped = 0;
  #main = 0;
  readonly #mainText = new TextDigest();
  readonly #bodyText = new TextDigest();
  readonly #spellings = new Set<string>();
  readonly #links = new Set<string>();
  #canonical: string | null = null;
  #refresh: string | null = null;
  #isNoindex = false;
  #isNofollow = false;
  #hasPassword = false;

  constructor(pageUrl: string) {
    this.#base = pageUrl;
  }

  get isTooDeep(): boolean {
    return this.#isTooDeep;
  }

  open(name: string, attributes: Attributes): void {
    this.#endWords();
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.#isTooDeep = true;
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
    this.#endWords();
    this.#depth -= 1;
    if (NO_TEXT.has(name)) this.#skipped -= 1;
    if (MAIN.has(name)) this.#main -= 1;
  }

  text(text: string): void {
    if (this.#skipped > 0) return;
    this.#bodyText.add(text);
    if (this.#main > 0) this.#mainText.add(text);
  }

  readRobots(content: string): void {
    const tokens = content
      .slice(0, MAX_ATTRIBUTE_LENGTH)
      .toLowerCase()
      .split(/[\s,]+/u);
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

  #endWords(): void {
    this.#bodyText.endWord();
    this.#mainText.endWord();
  }

  /**
   * The first one counts, as in browsers, but for one too long for an address: each link is resolved against it. Links that
   * it leads elsewhere are out of scope like any others.
   */
  #readBase(href: string): void {
    if (this.#hasBase || href.length > MAX_PAGE_URL_LENGTH || !URL.canParse(href, this.#base)) return;
    this.#base = new URL(href, this.#base).href;
    this.#hasBase = true;
  }

  #readLink({ href, rel }: Attributes): void {
    if (href === undefined || tokensOf(rel).includes("nofollow")) return;
    this.#addLink(href);
  }

  #addLink(href: string): void {
    if (this.#spellings.size >= MAX_LINKS) return;
    const spelling = withoutFragment(href.trim());
    if (this.#spellings.has(spelling)) return;
    this.#spellings.add(spelling);
    const target = normalPageUrl(spelling, this.#base);
    if (target !== null) this.#links.add(target);
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
      /^\s*(\d{1,9})[\d.]*\s*[;,]\s*(?:url\s*=)?\s*["']?([^"']+)/iu.exec(content.slice(0, MAX_ATTRIBUTE_LENGTH)) ?? [];
    if (target === undefined || Number(seconds) > MAX_REFRESH_SECONDS) return;
    this.#refresh ??= normalPageUrl(target.trim(), this.#base);
  }
}

function withoutFragment(href: string): string {
  const end = href.indexOf("#");
  return end === -1 ? href : href.slice(0, end);
}

function tokensOf(value = ""): readonly string[] {
  return value.slice(0, MAX_ATTRIBUTE_LENGTH).toLowerCase().split(/\s+/u);
}
