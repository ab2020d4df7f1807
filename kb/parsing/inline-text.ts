import type { OpenElements } from "./html-tags.js";
import { readTags } from "./html-tags.js";
import { linksInText } from "./links-in-text.js";
import type { MarkdownNode } from "./markdown-tree.js";

export interface InlineState {
  readonly elements: OpenElements;
  /** Collects where links lead; what is written does not say. */
  readonly links: string[];
}

/**
 * Writes what a reader sees of a line of Markdown: link texts without their addresses, no images, no HTML, no text that
 * was struck out. Strong, emphasis and code keep their marks.
 */
export function inlineText(nodes: readonly MarkdownNode[], state: InlineState): string {
  return tidy(inlineNodes(nodes, state));
}

function inlineNodes(nodes: readonly MarkdownNode[], state: InlineState): string {
  let text = "";
  for (const node of nodes) text += inlineNode(node, state);
  return text;
}

function inlineNode({ type, token, children }: MarkdownNode, state: InlineState): string {
  if (type === "html_inline") {
    const tags = readTags(token.content);
    state.elements.read(tags);
    return tags.some((tag) => tag.name === "br") ? "\n" : "";
  }
  if (state.elements.isHidden) return "";
  switch (type) {
    case "text":
      state.links.push(...linksInText(token.content));
      return token.content;
    case "code_inline":
      return codeSpan(token.content);
    case "strong":
      return marked("**", children, state);
    case "em":
      return marked("*", children, state);
    case "link":
      return link(token.attrGet("href") ?? "", children, state);
    case "softbreak":
      return " ";
    case "hardbreak":
      return "\n";
    default:
      // Images, struck out text and footnote marks.
      return "";
  }
}

/** What looks like an address in the text of a link is no link of its own. */
function link(address: string, children: readonly MarkdownNode[], { elements, links }: InlineState): string {
  links.push(address);
  return inlineNodes(children, { elements, links: [] });
}

/** Marks stand against the words, or they would be read as plain asterisks. */
function marked(mark: string, children: readonly MarkdownNode[], state: InlineState): string {
  const text = inlineNodes(children, state);
  const inner = text.trim();
  if (inner === "") return text;
  const leading = text.startsWith(inner) ? "" : " ";
  const trailing = text.endsWith(inner) ? "" : " ";
  return `${leading}${mark}${inner}${mark}${trailing}`;
}

export function codeSpan(code: string): string {
  if (code.trim() === "") return "";
  if (!code.includes("`")) return `\`${code}\``;
  return `\`\` ${code} \`\``;
}

/** Soft line breaks become spaces; breaks that the author set stay. */
export function tidy(text: string): string {
  if (!/[\n\t\u00a0]| {2}/u.test(text)) return text.trim();
  return text
    .split("\n")
    .map((line) => line.replace(/[ \t\u00a0]+/gu, " ").trim())
    .filter((line) => line !== "")
    .join("\n");
}
