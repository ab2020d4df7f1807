import { childOf, elementsIn, parseStorage, textIn } from "./confluence-storage.js";
import type { StorageElement } from "./confluence-storage.js";

export interface ConfluenceHtml {
  readonly html: string;
  /** Names of macros and other parts that have no text of their own, or none that can be read. */
  readonly dropped: readonly string[];
}

/** Turns the storage format of a page into HTML that says the same. @throws {ItemError} */
export function storageToHtml(storage: string): ConfluenceHtml {
  const dropped = new Set<string>();
  const html = inside(parseStorage(storage), dropped);
  return { html, dropped: [...dropped].sort() };
}

type Dropped = Set<string>;

function inside(element: StorageElement | undefined, dropped: Dropped): string {
  return (element?.children ?? [])
    .map((child) => (typeof child === "string" ? child : render(child, dropped)))
    .join("");
}

function render(element: StorageElement, dropped: Dropped): string {
  const { name } = element;
  switch (name) {
    case "ac:structured-macro":
    case "ac:macro":
      return macro(element, dropped);
    case "ac:link":
      return link(element, dropped);
    case "ac:task-list":
      return `<ul>${inside(element, dropped)}</ul>`;
    case "ac:task":
      return task(element, dropped);
    case "ac:adf-extension":
      return adfExtension(element, dropped);
    case "ac:layout":
    case "ac:layout-section":
    case "ac:layout-cell":
    case "ac:rich-text-body":
      return `<div>${inside(element, dropped)}</div>`;
    case "ac:inline-comment-marker":
    case "ac:link-body":
      return inside(element, dropped);
    case "time":
      return element.attributes["datetime"] ?? "";
    default:
      if (!name.includes(":")) return plain(element, dropped);
      dropped.add(name);
      return "";
  }
}

const VOID: ReadonlySet<string> = new Set(["br", "hr", "col", "img", "wbr"]);
const KEPT_ATTRIBUTES: ReadonlySet<string> = new Set(["href", "start", "colspan", "rowspan", "style", "hidden"]);

function plain(element: StorageElement, dropped: Dropped): string {
  const { name, attributes } = element;
  const kept = Object.entries(attributes).filter(([attribute]) => KEPT_ATTRIBUTES.has(attribute));
  const open = `<${name}${kept.map(([attribute, value]) => ` ${attribute}="${value.replaceAll('"', "&quot;")}"`).join("")}>`;
  return VOID.has(name) ? open : `${open}${inside(element, dropped)}</${name}>`;
}

const ADMONITIONS: Readonly<Record<string, string>> = {
  info: "Info",
  note: "Note",
  warning: "Warning",
  tip: "Tip",
  error: "Error",
  success: "Success",
};
/** Shown as the text that they hold. */
const SEE_THROUGH: ReadonlySet<string> = new Set(["excerpt", "section", "column", "details", "div", "ui-expand"]);

function macro(element: StorageElement, dropped: Dropped): string {
  const name = element.attributes["ac:name"] ?? "";
  const title = parameterOf(element, "title");
  const body = childOf(element, "ac:rich-text-body");
  if (name === "code" || name === "noformat") return code(element, title);
  if (name === "status") return title;
  if (Object.hasOwn(ADMONITIONS, name)) return admonition(ADMONITIONS[name] ?? "", title, inside(body, dropped));
  if (name === "panel") return admonition("", title, inside(body, dropped));
  if (name === "expand") return `${strong(title)}<div>${inside(body, dropped)}</div>`;
  if (!SEE_THROUGH.has(name)) dropped.add(name === "" ? "macro without a name" : name);
  return body === undefined ? "" : `<div>${inside(body, dropped)}</div>`;
}

function parameterOf(element: StorageElement, name: string): string {
  return textIn(
    elementsIn(element).find((child) => child.name === "ac:parameter" && child.attributes["ac:name"] === name),
  );
}

function code(element: StorageElement, title: string): string {
  const language = parameterOf(element, "language").replace(/[^\w+#-]/gu, "");
  const className = language === "" ? "" : ` class="language-${language}"`;
  return `${strong(title)}<pre><code${className}>${textIn(childOf(element, "ac:plain-text-body"))}</code></pre>`;
}

function admonition(label: string, title: string, body: string): string {
  const head = [label, title].filter((part) => part !== "").join(": ");
  return `<blockquote>${strong(head)}${body}</blockquote>`;
}

function strong(text: string): string {
  return text === "" ? "" : `<p><strong>${text}</strong></p>`;
}

/** Its own words, else the name of what it leads to. People are named by a number, which says nothing. */
function link(element: StorageElement, dropped: Dropped): string {
  const own = childOf(element, "ac:link-body");
  if (own !== undefined) return inside(own, dropped);
  const words = textIn(childOf(element, "ac:plain-text-link-body"));
  if (words !== "") return words;
  const target = elementsIn(element).find(({ name }) => name.startsWith("ri:"));
  const { attributes = {} } = target ?? {};
  return attributes["ri:content-title"] ?? attributes["ri:filename"] ?? attributes["ri:space-key"] ?? "";
}

function task(element: StorageElement, dropped: Dropped): string {
  const isDone = textIn(childOf(element, "ac:task-status")).trim() === "complete";
  return `<li>${isDone ? "[x]" : "[ ]"} ${inside(childOf(element, "ac:task-body"), dropped)}</li>`;
}

/** What newer editors write; its fallback says the same a second time. */
function adfExtension(element: StorageElement, dropped: Dropped): string {
  const node = childOf(element, "ac:adf-node");
  const content = node === undefined ? undefined : childOf(node, "ac:adf-content");
  if (node === undefined || content === undefined) {
    dropped.add(node?.attributes["type"] ?? "ac:adf-extension");
    return "";
  }
  const attribute = elementsIn(node).find(
    (child) => child.name === "ac:adf-attribute" && child.attributes["key"] === "panel-type",
  );
  return admonition(ADMONITIONS[textIn(attribute).trim()] ?? "", "", inside(content, dropped));
}
