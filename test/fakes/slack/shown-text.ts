import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import type { Workspace } from "./workspace.js";

/** What is alive in a piece of text: who is called, where it leads. */
export interface Live {
  /** Ids of people, and `channel`, `here` or `everyone`. */
  readonly mentions: string[];
  readonly links: string[];
}

const MARKUP = /<(?<inside>[^<>\n]+)>/gu;
const BARE_ADDRESS = /(?<![<|"\w/])https?:\/\/[^\s<>|)\]]+/gu;

/** Slack's own markup as a person reads it. */
export function mrkdwnText(source: string, workspace: Workspace): string {
  const shown = source.replace(MARKUP, (_all, inside: string) => shownMarkup(inside, workspace));
  return unescaped(withoutMarks(shown));
}

export function mrkdwnLive(source: string, options: { linksAddresses: boolean }): Live {
  const live: Live = { mentions: [], links: [] };
  for (const { groups } of source.matchAll(MARKUP)) {
    const inside = groups?.["inside"] ?? "";
    const target = inside.split("|")[0] ?? "";
    if (target.startsWith("@")) {
      live.mentions.push(target.slice(1));
    } else if (/^!(channel|here|everyone)$/u.test(target)) {
      live.mentions.push(target.slice(1));
    } else if (target.startsWith("!subteam^")) {
      live.mentions.push(target.slice("!subteam^".length));
    } else if (!/^[#!]/u.test(target)) {
      live.links.push(unescaped(target));
    }
  }
  if (options.linksAddresses) {
    live.links.push(...(source.replace(MARKUP, "").match(BARE_ADDRESS) ?? []).map(unescaped));
  }
  return live;
}

/** Standard Markdown as a person reads it. */
export function markdownText(source: string): string {
  return blockText(parsed(source)).trim();
}

/** In Markdown, too, Slack takes `<@U…>` and `<!channel>` for mentions. */
export function markdownLive(source: string): Live {
  const live: Live = { mentions: [], links: [] };
  collectLinks(parsed(source), live.links);
  for (const { groups } of source.matchAll(/(?<!\\)<(?<who>@\w+|!(?:channel|here|everyone))(?:\|[^>]*)?>/gu)) {
    live.mentions.push((groups?.["who"] ?? "").slice(1));
  }
  return live;
}

function shownMarkup(inside: string, workspace: Workspace): string {
  const [target = "", label] = inside.split("|");
  if (target.startsWith("@")) {
    return `@${workspace.people.get(target.slice(1))?.name ?? label ?? target.slice(1)}`;
  }
  if (target.startsWith("#")) {
    return `#${workspace.channels.get(target.slice(1))?.name ?? label ?? target.slice(1)}`;
  }
  if (target.startsWith("!")) {
    return label ?? `@${target.slice(1)}`;
  }
  return label === undefined || label === target ? target : `${label} (${target})`;
}

/** Bold, italic and struck text without the characters that ask for it; code keeps what is inside. */
function withoutMarks(source: string): string {
  return source
    .split(/(```[^]*?```|`[^`\n]+`)/u)
    .map((part) => (part.startsWith("`") ? part.replace(/^`+\n?|\n?`+$/gu, "") : withoutEmphasis(part)))
    .join("");
}

function withoutEmphasis(source: string): string {
  return source.replace(/(?<![\w*_~])([*_~])(?=\S)([^*_~\n]*?\S)\1(?![\w*_~])/gu, "$2");
}

function unescaped(source: string): string {
  return source.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function parsed(source: string): Nodes {
  return fromMarkdown(source, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

function blockText(node: Nodes): string {
  switch (node.type) {
    case "root":
      return node.children.map(blockText).join("\n");
    case "blockquote":
      return node.children.map(blockText).join("\n").replaceAll(/^/gmu, "> ");
    case "list":
      return node.children
        .map((item, index) => `${node.ordered === true ? `${(node.start ?? 1) + index}.` : "•"} ${blockText(item)}`)
        .join("\n");
    case "listItem":
      return node.children.map(blockText).join("\n  ");
    case "table":
      return node.children.map((row) => row.children.map(inlineText).join(" | ")).join("\n");
    default:
      return inlineText(node);
  }
}

function inlineText(node: Nodes): string {
  if (node.type === "link") {
    const label = node.children.map(inlineText).join("");
    return label === node.url ? label : `${label} (${node.url})`;
  }
  if (node.type === "break") {
    return "\n";
  }
  if ("children" in node) {
    return node.children.map((child) => inlineText(child)).join("");
  }
  return "value" in node ? node.value : "";
}

function collectLinks(node: Nodes, links: string[]): void {
  if (node.type === "link" || node.type === "image" || node.type === "definition") {
    links.push(node.url);
  }
  if ("children" in node) {
    for (const child of node.children) {
      collectLinks(child, links);
    }
  }
}
