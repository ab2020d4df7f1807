import type { PhrasingContent } from "mdast";
import type { OpenElements } from "./html-tags.js";
import { readTags } from "./html-tags.js";

export interface InlineState {
  readonly elements: OpenElements;
  /** Collects where links lead; what is written does not say. */
  readonly links: string[];
}

/**
 * Writes what a reader sees of a line of Markdown: link texts without their addresses, no images, no HTML, no text that
 * was struck out. Strong, emphasis and code keep their marks.
 */
export function inlineText(nodes: readonly PhrasingContent[], state: InlineState): string {
  return tidy(nodes.map((node) => inlineNode(node, state)).join(""));
}

function inlineNode(node: PhrasingContent, state: InlineState): string {
  if (node.type === "html") {
    const tags = readTags(node.value);
    state.elements.read(tags);
    return tags.some((tag) => tag.name === "br") ? "\n" : "";
  }
  if (state.elements.isHidden) return "";
  if (node.type === "link") state.links.push(node.url);
  switch (node.type) {
    case "text":
      return node.value.replaceAll("\n", " ");
    case "inlineCode":
      return codeSpan(node.value);
    case "strong":
      return marked("**", node.children, state);
    case "emphasis":
      return marked("*", node.children, state);
    case "link":
    case "linkReference":
      return node.children.map((child) => inlineNode(child, state)).join("");
    case "break":
      return "\n";
    default:
      // Images, struck out text and footnote marks.
      return "";
  }
}

/** Marks stand against the words, or they would be read as plain asterisks. */
function marked(mark: string, children: readonly PhrasingContent[], state: InlineState): string {
  const text = children.map((child) => inlineNode(child, state)).join("");
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
  return text
    .split("\n")
    .map((line) => line.replace(/[ \t\u00a0]+/gu, " ").trim())
    .filter((line) => line !== "")
    .join("\n");
}
