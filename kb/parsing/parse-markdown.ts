import { admonitionsToQuotes, stripMdx } from "./admonitions.js";
import { splitFrontMatter } from "./front-matter.js";
import type { DocumentMetadata } from "./front-matter.js";
import { OpenElements, readTags } from "./html-tags.js";
import { inlineText } from "./inline-text.js";
import { parseMarkdownTree } from "./markdown-tree.js";
import type { MarkdownNode } from "./markdown-tree.js";
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

export function readMarkdown(markdown: string): ContentWithLinks {
  const source = admonitionsToQuotes(markdown);
  const reader = new MarkdownReader(source);
  return { blocks: reader.blocks(parseMarkdownTree(source)), links: reader.state.links };
}

/** Walks the tree in document order, as it has to know which HTML elements are open around each piece. */
class MarkdownReader {
  readonly state = { elements: new OpenElements(), links: new Array<string>() };
  readonly #source: string;
  #lines: readonly string[] | null = null;

  constructor(source: string) {
    this.#source = source;
  }

  blocks(nodes: readonly MarkdownNode[]): ContentBlock[] {
    return nodes.flatMap((node) => this.#block(node));
  }

  #block(node: MarkdownNode): ContentBlock[] {
    if (node.type === "html_block") return this.#html(node.token.content);
    const before = this.state.elements.isHidden;
    const blocks = this.#visible(node);
    return before ? [] : blocks;
  }

  #visible(node: MarkdownNode): ContentBlock[] {
    switch (node.type) {
      case "paragraph":
        return textBlock({ kind: "paragraph", text: this.#text(node) });
      case "heading": {
        const text = this.#text(node)
          .replaceAll("\n", " ")
          .replace(/\s*\{#[^{}]*\}$/u, "");
        return textBlock({ kind: "heading", depth: Number(node.token.tag.slice(1)), text });
      }
      case "bullet_list":
      case "ordered_list":
        return this.#list(node);
      case "table":
        return this.#table(node);
      case "blockquote":
        return this.#quote(node);
      case "fence":
      case "code_block":
        return codeBlock(node);
      case "footnote":
        return this.blocks(node.children);
      default:
        return [];
    }
  }

  #text(node: MarkdownNode): string {
    return inlineText(
      node.children.flatMap((child) => child.children),
      this.state,
    );
  }

  /** A piece of HTML in itself is read as HTML; one that opens or closes something is read for what it hides. */
  #html(value: string): ContentBlock[] {
    const wasHidden = this.state.elements.isHidden;
    this.state.elements.read(readTags(value));
    return wasHidden ? [] : [...htmlFragmentToBlocks(value)];
  }

  #list(node: MarkdownNode): ContentBlock[] {
    const items = node.children.map((item) => this.#item(item)).filter((blocks) => blocks.length > 0);
    if (items.length === 0) return [];
    const ordered = node.type === "ordered_list";
    const start = Number(node.token.attrGet("start") ?? "1");
    const isNavigation = !ordered && node.children.every(isLinkOnly);
    const list: ListBlock = { kind: "list", ordered, start, items, isNavigation };
    return [list];
  }

  /** The box of a task is no text. */
  #item(item: MarkdownNode): ContentBlock[] {
    const blocks = this.blocks(item.children);
    const [first, ...rest] = blocks;
    if (first?.kind !== "paragraph" || !TASK_BOX.test(first.text)) return blocks;
    return [...textBlock({ ...first, text: first.text.replace(TASK_BOX, "") }), ...rest];
  }

  #table(node: MarkdownNode): ContentBlock[] {
    const rows = node.children
      .flatMap((part) => part.children)
      .map((row) => [...row.children.map((cell) => this.#text(cell)), ...this.#cellsBeyond(row)]);
    const [header, ...body] = rows;
    if (header === undefined) return [];
    const table: TableBlock = { kind: "table", header, rows: body };
    return [table];
  }

  /** What stands behind the last column, often a bar that was not escaped, is left out of a page, but is text. */
  #cellsBeyond({ token, children }: MarkdownNode): readonly string[] {
    if (token.map === null) return [];
    this.#lines ??= this.#source.split("\n");
    const cells = (this.#lines[token.map[0]] ?? "").replace(/^[\s>]*\||(?<!\\)\|\s*$/gu, "").split(/(?<!\\)\|/u);
    return cells.slice(children.length).map((cell) => cell.trim().replaceAll("\\|", "|"));
  }

  /** A quote that begins with `[!NOTE]` is an admonition with that label. */
  #quote(node: MarkdownNode): ContentBlock[] {
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

const TASK_BOX = /^\[[ xX]\] /u;

function codeBlock({ token }: MarkdownNode): ContentBlock[] {
  const text = token.content.replace(/\n$/u, "");
  const language = /^\S+/u.exec(token.info.trim())?.[0] ?? null;
  return text.trim() === "" ? [] : [{ kind: "code", language, text }];
}

/** `WARNING` and `warn` are shown as `Warning`. */
function admonitionLabel(name: string): string {
  const word = name.toLowerCase() === "warn" ? "warning" : name.toLowerCase();
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function textBlock(block: ContentBlock & { readonly text: string }): ContentBlock[] {
  return block.text === "" ? [] : [block];
}

function isLinkOnly(item: MarkdownNode): boolean {
  return item.children.every((child) => {
    if (child.type === "bullet_list" || child.type === "ordered_list") return child.children.every(isLinkOnly);
    if (child.type !== "paragraph") return false;
    return child.children
      .flatMap((inline) => inline.children)
      .every(
        ({ type, token }) =>
          type === "link" || type === "softbreak" || (type === "text" && token.content.trim() === ""),
      );
  });
}
