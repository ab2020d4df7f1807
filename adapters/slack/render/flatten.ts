import { inlineText } from "../../../src/answering/reply-text.js";
import { assertNever } from "../../../src/ports/errors.js";
import type { Block, Citation, Inline } from "../../../src/ports/reply.js";
import { fileSizeText } from "../../../src/text/file-size.js";
import { linkTarget } from "./slack-text.js";
import { tableLines } from "./table-text.js";

export interface TextStyle {
  readonly bold?: true;
  readonly italic?: true;
  readonly strike?: true;
  readonly code?: true;
}

/** A run of text, or of text that links to a source. A text run is never read as markup by Slack. */
export interface Run {
  readonly text: string;
  readonly style: TextStyle;
  readonly url: string | null;
  /** Whom it mentions: Slack shows their name, and tells them. */
  readonly userId?: string;
}

/** One line or passage of a reply, without nesting. */
export interface FlatItem {
  readonly kind: "text" | "bullet" | "number" | "quote" | "code";
  /** How deep in lists it stands, 0 for not at all or on the outermost. */
  readonly indent: number;
  /** What a `number` item is numbered with. */
  readonly number: number;
  readonly runs: readonly Run[];
}

type Links = ReadonlyMap<number, string>;

/** Slack indents lists up to eight times. */
const DEEPEST = 8;

/** A reply's blocks as a flat list, in reading order: everything that is written in them is in there. */
export function flatten(blocks: readonly Block[], citations: readonly Citation[]): readonly FlatItem[] {
  const links = new Map<number, string>();
  for (const { number, url } of citations) {
    const target = linkTarget(url);
    if (target !== null) links.set(number, target);
  }
  return blocks.flatMap((block) => flatBlock(block, links, 0));
}

function flatBlock(block: Block, links: Links, indent: number): readonly FlatItem[] {
  switch (block.kind) {
    case "paragraph":
      return item("text", indent, runsOf(block.children, {}, links));
    case "heading":
      return item("text", indent, runsOf(block.children, { bold: true }, links));
    case "code":
      return item("code", indent, [plainRun(block.text)]);
    // Slack keeps files itself: this stands where only a name is called for.
    case "file":
      return item("text", indent, [plainRun(`${block.name} (${fileSizeText(block.sizeBytes)})`)]);
    case "table":
      return tableLines(block).map((line): FlatItem => ({
        kind: line.kind,
        indent,
        number: 0,
        runs: [plainRun(line.text)],
      }));
    case "quote":
      return block.blocks
        .flatMap((inner) => flatBlock(inner, links, indent))
        .map((inner): FlatItem => (inner.kind === "text" ? { ...inner, kind: "quote" } : inner));
    case "list":
      return block.items.flatMap((entry, index) =>
        flatEntry(entry, block.ordered ? block.start + index : null, links, indent),
      );
    default:
      return assertNever(block);
  }
}

/** The first paragraph of an entry stands beside its mark; what follows stands below, one step further in. */
function flatEntry(entry: readonly Block[], number: number | null, links: Links, indent: number): readonly FlatItem[] {
  const [first, ...rest] = entry;
  const isText = first?.kind === "paragraph" || first?.kind === "heading";
  const mark: FlatItem = {
    kind: number === null ? "bullet" : "number",
    indent: Math.min(indent, DEEPEST),
    number: number ?? 0,
    runs: isText ? runsOf(first.children, first.kind === "heading" ? { bold: true } : {}, links) : [plainRun(" ")],
  };
  const below = isText ? rest : entry;
  return [mark, ...below.flatMap((block) => flatBlock(block, links, indent + 1))];
}

function item(kind: FlatItem["kind"], indent: number, runs: readonly Run[]): readonly FlatItem[] {
  return runs.some(({ text }) => text !== "") ? [{ kind, indent, number: 0, runs }] : [];
}

function runsOf(inlines: readonly Inline[], style: TextStyle, links: Links): readonly Run[] {
  return inlines.flatMap((inline): readonly Run[] => {
    switch (inline.kind) {
      case "text":
        return inline.text === "" ? [] : [{ text: inline.text, style, url: null }];
      case "code":
        return inline.text === "" ? [] : [{ text: inline.text, style: { ...style, code: true }, url: null }];
      case "strong":
        return runsOf(inline.children, { ...style, bold: true }, links);
      case "emphasis":
        return runsOf(inline.children, { ...style, italic: true }, links);
      case "strike":
        return runsOf(inline.children, { ...style, strike: true }, links);
      case "break":
        return [{ text: "\n", style, url: null }];
      case "mention":
        return [{ text: inline.name, style, url: null, userId: inline.id }];
      case "citation":
        return [{ text: inlineText([inline]), style: {}, url: links.get(inline.number) ?? null }];
      default:
        return assertNever(inline);
    }
  });
}

function plainRun(text: string): Run {
  return { text, style: {}, url: null };
}
