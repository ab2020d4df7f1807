import type { DefaultTreeAdapterTypes } from "parse5";
import { cellText } from "./cell-text.js";
import { codeSpan, tidy } from "./inline-text.js";
import { attributesOf, isAroundContent, isElement } from "./html-tree.js";
import type { HtmlElement, HtmlNode } from "./html-tree.js";
import type { ContentBlock } from "./parsed-document.js";

type ParentNode = DefaultTreeAdapterTypes.ParentNode;

const INLINE_TAGS: ReadonlySet<string> = new Set(
  "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark q ruby rb rp rt s samp small span strike strong sub sup time tt u var wbr button output".split(
    " ",
  ),
);

/** Turns a tree from which everything hidden has been cut into blocks. */
export class HtmlBlockReader {
  readonly #dropsSurroundings: boolean;

  /** @param dropsSurroundings whether navigation, headers, footers and forms are left out: for whole pages */
  constructor(dropsSurroundings: boolean) {
    this.#dropsSurroundings = dropsSurroundings;
  }

  /** Runs of inline content between two block elements become one paragraph. */
  read(parent: ParentNode): ContentBlock[] {
    const blocks: ContentBlock[] = [];
    let run: HtmlNode[] = [];
    const endRun = (): void => {
      const text = inlineHtml(run);
      if (text !== "") blocks.push({ kind: "paragraph", text });
      run = [];
    };
    for (const node of parent.childNodes) {
      if (!isElement(node) || isInline(node)) run.push(node);
      else {
        endRun();
        blocks.push(...this.#element(node));
      }
    }
    endRun();
    return blocks;
  }

  #element(element: HtmlElement): ContentBlock[] {
    if (this.#isLeftOut(element)) return [];
    const { tagName } = element;
    if (/^h[1-6]$/u.test(tagName)) return headingBlock(element, Number(tagName.charAt(1)));
    switch (tagName) {
      case "ul":
      case "ol":
        return this.#list(element);
      case "dl":
        return this.#definitions(element);
      case "table":
        return this.#table(element);
      case "pre":
        return codeBlock(element);
      case "blockquote":
        return this.#quote(element);
      case "hr":
        return [];
      case "summary":
        return strongLine(inlineHtml(element.childNodes));
      default:
        return this.read(element);
    }
  }

  /** A header inside the content holds its title; the one of the page holds its logo and menus. */
  #isLeftOut(element: HtmlElement): boolean {
    if (!this.#dropsSurroundings || !isAroundContent(element)) return false;
    return !(element.tagName === "header" && hasHeading(element) && isInsideContent(element));
  }

  #list(element: HtmlElement): ContentBlock[] {
    const entries = element.childNodes.filter((node) => isElement(node)).filter((node) => node.tagName === "li");
    const items = entries.map((entry) => this.read(entry)).filter((blocks) => blocks.length > 0);
    if (items.length === 0) return [];
    const ordered = element.tagName === "ol";
    const start = Number.parseInt(attributesOf(element).get("start") ?? "1", 10);
    const isNavigation = !ordered && entries.every(isLinkOnly);
    return [{ kind: "list", ordered, start: Number.isSafeInteger(start) ? start : 1, items, isNavigation }];
  }

  #definitions(element: HtmlElement): ContentBlock[] {
    return flatten(element, new Set(["dt", "dd"])).flatMap((entry) =>
      entry.tagName === "dt" ? strongLine(inlineHtml(entry.childNodes)) : this.read(entry),
    );
  }

  /** A table with block content in its cells, or of one column, is layout and read as what it holds. */
  #table(element: HtmlElement): ContentBlock[] {
    const rows = flatten(element, new Set(["tr"])).map((row) =>
      row.childNodes.filter((node) => isElement(node)).filter((node) => ["td", "th"].includes(node.tagName)),
    );
    const cells = rows.filter((row) => row.length > 0);
    const isLayout = attributesOf(element).get("role") === "presentation" || cells.every((row) => row.length === 1);
    if (isLayout) return cells.flat().flatMap((cell) => this.read(cell));
    const texts = cells.map((row) => row.map((cell) => cellText(this.read(cell))));
    const [header, ...body] = texts;
    const caption = flatten(element, new Set(["caption"])).flatMap((entry) => this.read(entry));
    return header === undefined ? [] : [...caption, { kind: "table", header, rows: body }];
  }

  #quote(element: HtmlElement): ContentBlock[] {
    const blocks = this.read(element);
    return blocks.length === 0 ? [] : [{ kind: "quote", label: null, blocks }];
  }
}

