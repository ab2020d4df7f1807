import { parse, parseFragment } from "parse5";
import type { DefaultTreeAdapterTypes } from "parse5";
import { toLanguage } from "./detect-language.js";
import { toDate, toUrl } from "./front-matter.js";
import type { DocumentMetadata } from "./front-matter.js";
import { PAGE_BACKGROUND, backgroundBehind, isHiddenElement } from "./hidden-html.js";
import { HtmlBlockReader } from "./html-blocks.js";
import { attributesOf, isAroundContent, isElement } from "./html-tree.js";
import type { HtmlElement, HtmlNode } from "./html-tree.js";
import type { ContentBlock } from "./parsed-document.js";
import { ParseError } from "./parse-error.js";

// Deeper than any page that a person wrote; what walks the tree below may be recursive up to here.
const MAX_DEPTH = 400;

export interface HtmlContent {
  readonly metadata: DocumentMetadata;
  readonly blocks: readonly ContentBlock[];
  /** Where the links of the main content lead, in document order. */
  readonly links: readonly string[];
}

/** Reads the main content of a page: what stands around it, what is hidden and what runs is left out. */
export function parseHtml(html: string): HtmlContent {
  const page = parse(html);
  const elements = visibleElements(page);
  const root = mainContent(elements);
  const metadata = readPageMetadata(page);
  if (root === null) return { metadata, blocks: [], links: [] };
  return { metadata, blocks: new HtmlBlockReader(true).read(root), links: linksIn(root) };
}

function linksIn(element: HtmlElement): readonly string[] {
  return element.childNodes.filter(isElement).flatMap((child) => {
    if (isAroundContent(child)) return [];
    const target = child.tagName === "a" ? attributesOf(child).get("href") : undefined;
    return [...(target === undefined ? [] : [target]), ...linksIn(child)];
  });
}

/** Reads a piece of HTML that stands inside another document. */
export function htmlFragmentToBlocks(html: string): readonly ContentBlock[] {
  const fragment = parseFragment(html);
  visibleElements(fragment);
  return new HtmlBlockReader(false).read(fragment);
}

/** Cuts everything hidden out of the tree, without recursion, and returns what is left in document order. */
function visibleElements(root: DefaultTreeAdapterTypes.ParentNode): readonly HtmlElement[] {
  const found: HtmlElement[] = [];
  const pending: { parent: DefaultTreeAdapterTypes.ParentNode; depth: number; behind: string | null }[] = [
    { parent: root, depth: 0, behind: PAGE_BACKGROUND },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { parent, depth, behind } = next;
    if (depth > MAX_DEPTH) throw new ParseError("too-deep", `The page nests more than ${MAX_DEPTH} elements.`);
    parent.childNodes = parent.childNodes.filter((node) => !isHiddenNode(node, behind));
    for (const node of [...parent.childNodes].reverse()) {
      if (!isElement(node)) continue;
      pending.push({ parent: node, depth: depth + 1, behind: backgroundBehind(attributesOf(node), behind) });
    }
    if ("tagName" in parent) found.push(parent);
  }
  return found;
}

function isHiddenNode(node: HtmlNode, behind: string | null): boolean {
  if (node.nodeName === "#comment" || node.nodeName === "#documentType") return true;
  return isElement(node) && node.tagName !== "head" && isHiddenElement(node.tagName, attributesOf(node), behind);
}

function mainContent(elements: readonly HtmlElement[]): HtmlElement | null {
  const byTag = (name: string): readonly HtmlElement[] => elements.filter((element) => element.tagName === name);
  const main = byTag("main")[0] ?? elements.find((element) => attributesOf(element).get("role") === "main");
  if (main !== undefined) return main;
  const articles = byTag("article");
  return (articles.length === 1 ? articles[0] : byTag("body")[0]) ?? null;
}

function readPageMetadata(page: DefaultTreeAdapterTypes.Document): DocumentMetadata {
  const head = headElements(page);
  const title = head.find((element) => element.tagName === "title");
  const meta = (...names: string[]): string | undefined =>
    head
      .map(attributesOf)
      .find((all) => names.includes((all.get("name") ?? all.get("property") ?? "").toLowerCase()))
      ?.get("content");
  const canonical = head.map(attributesOf).find((all) => all.get("rel")?.toLowerCase() === "canonical");
  return {
    title: title === undefined ? null : textOf(title),
    kind: null,
    url: toUrl(canonical?.get("href") ?? meta("og:url")),
    updatedAt: toDate(meta("article:modified_time", "last-modified", "date", "dcterms.modified")),
    acl: null,
    lang: toLanguage(languageOf(page)),
    validFrom: null,
    validUntil: null,
    category: null,
  };
}

function languageOf(page: DefaultTreeAdapterTypes.Document): string | undefined {
  const html = page.childNodes.find((node) => node.nodeName === "html");
  return html !== undefined && isElement(html) ? attributesOf(html).get("lang") : undefined;
}

function headElements(page: DefaultTreeAdapterTypes.Document): readonly HtmlElement[] {
  const html = page.childNodes.find((node) => node.nodeName === "html");
  if (html === undefined || !isElement(html)) return [];
  const head = html.childNodes.find((node) => node.nodeName === "head");
  return head === undefined || !isElement(head) ? [] : head.childNodes.filter(isElement);
}

function textOf(element: HtmlElement): string | null {
  const text = element.childNodes
    .map((node) => (node.nodeName === "#text" && "value" in node ? node.value : ""))
    .join("");
  const line = text.replace(/\s+/gu, " ").trim();
  return line === "" ? null : line;
}
