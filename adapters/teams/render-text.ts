import { cleanText } from "../../src/answering/text/clean-text.js";
import { inlineText } from "../../src/answering/reply-text.js";
import {
  isStyled,
  type Block,
  type Citation,
  type FileBlock,
  type Inline,
  type Reply,
  type StyledInline,
  type TableCell,
} from "../../src/ports/reply.js";
import { fileSizeText } from "../../src/text/file-size.js";

/** What may stay a link that can be clicked. */
export type LinkAllowlist = ReadonlySet<string>;

/** A piece of a reply as Teams Markdown, with the citations that its text marks. */
export interface TeamsText {
  readonly markdown: string;
  readonly cited: readonly number[];
}

/** The addresses of a reply's sources: the only ones that its text may link to. */
export function linksOf(citations: readonly Citation[]): LinkAllowlist {
  return new Set(citations.flatMap((citation) => webAddress(citation) ?? []));
}

const MAX_ADDRESS = 1_000;

/** The address of a source, when it is one of the web; nothing else is ever made a link. */
export function webAddress({ url }: Pick<Citation, "url">): string | null {
  if (url === null || url.length > MAX_ADDRESS || !URL.canParse(url)) return null;
  const { protocol } = new URL(url);
  return (protocol === "https:" || protocol === "http:") && !/[\s<>"`\\]/u.test(url) ? url : null;
}

/** @param label Teams Markdown. */
export function linkTo(address: string, label: string): string {
  return `[${label}](${address.replaceAll("(", "%28").replaceAll(")", "%29")})`;
}

/** Blocks as Teams Markdown, without those that hold nothing. There are no tables and no HTML: tables become lists. */
export function renderBlocks(blocks: Reply["blocks"], links: LinkAllowlist): readonly TeamsText[] {
  const written = blocks
    .map((block) => ({ block, markdown: blockMarkdown(block, links), cited: citedIn(block) }))
    .filter(({ markdown }) => markdown.trim() !== "");
  return written.flatMap(({ block, markdown, cited }, index): readonly TeamsText[] => {
    const before = written[index - 1]?.block;
    const part = { markdown, cited };
    return before !== undefined && areReadAsOne(before, block) ? [BETWEEN_LISTS, part] : [part];
  });
}

/** Text of others as Teams Markdown that shows it and does nothing else: no markup, no mention, no link. */
export function escapeText(text: string, links: LinkAllowlist = NO_LINKS): string {
  const clean = cleanText(text).replaceAll(/[\n\t]+/gu, " ");
  let written = "";
  let end = 0;
  for (const { address, index } of addressesIn(clean)) {
    written += escapeMarkup(clean.slice(end, index));
    written += links.has(address) ? linkTo(address, escapeMarkup(address)) : codeSpan(address);
    end = index + address.length;
  }
  return written + escapeMarkup(clean.slice(end));
}

const NO_LINKS: LinkAllowlist = new Set();

// Looked for word by word: the pattern costs a hundred steps a character, and most words can hold no address.
function* addressesIn(text: string): Generator<{ readonly address: string; readonly index: number }> {
  for (const { 0: word, index } of text.matchAll(/\S+/gu)) {
    if (!/[.:]/u.test(word)) continue;
    for (const match of word.matchAll(ADDRESS)) {
      yield { address: withoutTrailingPunctuation(match[0]), index: index + match.index };
    }
  }
}

/** What Teams makes a link of by itself. */
const ADDRESS =
  /(?:[a-z][a-z\d+.-]{1,20}:\/\/|www\.|(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}(?=[/?#]|:\d))[^\s<>"`]*|(?:mailto|tel|javascript|data|file|vbscript|callto|sip|msteams):[^\s<>"`]+/giu;

function withoutTrailingPunctuation(address: string): string {
  return address.replace(/[.,;:!?'")\]}]{1,8}$/u, "");
}

// Teams reads Markdown, a few HTML elements and entities; a mention is `<at>`. With these written out none of it is left.
function escapeMarkup(text: string): string {
  return text
    .replaceAll(/[\\`*_[\]~|{}]/gu, String.raw`\$&`)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

/** What would start a heading, a list, a quote or a rule at the start of a line. */
function escapeLineStart(line: string): string {
  return line
    .replace(/^(\s*)([#+-])/u, String.raw`$1\$2`)
    .replace(/^(\s*\d{1,9})([.)])/u, String.raw`$1\$2`)
    .replace(/^(\s*)(=+\s*)$/u, String.raw`$1\$2`);
}

/** Backticks and code that is nothing but space would make marks of one span run into those of the next. */
function codeSpan(text: string): string {
  const oneLine = cleanText(text).replaceAll(/[\n\t]+/gu, " ");
  return oneLine.trim() === "" || oneLine.includes("`") ? escapeMarkup(oneLine) : `\`${oneLine}\``;
}

/** A code block whose text cannot close it. */
export function codeBlock(text: string): string {
  const clean = cleanText(text);
  const fence = "`".repeat(Math.max(3, longestRun(clean, "`") + 1));
  return `${fence}\n${clean}\n${fence}`;
}

function longestRun(text: string, character: string): number {
  let longest = 0;
  let run = 0;
  for (const each of text) {
    run = each === character ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

function blockMarkdown(block: Block, links: LinkAllowlist): string {
  switch (block.kind) {
    case "paragraph":
      return paragraph(block.children, links);
    // Teams' clients do not agree on headings; bold they all show.
    case "heading":
      return bold(singleLine(withoutStrong(block.children), links));
    case "code":
      return block.text.trim() === "" ? "" : codeBlock(block.text);
    case "file":
      return fileLink(block);
    case "quote":
      return prefixed(blocksMarkdown(block.blocks, links), "> ");
    case "list":
      return block.items.map((item, index) => listItem(block, item, index, links)).join("\n");
    case "table":
      return tableRows(block.header, block.rows, links);
  }
}

/** The link is one of our own: what it leads to is a file that a person sent, and its name is theirs. */
function fileLink({ name, sizeBytes, url }: FileBlock): string {
  const address = webAddress({ url });
  const label = escapeText(name);
  return `${address === null ? label : linkTo(address, label)} (${fileSizeText(sizeBytes)})`;
}

function blocksMarkdown(blocks: readonly Block[], links: LinkAllowlist): string {
  return renderBlocks(blocks, links)
    .map(({ markdown }) => markdown)
    .join("\n\n");
}

/** A line of its own with nothing to see in it. */
const BETWEEN_LISTS: TeamsText = { markdown: "&nbsp;", cited: [] };

function areReadAsOne(before: Block, block: Block): boolean {
  const mark = markOf(block);
  return mark !== null && mark === markOf(before);
}

/** What is written as a list. */
function markOf(block: Block): "number" | "dash" | null {
  if (block.kind === "table") return "dash";
  if (block.kind !== "list") return null;
  return block.ordered ? "number" : "dash";
}

function listItem(
  list: Extract<Block, { kind: "list" }>,
  item: readonly Block[],
  index: number,
  links: LinkAllowlist,
): string {
  const mark = list.ordered ? `${list.start + index}. ` : "- ";
  return (
    mark +
    blocksMarkdown(item, links)
      .replaceAll("\n", `\n${" ".repeat(mark.length)}`)
      .replaceAll(/^ +$/gmu, "")
  );
}

/** One list item for each row: its first cell in bold, the others with their column's name. */
function tableRows(
  header: readonly TableCell[],
  rows: readonly (readonly TableCell[])[],
  links: LinkAllowlist,
): string {
  const names = header.map((cell) => singleLine(cell, links));
  if (rows.length === 0) return names.map((name) => `- ${name}`).join("\n");
  return rows
    .map((row) => {
      const [first = "", ...others] = row.map((cell, column) => {
        const text = singleLine(column === 0 ? withoutStrong(cell) : cell, links);
        const name = names[column] ?? "";
        return column === 0 || text === "" || name === "" ? text : `${name}: ${text}`;
      });
      return `- ${[bold(first), ...others].filter((part) => part !== "").join(" · ")}`;
    })
    .join("\n");
}

const LINE_BREAK = "  \n";

/** Without empty lines, which would end the paragraph and whatever holds it. */
function paragraph(children: readonly Inline[], links: LinkAllowlist): string {
  const lines = inlines(children, links).split(LINE_BREAK);
  return lines
    .filter((line) => line.trim() !== "")
    .map((line) => escapeLineStart(line.trim()))
    .join(LINE_BREAK);
}

function inlines(children: readonly Inline[], links: LinkAllowlist): string {
  const waiting = [...children];
  let written = "";
  for (let child = waiting.shift(); child !== undefined; child = waiting.shift()) {
    const next = inlineMarkdown(child, links);
    if (!isStyled(child) || (mayBeMarked(child) && areMarksRead(written, next, inlineText(waiting)))) {
      written += `${between(written, next)}${next}`;
    } else {
      waiting.unshift(...child.children);
    }
  }
  return written;
}

const ENDING: Readonly<Record<StyledInline["kind"], string>> = { strong: "**", emphasis: "_", strike: "~" };

/** Within, the same marks would end it too soon. */
function mayBeMarked({ kind, children }: StyledInline): boolean {
  return !inlineText(children).includes(ENDING[kind]);
}

const PUNCTUATION = /^[\p{P}\p{S}]/u;
const WORD = /[\p{L}\p{N}]/u;

/**
 * Whether Markdown reads the marks around a piece as marks. In the middle of a word, with punctuation on their inner and a
 * letter on their outer side, or right behind other marks, it shows them.
 */
function areMarksRead(before: string, marked: string, after: string): boolean {
  const [, open = "", inner = "", close = ""] = /^\s*(\*\*|_|~~)([^]*)(\1)\s*$/u.exec(marked) ?? [];
  if (open === "") return true;
  const [outside, next] = [marked.startsWith(open) ? last(before) : "", marked.endsWith(close) ? first(after) : ""];
  if (/[*_~]/u.test(outside)) return false;
  const isOpened = !WORD.test(outside) || (open !== "_" && !PUNCTUATION.test(first(inner)));
  const isClosed = !WORD.test(next) || (open !== "_" && !PUNCTUATION.test(last(inner)));
  return isOpened && isClosed;
}

function first(text: string): string {
  return Array.from(text.slice(0, 2))[0] ?? "";
}

function last(text: string): string {
  return Array.from(text.slice(-2)).at(-1) ?? "";
}

/** What keeps two neighbours from being read as one: code beside code, a citation mark before what would make it a link. */
function between(before: string, next: string): string {
  if (before.endsWith("`") && next.startsWith("`")) return " ";
  return before.endsWith("]") && /^[(:]/u.test(next) ? "\\" : "";
}

function joinedLines(children: readonly Inline[], links: LinkAllowlist): string {
  return inlines(children, links).replaceAll(LINE_BREAK, " ");
}

/** For what has no lines: a heading, a cell. */
function singleLine(children: readonly Inline[], links: LinkAllowlist): string {
  return joinedLines(children, links).trim();
}

function inlineMarkdown(inline: Inline, links: LinkAllowlist): string {
  switch (inline.kind) {
    case "text":
      return escapeText(inline.text, links);
    case "code":
      return inline.text === "" ? "" : codeSpan(inline.text);
    case "strong":
      return bold(joinedLines(withoutStrong(inline.children), links));
    case "emphasis":
      return emphasis(joinedLines(inline.children, links));
    case "strike":
      return wrapped(joinedLines(inline.children, links), "~~");
    case "break":
      return LINE_BREAK;
    case "mention":
      return escapeText(inline.name, links);
    case "citation":
      return `[${inline.number}]`;
  }
}

function bold(text: string): string {
  return wrapped(text, "**");
}

function emphasis(text: string): string {
  return wrapped(text, "_");
}

/** Marks stand next to the first and the last letter, or Markdown would not read them as marks. */
function wrapped(text: string, mark: string): string {
  const inner = text.trim();
  if (inner === "" || inner.includes(mark)) return text;
  const start = text.slice(0, text.indexOf(inner));
  return `${start}${mark}${inner}${mark}${text.slice(start.length + inner.length)}`;
}

function withoutStrong(children: readonly Inline[]): readonly Inline[] {
  return children.flatMap((child) => (child.kind === "strong" ? withoutStrong(child.children) : [child]));
}

function prefixed(text: string, prefix: string): string {
  return text
    .split("\n")
    .map((line) => `${prefix}${line}`.trimEnd())
    .join("\n");
}

function citedIn(block: Block): readonly number[] {
  switch (block.kind) {
    case "paragraph":
    case "heading":
      return citedInline(block.children);
    case "code":
    case "file":
      return [];
    case "quote":
      return block.blocks.flatMap(citedIn);
    case "list":
      return block.items.flatMap((item) => item.flatMap(citedIn));
    case "table":
      return [...block.header, ...block.rows.flat()].flatMap(citedInline);
  }
}

function citedInline(children: readonly Inline[]): readonly number[] {
  return children.flatMap((child) => {
    if (child.kind === "citation") return [child.number];
    return isStyled(child) ? citedInline(child.children) : [];
  });
}
