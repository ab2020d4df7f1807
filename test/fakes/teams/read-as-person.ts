import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";

/** A message's Markdown as somebody sees it in the client. */
export interface SeenText {
  readonly text: string;
  /** What can be clicked. */
  readonly links: readonly string[];
  /** What the client would do more than show text: elements, images. */
  readonly live: readonly string[];
}

/** Addresses outside of code, which the client makes links of by itself. */
const AUTOLINK = /(?:https?:\/\/|www\.)[^\s<>]+/giu;

export function readAsPerson(markdown: string): SeenText {
  const links: string[] = [];
  const live: string[] = [];
  const text = (node: Nodes): string => {
    switch (node.type) {
      case "text":
        links.push(...(node.value.match(AUTOLINK) ?? []));
        return node.value;
      case "inlineCode":
      case "code":
        return node.value;
      case "break":
        return "\n";
      case "html":
        live.push(node.value);
        return "";
      case "image":
        live.push(node.url);
        return "";
      case "link":
        links.push(node.url);
        return node.children.map((child) => (child.type === "text" ? child.value : text(child))).join("");
      case "listItem":
      case "blockquote":
      case "root":
        return node.children.map(text).join("\n\n");
      case "list":
        return node.children
          .map((item, index) => `${node.ordered === true ? `${(node.start ?? 1) + index}.` : "-"} ${text(item)}`)
          .join("\n");
      default:
        return "children" in node ? node.children.map(text).join("") : "";
    }
  };
  return { text: text(fromMarkdown(markdown)), links, live };
}
