import type { DefaultTreeAdapterTypes } from "parse5";

export type HtmlNode = DefaultTreeAdapterTypes.ChildNode;
export type HtmlElement = DefaultTreeAdapterTypes.Element;

const AROUND_THE_CONTENT: ReadonlySet<string> = new Set(["nav", "header", "footer", "aside", "form", "menu"]);
const AROUND_ROLES: ReadonlySet<string> = new Set(
  "navigation banner contentinfo search complementary dialog alertdialog menu menubar".split(" "),
);

export function isElement(node: HtmlNode): node is HtmlElement {
  return "tagName" in node;
}

export function attributesOf(element: HtmlElement): ReadonlyMap<string, string> {
  return new Map(element.attrs.map(({ name, value }) => [name, value]));
}

/** What stands around a page's content rather than in it. */
export function isAroundContent(element: HtmlElement): boolean {
  return (
    AROUND_THE_CONTENT.has(element.tagName) || AROUND_ROLES.has(attributesOf(element).get("role")?.toLowerCase() ?? "")
  );
}