function hasHeading(element: HtmlElement): boolean {
  return flatten(element, new Set(["h1", "h2", "h3"])).length > 0;
}

function isInsideContent(element: HtmlElement): boolean {
  for (let parent = element.parentNode; parent !== null && "tagName" in parent; parent = parent.parentNode) {
    if (["main", "article", "section"].includes(parent.tagName)) return true;
  }
  return false;
}

/** The elements of these names below one, in document order, not looking inside of those found. */
function flatten(element: HtmlElement, names: ReadonlySet<string>): HtmlElement[] {
  return element.childNodes.flatMap((node) => {
    if (!isElement(node)) return [];
    return names.has(node.tagName) ? [node] : flatten(node, names);
  });
}

function headingBlock(element: HtmlElement, depth: number): ContentBlock[] {
  const text = inlineHtml(element.childNodes).replaceAll("\n", " ");
  return text === "" ? [] : [{ kind: "heading", depth, text }];
}

function codeBlock(element: HtmlElement): ContentBlock[] {
  const text = rawText(element.childNodes).replace(/^\n/u, "").trimEnd();
  if (text.trim() === "") return [];
  const code = element.childNodes.filter((node) => isElement(node)).find((node) => node.tagName === "code");
  const className = code === undefined ? "" : (attributesOf(code).get("class") ?? "");
  return [{ kind: "code", language: /\blang(?:uage)?-([\w+#-]+)/u.exec(className)?.[1] ?? null, text }];
}

function strongLine(text: string): ContentBlock[] {
  return text === "" ? [] : [{ kind: "paragraph", text: `**${text.replaceAll("**", "")}**` }];
}

function isInline(element: HtmlElement): boolean {
  return INLINE_TAGS.has(element.tagName) && !element.childNodes.some((node) => isElement(node) && !isInline(node));
}

function rawText(nodes: readonly HtmlNode[]): string {
  return nodes
    .map((node) => {
      if (node.nodeName === "#text" && "value" in node) return node.value;
      if (!isElement(node)) return "";
      return node.tagName === "br" ? "\n" : rawText(node.childNodes);
    })
    .join("");
}

function inlineHtml(nodes: readonly HtmlNode[]): string {
  return tidy(nodes.map(inlineNode).join(""));
}

function inlineNode(node: HtmlNode): string {
  if (node.nodeName === "#text" && "value" in node) return node.value.replace(/\s+/gu, " ");
  if (!isElement(node)) return "";
  switch (node.tagName) {
    case "br":
      return "\n";
    case "b":
    case "strong":
      return marked("**", node.childNodes);
    case "i":
    case "em":
      return marked("*", node.childNodes);
    case "code":
    case "kbd":
    case "samp":
    case "tt":
      return codeSpan(rawText(node.childNodes).replace(/\s+/gu, " "));
    case "del":
    case "s":
    case "strike":
    case "img":
    case "rp":
    case "rt":
      return "";
    case "button":
    default:
      return node.childNodes.map(inlineNode).join("");
  }
}

function marked(mark: string, children: readonly HtmlNode[]): string {
  const text = children.map(inlineNode).join("");
  const inner = text.trim();
  if (inner === "" || inner.includes(mark)) return text;
  return `${text.startsWith(" ") ? " " : ""}${mark}${inner}${mark}${text.endsWith(" ") ? " " : ""}`;
}

function isLinkOnly(item: HtmlElement): boolean {
  const children = item.childNodes.filter((node) => isElement(node) || rawText([node]).trim() !== "");
  return (
    children.length > 0 &&
    children.every((node) => {
      if (!isElement(node)) return false;
      if (node.tagName === "a") return true;
      return ["p", "span", "div", "ul", "li"].includes(node.tagName) && isLinkOnly(node);
    })
  );
}
