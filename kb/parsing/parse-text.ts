import type { ContentBlock } from "./parsed-document.js";

const STEP = /^\s{0,3}(\d{1,3})[.)]\s+(\S.*)$/u;
const BULLET = /^\s{0,3}[-*•–]\s+(\S.*)$/u;
const UNDERLINE = /^\s{0,3}(=+|-{3,})\s*$/u;

export interface TextContent {
  readonly title: string | null;
  readonly blocks: readonly ContentBlock[];
}

/**
 * Reads plain text: paragraphs between empty lines, underlined or capital headings, numbered and bulleted lists. Nothing
 * in it is markup. The first heading is the title.
 */
export function parseText(text: string): TextContent {
  const blocks = joinSteps(paragraphsOf(text).flatMap(readParagraph));
  const [first] = blocks;
  return first?.kind === "heading" ? { title: first.text, blocks: blocks.slice(1) } : { title: null, blocks };
}

function paragraphsOf(text: string): string[] {
  const paragraphs: string[][] = [[]];
  for (const line of text.split("\n")) {
    if (line.trim() === "") paragraphs.push([]);
    else paragraphs.at(-1)?.push(line);
  }
  return paragraphs.map((lines) => lines.join("\n"));
}

/** Steps with an empty line between them are one list as long as their numbers count on. */
function joinSteps(blocks: readonly ContentBlock[]): ContentBlock[] {
  const joinedBlocks: ContentBlock[] = [];
  for (const block of blocks) {
    const last = joinedBlocks.at(-1);
    const continues =
      last?.kind === "list" &&
      block.kind === "list" &&
      last.ordered &&
      block.ordered &&
      block.start === last.start + last.items.length;
    if (continues) joinedBlocks.splice(-1, 1, { ...last, items: [...last.items, ...block.items] });
    else joinedBlocks.push(block);
  }
  return joinedBlocks;
}

function readParagraph(paragraph: string): ContentBlock[] {
  const lines = paragraph.split("\n").filter((line) => line.trim() !== "");
  const [first, second] = lines;
  if (first === undefined) return [];
  if (second !== undefined && UNDERLINE.test(second)) {
    return [heading(first, second.trim().startsWith("=") ? 1 : 2), ...readLines(lines.slice(2))];
  }
  if (isCapitalHeading(first)) return [heading(first, 2), ...readLines(lines.slice(1))];
  return readLines(lines);
}

/** A short line in capitals that is no sentence. */
function isCapitalHeading(line: string): boolean {
  const text = line.trim();
  if (STEP.test(line) || BULLET.test(line)) return false;
  return (
    text.length <= 80 &&
    /\p{Lu}{2}/u.test(text) &&
    !/\p{Ll}/u.test(text) &&
    !/[.!?,;:]$/u.test(text) &&
    !/\d{3}|\s{3}/u.test(text)
  );
}

function heading(line: string, depth: number): ContentBlock {
  return { kind: "heading", depth, text: line.replace(/\s+/gu, " ").trim() };
}

function readLines(lines: readonly string[]): ContentBlock[] {
  if (lines.length === 0) return [];
  return readList(lines, STEP, true) ?? readList(lines, BULLET, false) ?? [{ kind: "paragraph", text: joined(lines) }];
}

/** Null unless the first line is an entry; lines between two entries belong to the one before. */
function readList(lines: readonly string[], entry: RegExp, ordered: boolean): ContentBlock[] | null {
  const first = entry.exec(lines[0] ?? "");
  if (first === null) return null;
  const items: string[][] = [];
  for (const line of lines) {
    const match = entry.exec(line);
    if (match !== null) items.push([match[ordered ? 2 : 1] ?? ""]);
    else items.at(-1)?.push(line);
  }
  const start = ordered ? Number(first[1]) : 1;
  const blocks = items.map((item): ContentBlock[] => [{ kind: "paragraph", text: joined(item) }]);
  return [{ kind: "list", ordered, start, items: blocks, isNavigation: false }];
}

/** Lines that were wrapped are joined; lines that were set apart (columns, short lines) stay lines. */
function joined(lines: readonly string[]): string {
  const isSetApart =
    lines.some((line) => /\S(?: {2,}|\t|\.{3,})\S?/u.test(line.trim())) || lines.every((line) => line.length < 50);
  return lines.map((line) => line.replace(/[ \t]+/gu, " ").trim()).join(isSetApart ? "\n" : " ");
}
