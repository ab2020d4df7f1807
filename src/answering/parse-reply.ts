import type { Nodes, PhrasingContent, RootContent, Table } from "mdast";
import { fromMarkdown, type Options } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import type { Block, Inline, TableCell } from "../ports/reply.js";
import { cleanText } from "./text/clean-text.js";
import { placeholderText } from "./text/html-elements.js";

const CITATION_MARK = /\[(\d{1,3}(?: ?[,;] ?\d{1,3})*)\]/gu;
const CITATION_MARK_AND_SPACE = /\s?\[(\d{1,3}(?: ?[,;] ?\d{1,3})*)\]/gu;

/** Deeper quotes and lists than anybody reads are flattened to text, so that no input can exhaust a renderer's stack. */
const MAX_DEPTH = 8;

const MARKDOWN: Options = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] };

/**
 * One line that no rule of Markdown applies to, which most sentences are: a full parser takes a millisecond to find out.
 * Brackets only around the numbers of citations, no address that would become a link by itself.
 */
const PLAIN_PARAGRAPH =
  /^(?!.*(?:www\.|:\/\/|\]\(|\]\[|\]:))\p{L}(?:[\p{L}\p{N} .,;:!?'"’“”%€$£/()–—-]|\[\d{1,3}\])*$/iu;

/**
 * Reads the Markdown subset a reply may be written in. Links and images lose their target and become their text, elements
 * of HTML are dropped, invisible characters are removed. `[n]` becomes a citation mark where `offered` has n, and nothing where
 * it has not. Never throws: every string gives a valid tree.
 */
export function parseReply(markdown: string, offered: ReadonlySet<number>): readonly Block[] {
  const clean = cleanText(markdown);
  const reading = { offered, depth: 0 };
  if (PLAIN_PARAGRAPH.test(clean)) return paragraph(inlinesOf([{ type: "text", value: clean }], reading));
  return blocksOf(fromMarkdown(limitNesting(clean), MARKDOWN).children, reading);
}

interface Reading {
  readonly offered: ReadonlySet<number>;
  readonly depth: number;
}

function limitNesting(markdown: string): string {
  // Markdown parsers recurse: a line of ten thousand ">" would take them down before any depth check of ours.
  return markdown.replaceAll(/^(?:[ \t]*(?:[>*+-]|\d{1,9}[.)])){12,}/gmu, "").replaceAll(/[[\]*_~`!<>]{64,}/gu, "");
}

function blocksOf(nodes: readonly RootContent[], reading: Reading): readonly Block[] {
  return nodes.flatMap((node) => blockOf(node, reading));
}

function blockOf(node: RootContent, reading: Reading): readonly Block[] {
  switch (node.type) {
    case "paragraph":
      return paragraph(inlinesOf(node.children, reading));
    case "heading":
      return paragraph(inlinesOf(node.children, reading)).map((block) => ({ ...block, kind: "heading" }));
    case "code":
      return node.value.trim() === "" ? [] : [{ kind: "code", language: languageOf(node.lang), text: node.value }];
    case "list":
    case "blockquote":
      return reading.depth >= MAX_DEPTH ? paragraph(textInline(plainText(node))) : container(node, reading);
    case "table":
      return tableOf(node, reading);
    default:
      return otherBlock(node, reading);
  }
}

function container(node: Extract<RootContent, { type: "list" | "blockquote" }>, reading: Reading): readonly Block[] {
  const inner = { ...reading, depth: reading.depth + 1 };
  if (node.type === "blockquote") {
    const blocks = blocksOf(node.children, inner);
    return blocks.length === 0 ? [] : [{ kind: "quote", blocks }];
  }
  const items = node.children.map((item) => blocksOf(item.children, inner)).filter((item) => item.length > 0);
  const ordered = node.ordered ?? false;
  return items.length === 0 ? [] : [{ kind: "list", ordered, start: ordered ? (node.start ?? 1) : 1, items }];
}

/** Elements of HTML, definitions and rules say nothing; whatever else a parser may find keeps its words. */
function otherBlock(node: RootContent, reading: Reading): readonly Block[] {
  if (node.type === "html") return paragraph(inlinesOf([{ type: "text", value: plainText(node) }], reading));
  if (node.type === "definition" || node.type === "thematicBreak" || node.type === "yaml") return [];
  if (node.type === "footnoteDefinition") return blocksOf(node.children, reading);
  return paragraph(textInline(plainText(node)));
}

function paragraph(children: readonly Inline[]): readonly Extract<Block, { kind: "paragraph" }>[] {
  const trimmed = trimInlines(children);
  return trimmed.length === 0 ? [] : [{ kind: "paragraph", children: trimmed }];
}

function tableOf(node: Table, reading: Reading): readonly Block[] {
  const [header, ...rows] = node.children.map((row): readonly TableCell[] =>
    row.children.map((cell) => trimInlines(inlinesOf(cell.children, reading))),
  );
  if (header === undefined || header.length === 0) return [];
  const width = header.length;
  const even = rows.map((row) => Array.from({ length: width }, (_, column): TableCell => row[column] ?? []));
  return [{ kind: "table", header, rows: even }];
}

function inlinesOf(nodes: readonly PhrasingContent[], reading: Reading): readonly Inline[] {
  const merged = mergeText(nodes.flatMap((node) => inlineOf(node, reading)));
  return merged.flatMap((inline) => (inline.kind === "text" ? withCitations(inline.text, reading.offered) : [inline]));
}

function inlineOf(node: PhrasingContent, reading: Reading): readonly Inline[] {
  switch (node.type) {
    case "text":
      return textInline(node.value);
    case "strong":
    case "emphasis":
    case "delete": {
      const children = inlinesOf(node.children, reading);
      return children.length === 0 ? [] : [{ kind: node.type === "delete" ? "strike" : node.type, children }];
    }
    case "inlineCode":
      return node.value === "" ? [] : [{ kind: "code", text: node.value }];
    case "break":
      return [{ kind: "break" }];
    case "image":
    case "imageReference":
      return textInline(node.alt ?? "");
    case "link":
    case "linkReference":
    case "footnoteReference":
      return linkText(node, reading);
    default:
      return textInline(plainText(node));
  }
}

/** A link is its text. One whose text is a bare number was meant as a citation: `[2](#source)`, `[2][2]`, `[^2]`. */
function linkText(
  node: Extract<PhrasingContent, { type: "link" | "linkReference" | "footnoteReference" }>,
  reading: Reading,
): readonly Inline[] {
  const label = node.type === "footnoteReference" ? node.identifier : plainText(node);
  if (/^\d{1,3}$/u.test(label)) return textInline(`[${label}]`);
  return node.type === "footnoteReference" ? [] : inlinesOf(node.children, reading);
}

function withCitations(text: string, offered: ReadonlySet<number>): readonly Inline[] {
  const known = withoutUnknownMarks(text, offered);
  const inlines: Inline[] = [];
  let end = 0;
  for (const match of known.matchAll(CITATION_MARK)) {
    inlines.push(...textInline(known.slice(end, match.index)));
    for (const number of numbersOf(match[1] ?? "", offered)) inlines.push({ kind: "citation", number });
    end = match.index + match[0].length;
  }
  return [...inlines, ...textInline(known.slice(end))];
}

/** Taking a mark out may join what stood around it to another one, so it is done until nothing changes. */
function withoutUnknownMarks(text: string, offered: ReadonlySet<number>): string {
  const reduced = text.replaceAll(CITATION_MARK_AND_SPACE, (mark, numbers: string) =>
    numbersOf(numbers, offered).length === 0 ? "" : mark,
  );
  return reduced === text ? text : withoutUnknownMarks(reduced, offered);
}

function numbersOf(list: string, offered: ReadonlySet<number>): readonly number[] {
  return list
    .split(/[,;]/u)
    .map(Number)
    .filter((number) => offered.has(number));
}

/** Newlines inside a paragraph are spaces in Markdown, and many spaces are one; characters may also come from entities, so they are cleaned again. */
function textInline(text: string): readonly Inline[] {
  const clean = cleanText(text).replaceAll(/[ \n\t]+/gu, " ");
  return clean === "" ? [] : [{ kind: "text", text: clean }];
}

function mergeText(inlines: readonly Inline[]): readonly Inline[] {
  const merged: Inline[] = [];
  for (const inline of inlines) {
    const last = merged.at(-1);
    if (inline.kind === "text" && last?.kind === "text")
      merged[merged.length - 1] = { kind: "text", text: last.text + inline.text };
    else merged.push(inline);
  }
  return merged;
}

function trimInlines(inlines: readonly Inline[]): readonly Inline[] {
  const kept = [...inlines];
  while (isBlank(kept[0])) kept.shift();
  while (isBlank(kept.at(-1))) kept.pop();
  const [first] = kept;
  if (first?.kind === "text") kept[0] = { kind: "text", text: first.text.trimStart() };
  const last = kept.at(-1);
  if (last?.kind === "text") kept[kept.length - 1] = { kind: "text", text: last.text.trimEnd() };
  return kept;
}

function isBlank(inline: Inline | undefined): boolean {
  return inline?.kind === "break" || (inline?.kind === "text" && inline.text.trim() === "");
}

function languageOf(language: string | null | undefined): string | null {
  return language !== null && language !== undefined && /^[\w+#.-]{1,30}$/u.test(language) ? language : null;
}

function plainText(node: Nodes): string {
  if ("value" in node) return node.type === "html" ? placeholderText(node.value) : node.value;
  if ("alt" in node) return node.alt ?? "";
  return "children" in node ? node.children.map(plainText).join("") : "";
}
