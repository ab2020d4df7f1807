import type { PhrasingContent } from "mdast";
import type { OpenElements } from "./html-tags.js";
import { readTags } from "./html-tags.js";

/**
 * Writes what a reader sees of a line of Markdown: link texts without their addresses, no images, no HTML, no text that
 * was struck out. Strong, emphasis and code keep their marks.
 */
export function inlineText(nodes: readonly PhrasingContent[], elements: OpenElements): string {
  return tidy(nodes.map((node) => inlineNode(node, elements)).join(""));
}

function inlineNode(node: PhrasingContent, elements: OpenElements): string {
  if (node.type === "html") {
    const tags = readTags(node.value);
    elements.read(tags);
    return tags.some((tag) => tag.name === "br") ? "\n" : "";
  }
  if (elements.isHidden) return "";
  switch (node.type) {
    case "text":
      return node.value.replaceAll("\n", " ");
    case "inlineCode":
      return codeSpan(node.value);
    case "strong":
      return marked("**", node.children, elements);
    case "emphasis":
      return marked("*", node.children, elements);
    case "link":
    case "linkReference":
      return node.children.map((child) => inlineNode(child, elements)).join("");
    case "break":
      return "\n";
    default:
      // Images, struck out text and footnote marks.
      return "";
  }
}

/** Marks stand against the words, or they would be read as plain asterisks. */
function marked(mark: string, children: readonly PhrasingContent[], elements: OpenElements): string {
  const text = children.map((child) => inlineNode(child, elements)).join("");
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
