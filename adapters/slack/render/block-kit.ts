import type { types } from "@slack/bolt";
import { assertNever } from "../../../src/ports/errors.js";
import type { FlatItem, Run } from "./flatten.js";
import { cutPoint } from "./slack-text.js";

/** A block with what it says, so that messages can be filled up to their limits. */
export interface SizedBlock {
  readonly block: types.KnownBlock;
  /** What somebody reads in it. */
  readonly text: string;
  /** How many characters of it Slack counts. */
  readonly size: number;
}

const USER_ID = /^[UW][A-Z0-9]+$/u;

/** Text in one block. Slack would take more; smaller blocks fill messages better. */
const BLOCK_TEXT = 2_900;

/** Items as rich text: its text elements are never read as mentions, links or markup. */
export function richTextBlocks(items: readonly FlatItem[]): readonly SizedBlock[] {
  return groups(items.flatMap(splitItem)).map((group) => ({
    block: { type: "rich_text", elements: encode(group) },
    text: group.map(textOfItem).join(group[0]?.kind === "text" ? "\n\n" : "\n"),
    size: sizeOfGroup(group),
  }));
}

/** Cuts what is longer than a block; the rest goes on as text, a quote or code of its own. */
function splitItem(item: FlatItem): readonly FlatItem[] {
  const pieces: FlatItem[] = [];
  let runs = item.runs.filter(({ text }) => text !== "");
  let kind = item.kind;
  while (sizeOf(runs) > BLOCK_TEXT) {
    const [head, rest] = cutRuns(runs, BLOCK_TEXT);
    pieces.push({ ...item, kind, runs: head });
    runs = [...rest];
    if (kind === "bullet" || kind === "number") kind = "text";
  }
  return runs.length === 0 ? pieces : [...pieces, { ...item, kind, runs }];
}

function cutRuns(runs: readonly Run[], limit: number): [readonly Run[], readonly Run[]] {
  const head: Run[] = [];
  let room = limit;
  for (const [index, run] of runs.entries()) {
    if (run.text.length <= room) {
      head.push(run);
      room -= run.text.length;
      continue;
    }
    // Two units of room, so that a character that takes two always fits somewhere.
    if (room < 2) return [head, runs.slice(index)];
    const at = cutPoint(run.text, room);
    head.push({ ...run, text: run.text.slice(0, at) });
    return [head, [{ ...run, text: run.text.slice(at) }, ...runs.slice(index + 1)]];
  }
  return [head, []];
}

/** Items that belong in one block: the entries of a list, paragraphs after each other. */
function groups(items: readonly FlatItem[]): readonly (readonly FlatItem[])[] {
  const found: FlatItem[][] = [];
  for (const item of items) {
    const group = found.at(-1);
    const last = group?.at(-1);
    if (group !== undefined && last !== undefined && joins(last, item) && sizeOfGroup([...group, item]) <= BLOCK_TEXT) {
      group.push(item);
    } else {
      found.push([item]);
    }
  }
  return found;
}

function joins(last: FlatItem, next: FlatItem): boolean {
  const isEntry = (item: FlatItem): boolean =>
    item.kind === "bullet" || item.kind === "number" || (item.kind === "text" && item.indent > 0);
  if (isEntry(last) && isEntry(next)) return true;
  return last.kind === next.kind && last.indent === next.indent && (last.kind === "quote" || last.kind === "text");
}

type Element = types.RichTextSection | types.RichTextList | types.RichTextQuote | types.RichTextPreformatted;

function encode(group: readonly FlatItem[]): Element[] {
  const [first] = group;
  if (first === undefined) return [];
  switch (first.kind) {
    case "quote":
      return [{ type: "rich_text_quote", elements: joined(group, runElement) }];
    case "code":
      return [{ type: "rich_text_preformatted", elements: joined(group, textElement) }];
    case "text":
      if (first.indent === 0) return [{ type: "rich_text_section", elements: joined(group, runElement) }];
      return lines(group);
    case "bullet":
    case "number":
      return isSimpleSteps(group) ? [steps(group)] : lines(group);
    default:
      return assertNever(first.kind);
  }
}

/** Slack numbers a list by itself, always from 1 and only in one piece. */
function isSimpleSteps(group: readonly FlatItem[]): boolean {
  return group.every((item, index) => item.kind === "number" && item.number === index + 1 && item.indent === 0);
}

function steps(group: readonly FlatItem[]): types.RichTextList {
  return { type: "rich_text_list", style: "ordered", elements: group.map((item) => section(item.runs)) };
}

/** Bullets of one depth after each other are one list; other numbers are written out. */
function lines(group: readonly FlatItem[]): Element[] {
  const elements: Element[] = [];
  let bullets: FlatItem[] = [];
  const endBullets = (): void => {
    const [first] = bullets;
    if (first !== undefined) {
      const sections = bullets.map((item) => section(item.runs));
      elements.push({ type: "rich_text_list", style: "bullet", indent: first.indent, elements: sections });
    }
    bullets = [];
  };
  for (const [index, item] of group.entries()) {
    if (item.kind === "bullet" && (bullets[0]?.indent ?? item.indent) === item.indent) {
      bullets.push(item);
      continue;
    }
    endBullets();
    if (item.kind === "bullet") bullets.push(item);
    else elements.push(section([...mark(item), ...item.runs, ...lineEnd(group[index + 1])]));
  }
  endBullets();
  return elements;
}

function mark(item: FlatItem): readonly Run[] {
  const space = "    ".repeat(item.indent);
  const text = item.kind === "number" ? `${space}${item.number}. ` : space;
  return text === "" ? [] : [{ text, style: {}, url: null }];
}

/** Sections of one block run on, so each but the last ends its line; a list begins on a line of its own. */
function lineEnd(next: FlatItem | undefined): readonly Run[] {
  return next === undefined || next.kind === "bullet" ? [] : [{ text: "\n", style: {}, url: null }];
}

function section(runs: readonly Run[]): types.RichTextSection {
  return { type: "rich_text_section", elements: runs.map(runElement) };
}

type RunElement = types.RichTextText | types.RichTextLink | types.RichTextUserMention;

function joined<Element>(
  group: readonly FlatItem[],
  toElement: (run: Run) => Element,
): (Element | types.RichTextText)[] {
  return group.flatMap((item, index) => {
    const runs = item.runs.map(toElement);
    return index === 0 ? runs : [{ type: "text" as const, text: "\n\n" }, ...runs];
  });
}

function runElement(run: Run): RunElement {
  const { userId } = run;
  return userId !== undefined && USER_ID.test(userId) ? { type: "user", user_id: userId } : textElement(run);
}

function textElement({ text, style, url }: Run): types.RichTextText | types.RichTextLink {
  const styled = Object.keys(style).length === 0 ? {} : { style };
  return url === null ? { type: "text", text, ...styled } : { type: "link", url, text, ...styled };
}

function textOfItem(item: FlatItem): string {
  const text = item.runs.map((run) => run.text).join("");
  if (item.kind === "bullet") return `• ${text}`;
  return item.kind === "number" ? `${item.number}. ${text}` : text;
}

function sizeOf(runs: readonly Run[]): number {
  return runs.reduce((sum, { text }) => sum + text.length, 0);
}

function sizeOfGroup(group: readonly FlatItem[]): number {
  return group.reduce((sum, item) => sum + textOfItem(item).length + 2 + 4 * item.indent, 0);
}
