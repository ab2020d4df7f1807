import type { Blockquote, BlockContent, DefinitionContent, List, ListItem, RootContent, Table } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import type { Options as FromMarkdownOptions } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { admonitionsToQuotes, stripMdx } from "./admonitions.js";
import { splitFrontMatter } from "./front-matter.js";
import type { DocumentMetadata } from "./front-matter.js";
import { OpenElements, readTags } from "./html-tags.js";
import { inlineText } from "./inline-text.js";
import { htmlFragmentToBlocks } from "./parse-html.js";
import type { ContentBlock, ListBlock, TableBlock } from "./parsed-document.js";

export interface ContentWithLinks {
  readonly blocks: readonly ContentBlock[];
  /** Where its links lead, in document order. */
  readonly links: readonly string[];
}

export interface MarkdownContent extends ContentWithLinks {
  readonly metadata: DocumentMetadata;
}

/** Reads GitHub-flavoured Markdown with front matter. MDX: what is executed is taken out before. */
export function parseMarkdown(text: string, dialect: "markdown" | "mdx"): MarkdownContent {
  const { metadata, body } = splitFrontMatter(text);
  return { metadata, ...readMarkdown(dialect === "mdx" ? stripMdx(body) : body) };
}

const GITHUB_FLAVOUR: FromMarkdownOptions = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] };

export function readMarkdown(markdown: string): ContentWithLinks {
  const tree = fromMarkdown(admonitionsToQuotes(markdown), GITHUB_FLAVOUR);
  const reader = new MarkdownReader();
  return { blocks: reader.blocks(tree.children), links: reader.state.links };
}

type FlowNode = RootContent | BlockContent | DefinitionContent;

/** Walks the tree in document order, as it has to know which HTML elements are open around each piece. */
class MarkdownReader {
  readonly state = { elements: new OpenElements(), links: new Array<string>() };

  blocks(nodes: readonly FlowNode[]): ContentBlock[] {
    return nodes.flatMap((node) => this.#block(node));
  }

  #block(node: FlowNode): ContentBlock[] {
    if (node.type === "html") return this.#html(node.value);
    const before = this.state.elements.isHidden;
    const blocks = this.#visible(node);
    return before ? [] : blocks;
  }

  #visible(node: FlowNode): ContentBlock[] {
    switch (node.type) {
      case "paragraph":
        return textBlock({ kind: "paragraph", text: inlineText(node.children, this.state) });
      case "heading": {
        const text = inlineText(node.children, this.state).replaceAll("\n", " ");
        return textBlock({ kind: "heading", depth: node.depth, text: text.replace(/\s*\{#[^{}]*\}$/u, "") });
      }
      case "list":
        return this.#list(node);
      case "table":
        return this.#table(node);
      case "blockquote":
        return this.#quote(node);
      case "code":
        return node.value.trim() === "" ? [] : [{ kind: "code", language: node.lang ?? null, text: node.value }];
      case "footnoteDefinition":
        return this.blocks(node.children);
      case "definition":
        this.state.links.push(node.url);
        return [];
      default:
        return [];
    }
  }

  /** A piece of HTML in itself is read as HTML; one that opens or closes something is read for what it hides. */
  #html(value: string): ContentBlock[] {
    const wasHidden = this.state.elements.isHidden;
    this.state.elements.read(readTags(value));
    return wasHidden ? [] : [...htmlFragmentToBlocks(value)];
  }

  #list(node: List): ContentBlock[] {
    const items = node.children.map((item) => this.blocks(item.children)).filter((blocks) => blocks.length > 0);
    if (items.length === 0) return [];
    const ordered = node.ordered ?? false;
    const isNavigation = !ordered && node.children.every(isLinkOnly);
    const list: ListBlock = { kind: "list", ordered, start: node.start ?? 1, items, isNavigation };
    return [list];
  }

  #table(node: Table): ContentBlock[] {
    const rows = node.children.map((row) => row.children.map((cell) => inlineText(cell.children, this.state)));
    const [header, ...body] = rows;
    if (header === undefined) return [];
    const table: TableBlock = { kind: "table", header, rows: body };
    return [table];
  }

  /** A quote that begins with `[!NOTE]` is an admonition with that label. */
  #quote(node: Blockquote): ContentBlock[] {
    const blocks = this.blocks(node.children);
    const [first, ...rest] = blocks;
    if (first === undefined) return [];
    const marker = first.kind === "paragraph" ? /^\[!([A-Za-z][\w-]*)\][ \n]*/u.exec(first.text) : null;
    if (marker === null || first.kind !== "paragraph") return [{ kind: "quote", label: null, blocks }];
    const text = first.text.slice(marker[0].length).trim();
    const content: ContentBlock[] = [...textBlock({ kind: "paragraph", text }), ...rest];
    return content.length === 0
      ? []
      : [{ kind: "quote", label: admonitionLabel(marker[1] ?? "note"), blocks: content }];
  }
}

/** `WARNING` and `warn` are shown as `Warning`. */
function admonitionLabel(name: string): string {
  const word = name.toLowerCase() === "warn" ? "warning" : name.toLowerCase();
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function textBlock(block: ContentBlock & { readonly text: string }): ContentBlock[] {
  return block.text === "" ? [] : [block];
}

function isLinkOnly(item: ListItem): boolean {
  return item.children.every((child) => {
    if (child.type === "list") return child.children.every(isLinkOnly);
    if (child.type !== "paragraph") return false;
    return child.children.every(
      (node) =>
        node.type === "link" || node.type === "linkReference" || (node.type === "text" && node.value.trim() === ""),
    );
  });
}
